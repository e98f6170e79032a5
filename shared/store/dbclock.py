"""How far a process's clock is off that of the database server, which all processes of an installation share."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import text

from shared.store.database import Database

TRIES = 3


def clock_offset(database: Database, now: Callable[[], datetime]) -> timedelta:
    """Return by how much `now` is ahead of the server's clock; nothing for SQLite, which has the machine's own.

    Of three readings the one with the shortest way there and back counts; it is right to half that way.
    """
    if database.sqlite:
        return timedelta()
    with database.read() as connection:
        readings = []
        for _ in range(TRIES):
            before = now()
            there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            after = now()
            readings.append((after - before, before + (after - before) / 2 - there))
    return min(readings)[1]
