"""Counting the days of a lot again when a working calendar is published: never to an earlier end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.law.counting import LAST_DAY_OFF
from shared.law.findings import Period, day_of
from shared.law.periods import earliest_target_day, interval, not_before
from shared.procedure.asking import needed
from shared.procedure.books import Books
from shared.procedure.lot import noticing
from shared.procedure.lot.after.commands import RecountDeadlines
from shared.procedure.lot.after.events import DeadlinesRecounted
from shared.procedure.lot.after.evolving import counted
from shared.procedure.lot.after.values import Counted, Recount
from shared.procedure.lot.asking import Ground, LotRequest
from shared.procedure.lot.state import Lot
from shared.procedure.publicity import limit
from shared.procedure.remedies import limit_without


def goes_on(lot: Lot) -> bool:
    """Whether days of a lot still run, or may: it is not over, or something of its sale is left to be done."""
    after = lot.after
    if lot.phase != "sold":
        return lot.phase not in {"unsold", "ended", "defaulted"} or bool(after.refunds)
    return not after.handed_over or after.result is None or bool(after.refunds)


def recount(
    request: LotRequest, command: RecountDeadlines, lot: Lot, ground: Ground, books: Books
) -> Sequence[DeadlinesRecounted]:
    """Put the lot under the newly published calendar, and count its open times again (民法典 第二百零三条).

    What is due after the hammer is counted when it is looked at, by every calendar since the notice. Nothing happens to
    a lot of which nothing is left to be done, or that is under this very calendar already.
    """
    year = books.year(needed(request.facts.calendar_year, "calendar_year"))
    if not goes_on(lot) or year == ground.law.calendar.years.get(command.year):
        return ()
    law = books.law(lot.announced.rulebook, lot.announced.calendar, (*lot.published, year.digest))
    new = replace(ground, law=law, earlier=(*ground.earlier, ground.law))
    return (
        DeadlinesRecounted(
            year=year.year,
            calendar_year=year.digest,
            calendar=law.calendar.digest,
            deadlines=() if lot.frozen is not None else tuple(_open(request.received_at, lot, new)),
            article=LAST_DAY_OFF.article,
        ),
    )


def _open(now: datetime, lot: Lot, ground: Ground) -> Iterator[Recount]:
    """Yield the times that are open now, counted again; one that has passed stays passed."""
    if lot.phase in {"registration", "free"}:
        yield from _announced(now, lot, ground)
        return
    told = lot.after.result_ends if lot.phase == "sold" else lot.times.ends_at
    found = None if told is None or now >= told else _limit(lot, ground)
    if told is not None and found is not None:
        which, period = found
        kept = not_before(period, told)
        yield Recount(which=which, was=told, ends=kept.ends_at, provisional=kept.provisional)


def _limit(lot: Lot, ground: Ground) -> tuple[Counted, Period] | None:
    rules, law, after = ground.rules, ground.law, lot.after
    if lot.phase == "review" and after.struck_at is not None:
        return "review", limit(after.struck_at, rules.review, law)
    if lot.phase == "agreement" and rules.sole_taker is not None:
        return "agreement", limit(lot.times.starts_at, rules.sole_taker, law)
    told = after.result if lot.phase == "sold" and not after.disputed else None  # a dispute's end counts it anew
    if told is not None and rules.publicity_lasts is not None:
        return "publicity", limit_without(told.at, rules.publicity_lasts, law, after.pauses, told.days)
    return None


def _announced(now: datetime, lot: Lot, ground: Ground) -> Iterator[Recount]:
    """Yield by how much a notice or a listing that has become too short goes on, and all that follows with it."""
    by, years = _lacking(now, lot, ground, listing=False)
    if by and lot.phase == "registration":
        due, starts = lot.times.applications_due, lot.times.starts_at
        if due > now:
            applications = Recount(which="applications", was=due, ends=due + by, provisional=years)
            yield applications
            lot = counted(lot, applications)
        start = Recount(which="starts", was=starts, ends=starts + by, provisional=years)
        yield start
        lot = counted(lot, start)
    more, years = _lacking(now, lot, ground, listing=True)
    if more:
        ends = lot.times.free_ends
        yield Recount(which="listing", was=ends, ends=ends + more, provisional=years)


def _lacking(now: datetime, lot: Lot, ground: Ground, *, listing: bool) -> tuple[timedelta, tuple[int, ...]]:
    """Return what is missing of the least times that end with the listing, or before it, and the provisional years."""
    announced, law, times = lot.announced, ground.law, lot.times
    calendar, reading = law.calendar, law.rulebook.reading
    stand = {"applications_due": times.applications_due, "bidding_starts": times.starts_at}
    terms = announced.terms.model_copy(update={**stand, "bidding_ends": times.free_ends})
    found: tuple[timedelta, tuple[int, ...]] = (timedelta(), ())
    first = announced.attempt == 1
    for span in noticing.spans(announced.draft, terms, announced.announced_at, ground, first=first):
        if (span.field == "bidding_ends") is not listing or span.end <= now:
            continue
        unit, n = law.rulebook.clause(span.clause).unit, law.rulebook.figure(span.clause, int)
        day = earliest_target_day(span.start, n, unit, calendar, reading=reading)
        lacking = day - day_of(span.end)
        if lacking > found[0]:
            years = interval(span.start, span.end + lacking, n, unit, calendar, reading=reading).provisional
            found = lacking, years
    return found
