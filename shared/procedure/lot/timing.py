"""The time that a lot keeps: what begins, is asked, called and ended when its moment has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.law.clause import Unit
from shared.law.periods import period
from shared.procedure.lot import bidding, ending, freezing, health, idling, once
from shared.procedure.lot.after.asking import due
from shared.procedure.lot.asking import Events, Ground, LotRequest, hour
from shared.procedure.lot.endings import AgreementOpened
from shared.procedure.lot.events import (
    AskingStarted,
    BiddingStarted,
    CountdownMoved,
    PreparationStarted,
    PriceCalled,
    RegistrationExtended,
    TimedStarted,
)
from shared.procedure.lot.registering import is_late
from shared.procedure.lot.sealed import opening, receiving
from shared.procedure.lot.state import Countdown, Lot
from shared.procedure.lot.values import Extension
from shared.procedure.publicity import limit

TWO = 2

AWAITED = frozenset({"free", "asking", "agreement", "confirming", "naming", "tendering", "opening"})
"""The phases in which something may come from bidders to the last: none of them ends while the platform is down."""


def keep(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Do what is due now; a moment that has not come, or has passed otherwise, asks for nothing."""
    if lot.frozen is not None:
        return idling.idle(request, lot, ground)
    if lot.phase == "registration":
        return _registration(request, lot, ground)
    if health.is_cut(request, lot):
        return freezing.by_itself(request, lot, ground)
    if lot.countdown is not None and lot.phase == "timed":
        return _count_down(request, lot, lot.countdown, ground)
    return () if request.received_at < lot.times.ends_at else _at_the_end(request, lot, ground)


def _at_the_end(request: LotRequest, lot: Lot, ground: Ground) -> Events:  # noqa: C901, PLR0911 - one return a phase
    if lot.phase in AWAITED and not health.is_healthy(request, lot):
        return freezing.by_itself(request, lot, ground)
    match lot.phase:
        case "free":
            return _after_free(request, lot, ground)
        case "asking":
            return _on(request, lot, TWO if lot.willing else 0) or ending.end(request, lot, ground)
        case "confirming":
            return once.open_naming(request, lot, ground)
        case "naming":
            return once.reckon(request, lot, ground)
        case "preparing":
            return timed(request, lot)
        case "tendering":
            return receiving.close(request, lot, ground)
        case "opening":
            return opening.end(request, lot, ground)
        case "reserve":
            return freezing.reserve_not_opened(request, lot, ground)
        case "agreement":
            return ending.end(request, lot, ground)
        case _:
            return ()


def timed(request: LotRequest, lot: Lot) -> Events:
    """Begin timed bidding: the first countdown runs in full; proxies that a new step brought in reach answer."""
    timing, at = lot.announced.terms.timing, hour(request, lot)
    whole = timedelta(minutes=timing.countdown_minutes)
    start = lot.next_fen if timing.from_next or lot.offer is None else lot.offer.price_fen
    started = TimedStarted(from_fen=start, ends_at=at + whole, call_at=at + whole / timing.calls)
    return started, *bidding.answers(request, bidding.after(lot, started))


def _registration(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    now, terms = request.received_at, lot.announced.terms
    extension = terms.extension
    if extension and now >= lot.times.applications_due and _may_be_extended(now, lot, extension, ground):
        return _extended(lot, extension.working_days, ground)
    if health.is_cut(request, lot):
        return freezing.by_itself(request, lot, ground)
    if now < lot.times.ends_at:
        return ()
    return _begun(request, lot, ground)


def _begun(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Begin the bidding, or say that there is none; not while the platform is down, if that shuts anybody out.

    Into free bidding whoever paid in time is still admitted; not into what is timed from the start.
    """
    terms = lot.announced.terms
    alone = lot.announced.draft.way not in {"listing", "tender"}
    other = _too_few(request.received_at, lot, ground) if alone else ()
    free = terms.bidding_starts < terms.bidding_ends
    if free and not other:
        return (BiddingStarted(ends_at=lot.times.free_ends),)
    if not health.is_healthy(request, lot):
        return freezing.by_itself(request, lot, ground)
    return other or timed(request, lot)


def _may_be_extended(now: datetime, lot: Lot, extension: Extension, ground: Ground) -> bool:
    """Whether nobody came, and the notice and the age of the valuation (S6) leave one more extension.

    Who has applied and not paid in time has not come: an application costs nothing, and would end every disclosure.
    """
    asked, over = lot.announced.terms.deposit_fen, is_late(now, lot.times.deposits_due, lot)
    came = (not bidder.refused and (bidder.deposit_fen >= asked or not over) for bidder in lot.bidders.values())
    if lot.extended >= extension.times or any(came):
        return False
    return ground.rules.lapse is None or now < due(ground, "lapse", lot.announced.first_at)


def _too_few(now: datetime, lot: Lot, ground: Ground) -> Events:
    """Return what becomes of a lot with too few bidders to begin, or nothing where there are enough."""
    if lot.admitted == 0:
        return ending.unsold("no_bidder", now, ground)
    if lot.admitted == 1 and ground.rules.sole_taker is not None:
        return _agreement(lot, ground)
    least = ground.rules.least_bidders.get(lot.announced.draft.way)
    if least is not None and lot.admitted < ground.law.rulebook.figure(least, int):
        return ending.unsold("too_few", now, ground)
    return ()


def _extended(lot: Lot, working_days: int, ground: Ground) -> Sequence[RegistrationExtended]:
    """延长披露: as long as the notice said."""
    law = ground.law
    since = lot.times.applications_due
    by = period(since, working_days, Unit.WORKING_DAY, law.calendar, reading=law.rulebook.reading).ends_at - since
    return (
        RegistrationExtended(
            shifted_seconds=int(by.total_seconds()),
            applications_due=lot.times.applications_due + by,
            starts_at=lot.times.starts_at + by,
            times=lot.extended + 1,
            article=ground.clause("extension").article,
        ),
    )


def _agreement(lot: Lot, ground: Ground) -> Sequence[AgreementOpened]:
    taker = next(bidder for bidder in lot.bidders.values() if bidder.admitted and not bidder.barred)
    rule = str(ground.rules.sole_taker)
    until = limit(lot.times.starts_at, rule, ground.law).ends_at
    return (AgreementOpened(number=taker.number, until=until, article=ground.clause("sole_taker").article),)


def _after_free(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Ask, prepare, begin the timed phase, or end: as the notice chose among the variants in use (T13)."""
    terms, now = lot.announced.terms, request.received_at
    match terms.trigger:
        case "asked" if lot.offer is not None:
            until = now + timedelta(minutes=terms.timing.ask_minutes)
            return (AskingStarted(leader=lot.offer.number, price_fen=lot.offer.price_fen, ends_at=until),)
        case "last_hour":
            since = lot.times.ends_at - timedelta(minutes=terms.timing.window_minutes)
            late = sum(at >= since for at in lot.active.values())
            return _on(request, lot, late) or ending.end(request, lot, ground)
        case "always" if lot.admitted:
            return timed(request, lot)
        case "automatic":
            return _on(request, lot, len(lot.active)) or ending.end(request, lot, ground)
        case _:
            return ending.end(request, lot, ground)


def _on(request: LotRequest, lot: Lot, wanting: int) -> Events:
    """Return the start of the preparation, or of timed bidding where none is due; nothing where too few want it."""
    if wanting < TWO:
        return ()
    if lot.announced.terms.trigger == "last_hour":
        minutes = lot.announced.terms.timing.prepare_minutes
        return (PreparationStarted(ends_at=request.received_at + timedelta(minutes=minutes)),)
    return timed(request, lot)


def _count_down(request: LotRequest, lot: Lot, countdown: Countdown, ground: Ground) -> Events:
    """Call the price at equal parts of the countdown; the last call ends it. A bid has restarted it in full (T14)."""
    now, timing = request.received_at, lot.announced.terms.timing
    if now < countdown.call_at:
        return ()
    part = timedelta(minutes=timing.countdown_minutes) / timing.calls
    due = min(countdown.since + part * (countdown.calls + 1), lot.times.ends_at)
    if now < due:
        return (CountdownMoved(call_at=due),)
    if due < lot.times.ends_at:
        price = lot.offer.price_fen if lot.offer else None
        return (PriceCalled(call=countdown.calls + 1, price_fen=price, call_at=min(due + part, lot.times.ends_at)),)
    if not health.is_healthy(request, lot):
        return freezing.by_itself(request, lot, ground)
    return ending.end(request, lot, ground)
