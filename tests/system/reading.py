"""What the door answers: one signed request with everything that comes back, and live events as they arrive."""

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from time import sleep
from typing import Any, Self

import httpx
import orjson

from cli.demo.stage import Player, Stage

TRIES = 20
BUSY = 429
"""The door's limit on unsigned reading; whoever reads this much waits."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in full."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, which must be JSON."""
        return orjson.loads(self.body)

    def text(self) -> bytes:
        """Return status, headers and body in one piece, to be searched."""
        lines = [f"{name}: {value}" for name, value in self.headers.items()]
        return "\n".join([str(self.status), *lines]).encode() + b"\n" + self.body


def ask(
    stage: Stage,
    path: str,
    player: Player | None = None,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask once, signed by a player's account if one is given, and return whatever is answered."""
    asker = None if player is None else player.asker()
    return ask_as(stage, path, asker, method=method, body=body, headers=headers)


def ask_as(
    stage: Stage,
    path: str,
    asker: Any,
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Ask once, signed by whoever `asker` is."""
    for _ in range(TRIES):
        given = {"Content-Type": "application/json", **(headers or {})} if body else dict(headers or {})
        if asker is not None:
            given |= asker.headers(method, path, stage.settings.make_clock().now(), hashlib.sha256(body).hexdigest())
        response = stage.client._http.request(method, path, content=body or None, headers=given)
        if response.status_code != BUSY:
            return Answer(response.status_code, dict(response.headers), response.content)
        sleep(1.0)
    raise AssertionError(f"{path} was refused {TRIES} times for asking too often")


def command(stage: Stage, asker: Any, procedure: str, body: Mapping[str, Any], id_: str) -> Answer:
    """Give a command as it stands, lawful and well-formed or not, and return whatever is answered."""
    whole = orjson.dumps({"procedure": procedure, "command": dict(body)})
    return ask_as(stage, "/api/commands", asker, method="POST", body=whole, headers={"Idempotency-Key": id_})


class Frames:
    """Listens to the live events of everything, from when it is entered."""

    def __init__(self, stage: Stage) -> None:
        self._client = httpx.Client(base_url=stage.url, timeout=httpx.Timeout(5.0, read=None), trust_env=False)
        self._bytes = bytearray()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._open.wait(10), "the live events did not begin"
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def seen(self) -> bytes:
        """Return everything that came so far."""
        return bytes(self._bytes)

    def _listen(self) -> None:
        try:
            with self._client.stream("GET", "/api/events") as response:
                for piece in response.iter_bytes():
                    self._bytes += piece
                    self._open.set()
        except (httpx.TransportError, httpx.StreamError, OSError):
            return  # it was closed, or the door went down: what came until then counts
