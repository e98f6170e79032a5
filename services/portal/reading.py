"""Reading what is sent: bodies within a size and a time, and JSON that is exactly what was asked for."""

import asyncio
from typing import TypeVar

import orjson
from fastapi import Request
from pydantic import ValidationError

from services.portal.problems import Problem
from shared.kernel.message import Message
from shared.kernel.wrong_fields import bad_input

COMMAND_LIMIT = 256 * 2**10
BODY_SECONDS = 60.0

M = TypeVar("M", bound=Message)


async def read_body(request: Request, limit: int) -> bytes:
    """Return the whole body. Raise Problem if it is larger than `limit` bytes or takes longer than a minute."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large(limit)
    except TimeoutError as error:
        raise Problem("too_slow", "请求内容传输超时，请重试", "the body took too long; send it again") from error
    return bytes(body)


def read_json(body: bytes, kind: type[M]) -> M:
    """Return the value that a JSON body is. Raise Problem; BadInput names each wrong or unknown field."""
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem("malformed", "请求内容不是 JSON", "the body is not JSON") from error
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise bad_input(error) from error


def too_large(limit: int) -> Problem:
    """Return the problem of more bytes than are taken."""
    return Problem("too_large", f"内容过大，最多 {limit} 字节", f"too large: at most {limit} bytes")
