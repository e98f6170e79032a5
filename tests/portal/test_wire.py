"""The door's bytes: whatever is sent without an end, in the head of a request or between pieces of it, is cut off."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import repeat

import pytest

from services.portal.wire import HEAD_LIMIT
from tests.portal.house import Browser

pytestmark = pytest.mark.anyio

MOST_SENT = 64 * HEAD_LIMIT
HEAD = b"POST /api/commands HTTP/1.1\r\nHost: portal\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "target": (b"GET /api/time?", b"a" * 1000),
    "header": (HEAD + b"X-Long: ", b"a" * 1000),
    "headers": (HEAD, b"X-One: " + b"a" * 500 + b"\r\n"),
    "trailers": (CHUNKED + b"1\r\n{\r\n0\r\n", b"X-One: " + b"a" * 500 + b"\r\n"),
    "chunk extension": (CHUNKED + b"1;", b"a" * 1000),
}


@pytest.fixture
async def wire(served: Browser) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Give a bare connection to the door."""
    url = served.http.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    yield reader, writer
    writer.close()


async def sent(writer: asyncio.StreamWriter, pieces: Iterator[bytes]) -> int:
    """Send until the door takes no more; return how many bytes it took before."""
    count = 0
    with suppress(ConnectionError):
        for piece in pieces:
            if count >= MOST_SENT or writer.is_closing():
                break
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
            count += len(piece)
    return count


@pytest.mark.parametrize("what", ENDLESS)
async def test_what_has_no_end_is_cut_off(what: str, wire: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    reader, writer = wire
    begin, more = ENDLESS[what]
    writer.write(begin)
    assert await sent(writer, repeat(more)) < MOST_SENT
    with suppress(ConnectionError):
        async with asyncio.timeout(5):
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")


async def test_a_head_that_comes_whole_is_bounded_too(
    wire: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    reader, writer = wire
    writer.write(b"GET /api/time HTTP/1.1\r\nHost: portal\r\nX-Long: " + b"a" * HEAD_LIMIT + b"\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")


async def test_requests_one_after_the_other_are_each_counted_alone(
    wire: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    reader, writer = wire
    for _ in range(3):
        writer.write(b"GET /api/time HTTP/1.1\r\nHost: portal\r\nX-Long: " + b"a" * (HEAD_LIMIT - 100) + b"\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(int(length.split(b":")[1]))


async def test_a_body_is_as_long_as_its_route_allows(
    wire: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    reader, writer = wire
    body = b"a" * (4 * HEAD_LIMIT)
    writer.write(HEAD + b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body)
    assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"application/problem+json" in head
