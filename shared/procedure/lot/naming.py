"""How each fact of 一次报价 changes a lot. Reads the event and the state, never the law."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.named import ListingStopped, NamingJoined, NamingOpened, NamingReckoned, PriceNamed
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Offer


def _stopped(lot: Lot, event: ListingStopped) -> Lot:
    times = replace(lot.times, ends_at=event.ends_at)
    return replace(lot, phase="confirming", times=times, countdown=None, clock=max(lot.clock, event.at))


def _named(lot: Lot, event: PriceNamed) -> Lot:
    return replace(lot, named={**lot.named, event.number: event}, clock=max(lot.clock, event.received_at))


def _reckoned(lot: Lot, event: NamingReckoned) -> Lot:
    at = lot.named[event.number].received_at
    return replace(lot, offer=Offer(number=event.number, price_fen=event.price_fen, at=at))


NAMED: Mapping[type[LotEvent], Callable[[Lot, Any], Lot]] = {
    ListingStopped: _stopped,
    NamingJoined: lambda lot, event: replace(lot, joined=lot.joined | {event.number}),
    NamingOpened: lambda lot, event: replace(lot, phase="naming", times=replace(lot.times, ends_at=event.ends_at)),
    PriceNamed: _named,
    NamingReckoned: _reckoned,
}
"""What each of them makes of an announced lot."""
