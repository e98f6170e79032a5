"""Query tables made anew from the journal, which alone says what happened: where they were lost or changed shape."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, Table, inspect

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


def query_tables(views: MetaData) -> list[Table]:
    """Return the tables that the journal fills: all but those whose `info` says `append_only` or `kept`."""
    return [table for table in views.sorted_tables if not table.info.keys() & {"append_only", "kept"}]


def rebuild(database: Database, line: Line, views: MetaData, project: Project) -> int:
    """Empty the query tables and fill them from every record, in one transaction; return how many there were."""
    with database.write() as connection:
        return refill(connection, line, views, project)


def refill(connection: Connection, line: Line, views: MetaData, project: Project) -> int:
    """Do what `rebuild` does, as a part of a transaction.

    A stream that does not fold is left out from where it breaks, as it is quarantined anyway.
    """
    count, states, broken = 0, dict[str, Any](), set[str]()
    last = journal.lock_head(connection)
    for table in reversed(query_tables(views)):
        connection.execute(table.delete())
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
