"""Deposits: what goes back to whom by when, without interest (T21, S17), and what a winner in breach loses (T25)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.kernel.errors import BadInput
from shared.kernel.money import format_yuan
from shared.procedure.lot.after.asking import confirmation_due, contract_due, due, side_of, sold
from shared.procedure.lot.after.commands import DeclareDefault, RecordRefund
from shared.procedure.lot.after.events import IdentitiesDue, LotDefaulted, RefundDue, RefundRecorded
from shared.procedure.lot.after.paying import next_due
from shared.procedure.lot.asking import Events, Ground, LotRequest, check_owner
from shared.procedure.lot.endings import (
    LotSold,
    LotTerminated,
    LotUnsold,
    WinnerReviewed,
)
from shared.procedure.lot.events import DepositRecorded
from shared.procedure.lot.evolving import evolve
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.registering import found
from shared.procedure.lot.state import OVER, Bidder, Lot

_ENDING = (LotSold, WinnerReviewed, LotUnsold, LotTerminated, DepositRecorded)
"""The facts that may make money due, so that no bid is looked at."""


def following(lot: Lot, events: Events, now: datetime, ground: Ground) -> Events:
    """Return what follows from what was decided at an instant: when a lot is over, names and deposits are due.

    A deposit that is recorded only after that is due as well.
    """
    if not any(isinstance(event, _ENDING) for event in events):
        return ()
    after = lot
    for event in events:
        after = _after(after, event)
    if after.phase not in OVER or after.after.over_at is None:
        return ()
    at = after.after.over_at
    if lot.phase not in OVER:
        due_ = _names(after, at)
        return *due_, *_refunds(after, list(after.bidders.values()), at, ground)
    if not any(isinstance(event, DepositRecorded) for event in events):
        return tuple(_refunds(after, _not_yet(lot, after), at, ground))
    tokens = {event.token for event in events if isinstance(event, DepositRecorded)}
    return tuple(_refunds(after, [after.bidders[token] for token in tokens], now, ground))


def record(request: LotRequest, command: RecordRefund, lot: Lot, ground: Ground) -> Sequence[RefundRecorded]:
    """Record that a deposit was returned: all of it, and no interest."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    owed = lot.after.refunds.get(found(lot, command.number).token)
    if owed is None:
        raise ground.not_now("refund", "没有应退的保证金", "no deposit is to be returned to it")
    if command.paid_fen != owed.amount_fen:
        most = format_yuan(owed.amount_fen)
        raise ground.breaks("refund", f"应退 {most} 元。", f"what is to be returned is {most} yuan")
    if not owed.since <= command.paid_at <= request.received_at:
        raise BadInput("退还时间应在应退之后、现在之前", "it is returned after it is due and before now")
    return (
        RefundRecorded(
            number=owed.number,
            token=owed.token,
            paid_fen=command.paid_fen,
            paid_at=command.paid_at,
            late=command.paid_at >= refund_due(owed, ground),
            article=owed.article,
        ),
    )


def excess(winner: Bidder, turned_fen: int, at: datetime, lot: Lot, ground: Ground) -> Iterator[RefundDue]:
    """Yield what goes back to the winner of a deposit that is more than the price."""
    more = lot.after.received.get(winner.token, 0) - turned_fen
    if more:
        yield _refund(winner, more, at, ground)


def refund_due(owed: RefundDue, ground: Ground) -> datetime:
    """Return the first instant at which a deposit comes back late, by the calendars of now."""
    return max(owed.due, due(ground, "refund", owed.since))


def default(request: LotRequest, command: DeclareDefault, lot: Lot, ground: Ground) -> Sequence[LotDefaulted]:
    """End the sale by the winner's breach: its own word, or what it has not done by its day (T25)."""
    side, winner = side_of(request, lot, ground), sold(lot, ground)
    if lot.after.paid_at is not None:
        raise ground.not_now("default", "价款已经付清", "the price is paid whole")
    if (side == "winner") != (command.breach == "gave_up"):
        raise BadInput(
            "放弃竞得由竞得人自己提出，其他违约由出让方提出", "a winner gives up itself; the seller says the rest"
        )
    if side == "seller" and not _is_in_breach(request.received_at, command, lot, ground):
        raise ground.breaks("default", "竞得人尚未违约。", "the winner is not in breach of this")
    return (
        LotDefaulted(
            number=winner.number,
            breach=command.breach,
            by=side,
            explanation=command.explanation,
            forfeited_fen=lot.after.received.get(winner.token, 0),
            at=request.received_at,
            article=ground.clause("default").article,
        ),
    )


def _is_in_breach(now: datetime, command: DeclareDefault, lot: Lot, ground: Ground) -> bool:
    """Whether the winner alone is late: the seller has done its part, and the day is over."""
    after = lot.after
    match command.breach:
        case "confirmation_refused":
            unsigned = after.confirmed_at is None
            if lot.announced.terms.confirmation == "proof" and after.proof is None and after.over_at is not None:
                return now >= due(ground, "proof", after.over_at)
            return unsigned and after.drawn_up is not None and now >= confirmation_due(lot, ground)
        case "contract_refused":
            ends = contract_due(lot, ground)
            return after.contract is None and "seller" in after.signed and ends is not None and now >= ends
        case "unpaid":
            return after.contract is not None and now >= next_due(lot, after.price_paid_fen, ground)
        case _:
            return False


def _names(lot: Lot, at: datetime) -> Sequence[IdentitiesDue]:
    return (IdentitiesDue(tokens=tuple(lot.bidders), at=at),) if lot.bidders else ()


def _refunds(lot: Lot, bidders: Sequence[Bidder], since: datetime, ground: Ground) -> Iterator[RefundDue]:
    """Yield what goes back to all but the winner of a lot that is sold."""
    winner = lot.winner if lot.phase == "sold" else None
    for bidder in bidders:
        amount = lot.after.received.get(bidder.token, 0)
        if bidder != winner and amount:
            yield _refund(bidder, amount, since, ground)


def _refund(bidder: Bidder, amount_fen: int, since: datetime, ground: Ground) -> RefundDue:
    return RefundDue(
        number=bidder.number,
        token=bidder.token,
        amount_fen=amount_fen,
        since=since,
        due=due(ground, "refund", since),
        article=ground.clause("refund").article,
    )


def _not_yet(before: Lot, after: Lot) -> Sequence[Bidder]:
    """Return the winner where a sale has turned out to be none by no breach: its deposit goes back too."""
    winner = before.winner
    return (winner,) if winner and before.phase == "sold" and after.phase in {"unsold", "ended"} else ()


def _after(lot: Lot, event: LotEvent) -> Lot:
    evolved = evolve(lot, event)
    if not isinstance(evolved, Lot):
        raise TypeError("an announced lot stays one")
    return evolved
