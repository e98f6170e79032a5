"""The bus of the embedded mode: HTTP over the Unix socket that the services' process listens on."""

import asyncio
import base64
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import httpx
import orjson

from shared.messaging.bus import BusTimeout, Told, result_of, until_header
from shared.platform.clock import Clock
from shared.platform.logs import logger

SOCKET = "services.sock"
"""The socket's name in the data directory; only the installation's own user may connect."""

RETRY_SECONDS = 0.05
ALIVE_SECONDS = 1.0


class EmbeddedBus:
    """A Bus on the socket of the services' process, as an async context."""

    def __init__(self, socket: Path, clock: Clock) -> None:
        self._clock = clock
        unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=50)
        transport = httpx.AsyncHTTPTransport(uds=str(socket), limits=unlimited)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://services", timeout=None)  # noqa: S113 - every use stands in an asyncio.timeout, but for streams, which have no end

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def call(self, service: str, method: str, kwargs: Mapping[str, Any], until: datetime) -> Any:
        """Return the result of a service's method; see Bus."""
        if (seconds := (until - self._clock.now()).total_seconds()) <= 0:
            raise BusTimeout(f"{service}.{method}")
        asked = {"service": service, "method": method, "kwargs": dict(kwargs), "headers": until_header(until)}
        try:
            async with asyncio.timeout(seconds):
                return result_of(await self._answer(asked, int(seconds * 1000)))
        except TimeoutError as error:
            raise BusTimeout(f"{service}.{method}") from error

    async def subscribe(self, patterns: Sequence[str]) -> AsyncGenerator[Told, None]:
        """Return what is told from now on; see Bus."""
        held = AsyncExitStack()
        return self._tell(patterns, held, await self._listen(patterns, held))

    async def alive(self) -> bool:
        """Whether the services' process answers within a second."""
        try:
            async with asyncio.timeout(ALIVE_SECONDS):
                return (await self._client.get("/alive")).is_success
        except (TimeoutError, httpx.TransportError):
            return False

    async def close(self) -> None:
        """Let go of every connection."""
        await self._client.aclose()

    async def _answer(self, asked: dict[str, Any], milliseconds: int) -> bytes:
        body = orjson.dumps({**asked, "milliseconds": milliseconds})
        while True:
            try:
                response = await self._client.post("/call", content=body)
            except httpx.TransportError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if response.status_code == HTTPStatus.OK:
                return response.content
            if response.status_code == HTTPStatus.GATEWAY_TIMEOUT:
                raise TimeoutError
            await asyncio.sleep(RETRY_SECONDS)

    async def _tell(
        self, patterns: Sequence[str], held: AsyncExitStack, told: httpx.Response
    ) -> AsyncGenerator[Told, None]:
        async with held:
            while True:
                try:
                    async for line in told.aiter_lines():
                        if line:
                            key, headers, body = orjson.loads(line)
                            yield Told(key, headers, base64.b64decode(body))
                except httpx.TransportError as error:
                    logger().info("subscription_interrupted", error=type(error).__name__)
                await held.aclose()
                told = await self._listen(patterns, held)

    async def _listen(self, patterns: Sequence[str], held: AsyncExitStack) -> httpx.Response:
        while True:
            try:
                asking = self._client.stream("GET", "/events", params={"pattern": list(patterns)})
                return (await held.enter_async_context(asking)).raise_for_status()
            except (httpx.TransportError, httpx.HTTPStatusError):
                await held.aclose()
                await asyncio.sleep(RETRY_SECONDS)
