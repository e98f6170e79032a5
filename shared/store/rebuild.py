"""Query tables made anew from the journal, which alone says what happened: where they were lost or changed shape."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, inspect

from shared.kernel.errors import BrokenHistory
from shared.kernel.line import Line
from shared.kernel.message import Event
from shared.kernel.record import Record
from shared.store import journal
from shared.store.database import Database

PAGE = 1000

Project = Callable[[Connection, Record, Event, Any], None]
"""Brings a service's query tables up to an event; the state is that after it."""


def lost(database: Database, views: MetaData) -> bool:
    """Return whether a query table is not there."""
    return not views.tables.keys() <= set(inspect(database.engine).get_table_names())


def rebuild(database: Database, line: Line, views: MetaData, project: Project) -> int:
    """Empty the query tables and fill them from every record, in one transaction; return how many records there were.

    A stream that does not fold is left out from where it breaks, as it is quarantined anyway.
    """
    count = 0
    with database.write() as connection:
        last = journal.lock_head(connection)
        for table in reversed(views.sorted_tables):
            connection.execute(table.delete())
        states: dict[str, Any] = {}
        broken: set[str] = set()
        for record in _all(connection, last):
            if record.stream in broken:
                continue
            try:
                event = line.event(record)
                state = line.decider.evolve(states.get(record.stream, line.decider.initial), event)
            except BrokenHistory:
                broken.add(record.stream)
                continue
            states[record.stream] = state
            project(connection, record, event, state)
            count += 1
    return count


def _all(connection: Connection, last: int) -> Iterator[Record]:
    for first in range(1, last + 1, PAGE):
        yield from (item.record for item in journal.positions(connection, first, min(last, first + PAGE - 1)))
