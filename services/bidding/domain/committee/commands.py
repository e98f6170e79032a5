"""What may be asked of and by an evaluation committee, and who may ask it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.committee.values import Finding, Number
from services.bidding.domain.values import Score
from shared.kernel.message import Command, Identifier, Instant, Text
from shared.kernel.request import Role
from shared.procedure.seating import Replacing
from shared.seal.wire import Bytes64


class FormCommittee(Command):
    """Form the committee of who was drawn, and of the tenderer's representatives, to report by `until`.

    `appointed` are the experts of a project that is announced as special.
    """

    type: Literal["bidding.form_committee"] = "bidding.form_committee"
    representatives: Annotated[tuple[Identifier, ...], Field(max_length=99)] = ()
    appointed: Annotated[tuple[Identifier, ...], Field(max_length=99)] = ()
    until: Instant


class RecuseMember(Command):
    """Give up one's own seat for an interest in the matter (回避)."""

    type: Literal["bidding.recuse_member"] = "bidding.recuse_member"
    explanation: Text


class ReplaceMember(Command):
    """Replace a member: by who is next in the draw, or by `successor` where nobody was drawn for the seat."""

    type: Literal["bidding.replace_member"] = "bidding.replace_member"
    member: Identifier
    ground: Replacing
    explanation: Text
    successor: Identifier | None = None


class AskMoreTime(Command):
    """Say that the time for the evaluation is too short."""

    type: Literal["bidding.ask_more_time"] = "bidding.ask_more_time"
    explanation: Text


class ExtendEvaluation(Command):
    """Give the committee longer."""

    type: Literal["bidding.extend_evaluation"] = "bidding.extend_evaluation"
    until: Instant


class ProposeFinding(Command):
    """Put a finding to the vote; who proposes it votes for it."""

    type: Literal["bidding.propose_finding"] = "bidding.propose_finding"
    finding: Finding
    words: Text


class VoteFinding(Command):
    """Vote on a finding, once, with one's words."""

    type: Literal["bidding.vote_finding"] = "bidding.vote_finding"
    number: Number
    in_favour: bool
    words: Text


class AskBidder(Command):
    """Ask a bidder in writing to clarify what is unclear in its bid (澄清、说明)."""

    type: Literal["bidding.ask_bidder"] = "bidding.ask_bidder"
    bid: Identifier
    text: Text


class AnswerCommittee(Command):
    """Answer what one was asked, in writing. It has no price: an answer changes nothing of substance."""

    type: Literal["bidding.answer_committee"] = "bidding.answer_committee"
    number: Number
    accepts: bool
    text: Text


class ScoreBids(Command):
    """Give one's own scores of every factor of every effective bid, once."""

    type: Literal["bidding.score_bids"] = "bidding.score_bids"
    scores: Annotated[tuple[Score, ...], Field(min_length=1, max_length=10_000)]


class SignReport(Command):
    """Sign the report, with written dissent if one does not agree; the signature is over report and dissent."""

    type: Literal["bidding.sign_report"] = "bidding.sign_report"
    dissent: Text | None = None
    signature: Bytes64


class EndSigning(Command):
    """End the signing, the time for it being over."""

    type: Literal["bidding.end_signing"] = "bidding.end_signing"


CommitteeCommand = (
    FormCommittee
    | RecuseMember
    | ReplaceMember
    | AskMoreTime
    | ExtendEvaluation
    | ProposeFinding
    | VoteFinding
    | AskBidder
    | AnswerCommittee
    | ScoreBids
    | SignReport
    | EndSigning
)

_MEMBERS: frozenset[Role] = frozenset({"expert"})
_RUNNING: frozenset[Role] = frozenset({"tenderer", "agency"})

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.form_committee": _RUNNING,
    "bidding.recuse_member": _MEMBERS,
    "bidding.replace_member": _RUNNING,
    "bidding.ask_more_time": _MEMBERS,
    "bidding.extend_evaluation": _RUNNING,
    "bidding.propose_finding": _MEMBERS,
    "bidding.vote_finding": _MEMBERS,
    "bidding.ask_bidder": _MEMBERS,
    "bidding.answer_committee": frozenset({"token"}),
    "bidding.score_bids": _MEMBERS,
    "bidding.sign_report": _MEMBERS,
    "bidding.end_signing": frozenset({"system"}),
}
"""A member acts by an account of role `expert`, the tenderer's representative too: it is the seat that counts."""
