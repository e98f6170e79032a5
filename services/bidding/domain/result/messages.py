"""What may be asked after the candidates are public, and what then happens."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.values import Fen
from shared.kernel.message import Command, Event, Identifier, Instant, Sha256, Text
from shared.kernel.request import Role
from shared.seal.statement import Party

Ground = Literal[
    "gave_up",
    "force_majeure",
    "no_performance_bond",
    "unlawful",
    "sanctioned",
    "refused_contract",
    "added_conditions",
]
"""Why a candidate falls away: 放弃, 不可抗力, 未提交履约保证金, 违法行为, 被暂停或列入名单, 无正当理由不订立合同,
附加条件."""


class GiveUp(Command):
    """Give up being the winner or a candidate (放弃中标)."""

    type: Literal["bidding.give_up"] = "bidding.give_up"
    explanation: Text


class DropCandidate(Command):
    """Record that a candidate falls away, with the reason."""

    type: Literal["bidding.drop_candidate"] = "bidding.drop_candidate"
    bid: Identifier
    ground: Ground
    explanation: Text


class HoldAgain(Command):
    """End the tender without a contract, to be held again: candidates have fallen away."""

    type: Literal["bidding.hold_again"] = "bidding.hold_again"
    explanation: Text


class ExtendValidity(Command):
    """Ask every bidder to be bound longer (延长投标有效期): so many days from the deadline in all."""

    type: Literal["bidding.extend_validity"] = "bidding.extend_validity"
    days: Annotated[int, Field(ge=1, le=3650)]
    notice: Text


class AnswerValidity(Command):
    """Agree to be bound longer, or refuse."""

    type: Literal["bidding.answer_validity"] = "bidding.answer_validity"
    number: Annotated[int, Field(ge=1, le=1000)]
    agrees: bool


class ReportToSupervisor(Command):
    """Hand in the written report on the tender, by its digest."""

    type: Literal["bidding.report_to_supervisor"] = "bidding.report_to_supervisor"
    report_sha256: Sha256


class CountersignContract(Command):
    """Sign the contract as the winner: the same text, by its digest."""

    type: Literal["bidding.countersign_contract"] = "bidding.countersign_contract"
    contract_sha256: Sha256


class CandidateDropped(Event):
    """A candidate fell away. `fine_at_most_fen` is what the law allows the supervisor where it is to blame."""

    type: Literal["bidding.candidate_dropped.v1"] = "bidding.candidate_dropped.v1"
    bid: Identifier
    party: Party
    ground: Ground
    explanation: Text
    by: Literal["bidder", "tenderer", "supervisor"]
    was_winner: bool
    dropped_at: Instant
    fine_at_most_fen: Fen | None
    articles: tuple[str, ...]


class TenderToBeHeldAgain(Event):
    """The tender ends without a contract and is held again as another procedure."""

    type: Literal["bidding.tender_to_be_held_again.v1"] = "bidding.tender_to_be_held_again.v1"
    cause: Literal["candidates_fell_away"] = "candidates_fell_away"
    explanation: Text
    none_left: bool
    failed_at: Instant
    article: str


class ValidityExtended(Event):
    """Every bidder is asked to be bound until `until`; who does not agree is free from `binds_until` on."""

    type: Literal["bidding.validity_extended.v1"] = "bidding.validity_extended.v1"
    number: int
    notice: Text
    binds_until: Instant
    until: Instant
    asked_at: Instant
    article: str


class ValidityAnswered(Event):
    """A bidder agreed to be bound longer, or refused: its bid then lapses at the end of what it agreed to."""

    type: Literal["bidding.validity_answered.v1"] = "bidding.validity_answered.v1"
    number: int
    bid: Identifier
    agrees: bool
    at: Instant


class SupervisorReported(Event):
    """The written report is handed in; `late` if after the day it was due."""

    type: Literal["bidding.supervisor_reported.v1"] = "bidding.supervisor_reported.v1"
    report_sha256: Sha256
    reported_at: Instant
    due: Instant
    late: bool
    article: str


class ContractCountersigned(Event):
    """The winner signed the contract too."""

    type: Literal["bidding.contract_countersigned.v1"] = "bidding.contract_countersigned.v1"
    bid: Identifier
    contract_sha256: Sha256
    at: Instant


ResultCommand = (
    GiveUp | DropCandidate | HoldAgain | ExtendValidity | AnswerValidity | ReportToSupervisor | CountersignContract
)
ResultEvent = (
    CandidateDropped
    | TenderToBeHeldAgain
    | ValidityExtended
    | ValidityAnswered
    | SupervisorReported
    | ContractCountersigned
)

_RUNS: frozenset[Role] = frozenset({"tenderer", "agency"})
_BIDS: frozenset[Role] = frozenset({"token"})

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.give_up": _BIDS,
    "bidding.drop_candidate": _RUNS,
    "bidding.hold_again": _RUNS,
    "bidding.extend_validity": _RUNS,
    "bidding.answer_validity": _BIDS,
    "bidding.report_to_supervisor": _RUNS,
    "bidding.countersign_contract": _BIDS,
}
