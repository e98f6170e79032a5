"""A till whose database is restored from an older backup, beside the records that the ledger holds of it."""

import random
from collections.abc import Sequence

from sqlalchemy import select

from shared.kernel.outcome import Outcome
from shared.kernel.request import Arrival
from shared.platform.keys import derived
from shared.store import journal
from shared.store.database import Database
from shared.store.handle import Failed, Handler
from shared.store.journal import Written
from shared.store.migrate import migrate
from shared.store.tables import command, timer
from tests.store import till
from tests.store.contract import StillClock, outcome

SECRET = bytes(range(32))

Row = tuple[object, ...]


def made(database: Database, *, seed: int = 1) -> Handler:
    """Return a till's handler whose stream keys can be made again."""
    migrate(database, views=till.metadata)
    return Handler(
        till.LINE,
        database,
        till.Port(),
        clock=StillClock(),
        random_bytes=random.Random(seed).randbytes,
        stream_key=lambda name: derived(SECRET, "stream-key", name),
    )


def give(to: Handler, *arrivals: Arrival) -> list[Outcome]:
    """Return the outcomes of commands, each given by itself."""
    return [outcome(to.handle([arrival])[0]) for arrival in arrivals]


def records(database: Database, first: int = 1) -> list[Written]:
    """Return the journal from a position on, as the ledger holds it."""
    with database.read() as connection:
        return journal.positions(connection, first, 1000)


def views(database: Database) -> list[Row]:
    """Return what the queries are answered from."""
    with database.read() as connection:
        return sorted(tuple(row) for row in connection.execute(select(till.tills)))


def timers(database: Database) -> list[Row]:
    """Return the timers that wait."""
    with database.read() as connection:
        return sorted(tuple(row) for row in connection.execute(select(timer)))


def commands(database: Database) -> list[Row]:
    """Return of every command what a record tells: who, which, and where its first event stands."""
    with database.read() as connection:
        rows = connection.execute(select(command.c.actor, command.c.id, command.c.stream, command.c.version))
        return sorted(tuple(row) for row in rows)


def code(result: Outcome | Exception | Failed) -> str:
    """Return the code of a refusal that was not stored."""
    return str(getattr(result, "code", ""))


def bodies(written: Sequence[Written]) -> list[tuple[bytes, bytes]]:
    """Return records and leaves by their bytes."""
    return [(item.record.raw, item.leaf) for item in written]
