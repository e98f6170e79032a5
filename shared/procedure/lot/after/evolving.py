"""How each fact after the hammer changes a lot. Reads the event and the state, never the law."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.procedure.lot.after.disputing import DisputeDecided, DisputeRaised
from shared.procedure.lot.after.events import (
    ConfirmationDrawnUp,
    ConfirmationSigned,
    ContractConcluded,
    ContractSigned,
    DeadlinesRecounted,
    DepositTurned,
    HandedOver,
    IdentitiesDue,
    IdentityNoted,
    LotDefaulted,
    PaymentRecorded,
    PricePaid,
    PriorityDeclared,
    ProofChecked,
    ProofSigned,
    RefundDue,
    RefundRecorded,
    ResultPublished,
)
from shared.procedure.lot.after.record import Dispute
from shared.procedure.lot.after.values import Recount
from shared.procedure.lot.after.voiding import SaleVoided
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.state import Lot


def noted(lot: Lot, **changed: Any) -> Lot:
    """Return the lot with something noted of what comes after the hammer."""
    return replace(lot, after=replace(lot.after, **changed))


def over(lot: Lot, at: datetime) -> Lot:
    """Return the lot as over since an instant."""
    return noted(lot, over_at=at)


def received(lot: Lot, token: str, amount_fen: int) -> Lot:
    """Return the lot with a deposit more, in time or not."""
    return noted(lot, received={**lot.after.received, token: lot.after.received.get(token, 0) + amount_fen})


def _refund_due(lot: Lot, event: RefundDue) -> Lot:
    return noted(lot, refunds={**lot.after.refunds, event.token: event})


def _refunded(lot: Lot, event: RefundRecorded) -> Lot:
    left = {token: due for token, due in lot.after.refunds.items() if token != event.token}
    return received(noted(lot, refunds=left), event.token, -event.paid_fen)


def _published(lot: Lot, event: ResultPublished) -> Lot:
    return noted(lot, result=event, result_ends=event.ends)


def _recounted(lot: Lot, event: DeadlinesRecounted) -> Lot:
    lot = replace(lot, published=(*lot.published, event.calendar_year))
    for one in event.deadlines:
        lot = counted(lot, one)
    return lot


def _disputed(lot: Lot, event: DisputeRaised) -> Lot:
    return noted(lot, disputes=(*lot.after.disputes, Dispute(event.number, event.party, event.at)))


def _dispute_decided(lot: Lot, event: DisputeDecided) -> Lot:
    left = (replace(one, decided_at=event.at) if one.number == event.number else one for one in lot.after.disputes)
    return noted(lot, disputes=tuple(left), result_ends=event.result_ends or lot.after.result_ends)


def counted(lot: Lot, one: Recount) -> Lot:
    """Return the lot with a time counted again; what follows the start of the bidding moves with it."""
    times, by = lot.times, one.ends - one.was
    match one.which:
        case "publicity":
            return noted(lot, result_ends=one.ends)
        case "applications":
            return replace(lot, times=replace(times, applications_due=one.ends, deposits_due=times.deposits_due + by))
        case "starts":
            moved = replace(times, starts_at=one.ends, free_ends=times.free_ends + by, ends_at=times.ends_at + by)
            return replace(lot, times=moved)
        case "listing":
            ends = one.ends if lot.phase == "free" else times.ends_at
            return replace(lot, times=replace(times, free_ends=one.ends, ends_at=ends))
        case "review" | "agreement":
            return replace(lot, times=replace(times, ends_at=one.ends))


AFTER: Mapping[type[LotEvent], Callable[[Lot, Any], Lot]] = {
    IdentitiesDue: lambda lot, event: lot,  # noqa: ARG005 - it is said to the registry
    IdentityNoted: lambda lot, event: noted(lot, parties={**lot.after.parties, event.number: event.party}),
    PriorityDeclared: lambda lot, event: noted(lot, rights={**lot.after.rights, event.holder: event.exercises}),
    ProofSigned: lambda lot, event: noted(lot, proof=event),
    ProofChecked: lambda lot, event: noted(lot, checked=event.passed),
    ConfirmationDrawnUp: lambda lot, event: noted(lot, drawn_up=event),
    ConfirmationSigned: lambda lot, event: noted(lot, confirmed_at=event.at),
    DepositTurned: lambda lot, event: noted(lot, turned_fen=event.amount_fen),
    ResultPublished: _published,
    ContractSigned: lambda lot, event: noted(lot, signed={**lot.after.signed, event.side: event}),
    ContractConcluded: lambda lot, event: noted(lot, contract=event),
    PaymentRecorded: lambda lot, event: noted(lot, payments=(*lot.after.payments, event)),
    PricePaid: lambda lot, event: noted(lot, paid_at=event.at),
    HandedOver: lambda lot, event: noted(lot, handed_over=True),  # noqa: ARG005 - that it was is enough
    RefundDue: _refund_due,
    RefundRecorded: _refunded,
    LotDefaulted: lambda lot, event: replace(noted(lot, defaulted=event), phase="defaulted"),
    SaleVoided: lambda lot, event: replace(lot, phase="defaulted"),  # noqa: ARG005 - that it was is enough
    DisputeRaised: _disputed,
    DisputeDecided: _dispute_decided,
    DeadlinesRecounted: _recounted,
}
"""What each fact after the hammer makes of a lot."""
