"""How healthy the way is from the door to the record and back: read by whoever may act only while it is whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from shared.kernel.canonical import instant, parse_instant
from shared.store import journal
from shared.store.tables import health

FRESH = timedelta(seconds=2)
"""For how long one round trip shows that the way is whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the service knows of the way now.

    `age_ms`: how long ago, in milliseconds of real time, it made the last echo that has come back to it. `mended_at`:
    the installation's time since which they come back without a gap of more than FRESH. `down_since`: the
    installation's time of the echo before the gap of now, or before the last one; None if there was none before it.
    An auction may close only if `mended_at` is early enough before its end, and `age_ms` is within FRESH.
    """

    age_ms: int
    mended_at: datetime
    down_since: datetime | None = None


def reading(connection: Connection, now_real: datetime) -> Reading | None:
    """Return how healthy the way is at `now_real`, by the machine's own clock; None if nothing ever came round."""
    row = connection.execute(select(health)).one()
    if row.came_round is None:
        return None
    age = _age(parse_instant(row.came_round), now_real)
    down = row.came_at if age > FRESH else row.down_since
    since = None if down is None else parse_instant(down)
    return Reading(-(-age // timedelta(milliseconds=1)), parse_instant(row.mended_at), since)


def echo(connection: Connection) -> str:
    """Return the echo that is to be told; empty before the first."""
    return str(connection.execute(select(health.c.echo)).scalar_one())


def beat(connection: Connection, new: str, came: datetime | None, *, now_real: datetime, now: datetime) -> bool:
    """Keep a new echo, and that one made at `came` has come back. Return whether that ends a gap.

    The journal's head is locked as for a command: what holds commands up holds this up. An echo that took longer than
    FRESH shows nothing. Ages are distances, so that a clock set back makes a gap and not a lasting good reading.
    """
    journal.lock_head(connection)
    kept = connection.execute(select(health.c.came_round, health.c.came_at)).one()
    values: dict[str, str | None] = {"echo": new}
    ends_gap = False
    if came is not None and (age := _age(came, now_real)) <= FRESH:
        before = None if kept.came_round is None else _age(parse_instant(kept.came_round), now_real)
        ends_gap = before is None or before > FRESH
        if before is None or age < before:
            values |= {"came_round": instant(came), "came_at": instant(now - age)}
        if ends_gap:
            values |= {"mended_at": instant(now), "down_since": kept.came_at}
    connection.execute(update(health).values(values))
    return ends_gap


def _age(at: datetime, now: datetime) -> timedelta:
    return abs(now - at)
