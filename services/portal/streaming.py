"""Server-sent events on their way to one reader: cut off where it takes nothing, refused where too many read."""

import asyncio
from collections.abc import AsyncGenerator

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from services.portal.problems import Problem
from shared.platform.logs import logger

SLOW_SECONDS = 10.0
MOST_WATCHERS = 2000

RESET = b"event: reset\ndata: {}\n\n"
"""Tells a watcher that it may have missed something and should load again what it shows."""


class Stream(StreamingResponse):
    """A stream that gives up on a reader who takes nothing for ten seconds, and ends its frames however it ends."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncGenerator[bytes, None]) -> None:
        super().__init__(frames)
        self._frames = frames

    async def stream_response(self, send: Send) -> None:
        """Send frame by frame, each in time."""

        async def timely(message: Message) -> None:
            async with asyncio.timeout(SLOW_SECONDS):
                await send(message)

        try:
            await super().stream_response(timely)
        except TimeoutError as error:
            logger().info("slow_reader_cut_off")
            raise ClientDisconnect from error
        finally:
            await self._frames.aclose()


def too_many() -> Problem:
    """Return the problem of one watcher too many."""
    return Problem("too_many_watchers", "实时查看人数已满，请稍后重试", "too many watch already; try again later")
