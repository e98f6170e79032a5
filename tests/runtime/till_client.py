"""A plain client of the till: sends signed commands as nameko's own clients do, and reads the replies."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import orjson
from kombu import Connection, Consumer, Producer

from shared.kernel.request import Arrival
from shared.messaging import embedded, topology
from shared.platform import keys
from shared.platform.door import Door
from shared.platform.settings import Settings
from tests.store.till import asked

embedded.register()


def send(settings: Settings, arrivals: Sequence[Arrival], *, raw: Sequence[bytes] = ()) -> list[dict[str, Any]]:
    """Send commands, and before them raw bodies as they are; return the replies to the commands, in order."""
    door = Door(keys.Keyring(settings.data / "keys").signing(keys.DOOR))
    replies: dict[str, Any] = {}
    with Connection(settings.broker) as connection:
        channel = connection.channel()
        queue = topology.reply_queue(f"till-client-{uuid4()}")
        with Consumer(channel, [queue], on_message=lambda message: _take(message, replies)):
            producer = Producer(channel)
            for body in raw:
                _publish(producer, body, queue.name, "raw")
            for arrival in arrivals:
                body = orjson.dumps({"args": [], "kwargs": door.command(arrival)})
                _publish(producer, body, queue.name, arrival.id)
            while not {arrival.id for arrival in arrivals} <= replies.keys():
                connection.drain_events(timeout=20)
    return [replies[arrival.id] for arrival in arrivals]


def drive(settings: Settings) -> None:
    """Check one round inside the embedded process."""
    replies = send(settings, [asked(f"c{number}") for number in range(50)], raw=[b"not json", b"{}"])
    assert all(reply["result"]["outcome"]["refusal"] is None for reply in replies), replies
    print("handled", len(replies), flush=True)


def _publish(producer: Any, body: bytes, reply_to: str, correlation_id: str) -> None:
    producer.publish(
        body,
        exchange=topology.CALLS,
        routing_key="till.command",
        reply_to=reply_to,
        correlation_id=correlation_id,
        content_type="application/json",
        content_encoding="utf-8",
    )


def _take(message: Any, replies: dict[str, Any]) -> None:
    replies[message.properties["correlation_id"]] = orjson.loads(message.body)
    message.ack()
