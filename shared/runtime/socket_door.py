"""The services' side of the embedded bus: HTTP on a Unix socket that only the installation's own user may use.

`POST /call` puts a call on the in-process broker and answers with its reply; `GET /events` tells what is told;
`GET /alive` answers 200. A late reply finds nobody waiting and is dropped.
"""

import base64
import os
import re
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import eventlet
import orjson
from eventlet import GreenPool, Timeout, wsgi
from eventlet.event import Event
from eventlet.queue import Empty, Full, LightQueue
from kombu import Connection, Message, Producer

from shared.messaging import topology
from shared.messaging.bus import call_body, topic
from shared.messaging.bus_embedded import SOCKET
from shared.messaging.lane import Lane
from shared.platform.logs import logger
from shared.platform.settings import Settings

REPLIES = "replies-socket-door"
BEAT = 5.0
BEHIND = 5000
LONGEST_CALL = 8 * 2**20

Start = Callable[[str, list[tuple[str, str]]], Any]


class SocketDoor:
    """The door of one services' process; `run` it as a green thread beside the services."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.data / SOCKET
        self._broker = settings.broker
        self._numbers = count(1)
        self._waiting: dict[str, Event] = {}
        self._listeners: dict[LightQueue, re.Pattern[str]] = {}
        self._replies = Lane(settings.broker, topology.reply_queue(REPLIES))
        self._events = Lane(settings.broker, topology.event_queue("socket-door", "#"))

    def run(self) -> None:
        """Serve for ever. Raise OSError where another process listens already."""
        channel = Connection(self._broker).channel()
        topology.CALLS(channel).declare()
        self._producer = Producer(channel)
        for lane, work in ((self._replies, self._take), (self._events, self._tell)):
            ready = Event()
            eventlet.spawn(lane.run, work, lambda ready=ready: ready.ready() or ready.send())
            ready.wait()
        pool = GreenPool(10_000)
        wsgi.server(listen(self._path), self._serve, custom_pool=pool, log_output=False, debug=False)

    def _serve(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        match environ["REQUEST_METHOD"], environ["PATH_INFO"]:
            case "POST", "/call":
                status, body = self._call(environ)
            case "GET", "/events":
                return self._stream(environ, start)
            case "GET", "/alive":
                status, body = "200 OK", b""
            case _:
                status, body = "404 Not Found", b""
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _call(self, environ: dict[str, Any]) -> tuple[str, bytes]:
        if int(environ.get("CONTENT_LENGTH") or 0) > LONGEST_CALL:
            return "413 Content Too Large", b""
        asked = orjson.loads(environ["wsgi.input"].read())
        number = str(next(self._numbers))
        answered = self._waiting[number] = Event()
        try:
            with Timeout(asked["milliseconds"] / 1000):
                self._publish(asked, number)
                return "200 OK", answered.wait()
        except Timeout:
            return "504 Gateway Timeout", b""
        finally:
            del self._waiting[number]

    def _publish(self, asked: dict[str, Any], number: str) -> None:
        self._producer.publish(
            call_body(asked["kwargs"]),
            exchange=topology.CALLS,
            routing_key=f"{asked['service']}.{asked['method']}",
            headers=asked["headers"],
            reply_to=REPLIES,
            correlation_id=number,
            content_type="application/json",
            content_encoding="utf-8",
        )

    def _take(self, messages: Sequence[Message]) -> None:
        for message in messages:
            answered = self._waiting.get(message.properties.get("correlation_id", ""))
            if answered is not None and not answered.ready():
                answered.send(_body(message))

    def _stream(self, environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        patterns = parse_qs(environ["QUERY_STRING"]).get("pattern", [])
        told = LightQueue(BEHIND)
        self._listeners[told] = re.compile("|".join(map(topic, patterns)) or "(?!)")
        environ["eventlet.minimum_write_chunk_size"] = 0
        start("200 OK", [("Content-Type", "application/x-ndjson")])
        return self._lines(told)

    def _lines(self, told: LightQueue) -> Iterator[bytes]:
        """Yield a line for each message, or an empty one that finds out whether anybody still listens."""
        try:
            yield b"\n"
            while told in self._listeners:
                try:
                    yield told.get(timeout=BEAT)
                except Empty:
                    yield b"\n"
        finally:
            self._listeners.pop(told, None)

    def _tell(self, messages: Sequence[Message]) -> None:
        for message in messages:
            key = message.delivery_info["routing_key"]
            line = orjson.dumps([key, message.headers or {}, base64.b64encode(_body(message)).decode()]) + b"\n"
            for told, pattern in list(self._listeners.items()):
                if pattern.fullmatch(f".{key}"):
                    self._offer(told, line)

    def _offer(self, told: LightQueue, line: bytes) -> None:
        try:
            told.put_nowait(line)
        except Full:
            del self._listeners[told]
            logger().warning("listener_cut_off", behind=BEHIND)


def listen(path: Path) -> socket.socket:
    """Return a listening socket at `path`, mode 0600 from its first moment. Raise OSError if one is served there."""
    if _served(path):
        raise OSError(f"{path}: another services' process listens here")
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(512)
    return listener


def _served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True


def _body(message: Message) -> bytes:
    return message.body if isinstance(message.body, bytes) else str(message.body).encode()
