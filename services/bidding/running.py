"""Which tenders go on, by the public list: those that a calendar or an outage may concern; and what silence did."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select

from services.bidding.domain.outages.messages import Silence
from services.bidding.domain.recounting import days_left
from services.bidding.domain.state import Accepting, Collecting, Contracted, Failed, Qualified
from services.bidding.views import procedure
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.codes import may_act
from shared.kernel.request import Arrival
from shared.law.findings import day_of, end_of
from shared.runtime.pulse import silences
from shared.store.tables import quarantine, work
from shared.store.work import drop
from shared.store.work import put as keep

LEFT = "days-left"
"""The kind of work that a tender leaves which has ended while days of its chapters still run."""


def in_year(connection: Connection, year: int) -> list[str]:
    """Return the tenders whose days may fall into a calendar year: announced by its end, and days of it still run."""
    announced = procedure.c.announced_at < instant(end_of(date(year, 12, 31)))
    left = select(procedure.c.stream).where(
        announced, procedure.c.stream.in_(select(work.c.stream).where(work.c.kind == LEFT)), _whole()
    )
    return sorted({*_going_on(connection, announced), *connection.execute(left).scalars()})


def due_between(connection: Connection, first: datetime, last: datetime, region: str) -> list[str]:
    """Return the tenders not ended whose deadline is from `first` to `last`, and that an office of `region` acts on.

    Who is bound to no region runs the whole platform.
    """
    due = _going_on(connection, procedure.c.bids_due.between(instant(first), instant(last)))
    if not region:
        return due
    rows = select(procedure.c.stream, procedure.c.region, procedure.c.announced_at).where(procedure.c.stream.in_(due))
    found = connection.execute(rows.order_by("stream"))
    return [stream for stream, of, at in found if may_act(region, of, day_of(parse_instant(at)))]


def note_left(connection: Connection, stream: str, state: object) -> None:
    """Keep in mind a tender that has ended as long as days of it still run."""
    if not isinstance(state, Contracted | Failed | Qualified):
        return
    if days_left(state):
        keep(connection, LEFT, stream)
    else:
        drop(connection, LEFT, stream)


def _going_on(connection: Connection, wanted: ColumnElement[bool]) -> list[str]:
    """Return those wanted that have not ended. What is quarantined takes no commands, and would hold up the others."""
    ended = [kind.__name__.lower() for kind in (Contracted, Failed, Qualified)]
    known = select(procedure.c.stream).where(wanted, procedure.c.phase.not_in(ended), _whole())
    return list(connection.execute(known.order_by("stream")).scalars())


def _whole() -> ColumnElement[bool]:
    return procedure.c.stream.not_in(select(quarantine.c.stream))


def silence(connection: Connection, arrival: Arrival, state: object) -> Silence | None:
    """Return the time without service in which a deadline passed, for what is asked after it."""
    match state:
        case Accepting(tender=tender):
            due = tender.terms.bids_due
        case Collecting(collection=collection):
            due = collection.keys_due
        case _:
            return None
    if arrival.received_at < due:
        return None
    found = [(starts, until) for starts, until in silences(connection) if starts <= due < until]
    return Silence(starts=found[-1][0], until=found[-1][1]) if found else None
