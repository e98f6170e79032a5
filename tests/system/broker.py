"""What who runs the broker can do: read every message that passes, and publish any of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from kombu import Connection, Queue, binding

from shared.messaging.topology import CALLS, DEAD_QUEUE, EVENTS, reply_queue
from tests.system.own_host import OwnHost

SETTLED_SECONDS = 30.0


def _bytes(body: bytes | str | memoryview) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)


@dataclass(frozen=True, slots=True)
class Passed:
    """One message as it passed."""

    key: str
    headers: Mapping[str, Any]
    body: bytes

    def text(self) -> bytes:
        """Return all of it in one piece, to be searched."""
        return f"{self.key}\n{dict(self.headers)}\n".encode() + self.body


class Spy:
    """Takes a copy of every message of both exchanges, from when it is entered; the copies stay in the broker."""

    def __init__(self, stage: OwnHost) -> None:
        self._connection = Connection(stage.broker)
        bindings = [binding(exchange, routing_key="#") for exchange in (EVENTS, CALLS)]
        self._queue = Queue(f"spy-{uuid4().hex}", bindings, durable=True)

    def __enter__(self) -> Self:
        self._queue(self._connection.default_channel).declare()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.release()

    def passed(self) -> list[Passed]:
        """Return every message so far, in order."""
        found = []
        with self._connection.clone() as connection:  # what is not acked comes back when the connection goes
            queue = self._queue(connection.default_channel)
            while (message := queue.get()) is not None:
                found.append(Passed(message.delivery_info["routing_key"], dict(message.headers), _bytes(message.body)))
        return found


class Operator:
    """Publishes whatever it likes."""

    def __init__(self, stage: OwnHost) -> None:
        self._connection = Connection(stage.broker)
        self._rabbitmq, self._vhost = stage.own_rabbitmq, stage.broker.rsplit("/", 1)[1]

    def __enter__(self) -> Self:
        self._connection.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.release()

    def tell(self, key: str, body: bytes, headers: Mapping[str, Any]) -> None:
        """Publish as the relay does."""
        producer = self._connection.Producer()
        producer.publish(
            body, exchange=EVENTS, routing_key=key, headers=dict(headers), delivery_mode=2, declare=[EVENTS],
            content_type="application/json", content_encoding="utf-8",
        )  # fmt: skip

    def call(self, key: str, body: bytes, seconds: float = 10.0) -> bytes | None:
        """Call as the door does and return the reply, None if there is none in time."""
        name = f"operator-{uuid4().hex}"
        replies: list[bytes | str] = []
        queue = reply_queue(name)(self._connection.channel())
        queue.declare()
        producer = self._connection.Producer()
        producer.publish(
            body, exchange=CALLS, routing_key=key, reply_to=name, correlation_id=uuid4().hex,
            content_type="application/json", content_encoding="utf-8",
        )  # fmt: skip
        with self._connection.Consumer([queue], on_message=lambda message: replies.append(message.body), no_ack=True):
            until = monotonic() + seconds
            while not replies and (left := until - monotonic()) > 0:
                try:
                    self._connection.drain_events(timeout=left)
                except TimeoutError:
                    break
        return _bytes(replies[0]) if replies else None

    def settle(self, *queues: str) -> None:
        """Wait until queues are empty, that is until their consumers have taken and settled all that was told."""
        until = monotonic() + SETTLED_SECONDS
        while any(self._left(name) for name in queues):
            assert monotonic() < until, f"{queues} do not get empty"
            sleep(0.2)

    def _left(self, name: str) -> int:
        """Return how many messages a queue holds, those included that its consumer has not settled."""
        listed = self._rabbitmq.ctl("list_queues", "--vhost", self._vhost, "name", "messages")
        counts = dict(line.rsplit(maxsplit=1) for line in listed.splitlines() if line.strip())
        return int(counts[name])

    def dead(self) -> int:
        """Return how many messages lie where no consumer could use them."""
        queue = DEAD_QUEUE(self._connection.default_channel)
        return int(queue.queue_declare(passive=True).message_count)
