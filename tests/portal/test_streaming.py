"""A stream gives up on who takes nothing, and on nobody else."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from services.portal import streaming
from services.portal.streaming import Stream

pytestmark = pytest.mark.anyio

SLOW = 0.05


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "SLOW_SECONDS", SLOW)


async def test_who_takes_nothing_is_given_up_and_its_frames_end() -> None:
    ended = []

    async def frames() -> AsyncGenerator[bytes, None]:
        try:
            yield b"first"
            yield b"second"
        finally:
            ended.append(True)

    async def hangs(message: Message) -> None:
        if message.get("body") == b"second":
            await asyncio.Event().wait()

    with pytest.raises(ClientDisconnect):
        async with asyncio.timeout(5):
            await Stream(frames()).stream_response(hangs)
    assert ended == [True]


async def test_who_waits_long_for_a_frame_is_not_given_up() -> None:
    taken = []

    async def frames() -> AsyncGenerator[bytes, None]:
        yield b"first"
        await asyncio.sleep(3 * SLOW)
        yield b"second"

    async def takes(message: Message) -> None:
        await asyncio.sleep(SLOW / 2)
        taken.append(message.get("body"))

    await Stream(frames()).stream_response(takes)

    assert taken == [None, b"first", b"second", b""]


async def test_frames_go_straight_to_the_wire_and_the_head_through_every_layer() -> None:
    through: list[str] = []
    straight: list[bytes] = []

    async def frames() -> AsyncGenerator[bytes, None]:
        yield b"first"

    async def layers(message: Message) -> None:
        through.append(message["type"])

    async def wire(message: Message) -> None:
        straight.append(message["body"])

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    scope = {"type": "http", "state": {streaming.WIRE: wire}}
    await Stream(frames())(scope, receive, layers)

    assert through == ["http.response.start", "http.response.body"]
    assert straight == [b"first"]
