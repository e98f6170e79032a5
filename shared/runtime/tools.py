"""What a service is made with: the tools of its installation, and the port by which it adds its own; free of nameko."""

import os
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Connection

from shared.kernel.record import Record
from shared.messaging.hallmark import Hallmark
from shared.platform import keys
from shared.platform.clock import Clock, SystemClock
from shared.platform.door import Gatekeeper
from shared.platform.echo import Echoes
from shared.platform.keys import Keyring
from shared.platform.settings import Settings
from shared.store.connect import connect
from shared.store.database import Database
from shared.store.means import Port


class ServicePort(Port, Protocol):
    """What a service adds: to its commands, and for what it learns from the events of others."""

    def learn(self, connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        """Take in an event of another service; return commands (stream, body) that the system gives because of it."""
        ...

    def hear(self, connection: Connection, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Take in a message that is no record, such as a witnessed checkpoint; return commands as `learn` does."""
        ...


class Tools:
    """What a service's port may use of its installation. `machine` is real time, also where `clock` is simulated."""

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self.settings = settings
        self.keyring = Keyring(settings.data / "keys")
        self.clock: Clock = settings.make_clock()
        self.machine: Clock = SystemClock()
        self.database: Database = connect(settings, name)
        self.gatekeeper = Gatekeeper(self.keyring.public(keys.DOOR))

    @cached_property
    def hallmark(self) -> Hallmark:
        """The mark of what the services tell each other."""
        return Hallmark(self.keyring.secret(keys.EVENTS))

    def stream_key(self, stream: str) -> bytes:
        """Return the key of a new stream's tags: from a backup older than the stream it can be made again."""
        return keys.derived(self._vault_key, "stream-key", stream)

    @cached_property
    def echoes(self) -> Echoes:
        """What makes and knows the service's echoes."""
        return Echoes(keys.derived(self._vault_key, "echo", self.name))

    @cached_property
    def _vault_key(self) -> bytes:
        return self.keyring.secret(keys.vault(self.name))

    def random_bytes(self, count: int) -> bytes:
        """Return bytes from the machine's random source: the door at which randomness is read."""
        return os.urandom(count)
