"""One auction room: how a lot stands as it is shown, what came of it since, if that is current, and who watches."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

LOST_SECONDS = 3.0
"""How old what a room shows may be to be called current. A line says each second how far its journal is."""

NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Moved:
    """One record of a room: its version, and what it alone shows; None where the lot must be asked for."""

    version: int
    shown: Mapping[str, Any] | None


@dataclass(eq=False, slots=True)
class Watcher:
    """One connection. `names` are the token and number whose bids it is shown at once; `own` those not sent yet."""

    names: frozenset[str]
    seen: int = 0
    own: deque[bytes] = field(default_factory=deque)
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    def give(self, frame: bytes) -> None:
        """Send a frame before all others. Who leaves too many untaken is cut off."""
        self.own.append(frame)
        self.wake.set()


@dataclass(eq=False, slots=True)
class Room:
    """One lot while it is watched: what is shown of it as of `version`, 0 where it must be asked for; what came since.

    `frame` is the newest, the `number`-th; `named` are the watchers who may have bids of their own. `answered` is when
    the question was asked that the line answered last, by the process's own seconds; `gaps` counts how often records
    may have been missed; `looking` is a question under way.
    """

    stream: str
    line: str
    shown: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    heard: list[Moved] = field(default_factory=list)
    watchers: set[Watcher] = field(default_factory=set)
    named: set[Watcher] = field(default_factory=set)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    frame: bytes = b""
    number: int = 0
    answered: float = NEVER
    gaps: int = 0
    looking: "asyncio.Task[None] | None" = None

    def set_up(self, answer: Mapping[str, Any], asked: float) -> None:
        """Take in how the lot stands by its line's own word, unless more is known."""
        self.answered = asked
        if answer["version"] > self.version:
            self.version, self.shown = answer["version"], dict(answer["standing"])

    def catch_up(self) -> bool:
        """Take in what was heard, one version after the other; return whether the line must be asked."""
        self.heard = [one for one in self.heard if one.version > self.version]
        for number, one in enumerate(self.heard):
            if one.shown is None or one.version != self.version + 1:
                self.heard = self.heard[number:]
                return True
            self.shown.update(one.shown)
            self.version = one.version
        self.heard = []
        return self.version == 0

    def doubt(self) -> None:
        """Have the line asked, whatever it answers to questions that are under way."""
        self.version, self.gaps = 0, self.gaps + 1
        self.news.set()

    def is_current(self, word: float) -> bool:
        """Whether it shows how the lot stood not long ago, by the line's answer or its last `word`, nothing missing."""
        return self.version > 0 and not self.heard and monotonic() - max(self.answered, word) < LOST_SECONDS

    def tell(self, frame: bytes) -> None:
        """Show everyone a frame in the place of the last."""
        self.frame, self.number = frame, self.number + 1
        for watcher in self.watchers:
            watcher.wake.set()
