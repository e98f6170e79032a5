"""A made-up service's journal: records and leaves as its relay would publish them, and a clock that stands still."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from shared.kernel.canonical import encode
from shared.kernel.record import Record, write
from shared.kernel.request import Actor
from shared.ledger.leaf import leaf_of
from shared.store.ledger_entry import Entry, entry_of
from tests.store.till import AT, CoinPut

ANN = Actor(account="ann", role="agency")


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the exchange of events."""

    key: str
    headers: dict[str, Any]
    body: bytes

    @property
    def entry(self) -> Entry:
        """The entry that the ledger makes of it."""
        return entry_of(self.body, self.headers["leaf"].encode())


@dataclass
class Journal:
    """A journal that numbers what is put in. `seed` makes its salts: two journals differ though they say the same."""

    service: str = "till"
    seed: int = 1
    position: int = 0
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.keys: dict[str, bytes] = {}

    def put(self, stream: str = "t1", *, version: int | None = None) -> Message:
        """Record one more coin in a stream."""
        self.position += 1
        self.versions[stream] = self.versions.get(stream, 0) + 1 if version is None else version
        return self.message(self._record(stream))

    def several(self, count: int, streams: Sequence[str] = ("t1", "t2", "t3")) -> list[Message]:
        """Record coins in streams drawn at random."""
        return [self.put(self.random.choice(streams)) for _ in range(count)]

    def message(self, record: Record) -> Message:
        """Return a record as it is told, with its own leaf."""
        key = self.keys.setdefault(record.stream, Random(record.stream).randbytes(32))
        leaf = leaf_of(record.service, record.position, key, record.version, record.raw)
        return Message(record.type, {"kind": "record", "leaf": leaf.encode().decode()}, record.raw)

    def beacon(self, position: int | None = None) -> Message:
        """Return the head beacon."""
        body = {"service": self.service, "position": self.position if position is None else position}
        return Message(f"{self.service}.head", {"kind": "head"}, encode(body))

    def _record(self, stream: str) -> Record:
        return write(
            service=self.service,
            position=self.position,
            stream=stream,
            version=self.versions[stream],
            id=self.random.randbytes(16).hex(),
            event=CoinPut(fen=1),
            at=AT,
            received_at=AT,
            actor=ANN,
            command_id=f"c{self.position}",
            command_digest=self.random.randbytes(32).hex(),
            cause=None,
            rulebook=None,
            salt=self.random.randbytes(32),
        )


@dataclass
class Time:
    """A clock and a monotonic counter that go on only when told."""

    seconds: float = 100.0

    def now(self) -> Any:
        return AT

    def monotonic(self) -> float:
        return self.seconds


def pairs(messages: Sequence[Message]) -> list[tuple[bytes, bytes]]:
    """Return records with their leaves, as the sequencer takes them."""
    return [(message.body, message.headers["leaf"].encode()) for message in messages]
