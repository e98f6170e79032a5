"""Light clients: one calls services and counts replies and the events they led to, one tells of prepared events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Self

from amqp import Message
from kombu import Connection, Consumer, Queue

from shared.messaging.topology import CALLS, reply_queue

WINDOW = 400
"""Calls under way at once: what a busy door keeps in the air."""

PATIENCE_SECONDS = 60
DURABLE: Mapping[str, Any] = {"delivery_mode": 2, "content_type": "application/json", "content_encoding": "utf-8"}


class Client:
    """One connection that calls services, and takes the events from a durable queue of theirs.

    Neither replies nor events are acknowledged, so that the client takes little from what is measured. An event that
    comes twice, as it may, counts once.
    """

    def __init__(self, uri: str, events: Queue) -> None:
        self._connection = Connection(uri)
        channel = self._connection.channel()
        self._replies = reply_queue("bench-replies")
        taking = {self._replies: self._take_reply, events: self._take_event}
        self._consumers = [Consumer(channel, [queue], on_message=take, no_ack=True) for queue, take in taking.items()]
        self._channel = self._connection.channel()
        self.replies: dict[int, bytes] = {}
        self.events: set[bytes] = set()

    def __enter__(self) -> Self:
        for consumer in self._consumers:
            consumer.consume()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call(self, key: str, bodies: Sequence[bytes]) -> float:
        """Call `key` with each body; return the seconds until every reply and as many events are in."""
        self.replies, self.events = {}, set()
        sent, start = 0, perf_counter()
        while len(self.replies) < len(bodies) or len(self.events) < len(bodies):
            while sent < len(bodies) and sent - len(self.replies) < WINDOW:
                self._publish(key, bodies[sent], sent)
                sent += 1
            self._connection.drain_events(timeout=PATIENCE_SECONDS)
        return perf_counter() - start

    def _publish(self, key: str, body: bytes, number: int) -> None:
        reply_to, sought = self._replies.routing_key, str(number)
        self._channel.basic_publish(Message(body, reply_to=reply_to, correlation_id=sought, **DURABLE), CALLS.name, key)

    def _take_reply(self, message: Any) -> None:
        self.replies[int(message.properties["correlation_id"])] = _bytes(message)

    def _take_event(self, message: Any) -> None:
        if message.headers.get("kind") != "head":  # the relay's beat is no event
            self.events.add(_bytes(message))


def _bytes(message: Any) -> bytes:
    body: bytes | str = message.body  # text where the sender gave an encoding
    return body.encode() if isinstance(body, str) else bytes(body)


@dataclass(frozen=True)
class Told:
    """An event ready to be told."""

    key: str
    headers: Mapping[str, Any]
    body: bytes


def tell(uri: str, exchange: str, messages: Iterable[Told]) -> None:
    """Publish durable events on one connection, without waiting for confirms: whoever counts them will miss one."""
    with Connection(uri) as connection:
        channel = connection.channel()
        for told in messages:
            message = Message(told.body, application_headers=dict(told.headers), **DURABLE)
            channel.basic_publish(message, exchange, told.key)
