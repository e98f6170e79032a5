"""Which tenders go on, by the public list: those that a published calendar or an outage may concern."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, select

from services.bidding.domain.state import Contracted, Failed, Qualified
from services.bidding.views import procedure
from shared.kernel.canonical import instant
from shared.law.findings import end_of
from shared.store.tables import quarantine


def in_year(connection: Connection, year: int) -> list[str]:
    """Return the tenders whose days may fall into a calendar year: announced by its end, and not ended yet."""
    return _going_on(connection, procedure.c.announced_at < instant(end_of(date(year, 12, 31))))


def due_between(connection: Connection, first: datetime, last: datetime) -> list[str]:
    """Return the tenders not ended whose deadline is from `first` to `last`."""
    return _going_on(connection, procedure.c.bids_due.between(instant(first), instant(last)))


def _going_on(connection: Connection, wanted: ColumnElement[bool]) -> list[str]:
    """Return those wanted that have not ended. What is quarantined takes no commands, and would hold up the others."""
    broken, ended = select(quarantine.c.stream), [kind.__name__.lower() for kind in (Contracted, Failed, Qualified)]
    known = select(procedure.c.stream).where(wanted, procedure.c.phase.not_in(ended))
    return list(connection.execute(known.where(procedure.c.stream.not_in(broken)).order_by("stream")).scalars())
