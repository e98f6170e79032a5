"""Counting open deadlines again when a working calendar is published, and telling how sure a deadline is."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from services.bidding.domain.asking import TenderRequest, articles
from services.bidding.domain.commands import RecountDeadlines
from services.bidding.domain.events import CandidatesPublicised, DeadlinesRecounted, TenderAnnounced, TenderAwarded
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies.events import EvaluationSetAside
from services.bidding.domain.rows import Recount
from services.bidding.domain.state import Announced, Awarded, Contracted, Failed, Publicised, Qualified
from shared.kernel.canonical import instant
from shared.law.findings import Period
from shared.law.periods import not_before
from shared.procedure.asking import needed
from shared.procedure.books import Books, Law
from shared.procedure.publicity import limit


def recount(
    request: TenderRequest, command: RecountDeadlines, state: Announced, books: Books
) -> Sequence[DeadlinesRecounted]:
    """Put the tender under the newly published calendar and count its open deadline again (民法典 第二百零三条).

    Never a shorter one: who was told a day may rely on it. What its chapters keep (refunds, report, remedies) is
    counted when it is looked at. Nothing happens to a tender that has ended and of which nothing is left to be done,
    or that is under this very calendar already.
    """
    if isinstance(state, Contracted | Failed | Qualified) and not _goes_on(state, books):
        return ()
    year = books.year(needed(request.facts.calendar_year, "calendar_year"))
    if year == law_of(state, books).calendar.years.get(command.year):
        return ()
    law = books.law(state.tender.rulebook, state.tender.calendar, (*state.published, year.digest))
    return (
        DeadlinesRecounted(
            year=year.year,
            calendar_year=year.digest,
            calendar=law.calendar.digest,
            deadline=_deadline(request, state, law),
            article=articles(law, "COUNT-203")[0],
        ),
    )


def days_left(state: Announced) -> bool:
    """Whether days still run in a tender that has ended: of its contract, refunds, report or complaints."""
    beside = state.beside
    of_contract = isinstance(state, Contracted) and (
        beside.result.reported is None or beside.result.countersigned is None
    )
    return of_contract or bool(beside.money.owed()) or any(not one.ended for one in beside.remedies.complaints)


def _goes_on(state: Announced, books: Books) -> bool:
    return "RECOUNTED" in law_of(state, books).rulebook.clauses and days_left(state)


def as_counted(events: Iterable[Any], law: Callable[[Sequence[str]], Law]) -> dict[str, dict[str, Any]]:
    """Return the deadlines of a tender as its page shows them, by the section that each stands in.

    Each is as it was last counted, with the years that were provisional then. `law` gives the law with the calendars
    published since the announcement.
    """
    published: list[str] = []
    days = 0
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        match event:
            case TenderAnnounced():
                days = event.terms.publicity_days
            case CandidatesPublicised():
                counted = publicity(event, days, law(published))
                found["candidates"] = {"provisional": list(counted.provisional)}
            case EvaluationSetAside():
                found = {}
            case TenderAwarded():
                found["award"] = {"provisional": list(contract(event, law(published)).provisional)}
            case DeadlinesRecounted():
                published.append(event.calendar_year)
                if event.deadline is not None:
                    section, field = SECTIONS[event.deadline.which]
                    ends = {field: instant(event.deadline.ends)}
                    found[section] = {**ends, "provisional": list(event.deadline.provisional)}
            case _:
                pass
    return found


SECTIONS = {"publicity": ("candidates", "ends"), "contract": ("award", "contract_due")}
"""Where the page of a tender shows a deadline."""


def publicity(event: CandidatesPublicised, days: int, law: Law) -> Period:
    """Return the count of a publicity of `days` (E29)."""
    return limit(event.starts, "E29", law, days)


def contract(event: TenderAwarded, law: Law) -> Period:
    """Return the count until the contract is due (E32)."""
    return limit(event.awarded_at, "E32", law)


def _deadline(request: TenderRequest, state: Announced, law: Law) -> Recount | None:
    """Return the deadline that is open when the command is given, counted again; one that has passed stays passed."""
    match state:
        case Publicised(publicity=told) if request.received_at < told.ends:
            new = not_before(publicity(told, state.tender.terms.publicity_days, law), told.ends)
            return Recount(which="publicity", was=told.ends, ends=new.ends_at, provisional=new.provisional)
        case Awarded(award=told) if request.received_at < told.contract_due:
            new = not_before(contract(told, law), told.contract_due)
            return Recount(which="contract", was=told.contract_due, ends=new.ends_at, provisional=new.provisional)
        case _:
            return None
