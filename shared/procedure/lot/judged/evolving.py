"""How each fact of judging changes a lot. Reads the event and the state, never the law."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from shared.procedure.lot.judged.events import (
    CommitteeSeated,
    JudgingOpened,
    JudgingReported,
    MemberLeft,
    MemberReplaced,
    OffersScored,
)
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.state import Lot


def _noted(lot: Lot, **changed: Any) -> Lot:
    return replace(lot, judged=replace(lot.judged, **changed))


def _opened(lot: Lot, event: JudgingOpened) -> Lot:
    return replace(_noted(lot, opened=event), phase="judging", clock=max(lot.clock, event.at))


def _seated(lot: Lot, event: CommitteeSeated) -> Lot:
    return replace(_noted(lot, seats=event.seats), times=replace(lot.times, ends_at=event.until))


def _replaced(lot: Lot, event: MemberReplaced) -> Lot:
    """Seat the successor; nothing is left of what the member gave."""
    judged, gone = lot.judged, event.member
    return _noted(
        lot,
        seats=tuple(event.seat if seat.member == gone else seat for seat in judged.seats),
        vacant=judged.vacant - {gone},
        replaced=(*judged.replaced, gone),
        sheets={member: sheet for member, sheet in judged.sheets.items() if member != gone},
    )


JUDGING: Mapping[type[LotEvent], Callable[[Lot, Any], Lot]] = {
    JudgingOpened: _opened,
    CommitteeSeated: _seated,
    MemberLeft: lambda lot, event: _noted(lot, vacant=lot.judged.vacant | {event.member}),
    MemberReplaced: _replaced,
    OffersScored: lambda lot, event: _noted(lot, sheets={**lot.judged.sheets, event.member: event}),
    JudgingReported: lambda lot, event: replace(_noted(lot, report=event), offer=event.offer),
}
"""What each fact of judging makes of an announced lot."""
