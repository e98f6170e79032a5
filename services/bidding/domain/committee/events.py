"""What happens on an evaluation committee."""

from typing import Literal

from pydantic import Field

from services.bidding.domain.committee.values import Drawn, DrawnOf, Finding, Number, Question
from services.bidding.domain.values import Score
from shared.kernel.message import Event, Identifier, Instant, Ratio, Sha256, Text
from shared.procedure.seating import Replacing, Seat
from shared.seal.wire import Bytes64


class CoefficientDrawn(Event):
    """A figure of the price formula was drawn at the opening: of `choices` the one that the seed tells."""

    type: Literal["bidding.coefficient_drawn.v1"] = "bidding.coefficient_drawn.v1"
    name: Identifier
    choices: tuple[Ratio, ...]
    seed: Sha256
    value: Ratio


class CommitteeFormed(Event):
    """The committee sits, to report by `until`; drawn, or appointed `because` the project is special.

    `draws` are those of its specialities, in the place of `draw`.
    """

    type: Literal["bidding.committee_formed.v1"] = "bidding.committee_formed.v1"
    seats: tuple[Seat, ...]
    draw: Drawn | None
    because: Text | None
    formed_at: Instant
    until: Instant
    articles: tuple[str, ...]
    draws: tuple[DrawnOf, ...] = Field(default=(), exclude_if=lambda draws: not draws)


class MemberRecused(Event):
    """A member gave up its seat, which is empty until somebody else has it."""

    type: Literal["bidding.member_recused.v1"] = "bidding.member_recused.v1"
    member: Identifier
    explanation: Text
    recused_at: Instant
    article: str


class MemberReplaced(Event):
    """A member was replaced: what it found, scored and signed is void, and done again by who replaces it."""

    type: Literal["bidding.member_replaced.v1"] = "bidding.member_replaced.v1"
    member: Identifier
    seat: Seat
    ground: Replacing
    explanation: Text
    draw: Drawn | None
    replaced_at: Instant
    article: str


class MoreTimeAsked(Event):
    """A member said that the time is too short; `owed` once more than a third of the members have."""

    type: Literal["bidding.more_time_asked.v1"] = "bidding.more_time_asked.v1"
    member: Identifier
    explanation: Text
    asked_at: Instant
    owed: bool
    article: str


class EvaluationExtended(Event):
    """The committee has longer."""

    type: Literal["bidding.evaluation_extended.v1"] = "bidding.evaluation_extended.v1"
    was: Instant
    until: Instant
    extended_at: Instant
    article: str


class FindingProposed(Event):
    """A member put a finding to the vote."""

    type: Literal["bidding.finding_proposed.v1"] = "bidding.finding_proposed.v1"
    number: Number
    member: Identifier
    finding: Finding
    words: Text
    proposed_at: Instant


class FindingVoted(Event):
    """A member voted on a finding."""

    type: Literal["bidding.finding_voted.v1"] = "bidding.finding_voted.v1"
    number: Number
    member: Identifier
    in_favour: bool
    words: Text
    voted_at: Instant


class BidderAsked(Event):
    """The committee asked a bidder in writing."""

    type: Literal["bidding.bidder_asked.v1"] = "bidding.bidder_asked.v1"
    question: Question
    asked_at: Instant
    article: str


class CommitteeAnswered(Event):
    """A bidder answered in writing."""

    type: Literal["bidding.committee_answered.v1"] = "bidding.committee_answered.v1"
    number: Number
    token: Sha256
    accepts: bool
    text: Text
    answered_at: Instant


class BidsScored(Event):
    """A member gave its own scores."""

    type: Literal["bidding.bids_scored.v1"] = "bidding.bids_scored.v1"
    member: Identifier
    scores: tuple[Score, ...]
    scored_at: Instant


class ReportSigned(Event):
    """A member signed the report, by its account key; `report` is what was signed, by digest."""

    type: Literal["bidding.report_signed.v1"] = "bidding.report_signed.v1"
    member: Identifier
    report: Sha256
    dissent: Text | None
    signature: Bytes64
    signed_at: Instant


class SigningEnded(Event):
    """The report stands. Who is `silent` neither signed nor dissented in time, and agrees."""

    type: Literal["bidding.signing_ended.v1"] = "bidding.signing_ended.v1"
    silent: tuple[Identifier, ...]
    ended_at: Instant
    article: str


CommitteeEvent = (
    CoefficientDrawn
    | CommitteeFormed
    | MemberRecused
    | MemberReplaced
    | MoreTimeAsked
    | EvaluationExtended
    | FindingProposed
    | FindingVoted
    | BidderAsked
    | CommitteeAnswered
    | BidsScored
    | ReportSigned
    | SigningEnded
)
