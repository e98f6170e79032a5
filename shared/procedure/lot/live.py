"""What whoever watches a lot is shown of it: as it stands, and as one fact alone moves it on."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.canonical import instant
from shared.kernel.message import Event
from shared.procedure.lot.events import (
    BidPlaced,
    CountdownMoved,
    PriceCalled,
    ProxySet,
    RequestRefused,
    WentOn,
)
from shared.procedure.lot.freezing import notice_of
from shared.procedure.lot.judged.events import ALONE
from shared.procedure.lot.named import NamingJoined, PriceNamed
from shared.procedure.lot.sealed.events import HIDDEN
from shared.procedure.lot.state import OPEN, OVER, Drafted, Lot, LotState

SILENT = (CountdownMoved, NamingJoined, PriceNamed, ProxySet, RequestRefused, WentOn, *HIDDEN, *ALONE)
"""Facts that change nothing of what is shown to everyone; of some, nobody may learn while bids are taken."""

Shown = Mapping[str, Any]


def phase(state: LotState) -> str:
    """Return the name of a state's phase, as commands and pages use it."""
    if isinstance(state, Lot):
        return "frozen" if state.frozen else state.phase
    if isinstance(state, Drafted) and state.pre_disclosed_at is not None:
        return "pre_disclosed"
    return type(state).__name__.lower()


def standing_at(lot: Lot) -> Shown:
    """Return what leads, the least that may be bid next, and when the phase ends, if it runs; amounts in fen.

    There is no next bid once the bidding is over; how often its countdown was restarted is still told then.
    """
    offer, countdown = lot.offer, lot.countdown
    runs = lot.frozen is None and lot.phase not in OVER
    return {
        "phase": phase(lot),
        "price_fen": offer.price_fen if offer else None,
        "number": offer.number if offer else None,
        "next_fen": lot.next_fen if lot.phase in OPEN else None,
        "step_fen": lot.step_fen,
        "ends_at": instant(lot.times.ends_at) if runs else None,
        "resumes_at": instant(lot.resumes_at) if lot.resumes_at else None,
        "extensions": countdown.extensions if countdown else lot.extensions,
        "calls": countdown.calls if countdown else 0,
    }


def standstill(lot: Lot) -> Shown | None:
    """Return why a lot stands still, since when and by which article, in both languages; None where it does not."""
    if lot.frozen is None:
        return None
    frozen = lot.frozen
    zh, en = notice_of(frozen.notice)
    return {"cause": frozen.cause, "zh": zh, "en": en, "at": instant(frozen.at), "article": frozen.article}


def times_at(lot: Lot) -> Shown:
    """Return the times of a lot as they stand after all that moved them, where its notice has those of its day."""
    names = ("applications_due", "deposits_due", "starts_at", "free_ends")
    return {name: instant(getattr(lot.times, name)) for name in names}


def moved(event: Event) -> Shown | None:
    """Return the fields of `standing_at` that an event alone tells; None where the lot must be looked at again.

    Empty for what shows nothing. Bids, the many, tell all that they change.
    """
    match event:
        case BidPlaced():
            return {
                "price_fen": event.price_fen,
                "number": event.number,
                "next_fen": event.next_fen,
                "ends_at": instant(event.ends_at),
                "extensions": event.extensions,
                "calls": 0,
            }
        case PriceCalled(call=call):
            return {"calls": call}
        case _:
            return {} if isinstance(event, SILENT) else None
