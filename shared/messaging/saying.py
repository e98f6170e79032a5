"""What a service says that stands in no journal: news under a routing key, and calls that want no reply."""

from collections.abc import Mapping
from typing import Any

from kombu import Connection, Producer

from shared.messaging import embedded, topology
from shared.messaging.bus import call_body
from shared.messaging.hallmark import Hallmark
from shared.messaging.relay import Publisher

embedded.register()


class Speaker:
    """Speaks over one connection, made at first use and again after a fault. Used by one thread at a time."""

    def __init__(self, uri: str, hallmark: Hallmark) -> None:
        self._uri = uri
        self._hallmark = hallmark
        self._connection: Connection | None = None

    def tell(self, key: str, kind: str, body: bytes) -> None:
        """Publish news on the exchange of events and wait until the broker has it. Raise what the broker raises."""
        self._use()
        self._publisher.send(body, key, {"kind": kind})
        self._publisher.confirm()

    def call(self, service: str, method: str, kwargs: Mapping[str, Any]) -> None:
        """Call a service's method without waiting for anything; nothing happens if no such service is there."""
        self._use()
        self._producer.publish(
            call_body(kwargs),
            exchange=topology.CALLS,
            routing_key=f"{service}.{method}",
            content_type="application/json",
            content_encoding="utf-8",
        )

    def close(self) -> None:
        """Let the connection go, without waiting for the other side."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.collect()

    def _use(self) -> None:
        if self._connection is not None:
            return
        limits = {"write_timeout": 15, "read_timeout": 20}
        self._connection = Connection(self._uri, heartbeat=30, transport_options=limits)
        topology.CALLS(self._connection.channel()).declare()
        self._publisher = Publisher(self._connection, self._hallmark)
        self._producer = Producer(self._connection.channel())
