"""Server-sent events on their way to one reader: cut off where it takes nothing, refused where too many read."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from services.portal.problems import Problem
from shared.platform.logs import logger

SLOW_SECONDS = 10.0
MOST_WATCHERS = 2000

RESET = b"event: reset\ndata: {}\n\n"
"""Tells a watcher that it may have missed something and should load again what it shows."""

WIRE = "wire"
"""Under this name a request's state holds the server's own way out, past the layers that an answer's head goes through:
no layer has anything to do with the frames after it.
"""


class Stream(StreamingResponse):
    """A stream that gives up on a reader who takes nothing for ten seconds, and ends its frames however it ends."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncGenerator[bytes, None]) -> None:
        super().__init__(frames)
        self._frames = frames
        self._wire: Send | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self._wire = scope.get("state", {}).get(WIRE)
        await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        """Send frame by frame, each in time."""
        try:
            async with asyncio.timeout(None) as limit:
                patience = Patience(limit)
                try:
                    await self._send(send, patience)
                finally:
                    patience.end()
        except TimeoutError as error:
            logger().info("slow_reader_cut_off")
            raise ClientDisconnect from error
        finally:
            await self._frames.aclose()

    async def _send(self, send: Send, patience: "Patience") -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        wire = self._wire or send
        async for frame in self._frames:
            message: Message = {"type": "http.response.body", "body": frame, "more_body": True}
            patience.begin()
            await wire(message)
            patience.rest()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class Patience:
    """Ends a limit once one sending takes too long: with one timer in all that time, and none for each frame."""

    def __init__(self, limit: asyncio.Timeout) -> None:
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._since: float | None = None
        self._timer = self._loop.call_later(SLOW_SECONDS, self._look)

    def begin(self) -> None:
        """Begin to wait for a reader."""
        self._since = self._loop.time()

    def rest(self) -> None:
        """Wait for nobody."""
        self._since = None

    def end(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        now = self._loop.time()
        since = now if self._since is None else self._since
        if now >= since + SLOW_SECONDS:
            self._limit.reschedule(now)
        else:
            self._timer = self._loop.call_at(since + SLOW_SECONDS, self._look)


def too_many() -> Problem:
    """Return the problem of one watcher too many."""
    return Problem("too_many_watchers", "实时查看人数已满，请稍后重试", "too many watch already; try again later")
