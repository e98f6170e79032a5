"""What may be asked about objections, complaints and termination."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.message import Command, Identifier, Instant, Sha256, Text
from shared.kernel.request import Role

Number = Annotated[int, Field(ge=1, le=10_000)]
"""The place of an objection or a complaint among those of its tender, from 1."""

Subject = Literal["documents", "opening", "result"]
"""What an objection is about: 招标文件, 开标, 评标结果. A complaint about these comes after an objection."""

Grievance = Literal["documents", "opening", "result", "conduct"]
"""What a complaint is about; `conduct` is everything else."""

Correction = Literal["none", "correct_documents", "correct_record", "re_evaluate", "next_candidate", "retender"]
"""What follows from an upheld objection or complaint; `none` follows from one that is not upheld."""


Inquiry = Literal["inspection", "testing", "appraisal", "expert_review"]
"""What takes time that the decision on a complaint is not charged with: 检验, 检测, 鉴定, 专家评审."""


class RaiseObjection(Command):
    """Object (提出异议): who bids, or may, by its token, without a name; another interested party by its account.

    The words are published later: no personal data belongs in them. `interest` is what the tender is to a party that
    objects by its account (其他利害关系人); those who answer and who supervise are told it, with the party.
    """

    type: Literal["bidding.raise_objection"] = "bidding.raise_objection"
    about: Subject
    text: Text
    interest: Text | None = Field(default=None, exclude_if=lambda interest: interest is None)


class AnswerObjection(Command):
    """Answer an objection (答复): what follows, if it is upheld; `bid` is the candidate that falls away."""

    type: Literal["bidding.answer_objection"] = "bidding.answer_objection"
    number: Number
    follows: Correction
    bid: Identifier | None = None
    text: Text


class WithdrawObjection(Command):
    """Withdraw one's own objection."""

    type: Literal["bidding.withdraw_objection"] = "bidding.withdraw_objection"
    number: Number


class ConfirmOpening(Command):
    """Confirm the opening record (签认); who is silent raises no objection either."""

    type: Literal["bidding.confirm_opening"] = "bidding.confirm_opening"


class MakeComplaint(Command):
    """Complain to the supervisor (投诉). `objection` is one's own earlier one, where the law asks for it.

    `letter_sha256` is the digest of the letter (投诉书), salted; with its names it is given to the supervisor itself.
    """

    type: Literal["bidding.make_complaint"] = "bidding.make_complaint"
    about: Grievance
    knew_at: Instant
    objection: Number | None = None
    letter_sha256: Sha256


class ExamineComplaint(Command):
    """Decide whether a complaint is accepted (受理)."""

    type: Literal["bidding.examine_complaint"] = "bidding.examine_complaint"
    number: Number
    accepted: bool
    ground: Text


class SuspendForComplaint(Command):
    """Order the tender suspended while a complaint is open."""

    type: Literal["bidding.suspend_for_complaint"] = "bidding.suspend_for_complaint"
    number: Number
    notice: Text


class PauseComplaint(Command):
    """Record that something is inspected, tested, appraised or reviewed by experts: its time does not count."""

    type: Literal["bidding.pause_complaint"] = "bidding.pause_complaint"
    number: Number
    cause: Inquiry


class ResumeComplaint(Command):
    """Record that the result of it is in."""

    type: Literal["bidding.resume_complaint"] = "bidding.resume_complaint"
    number: Number


class DecideComplaint(Command):
    """Decide on a complaint (处理决定): what is ordered; `none` dismisses it (驳回)."""

    type: Literal["bidding.decide_complaint"] = "bidding.decide_complaint"
    number: Number
    order: Correction
    bid: Identifier | None = None
    text: Text


class WithdrawComplaint(Command):
    """Withdraw one's own complaint."""

    type: Literal["bidding.withdraw_complaint"] = "bidding.withdraw_complaint"
    number: Number


class TerminateTender(Command):
    """Terminate the tender (终止招标), with the cause in words for the public."""

    type: Literal["bidding.terminate_tender"] = "bidding.terminate_tender"
    notice: Text


RemediesCommand = (
    RaiseObjection
    | AnswerObjection
    | WithdrawObjection
    | ConfirmOpening
    | MakeComplaint
    | ExamineComplaint
    | SuspendForComplaint
    | PauseComplaint
    | ResumeComplaint
    | DecideComplaint
    | WithdrawComplaint
    | TerminateTender
)

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.raise_objection": frozenset({"token", "bidder"}),
    "bidding.answer_objection": frozenset({"tenderer", "agency"}),
    "bidding.withdraw_objection": frozenset({"token", "bidder"}),
    "bidding.confirm_opening": frozenset({"token"}),
    "bidding.make_complaint": frozenset({"token", "bidder"}),
    "bidding.examine_complaint": frozenset({"supervisor"}),
    "bidding.suspend_for_complaint": frozenset({"supervisor"}),
    "bidding.pause_complaint": frozenset({"supervisor"}),
    "bidding.resume_complaint": frozenset({"supervisor"}),
    "bidding.decide_complaint": frozenset({"supervisor"}),
    "bidding.withdraw_complaint": frozenset({"token", "bidder"}),
    "bidding.terminate_tender": frozenset({"tenderer", "agency"}),
}
