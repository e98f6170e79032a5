"""Timers: rows claimed by one statement, turned into commands with the timer's id: a double claim is harmless."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, select, text, update

from shared.kernel.canonical import instant, parse_instant
from shared.kernel.request import SYSTEM, Arrival
from shared.store.database import Database
from shared.store.tables import timer

CLAIM = timedelta(seconds=30)

_CLAIM = text(
    "UPDATE timer SET claimed_until = :until WHERE id IN ("
    "SELECT id FROM timer WHERE due_at <= :now AND claimed_until <= :now ORDER BY due_at LIMIT :limit"
    ") RETURNING id, stream, command"
).bindparams(bindparam("until"), bindparam("now"), bindparam("limit"))


@dataclass(frozen=True, slots=True)
class Due:
    """A claimed timer, as the system's own command."""

    id: str
    arrival: Arrival


def claim(database: Database, now: datetime, limit: int = 100) -> list[Due]:
    """Claim the timers due at `now` for half a minute and return them as commands."""
    with database.write() as connection:
        values = {"now": instant(now), "until": instant(now + CLAIM), "limit": limit}
        rows = connection.execute(_CLAIM, values).all()
    return [Due(id_, _arrival(id_, stream, bytes(command), now)) for id_, stream, command in rows]


def settle(database: Database, done: Sequence[str], again: Sequence[str], retry_at: datetime) -> None:
    """Remove timers that had their effect; let those that must wait be due again at `retry_at`."""
    with database.write() as connection:
        if done:
            connection.execute(delete(timer).where(timer.c.id.in_(done)))
        if again:
            values = {"due_at": instant(retry_at), "claimed_until": ""}
            connection.execute(update(timer).where(timer.c.id.in_(again)).values(**values))


def next_due(database: Database) -> datetime | None:
    """Return when the next timer is due, or None."""
    with database.read() as connection:
        due = connection.execute(select(timer.c.due_at).order_by(timer.c.due_at).limit(1)).scalar()
    return None if due is None else parse_instant(due)


def _arrival(id_: str, stream: str, command: bytes, now: datetime) -> Arrival:
    body: dict[str, Any] = orjson.loads(command)
    return Arrival(id=id_, stream=stream, actor=SYSTEM, received_at=now, command=body)
