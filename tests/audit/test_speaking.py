"""What the audit says reaches the broker: news with their kind, and calls in nameko's own form."""

from typing import Any

import orjson
from kombu import Connection

from shared.messaging import topology
from shared.messaging.hallmark import Hallmark
from shared.messaging.saying import Speaker
from tests.servers.rabbitmq import RabbitMQ


def declared(connection: Any, queue: Any) -> Any:
    bound = queue(connection.channel())
    bound.declare()
    return bound


def taken(queue: Any) -> tuple[bytes, Any]:
    """Return the next message of a queue, its body as bytes."""
    message = queue.get(no_ack=True)
    assert message is not None
    return message.body if isinstance(message.body, bytes) else message.body.encode(), message


def test_news_and_calls_arrive(rabbitmq: RabbitMQ) -> None:
    mark = Hallmark(b"k" * 32)
    speaker = Speaker(rabbitmq.uri, mark)
    with Connection(rabbitmq.uri) as connection:
        news = declared(connection, topology.event_queue("speaking", "audit.#"))
        calls = declared(connection, topology.call_queue("speaking_views"))

        speaker.tell("audit.checkpoint_witnessed", "witnessed", b'{"v":1}')
        speaker.call("speaking_views", "resend", {"first": 1, "last": 2})
        speaker.call("nobody_views", "resend", {"first": 1, "last": 2})
        speaker.close()
        speaker.tell("audit.checkpoint_witnessed", "witnessed", b'{"v":2}')
        speaker.close()

        (first, told), (second, _), (call, called) = taken(news), taken(news), taken(calls)
    assert (first, told.headers["kind"]) == (b'{"v":1}', "witnessed")
    assert mark.holds("audit.checkpoint_witnessed", told.headers, first)
    assert second == b'{"v":2}'
    assert orjson.loads(call) == {"args": [], "kwargs": {"first": 1, "last": 2}}
    assert called.delivery_info["routing_key"] == "speaking_views.resend"
