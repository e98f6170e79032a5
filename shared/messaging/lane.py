"""A lane: one queue consumed in batches, on a connection and channel of its own, acked after the work."""

from collections.abc import Callable, Sequence
from time import monotonic, sleep
from typing import Any

from kombu import Connection, Consumer, Message, Producer, Queue

from shared.messaging import embedded, topology
from shared.messaging.ahead import read_ahead
from shared.platform.logs import logger

embedded.register()

HEARTBEAT = 30
QUIET = 0.003
"""Seconds without a message after which a batch begins as it is."""

BACKOFF = (0.2, 0.5, 1, 2, 5)


class Hold(Exception):
    """The work cannot be done now, through no fault of the messages: hold the batch, unacked, and try again."""


class Lane:
    """Consumes one queue. A batch is a contiguous run of deliveries: one multiple ack settles it.

    `pace` is the seconds from the beginning of a batch of several to that of the next: a transaction costs much the
    same however many share it. What comes after a rest, or after one that came alone, is a batch at once.
    """

    def __init__(self, uri: str, queue: Queue, *, most: int = 200, gather: float = 0.03, pace: float = 0.0) -> None:
        self._uri = uri
        self._queue = queue
        self._most = most
        self._gather = gather
        self._pace = pace
        self._next_at = 0.0
        self._stopping = False
        self._batch: list[Message] = []
        self._producer: Producer | None = None

    def stop(self) -> None:
        """Let `run` return after the batch in hand."""
        self._stopping = True

    def run(self, work: Callable[[Sequence[Message]], None], ready: Callable[[], None] = lambda: None) -> None:
        """Consume until stopped, reconnecting for ever. `work` may reject single messages; the rest is acked."""
        attempt = 0
        while not self._stopping:
            connection = Connection(self._uri, heartbeat=HEARTBEAT)
            try:
                self._consume(connection, work, ready)
                attempt = 0
            except (*connection.connection_errors, *connection.channel_errors, OSError) as error:
                logger().warning("lane_lost", queue=self._queue.name, error=type(error).__name__)
                _rest(connection, BACKOFF[min(attempt, len(BACKOFF) - 1)], alive=False)
                attempt += 1
            finally:
                _drop(connection)

    def reply(self, message: Message, body: bytes) -> None:
        """Send a reply, without a confirm: who waits asks again. Silently nothing if none was asked for."""
        to = message.properties.get("reply_to")
        if to and self._producer is not None:
            self._producer.publish(
                body,
                exchange=topology.CALLS,
                routing_key=to,
                correlation_id=message.properties.get("correlation_id"),
                content_type="application/json",
                content_encoding="utf-8",
            )

    def _consume(
        self, connection: Connection, work: Callable[[Sequence[Message]], None], ready: Callable[[], None]
    ) -> None:
        channel = connection.channel()
        read_ahead(connection)
        self._batch = []
        self._producer = Producer(connection.channel())
        for entity in (topology.EVENTS, topology.CALLS, topology.DEAD_QUEUE):
            entity(channel).declare()
        consumer = Consumer(channel, [self._queue], on_message=self._batch.append, auto_declare=True)
        consumer.qos(prefetch_count=2 * self._most)
        with consumer:
            ready()
            while not self._stopping:
                self._fill(connection)
                run = self._batch[: self._most]
                if run:
                    self._work(connection, work, run)
                    if kept := [message for message in run if not message.acknowledged]:
                        channel.basic_ack(kept[-1].delivery_tag, multiple=True)
                    del self._batch[: len(run)]

    def _fill(self, connection: Connection) -> None:
        """Wait up to a second for a first message, then for more until the batch is full, quiet, or the time over."""
        if not self._batch and not _drain(connection, 1.0):
            return
        until = monotonic() + self._gather
        while len(self._batch) < self._most and (left := until - (now := monotonic())) > 0:
            quiet = max(QUIET, self._next_at - now)
            if not _drain(connection, min(left, quiet)):
                break
        self._next_at = monotonic() + self._pace if len(self._batch) > 1 else 0.0

    def _work(self, connection: Connection, work: Callable[[Sequence[Message]], None], run: Sequence[Message]) -> None:
        attempt = 0
        while True:
            try:
                work(run)
            except Hold as hold:
                if self._stopping:
                    raise OSError("stopped while holding a batch") from hold
                logger().warning("batch_held", queue=self._queue.name, size=len(run), cause=str(hold))
                _rest(connection, BACKOFF[min(attempt, len(BACKOFF) - 1)], alive=True)
                attempt += 1
            else:
                return


def _drain(connection: Connection, seconds: float) -> bool:
    try:
        connection.drain_events(timeout=seconds)
    except TimeoutError:
        connection.heartbeat_check()
        return False
    return True


def _rest(connection: Connection, seconds: float, *, alive: bool) -> None:
    until = monotonic() + seconds
    while (left := until - monotonic()) > 0:
        sleep(min(left, 1.0))
        if alive:
            connection.heartbeat_check()


def _drop(connection: Any) -> None:
    """Close without waiting for the other side: a hung broker must not hang the consumer."""
    try:
        connection.collect()
    except Exception as error:  # noqa: BLE001 - whatever a dead socket raises, the next connection is a new one
        logger().info("close_failed", error=type(error).__name__)
