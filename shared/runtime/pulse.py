"""The pulse of a service: a row that tells when it last ran, so that a silence is known for one when it is over.

It is taken by the host's own clock, also where the installation's is simulated: a clock that is moved forward while
the service runs is no silence.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from shared.kernel.canonical import instant, parse_instant
from shared.platform.clock import Clock, SystemClock
from shared.platform.logs import logger
from shared.runtime.tools import Tools
from shared.store import work

BEAT = 5.0
"""Seconds between two beats."""

LEAST = timedelta(minutes=1)
"""No shorter silence is kept: a restart is none. How long one must be to have an effect, each line's law says."""

ALIVE = "alive"
"""The work row that holds the last beat, by the host's clock."""

SILENCE = "silence"
"""The work rows of silences, by the instant that each began at; the body is the instant that it ended at."""


class Pulse:
    """Keeps that the service runs, and how long nobody did."""

    def __init__(self, tools: Tools, host: Clock | None = None) -> None:
        self._tools = tools
        self._host: Clock = host or SystemClock()
        self._next = 0.0

    def beat(self) -> None:
        """Keep, every few seconds, that the service runs; before the first command, how long it did not."""
        if monotonic() < self._next:
            return
        with suppress(IntegrityError), self._tools.database.write() as connection:  # another process was first
            self._look(connection)
        self._next = monotonic() + BEAT

    def _look(self, connection: Connection) -> None:
        now, before = self._host.now(), work.get(connection, ALIVE, "")
        silent = now - parse_instant(before.decode()) if before else timedelta()
        if silent > LEAST:
            until = self._tools.clock.now()
            work.put(connection, SILENCE, instant(until - silent), instant(until).encode())
            logger().error("service_was_silent", of_service=self._tools.name, seconds=int(silent.total_seconds()))
        work.put(connection, ALIVE, "", instant(now).encode())


def silences(connection: Connection) -> list[tuple[datetime, datetime]]:
    """Return the times in which the service did not run, each from its last beat to the next, oldest first."""
    kept = work.of_kind(connection, SILENCE)
    return [(parse_instant(starts), parse_instant(until.decode())) for starts, until in kept.items()]
