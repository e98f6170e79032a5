"""How each fact of a tender changes a lot. Reads the event and the state, never the law."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.sealed.events import (
    PriceHandedIn,
    PriceKeyGiven,
    PriceKeyRefused,
    PriceSharesGiven,
    PriceSharesRefused,
    PricesRead,
    TenderClosed,
)
from shared.procedure.lot.state import Lot


def _noted(lot: Lot, **changed: Any) -> Lot:
    return replace(lot, tender=replace(lot.tender, **changed))


def _handed_in(lot: Lot, event: PriceHandedIn) -> Lot:
    return replace(_noted(lot, received=(*lot.tender.received, event)), clock=event.received_at)


def _closed(lot: Lot, event: TenderClosed) -> Lot:
    ends = event.keys_due or lot.times.ends_at
    return replace(_noted(lot, closed=event), phase="opening", times=replace(lot.times, ends_at=ends))


TENDERED: Mapping[type[LotEvent], Callable[[Lot, Any], Lot]] = {
    PriceHandedIn: _handed_in,
    TenderClosed: _closed,
    PriceKeyGiven: lambda lot, event: _noted(lot, keys={**lot.tender.keys, event.number: event.k_b}),
    PriceKeyRefused: lambda lot, event: lot,  # noqa: ARG005 - it says what did not happen
    PriceSharesGiven: lambda lot, event: _noted(lot, shares={**lot.tender.shares, event.authority: event}),
    PriceSharesRefused: lambda lot, event: lot,  # noqa: ARG005 - it says what did not happen
    PricesRead: lambda lot, event: replace(_noted(lot, read=event), offer=event.offer),
}
"""What each fact of a tender makes of an announced lot."""
