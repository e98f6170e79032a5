"""The relay: journal to broker, in order, confirmed in batches; and each second the head, so a lost tail is seen."""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

import orjson
from kombu import Connection, Producer
from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import text, update

from shared.kernel.canonical import encode
from shared.messaging import embedded, topology
from shared.messaging.hallmark import Hallmark
from shared.platform.logs import logger
from shared.store import health, journal
from shared.store.database import Database
from shared.store.tables import relayed

embedded.register()

BATCH = 256
BEAT = 1.0
IDLE = 0.05
"""Seconds of rest after a batch that was not full: what comes meanwhile shares the next one's confirm and commit."""

ECHO = 0.1
"""Seconds between two looks for a new echo, where a line has timed auctions."""

CONFIRM_SECONDS = 15.0


class NotConfirmed(Exception):
    """The broker did not take a batch; nothing is lost, it is sent again."""


class Publisher:
    """Publishes with one wait per batch. A message that no queue would take is returned, and is an alarm."""

    def __init__(self, connection: Connection, hallmark: Hallmark) -> None:
        self._hallmark = hallmark
        self._connection = connection
        self._channel = connection.channel()
        self._producer = Producer(self._channel)
        self._confirming = hasattr(self._channel, "confirm_select")
        self._last = 0
        self._open: set[int] = set()
        self._faults: list[str] = []
        if self._confirming:
            self._channel.confirm_select()
            self._channel.events["basic_ack"].add(self._on_ack)
            self._channel.events["basic_nack"].add(lambda *_: self._faults.append("refused by the broker"))
            self._channel.events["basic_return"].add(lambda *_: self._faults.append("no queue takes it"))

    def send(self, body: bytes, key: str, headers: dict[str, Any]) -> None:
        """Publish one durable message, without waiting."""
        self._last += 1
        self._open.add(self._last)
        self._producer.publish(
            body,
            exchange=topology.EVENTS,
            routing_key=key,
            headers=self._hallmark.marked(key, headers, body),
            delivery_mode=2,
            mandatory=True,
            content_type="application/json",
            content_encoding="utf-8",
        )

    def tell(self, written: journal.Written) -> None:
        """Publish a record under its type, with its public leaf beside it."""
        headers = {"kind": "record", "leaf": written.leaf.decode()}
        self.send(written.record.raw, written.record.type, headers)

    def confirm(self) -> None:
        """Wait until the broker has taken everything sent. Raise NotConfirmed if it has not in time."""
        until = monotonic() + CONFIRM_SECONDS
        while self._confirming and self._open and not self._faults:
            left = until - monotonic()
            if left <= 0:
                raise NotConfirmed("no confirm in time")
            self._connection.drain_events(timeout=left)
        if self._faults:
            raise NotConfirmed(self._faults[0])

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:
        if multiple:
            self._open = {tag for tag in self._open if tag > delivery_tag}
        else:
            self._open.discard(delivery_tag)


class Relay:
    """One service's relay. Of several, one holds the lock and works. Of a `timed` line it tells each echo at once."""

    def __init__(self, service: str, database: Database, uri: str, hallmark: Hallmark, *, timed: bool = False) -> None:
        self._hallmark = hallmark
        self._service = service
        self._database = database
        self._uri = uri
        self._stopping = False
        self._beat_at = 0.0
        self._timed = timed
        self._echo = ""
        self._look_at = 0.0

    def stop(self) -> None:
        """Let `run` return after the batch in hand."""
        self._stopping = True

    def run(self, alive: Callable[[], None] = lambda: None) -> None:
        """Relay until stopped. `alive` is called each round, for a watchdog that ends a hung process."""
        while not self._stopping:
            connection = Connection(
                self._uri, heartbeat=30, transport_options={"write_timeout": 15, "read_timeout": 20}
            )
            try:
                self._relay(Publisher(connection, self._hallmark), alive)
            except Exception as error:  # noqa: BLE001 - broker or database away: nothing is lost, begin again
                logger().warning("relay_interrupted", relayed_service=self._service, error=f"{type(error).__name__}")
                alive()
                sleep(0.5)
            finally:
                connection.collect()

    def _relay(self, publisher: Publisher, alive: Callable[[], None]) -> None:
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
            holder.detach()  # closed at the end with its lock; back in the pool it would keep it, even from this relay
            while not self._stopping and not self._locked(holder):
                alive()
                sleep(BEAT)
            while not self._stopping:
                alive()
                if self._batch(publisher, holder) < BATCH:
                    sleep(IDLE)

    def _locked(self, holder: DatabaseConnection) -> bool:
        if self._database.sqlite:
            return True
        holder.rollback()
        query = text("SELECT pg_try_advisory_lock(hashtextextended(:name, 1))")
        return bool(holder.execute(query, {"name": self._service}).scalar())

    def _batch(self, publisher: Publisher, reader: DatabaseConnection) -> int:
        """Relay what is there. Looking for it in vain, fifty times a second, costs one question to the database."""
        written = journal.unrelayed(reader, BATCH)
        for item in written:
            publisher.tell(item)
        if self._new_echo(reader) or monotonic() >= self._beat_at:
            fields = {"echo": self._echo} if self._timed else {}
            beat = encode({"service": self._service, "position": journal.last_position(reader), **fields})
            publisher.send(beat, f"{self._service}.head", {"kind": "head"})
            self._beat_at = monotonic() + BEAT
        publisher.confirm()
        if written:
            with self._database.write() as connection:
                connection.execute(update(relayed).values(position=written[-1].record.position))
        return len(written)

    def _new_echo(self, reader: DatabaseConnection) -> bool:
        """Whether the service has committed an echo that is not told yet."""
        if not self._timed or monotonic() < self._look_at:
            return False
        self._look_at = monotonic() + ECHO
        told, self._echo = self._echo, health.echo(reader)
        return told != self._echo


def read_head(body: bytes) -> tuple[str, int]:
    """Return service and last position of a head beacon."""
    fields = orjson.loads(body)
    return str(fields["service"]), int(fields["position"])
