"""The sweeper: sends every kept command again until it has its outcome, oldest first, for ever."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic

from services.portal.commands import WAIT, send, unsettled
from services.portal.desk import Desk
from shared.kernel.request import Arrival
from shared.messaging.bus import BusTimeout
from shared.platform.logs import logger
from shared.store import arrivals
from shared.store.arrivals import Waiting
from shared.store.database import Database, is_fault

OLD = timedelta(seconds=2)
PAUSE_SECONDS = 1.0
BATCH = 100
STUCK_SECONDS = 30.0
ALL_SECONDS = 60.0
"""How often all that was ever received is looked through, and not only what came since the oldest that waited: by a
clock that was set back, or in a commit that hung, something may have come that counts as older.
"""

Key = tuple[str, str]


class Sweeper:
    """One line's sweeper.

    What a service answers without an outcome is set aside for half a minute, so that a command that it cannot decide
    yet keeps none behind it waiting. What somebody waits for is left alone: a slow service is not sent it twice.
    """

    def __init__(self, desk: Desk, line: str) -> None:
        self._desk = desk
        self._line = line
        self._aside: dict[Key, float] = {}
        self._since: datetime | None = None
        self._all_at = 0.0

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except Exception as error:
                if not is_fault(error):
                    raise
                logger().warning("sweep_interrupted", line=self._line, error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def sweep(self) -> int:
        """Send what has waited long enough; return how many have their outcome now."""
        database = self._desk.database(self._line)
        self._aside = {key: until for key, until in self._aside.items() if until > monotonic()}
        passed_over = self._aside.keys() | self._desk.waited_for
        found = await self._desk.in_thread(self._waiting, database, passed_over)
        if not found:
            return 0
        settled = sum(await asyncio.gather(*map(self._send, found)))
        logger().info("arrivals_sent_again", line=self._line, sent=len(found), settled=settled)
        return settled

    def _waiting(self, database: Database, passed_over: set[Key]) -> list[Waiting]:
        before = self._desk.clock.now() - OLD
        if monotonic() >= self._all_at or (self._since is not None and before < self._since):
            self._since, self._all_at = None, monotonic() + ALL_SECONDS
        with database.read() as connection:
            found = arrivals.waiting(connection, self._since, before, BATCH + len(passed_over))
        self._since = found[0].received_at if found else before
        return [item for item in found if (item.actor, item.id) not in passed_over]

    async def _send(self, item: Waiting) -> bool:
        arrival = Arrival.model_validate_json(self._desk.vault.open(item.sealed))
        try:
            outcome = await send(self._desk, self._line, arrival, self._desk.clock.now() + WAIT)
        except BusTimeout:
            return False
        if outcome is None or unsettled(outcome):
            self._aside[item.actor, item.id] = monotonic() + STUCK_SECONDS
            return False
        return True
