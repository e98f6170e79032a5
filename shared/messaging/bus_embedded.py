"""The bus of the embedded mode: HTTP over the Unix socket that the services' process listens on.

Spoken by hand on asyncio's streams: a general client took five milliseconds of the door's processor a call.
"""

import asyncio
import base64
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import orjson

from shared.messaging.bus import BusTimeout, Told, result_of, until_header
from shared.platform.clock import Clock
from shared.platform.logs import logger

SOCKET = "services.sock"
"""The socket's name in the data directory; only the installation's own user may connect."""

RETRY_SECONDS = 0.05
ALIVE_SECONDS = 1.0
LONGEST_LINE = 16 * 2**20
KEPT = 100

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
LOST = (OSError, EOFError)
"""What a connection raises that is refused, broken or ended too early."""


class EmbeddedBus:
    """A Bus on the socket of the services' process, as an async context."""

    def __init__(self, socket: Path, clock: Clock) -> None:
        self._socket = socket
        self._clock = clock
        self._idle: list[Connection] = []
        self._used: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def call(self, service: str, method: str, kwargs: Mapping[str, Any], until: datetime) -> Any:
        """Return the result of a service's method; see Bus."""
        if (seconds := (until - self._clock.now()).total_seconds()) <= 0:
            raise BusTimeout(f"{service}.{method}")
        asked = {"service": service, "method": method, "kwargs": dict(kwargs), "headers": until_header(until)}
        body = orjson.dumps({**asked, "milliseconds": int(seconds * 1000)})
        try:
            async with asyncio.timeout(seconds):
                return result_of(await self._answer(body))
        except TimeoutError as error:
            raise BusTimeout(f"{service}.{method}") from error

    async def subscribe(self, patterns: Sequence[str]) -> AsyncGenerator[Told, None]:
        """Return what is told from now on; see Bus."""
        return self._tell(patterns, await self._listen(patterns))

    async def alive(self) -> bool:
        """Whether the services' process answers within a second."""
        try:
            async with asyncio.timeout(ALIVE_SECONDS):
                return (await self._exchange("GET /alive", b""))[0] == HTTPStatus.OK
        except (TimeoutError, *LOST):
            return False

    async def close(self) -> None:
        """Let go of every connection."""
        for writer in self._used:
            writer.transport.abort()
        self._idle.clear()

    async def _answer(self, body: bytes) -> bytes:
        while True:
            try:
                status, content = await self._exchange("POST /call", body)
            except LOST:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if status == HTTPStatus.OK:
                return content
            if status == HTTPStatus.GATEWAY_TIMEOUT:
                raise TimeoutError
            await asyncio.sleep(RETRY_SECONDS)

    async def _exchange(self, request: str, body: bytes) -> tuple[int, bytes]:
        """Return status and content of one request, on a connection of its own while it lasts."""
        reader, writer = self._idle.pop() if self._idle else await self._connect()
        try:
            writer.write(f"{request} HTTP/1.1\r\nHost: services\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
            status, length = await _head(reader)
            content = await reader.readexactly(length)
        except BaseException:
            self._drop(writer)
            raise
        if len(self._idle) < KEPT:
            self._idle.append((reader, writer))
        else:
            self._drop(writer)
        return status, content

    async def _tell(self, patterns: Sequence[str], told: Connection) -> AsyncGenerator[Told, None]:
        reader, writer = told
        try:
            while True:
                try:
                    while line := await reader.readline():
                        if line.strip():
                            key, headers, body = orjson.loads(line)
                            yield Told(key, headers, base64.b64decode(body))
                except OSError as error:
                    logger().info("subscription_interrupted", error=type(error).__name__)
                self._drop(writer)
                await asyncio.sleep(RETRY_SECONDS)
                reader, writer = await self._listen(patterns)
        finally:
            self._drop(writer)

    async def _listen(self, patterns: Sequence[str]) -> Connection:
        """Return a connection on which lines come until it ends: HTTP/1.0 knows no chunks."""
        query = urlencode({"pattern": list(patterns)}, doseq=True)
        while True:
            try:
                return await self._opened(f"GET /events?{query} HTTP/1.0\r\nHost: services\r\n\r\n".encode())
            except LOST:
                await asyncio.sleep(RETRY_SECONDS)

    async def _opened(self, request: bytes) -> Connection:
        reader, writer = await self._connect()
        try:
            writer.write(request)
            await writer.drain()
            await _head(reader)
        except BaseException:
            self._drop(writer)
            raise
        return reader, writer

    async def _connect(self) -> Connection:
        reader, writer = await asyncio.open_unix_connection(self._socket, limit=LONGEST_LINE)
        self._used.add(writer)
        return reader, writer

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._used.discard(writer)
        writer.transport.abort()


async def _head(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Return status and content length of a response. Raise EOFError if it ends before it begins."""
    words = (await reader.readline()).split()
    if not words:
        raise EOFError
    length = 0
    while line := (await reader.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(words[1]), length
