"""What happens to objections and complaints, and by them to the tender."""

from typing import Literal

from services.bidding.domain.remedies.messages import Correction, Grievance, Inquiry, Number, Subject
from shared.kernel.message import Event, Identifier, Instant, Sha256, Text
from shared.seal.wire import Bytes32


class ObjectionRaised(Event):
    """An objection is in, and is to be answered by `answer_due` (exclusive).

    `by` names who raised it for this one alone, so that who answers cannot tell which are of the same bidder; of a
    party that objects in its own name it says nothing (`InterestDeclared`).
    """

    type: Literal["bidding.objection_raised.v1"] = "bidding.objection_raised.v1"
    number: Number
    about: Subject
    by: Sha256
    text: Text
    raised_at: Instant
    answer_due: Instant
    articles: tuple[str, ...]


class InterestDeclared(Event):
    """An objection is of a party that objects in its own name, by an account, for what the tender is to it."""

    type: Literal["bidding.interest_declared.v1"] = "bidding.interest_declared.v1"
    number: Number
    account: Identifier
    party: str
    interest: Text
    declared_at: Instant
    article: str


class ObjectionRepeated(Event):
    """Who raised an objection has raised one about the same before (`earlier`), which was answered or withdrawn."""

    type: Literal["bidding.objection_repeated.v1"] = "bidding.objection_repeated.v1"
    number: Number
    earlier: Number
    repeated_at: Instant
    article: str


class ObjectionAnswered(Event):
    """An objection is answered; `late` if after the time for it."""

    type: Literal["bidding.objection_answered.v1"] = "bidding.objection_answered.v1"
    number: Number
    about: Subject
    follows: Correction
    bid: Identifier | None
    text: Text
    answered_at: Instant
    late: bool
    article: str


class ObjectionWithdrawn(Event):
    """Who raised an objection withdrew it."""

    type: Literal["bidding.objection_withdrawn.v1"] = "bidding.objection_withdrawn.v1"
    number: Number
    withdrawn_at: Instant


class OpeningConfirmed(Event):
    """Who holds this token confirmed the opening record."""

    type: Literal["bidding.opening_confirmed.v1"] = "bidding.opening_confirmed.v1"
    token: Sha256
    confirmed_at: Instant


class ComplaintMade(Event):
    """A complaint is in, and by `acceptance_due` (exclusive) it is decided whether to accept it."""

    type: Literal["bidding.complaint_made.v1"] = "bidding.complaint_made.v1"
    number: Number
    about: Grievance
    by: Identifier
    objection: Number | None
    knew_at: Instant
    letter_sha256: Sha256
    made_at: Instant
    acceptance_due: Instant
    articles: tuple[str, ...]


class ComplaintExamined(Event):
    """A complaint is accepted or not; `late` if after the time for it."""

    type: Literal["bidding.complaint_examined.v1"] = "bidding.complaint_examined.v1"
    number: Number
    accepted: bool
    ground: Text
    examined_at: Instant
    late: bool
    article: str


class ComplaintPaused(Event):
    """From here on the time for the decision does not count."""

    type: Literal["bidding.complaint_paused.v1"] = "bidding.complaint_paused.v1"
    number: Number
    cause: Inquiry
    paused_at: Instant


class ComplaintResumed(Event):
    """From here on it counts again."""

    type: Literal["bidding.complaint_resumed.v1"] = "bidding.complaint_resumed.v1"
    number: Number
    resumed_at: Instant


class ComplaintDecided(Event):
    """A complaint is decided; `late` if after the time for it."""

    type: Literal["bidding.complaint_decided.v1"] = "bidding.complaint_decided.v1"
    number: Number
    order: Correction
    bid: Identifier | None
    text: Text
    decided_at: Instant
    late: bool
    articles: tuple[str, ...]


class ComplaintWithdrawn(Event):
    """Who made a complaint withdrew it."""

    type: Literal["bidding.complaint_withdrawn.v1"] = "bidding.complaint_withdrawn.v1"
    number: Number
    withdrawn_at: Instant


class EvaluationSetAside(Event):
    """The report no longer stands, nor what was publicised of it: the committee evaluates again."""

    type: Literal["bidding.evaluation_set_aside.v1"] = "bidding.evaluation_set_aside.v1"
    cause: Literal["objection", "complaint"]
    number: Number
    set_aside_at: Instant
    article: str


class TenderTerminated(Event):
    """终止招标: the tender ends without an award. Fees, deposits and interest are due back from here on.

    `cause` is its owner's own decision, or an upheld objection or complaint (`number`). `bids_opened` says whether
    its bids were opened; what was not is never opened. `meaning_key` is released where bids were still received,
    for the record to be checked; it opens no body.
    """

    type: Literal["bidding.tender_terminated.v1"] = "bidding.tender_terminated.v1"
    cause: Literal["owner", "objection", "complaint"]
    number: Number | None
    notice: Text
    terminated_at: Instant
    bids_opened: bool
    meaning_key: Bytes32 | None
    article: str
    zh: str
    en: str


ObjectionEvent = ObjectionRaised | InterestDeclared | ObjectionRepeated | ObjectionAnswered | ObjectionWithdrawn
ComplaintEvent = (
    ComplaintMade | ComplaintExamined | ComplaintPaused | ComplaintResumed | ComplaintDecided | ComplaintWithdrawn
)
RemediesEvent = ObjectionEvent | OpeningConfirmed | ComplaintEvent
