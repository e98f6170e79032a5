"""Keeping arrivals: those of one stream that come together share a commit, of which there are only so many a second.

What a commit costs, in the door, the database, the service and the relay, hardly depends on how many arrivals it keeps.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from shared.kernel.request import Arrival

MOST = 200
"""Arrivals of one commit at most."""

PACE_SECONDS = 0.01
"""From the beginning of one commit of a stream to that of the next: as much later is what is kept in a storm of bids.
An arrival's time is read in its commit.
"""

Sign = Callable[[datetime], Arrival]
"""Makes an arrival of the instant that is read when it is committed."""

Commit = Callable[[str, str, Sequence[Sign]], Awaitable[list[Arrival]]]
"""Commits arrivals of a line and stream, all or none."""


class Keeping:
    """What waits to be committed, by line and stream: an arrival in a stream that rests waits for nobody."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._waiting: dict[tuple[str, str], list[tuple[Sign, asyncio.Future[Arrival]]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def keep(self, line: str, stream: str, sign: Sign) -> Arrival:
        """Return the arrival once it is committed. Raise what its commit raised."""
        kept: asyncio.Future[Arrival] = asyncio.get_running_loop().create_future()
        if (line, stream) in self._waiting:
            self._waiting[line, stream].append((sign, kept))
        else:
            self._waiting[line, stream] = [(sign, kept)]
            task = asyncio.create_task(self._work(line, stream))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await kept

    async def _work(self, line: str, stream: str) -> None:
        """Commit what waits until nothing does."""
        loop = asyncio.get_running_loop()
        while batch := self._waiting[line, stream][:MOST]:
            next_at = loop.time() + PACE_SECONDS
            del self._waiting[line, stream][: len(batch)]
            await self._settle(line, stream, batch)
            await asyncio.sleep(next_at - loop.time())
        del self._waiting[line, stream]

    async def _settle(self, line: str, stream: str, batch: Sequence[tuple[Sign, "asyncio.Future[Arrival]"]]) -> None:
        """Commit a batch, or one by one where that fails, so that one bad arrival stops no other."""
        try:
            made = await self._commit(line, stream, [sign for sign, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits raises it
            if len(batch) > 1:
                for one in batch:
                    await self._settle(line, stream, [one])
            elif not batch[0][1].done():
                batch[0][1].set_exception(error)
            return
        for (_, kept), arrival in zip(batch, made, strict=True):
            if not kept.done():
                kept.set_result(arrival)
