"""What a line's commands are handled with: its database, what its service adds, and the doors of time and chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from shared.kernel.line import Line
from shared.kernel.message import Command, Event, Message
from shared.kernel.record import Record
from shared.kernel.request import Arrival
from shared.platform.clock import Clock
from shared.store.database import Database


class Port(Protocol):
    """What a service adds to the handling of its commands, in the same transaction."""

    def facts(self, connection: Connection, arrival: Arrival, command: Command, state: Any) -> tuple[Message, Any]:
        """Return what the decider may know besides command and state, and the secrets it may use."""
        ...

    def project(self, connection: Connection, record: Record, event: Event, state: Any) -> None:
        """Bring the query tables up to an event."""
        ...

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        """Return the signed receipts that the asker is given for an event."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """The means of one line on one database. `stream_key` gives the key of a new stream by its name."""

    line: Line
    database: Database
    port: Port
    clock: Clock
    random_bytes: Callable[[int], bytes]
    stream_key: Callable[[str], bytes]
