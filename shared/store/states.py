"""The states of streams, kept by version so that a long stream is not folded again for each command."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from shared.kernel.errors import BrokenHistory
from shared.kernel.line import Line
from shared.platform.logs import logger
from shared.store.journal import since
from shared.store.tables import quarantine

KEPT = 2000


@dataclass(frozen=True, slots=True)
class At:
    """A stream's state at a version; version 0 is before its first event."""

    version: int
    state: Any


class States:
    """A line's states as last committed. Not shared between threads."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._kept: OrderedDict[str, At] = OrderedDict()

    def load(self, connection: Connection, streams: Iterable[str]) -> dict[str, At]:
        """Return each stream's state as the database has it now. Leave out those whose history does not fold."""
        initial = At(0, self._line.decider.initial)
        states = {name: self._kept.get(name, initial) for name in streams}
        broken = set(connection.execute(select(quarantine.c.stream).where(quarantine.c.stream.in_(states))).scalars())
        versions = {name: at.version for name, at in states.items()}
        for name, version, raw in since(connection, versions) if versions else ():
            if name in broken:
                continue
            try:
                states[name] = self._fold(states[name], version, raw)
            except BrokenHistory as error:
                broken.add(name)
                reason = f"version {version}: {error}"
                connection.execute(insert(quarantine).values(stream=name, reason=reason[:500]))
                logger().error("stream_quarantined", stream=name, version=version)
        return {name: at for name, at in states.items() if name not in broken}

    def keep(self, states: dict[str, At]) -> None:
        """Remember states that a committed transaction left."""
        for name, at in states.items():
            self._kept[name] = at
            self._kept.move_to_end(name)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _fold(self, at: At, version: int, raw: bytes) -> At:
        if version != at.version + 1:
            raise BrokenHistory(f"it follows version {at.version}")
        return At(version, self._line.decider.evolve(at.state, self._line.event_of(raw)))
