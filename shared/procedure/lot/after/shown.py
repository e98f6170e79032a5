"""What a lot's page shows of what comes after the hammer: of the sale all, of money back only one's own."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.canonical import instant
from shared.procedure.lot.state import Bidder, Lot


def sale(lot: Lot) -> Mapping[str, Any] | None:
    """Return the sale as everyone is shown it, amounts in fen; None for a lot that was not sold."""
    after, winner = lot.after, lot.winner
    if lot.phase not in {"sold", "defaulted"} or winner is None or lot.offer is None:
        return None
    party, contract = after.parties.get(winner.number), after.contract
    times = {
        "sold_at": after.over_at,
        "confirmed_at": after.confirmed_at,
        "result_at": after.result.at if after.result else None,
        "result_ends": after.result_ends,
        "disputed_at": min((one.raised_at for one in after.disputes if one.open), default=None),
        "contract_at": contract.at if contract else None,
        "paid_at": after.paid_at,
    }
    return {
        "number": winner.number,
        "winner": party.model_dump(mode="json") if party else None,
        "price_fen": lot.offer.price_fen,
        "units": lot.announced.terms.units,
        "by_priority": lot.offer.priority,
        **{name: instant(at) if at else None for name, at in times.items()},
        "handed_over": after.handed_over,
        "breach": after.defaulted.breach if after.defaulted else None,
    }


def refund(lot: Lot, bidder: Bidder) -> Mapping[str, Any] | None:
    """Return what of its deposit a bidder is to get back, and by when; None where nothing is due."""
    owed = lot.after.refunds.get(bidder.token)
    return {"amount_fen": owed.amount_fen, "due": instant(owed.due)} if owed else None
