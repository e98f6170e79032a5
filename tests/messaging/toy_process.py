"""A toy service behind either bus, in a process of its own: `python -m tests.messaging.toy_process BROKER [DATA]`."""

# ruff: noqa: E402 - eventlet patches before anything else is imported
import eventlet

eventlet.monkey_patch()

import base64
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
from kombu import Connection, Message, Producer

from shared.messaging import topology
from shared.messaging.lane import Lane
from shared.platform.settings import Settings
from shared.runtime.socket_door import SocketDoor


class Toy:
    """Answers `echo`, fails at `fail`, says nothing at `mute`, is late at `wait`, and tells what it is told."""

    def __init__(self, broker: str) -> None:
        self.lane = Lane(broker, topology.call_queue("toy"))
        self.producer = Producer(Connection(broker).channel(), topology.EVENTS)
        self.seen = 0

    def work(self, messages: Sequence[Message]) -> None:
        for message in messages:
            method = message.delivery_info["routing_key"].removeprefix("toy.")
            kwargs = orjson.loads(message.body)["kwargs"]
            self.seen += 1
            if method == "wait":
                eventlet.spawn_after(kwargs["milliseconds"] / 1000, self._reply, message, "late")
            elif method == "fail":
                self.lane.reply(message, orjson.dumps({"result": None, "error": {"exc_type": "KeyError"}}))
            elif method != "mute":
                self._reply(message, getattr(self, method)(message, **kwargs))

    def echo(self, message: Message, **kwargs: Any) -> dict[str, Any]:
        return {"kwargs": kwargs, "until": (message.headers or {}).get("until")}

    def count(self, _message: Message) -> int:
        return self.seen

    def tell(self, _message: Message, *, key: str, body: str, times: int) -> None:
        for number in range(times):
            self.producer.publish(
                base64.b64decode(body),
                routing_key=key,
                headers={"kind": "record", "number": number},
                content_type="application/json",
                content_encoding="utf-8",
                declare=[topology.EVENTS],
            )

    def _reply(self, message: Message, result: Any) -> None:
        self.lane.reply(message, orjson.dumps({"result": result, "error": None}))


def ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(broker: str, data: str = "") -> None:
    toy = Toy(broker)
    if data:
        eventlet.spawn(SocketDoor(Settings(data=Path(data), broker=broker)).run)
    toy.lane.run(toy.work, ready)


if __name__ == "__main__":
    main(*sys.argv[1:])
