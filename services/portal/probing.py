"""The door's side of the health probe: twice a second down the way of commands, with the last echo heard back.

It begins where a bid does, at the door's own address: a door that takes no requests sends no probes.
"""

import asyncio
from collections import Counter
from datetime import timedelta

from services.portal.desk import Desk
from shared.messaging.bus import BusFault, BusTimeout, Told
from shared.messaging.heads import read_echo
from shared.platform.door import Probe
from shared.platform.logs import logger

PAUSE_SECONDS = 0.5
"""Real seconds between two probes. An echo comes back with the probe after it, so a reading is at most two of them and
the way itself old, half of what an auction is given.
"""

MOST_UNDER_WAY = 4
"""How many probes of a line wait for an answer at most: a service that is away does not find a heap of them."""

KNOCK_SECONDS = 1.0
"""How long the door may take to answer itself."""

KNOCK = b"GET /api/time HTTP/1.1\r\nHost: door\r\nConnection: close\r\n\r\n"
TAKEN = b"HTTP/1.1 200 "

WAIT = timedelta(seconds=30)
"""How long a probe waits for its answer, which tells only that it is not under way any more."""


class Probing:
    """Probes the way to each line with timed auctions. Whether it is whole, the service knows.

    `own`: where the door can be asked; None where it is not served at an address.
    """

    def __init__(self, desk: Desk, own: tuple[str, int] | None = None) -> None:
        self._desk = desk
        self._own = own
        self._lines = sorted(name for name, line in desk.lines.items() if line.timed)
        self._heard: dict[str, str] = {}
        self._under_way: Counter[str] = Counter()

    async def run(self) -> None:
        """Probe until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                for line in self._lines if await self._is_open() else ():
                    if self._under_way[line] < MOST_UNDER_WAY:
                        group.create_task(self._probe(line))
                await asyncio.sleep(PAUSE_SECONDS)

    async def _is_open(self) -> bool:
        """Whether the door takes a request as it would a bidder's, over a connection of its own."""
        if self._own is None:
            return True
        try:
            async with asyncio.timeout(KNOCK_SECONDS):
                reader, writer = await asyncio.open_connection(*self._own)
                try:
                    writer.write(KNOCK)
                    return (await reader.readline()).startswith(TAKEN)
                finally:
                    writer.close()
        except OSError as error:  # one that is away, and one that is slow
            logger().debug("door_does_not_hear", error=type(error).__name__)
            return False

    async def _listen(self) -> None:
        while True:
            try:
                heard = await self._desk.bus.subscribe([f"{line}.head" for line in self._lines])
                async for told in heard:
                    self._hear(told)
            except BusTimeout as error:
                logger().warning("probing_interrupted", error=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    def _hear(self, told: Told) -> None:
        try:
            service, echo = read_echo(told.body)
        except (ValueError, KeyError, TypeError):
            logger().error("head_is_no_head", key=told.key)
            return
        self._heard[service] = echo

    async def _probe(self, line: str) -> None:
        """Send one probe. That it gets no answer is no news: the reading grows old, and the service tells."""
        probe = Probe(service=line, echo=self._heard.get(line, ""))
        until = self._desk.clock.now() + WAIT
        self._under_way[line] += 1
        try:
            await self._desk.bus.call(line, "probe", self._desk.door.probe(probe), until)
        except (BusTimeout, BusFault) as error:
            logger().debug("probe_unanswered", line=line, error=type(error).__name__)
        finally:
            self._under_way[line] -= 1
