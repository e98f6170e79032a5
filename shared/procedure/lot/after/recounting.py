"""Counting the days of a lot again when a working calendar is published: never to an earlier end."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from shared.law.counting import LAST_DAY_OFF
from shared.law.findings import Period
from shared.law.periods import not_before
from shared.procedure.books import Books
from shared.procedure.lot.after.commands import RecountDeadlines
from shared.procedure.lot.after.events import DeadlinesRecounted
from shared.procedure.lot.after.values import Recount
from shared.procedure.lot.asking import Ground, LotRequest, needed
from shared.procedure.lot.state import Lot
from shared.procedure.publicity import limit

Which = Literal["review", "agreement", "publicity"]


def goes_on(lot: Lot) -> bool:
    """Whether days of a lot still run, or may: it is not over, or something of its sale is left to be done."""
    after = lot.after
    if lot.phase != "sold":
        return lot.phase not in {"unsold", "ended", "defaulted"} or bool(after.refunds)
    return not after.handed_over or after.result is None or bool(after.refunds)


def recount(
    request: LotRequest, command: RecountDeadlines, lot: Lot, ground: Ground, books: Books
) -> Sequence[DeadlinesRecounted]:
    """Put the lot under the newly published calendar, and count its open deadline again (民法典 第二百零三条).

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
            deadline=_deadline(request, lot, new),
            article=LAST_DAY_OFF.article,
        ),
    )


def _deadline(request: LotRequest, lot: Lot, ground: Ground) -> Recount | None:
    """Return the deadline that is open when the command is given, counted again; one that has passed stays passed."""
    told = lot.after.result_ends if lot.phase == "sold" else lot.times.ends_at
    found = None if told is None or lot.frozen is not None or request.received_at >= told else _counted(lot, ground)
    if told is None or found is None:
        return None
    which, period = found
    kept = not_before(period, told)
    return Recount(which=which, was=told, ends=kept.ends_at, provisional=kept.provisional)


def _counted(lot: Lot, ground: Ground) -> tuple[Which, Period] | None:
    rules, law, after = ground.rules, ground.law, lot.after
    if lot.phase == "review" and after.struck_at is not None:
        return "review", limit(after.struck_at, rules.review, law)
    if lot.phase == "agreement" and rules.sole_taker is not None:
        return "agreement", limit(lot.times.starts_at, rules.sole_taker, law)
    if lot.phase == "sold" and after.result is not None and rules.publicity_lasts is not None:
        return "publicity", limit(after.result.at, rules.publicity_lasts, law, after.result.days)
    return None
