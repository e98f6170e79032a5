"""How each fact changes a lot. Reads the event and the state, never the law."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.kernel.decider import expect
from shared.kernel.errors import BrokenHistory
from shared.procedure.lot.after.evolving import AFTER, noted, over, received
from shared.procedure.lot.disclosing import PreDisclosed
from shared.procedure.lot.endings import (
    AgreementOpened,
    BiddingEnded,
    LotFrozen,
    LotSold,
    LotTerminated,
    LotThawed,
    LotUnsold,
    ReserveOpened,
    ReserveShareGiven,
    ReserveShareRefused,
    WinnerReviewed,
)
from shared.procedure.lot.events import (
    Applied,
    AskingStarted,
    BidderAdmitted,
    BidderBarred,
    BidderRefused,
    BiddingStarted,
    BidPlaced,
    CountdownMoved,
    DepositRecorded,
    LotAnnounced,
    LotDrafted,
    NoticeSupplemented,
    Phase,
    PreparationStarted,
    PriceCalled,
    ProxySet,
    RegistrationExtended,
    RequestRefused,
    StepChanged,
    TimedStarted,
    WentOn,
)
from shared.procedure.lot.idling import IdleReminded
from shared.procedure.lot.judged.evolving import JUDGING
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.naming import NAMED
from shared.procedure.lot.sealed.evolving import TENDERED
from shared.procedure.lot.state import Bidder, Countdown, Drafted, Lot, LotState, Times
from shared.procedure.lot.values import Offer


def evolve(state: LotState, event: LotEvent) -> LotState:
    """Return the state after `event`. Raise BrokenHistory where it cannot follow."""
    match event:
        case BidPlaced():
            return _placed(expect(state, Lot, event), event)  # by far the most frequent fact
        case RequestRefused():
            return state
        case LotDrafted(draft=draft, owner=owner):
            if isinstance(state, Lot):
                raise BrokenHistory("an announced lot is not drafted again")
            return replace(state, draft=draft) if isinstance(state, Drafted) else Drafted(draft=draft, owner=owner)
        case PreDisclosed(at=at, draft=draft):
            return replace(expect(state, Drafted, event), pre_disclosed_at=at, disclosed=draft)
        case LotAnnounced():
            expect(state, Drafted, event)
            return announced(event)
        case _:
            lot = expect(state, Lot, event)
            return _found(event)(lot, event)


def announced(event: LotAnnounced) -> Lot:
    """Return the lot that an announcement makes."""
    terms = event.terms
    times = Times(
        applications_due=terms.applications_due,
        deposits_due=terms.deposits_due,
        starts_at=terms.bidding_starts,
        free_ends=terms.bidding_ends,
        ends_at=terms.bidding_starts,
    )
    return Lot(announced=event, phase="registration", times=times, step_fen=terms.step_fen, clock=event.announced_at)


def _placed(lot: Lot, event: BidPlaced) -> Lot:
    offer = Offer(
        number=event.number,
        price_fen=event.price_fen,
        at=event.received_at,
        automatic=event.automatic,
        priority=event.priority,
    )
    changed: dict[str, Any] = {"offer": offer, "clock": event.received_at}
    if lot.phase == "free":
        changed["active"] = {**lot.active, event.number: event.received_at}
    if lot.countdown is not None:
        since = event.received_at if event.extensions > lot.countdown.extensions else lot.countdown.since
        changed["countdown"] = replace(lot.countdown, since=since, calls=0, extensions=event.extensions)
        changed["times"] = replace(lot.times, ends_at=event.ends_at)
    return replace(lot, **changed)


def _of_bidder(lot: Lot, token: str, **changed: Any) -> Lot:
    if token not in lot.bidders:
        raise BrokenHistory("a fact about a bidder who has not applied")
    return replace(lot, bidders={**lot.bidders, token: replace(lot.bidders[token], **changed)})


def _applied(lot: Lot, event: Applied) -> Lot:
    bidder = Bidder(
        number=event.number, token=event.token, applied_at=event.received_at, claims_priority=event.priority
    )
    return replace(lot, bidders={**lot.bidders, event.token: bidder})


def _deposited(lot: Lot, event: DepositRecorded) -> Lot:
    before = lot.bidders[event.token].deposit_fen if event.token in lot.bidders else 0
    paid = _of_bidder(lot, event.token, deposit_fen=before + (event.amount_fen if event.counts else 0))
    return replace(
        received(paid, event.token, event.amount_fen),
        payments={**lot.payments, event.payment: event.number},
        payers={event.account: event.number, **lot.payers},
    )


def _shifted(lot: Lot, seconds: int, **changed: Any) -> Lot:
    """Move all that is to come: what is supplemented or extended has not begun, and its times follow the notice."""
    by = timedelta(seconds=seconds)
    return replace(lot, times=lot.times.shifted(by, lot.announced.announced_at), **changed)


def _started(lot: Lot, event: BiddingStarted) -> Lot:
    phase: Phase = "tendering" if lot.announced.draft.way == "tender" else "free"
    return replace(lot, phase=phase, times=replace(lot.times, ends_at=event.ends_at))


def _proxied(lot: Lot, event: ProxySet) -> Lot:
    """Keep proxies in the order in which they were set, or last raised: of equal maxima the earlier one holds."""
    others = {number: proxy for number, proxy in lot.proxies.items() if number != event.number}
    return replace(lot, proxies={**others, event.number: event})


def _ends(lot: Lot, event: AskingStarted | PreparationStarted) -> Lot:
    phase: Phase = "asking" if isinstance(event, AskingStarted) else "preparing"
    return replace(lot, phase=phase, times=replace(lot.times, ends_at=event.ends_at))


def _timed(lot: Lot, event: TimedStarted) -> Lot:
    since = event.ends_at - timedelta(minutes=lot.announced.terms.timing.countdown_minutes)
    countdown = Countdown(since=since, calls=0, call_at=event.call_at)
    times = replace(lot.times, ends_at=event.ends_at)
    return replace(lot, phase="timed", countdown=countdown, times=times, clock=max(lot.clock, since))


def _called(lot: Lot, event: PriceCalled | CountdownMoved) -> Lot:
    if lot.countdown is None:
        raise BrokenHistory("a call without a countdown")
    calls = event.call if isinstance(event, PriceCalled) else lot.countdown.calls
    return replace(lot, countdown=replace(lot.countdown, calls=calls, call_at=event.call_at))


def _ended(lot: Lot, event: BiddingEnded) -> Lot:
    ends = event.reserve_due or lot.times.ends_at
    extensions = lot.countdown.extensions if lot.countdown else lot.extensions
    return replace(lot, phase="reserve", countdown=None, extensions=extensions, times=replace(lot.times, ends_at=ends))


def _agreed(lot: Lot, event: AgreementOpened) -> Lot:
    return replace(lot, phase="agreement", times=replace(lot.times, ends_at=event.until))


def _frozen(lot: Lot, event: LotFrozen) -> Lot:
    return replace(lot, frozen=event, clock=max(lot.clock, event.at))


def _thawed(lot: Lot, event: LotThawed) -> Lot:
    if lot.frozen is None:
        raise BrokenHistory("a lot that does not stand still cannot go on")
    times = lot.times.shifted(timedelta(seconds=event.shifted_seconds), lot.frozen.stopped_at)
    later = event.ends_at - lot.times.ends_at if event.phase == "free" else timedelta()
    return replace(
        lot,
        active={number: at + later for number, at in lot.active.items()},  # as long before the end as they were (T13)
        frozen=None,
        reminded_until=None,
        phase=event.phase,
        countdown=None,
        resumes_at=event.resumes_at,
        times=replace(times, ends_at=event.ends_at),
    )


def _sold(lot: Lot, event: LotSold) -> Lot:
    lot = noted(lot, struck_at=event.at)
    if event.review_due is None:
        return over(replace(lot, phase="sold"), event.at)
    return replace(lot, phase="review", times=replace(lot.times, ends_at=event.review_due))


_CHANGES: Mapping[type[LotEvent], Callable[[Lot, Any], Lot]] = {
    NoticeSupplemented: lambda lot, event: _shifted(lot, event.shifted_seconds),
    Applied: _applied,
    DepositRecorded: _deposited,
    BidderAdmitted: lambda lot, event: _of_bidder(lot, event.token, admitted=True, priority=event.priority),
    BidderRefused: lambda lot, event: _of_bidder(lot, event.token, refused=True),
    BidderBarred: lambda lot, event: _of_bidder(lot, event.token, barred=True),
    RegistrationExtended: lambda lot, event: _shifted(lot, event.shifted_seconds, extended=event.times),
    BiddingStarted: _started,
    ProxySet: _proxied,
    StepChanged: lambda lot, event: replace(lot, step_fen=event.step_fen),
    AskingStarted: _ends,
    WentOn: lambda lot, event: replace(lot, willing=lot.willing | {event.number}),
    PreparationStarted: _ends,
    TimedStarted: _timed,
    PriceCalled: _called,
    CountdownMoved: _called,
    BiddingEnded: _ended,
    AgreementOpened: _agreed,
    ReserveShareGiven: lambda lot, event: replace(lot, shares={**lot.shares, event.authority: event.share}),
    ReserveShareRefused: lambda lot, event: lot,  # noqa: ARG005 - it says what did not happen
    ReserveOpened: lambda lot, event: replace(lot, reserve_fen=event.reserve_fen),
    LotSold: _sold,
    WinnerReviewed: lambda lot, event: over(replace(lot, phase="sold"), event.at) if event.qualified else lot,
    LotUnsold: lambda lot, event: over(replace(lot, phase="unsold"), event.at),
    LotFrozen: _frozen,
    IdleReminded: lambda lot, event: replace(lot, reminded_until=event.until),
    LotThawed: _thawed,
    LotTerminated: lambda lot, event: over(replace(lot, phase="ended", frozen=None), event.at),
    **NAMED,
    **TENDERED,
    **JUDGING,
    **AFTER,
}
"""What each fact makes of an announced lot."""


def _found(event: LotEvent) -> Callable[[Lot, Any], Lot]:
    for kind in type(event).__mro__:
        if kind in _CHANGES:
            return _CHANGES[kind]
    raise BrokenHistory(f"{type(event).__name__} is no fact of a lot")
