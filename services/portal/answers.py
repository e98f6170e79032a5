"""Answers: JSON as the services gave it, and files, whole or in ranges."""

import os
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from services.portal.problems import Problem

NOT_THIS_RANGE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE})


def json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return the response that holds `value` as JSON."""
    return Response(orjson.dumps(value), status, headers, media_type="application/json")


class File(FileResponse):
    """A file that does not say when it was written, which would tell when it was handed in."""

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        """Say how long the file is; what tags it, the route has said."""
        self.headers.setdefault("content-length", str(stat_result.st_size))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file or a range of it. Raise Problem for a range that it has not."""
        refused: list[Message] = []

        async def unless_refused(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in NOT_THIS_RANGE:
                refused.append(message)
            if not refused:
                await send(message)

        await super().__call__(scope, receive, unless_refused)
        if refused:
            zh, en = "没有这一段，请更正 Range", "there is no such range: correct Range"
            size = os.stat(self.path).st_size  # noqa: PTH116 - the path may be text
            raise Problem("no_such_range", zh, en, headers={"Content-Range": f"bytes */{size}"})
