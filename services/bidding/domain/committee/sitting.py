"""What every decision about a committee asks: whether there is one, who sits, and what its work has come to by now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from services.bidding.domain.access.rejecting import over_ceiling, without_agreement
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.committee.terms import CommitteeTerms
from services.bidding.domain.committee.values import (
    About,
    Adjusting,
    Charge,
    Discarding,
    Inquiring,
    Matter,
    Question,
    Rejecting,
)
from services.bidding.domain.money import backing
from services.bidding.domain.phases import PHASES
from services.bidding.domain.rows import OpenedRow
from services.bidding.domain.state import AnnouncedState, Opened
from services.bidding.domain.values import Rejection
from shared.kernel.errors import BadInput, NotEntitled, OutOfPhase
from shared.procedure.asking import needed
from shared.procedure.committee import too_short
from shared.procedure.seating import Seat


def terms_of(state: AnnouncedState) -> CommitteeTerms:
    """Return what was announced of the committee. Raise OutOfPhase for a tender without one."""
    terms = state.tender.terms.committee
    if terms is None:
        raise OutOfPhase(
            "招标文件未声明由平台组建评标委员会", "the tender documents declare no committee that sits on the platform"
        )
    return terms


def evaluating(state: AnnouncedState) -> Opened:
    """Return the state while bids are evaluated. Raise OutOfPhase in every other phase."""
    if not isinstance(state, Opened):
        zh, en = PHASES[type(state)]
        raise OutOfPhase(f"项目现为“{zh}”，不在评标中", f"bids are not being evaluated: the tender is {en}")
    return state


def own_seat(request: TenderRequest, state: AnnouncedState) -> Seat:
    """Return the asker's seat. Raise NotEntitled for who does not sit."""
    seat = state.beside.committee.seat_of(request.actor.account)
    if seat is None:
        raise NotEntitled("只有本项目评标委员会成员可以办理", "only members of this tender's committee may do this")
    return seat


@dataclass(frozen=True, slots=True)
class Standing:
    """What an evaluation has come to: the effective bids at the prices that govern, and what is held against them."""

    effective: Mapping[str, OpenedRow]
    rejected: Mapping[str, Rejection]
    charges: tuple[Charge, ...]

    def row(self, bid: str) -> OpenedRow:
        """Return an effective bid. Raise BadInput for any other."""
        if bid not in self.effective:
            raise BadInput("该投标未解密或已被否决", "that bid was not unsealed, or is rejected")
        return self.effective[bid]


def standing(state: Opened, now: datetime) -> Standing:
    """Return what the record has come to at an instant; a corrected price counts once it is confirmed."""
    questions = state.beside.committee.questions
    prices = {one.bid: one.corrected_fen for one in questions if one.answer and one.answer.accepts}
    rows = {
        row.bid: row.model_copy(update={"price_fen": prices.get(row.bid) or row.price_fen})
        for row in state.rows
        if row.outcome == "unsealed"
    }
    rejected = _rejected(state, rows, now)
    return Standing(
        effective={bid: row for bid, row in rows.items() if bid not in rejected},
        rejected=rejected,
        charges=tuple(charge for charge in _charges(state, now) if charge.bid not in rejected),
    )


def yet_to_score(state: Opened, now: datetime) -> frozenset[str]:
    """Return the members who have no scores, or lack them for a bid that is effective by now."""
    committee, bids = state.beside.committee, standing(state, now).effective.keys()
    given = {member: {one.bid for one in sheet} for member, sheet in committee.scores.items()}
    return frozenset(seat.member for seat in committee.seats if not bids <= given.get(seat.member, set()))


def owed_time(state: AnnouncedState, share: Fraction) -> bool:
    """Whether more than that share of the members said that the time is too short, and it was not extended since."""
    committee = state.beside.committee
    return too_short(len(committee.saying), len(committee.seats), share)


def open_matters(state: AnnouncedState) -> Sequence[Matter]:
    """Return the findings on which the votes are not decided yet."""
    committee = state.beside.committee
    return [matter for matter in committee.matters if committee.outcome(matter) == "open"]


def carried(state: AnnouncedState) -> Sequence[Rejecting | Adjusting | Discarding | Inquiring]:
    """Return the findings that a majority of all members carried."""
    committee = state.beside.committee
    return [matter.finding for matter in committee.matters if committee.outcome(matter) == "carried"]


def _rejected(state: Opened, rows: Mapping[str, OpenedRow], now: datetime) -> dict[str, Rejection]:
    """Return the rejections: by vote, and where the rules leave no choice (ceiling, E12, E26, E43, deposit)."""
    found = {
        finding.bid: Rejection(
            bid=finding.bid, cause=finding.cause, explanation=finding.explanation, notes=finding.notes
        )
        for finding in reversed(carried(state))
        if isinstance(finding, Rejecting)
    }
    for question in state.beside.committee.questions:
        if question.about in FATAL and question.failed(now):
            found.setdefault(question.bid, _fatal(question))
    for name, rejection in over_ceiling(rows, state.tender.draft.ceiling_fen).items():
        found.setdefault(name, rejection)
    return {**without_agreement(rows), **backing.rejected(state, rows), **found}


def _fatal(question: Question) -> Rejection:
    if question.about == "arithmetic":
        words = "投标人不确认修正后的报价 / the corrected price was not confirmed"
        return Rejection(bid=question.bid, cause="unresponsive", explanation=words)
    words = "未在限期内合理说明报价，按低于成本竞标处理 / the low price was not explained in time: below cost"
    return Rejection(bid=question.bid, cause="price", explanation=words)


def _charges(state: Opened, now: datetime) -> Sequence[Charge]:
    declared = {deviation.item: deviation for deviation in terms_of(state).deviations}
    return [
        Charge(
            bid=one.bid,
            item=needed(one.item, "item"),
            amount_fen=declared[needed(one.item, "item")].amount_fen,
            marks=declared[needed(one.item, "item")].marks,
        )
        for one in state.beside.committee.questions
        if one.about == "minor_deviation" and one.failed(now)
    ]


FATAL: frozenset[About] = frozenset({"arithmetic", "low_price"})
"""What a bidder must answer, and well, or its bid is rejected."""
