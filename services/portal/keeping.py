"""Keeping arrivals: those of a line that come together share a commit, of which there are only so many a second.

What a commit costs, in the door, the database, the service and the relay, hardly depends on how many arrivals it keeps.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.kernel.request import Arrival
from shared.store.arrivals import Sign

MOST = 200
"""Arrivals of one commit at most."""

PACE_SECONDS = 0.02
"""From the beginning of one commit to that of the next: as much later is what is kept in a storm of bids. An arrival's
time is read in its commit.
"""

ALL = ""
"""In the place of a stream: whatever stream it is."""


class Commit(Protocol):
    """Commits arrivals of a line, all or none; without `wait`, None for those whose stream is being closed."""

    async def __call__(self, line: str, signing: Sequence[tuple[str, Sign]], *, wait: bool) -> Sequence[Arrival | None]:
        """Return the arrivals in order."""
        ...


@dataclass(eq=False, slots=True)
class Item:
    """One arrival that waits."""

    stream: str
    sign: Sign
    kept: "asyncio.Future[Arrival]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Keeping:
    """What waits to be committed, by line: an arrival at a line that rests waits for nobody.

    A stream that is just being closed has a queue of its own until that is over, so that no other waits for it.
    """

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._waiting: dict[tuple[str, str], list[Item]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def keep(self, line: str, stream: str, sign: Sign) -> Arrival:
        """Return the arrival once it is committed. Raise what its commit raised."""
        item = Item(stream, sign)
        self._add(line, stream if (line, stream) in self._waiting else ALL, [item])
        return await item.kept

    def _add(self, line: str, queue: str, items: list[Item]) -> None:
        if (line, queue) in self._waiting:
            self._waiting[line, queue] += items
            return
        self._waiting[line, queue] = items
        task = asyncio.create_task(self._work(line, queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, line: str, queue: str) -> None:
        """Commit what waits until nothing does."""
        loop = asyncio.get_running_loop()
        while batch := self._waiting[line, queue][:MOST]:
            next_at = loop.time() + PACE_SECONDS
            del self._waiting[line, queue][: len(batch)]
            await self._settle(line, queue, batch)
            await asyncio.sleep(next_at - loop.time())
        del self._waiting[line, queue]

    async def _settle(self, line: str, queue: str, batch: Sequence[Item]) -> None:
        """Commit a batch, or one by one where that fails, so that one bad arrival stops no other."""
        try:
            made = await self._commit(line, [(item.stream, item.sign) for item in batch], wait=queue != ALL)
        except Exception as error:  # noqa: BLE001 - whoever waits raises it
            if len(batch) > 1:
                for item in batch:
                    await self._settle(line, queue, [item])
            elif not batch[0].kept.done():
                batch[0].kept.set_exception(error)
            return
        apart: dict[str, list[Item]] = defaultdict(list)
        for item, arrival in zip(batch, made, strict=True):
            if arrival is None:
                apart[item.stream].append(item)
            elif not item.kept.done():
                item.kept.set_result(arrival)
        for stream, items in apart.items():
            self._set_apart(line, stream, items)

    def _set_apart(self, line: str, stream: str, items: list[Item]) -> None:
        """Let a stream wait in a queue of its own; what came for it since stays behind it."""
        others = self._waiting[line, ALL]
        later = [item for item in others if item.stream == stream]
        self._waiting[line, ALL] = [item for item in others if item.stream != stream]
        self._add(line, stream, items + later)
