"""What the bus promises whatever carries it: one set of cases, run on the socket and on RabbitMQ."""

import asyncio
import base64
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest

from shared.kernel.canonical import instant
from shared.messaging.bus import Bus, BusFault, BusTimeout
from shared.platform.clock import SystemClock

pytestmark = pytest.mark.anyio
NOW = SystemClock().now


def soon(seconds: float = 10) -> datetime:
    return NOW() + timedelta(seconds=seconds)


class Service:
    """The toy service's process, which tests start, stop and freeze."""

    def __init__(self, *arguments: str) -> None:
        self._command = [sys.executable, "-W", "ignore", "-m", "tests.messaging.toy_process", *arguments]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)


async def told(bus: Bus, key: str, body: bytes, times: int = 1) -> None:
    text = base64.b64encode(body).decode()
    await bus.call("toy", "tell", {"key": key, "body": text, "times": times}, soon())


class BusContract:
    """Inherited once per carrier, in a module with the fixture `service`."""

    def opened(self, service: Any) -> AbstractAsyncContextManager[Any]:
        """Return a new bus to the service."""
        raise NotImplementedError

    @pytest.fixture
    async def bus(self, service: Any) -> AsyncIterator[Any]:
        async with self.opened(service) as bus:
            yield bus

    async def test_a_call_is_answered(self, bus: Bus) -> None:
        until = soon()

        answer = await bus.call("toy", "echo", {"word": "投标", "number": 1}, until)

        assert answer == {"kwargs": {"word": "投标", "number": 1}, "until": instant(until)}

    async def test_calls_side_by_side_get_each_its_own_answer(self, bus: Bus) -> None:
        asked = [bus.call("toy", "echo", {"number": number}, soon(30)) for number in range(200)]

        answers = await asyncio.gather(*asked)

        assert [answer["kwargs"]["number"] for answer in answers] == list(range(200))

    async def test_a_fault_is_told_by_its_kind_alone(self, bus: Bus) -> None:
        with pytest.raises(BusFault, match=r"^KeyError$"):
            await bus.call("toy", "fail", {"secret": "s3cret"}, soon())

    async def test_no_answer_is_a_timeout_at_the_deadline(self, bus: Bus) -> None:
        began = monotonic()

        with pytest.raises(BusTimeout, match=r"^toy\.mute$"):
            await bus.call("toy", "mute", {}, soon(0.3))

        assert 0.25 < monotonic() - began < 1.5

    async def test_a_service_that_is_not_there_is_a_timeout(self, bus: Bus) -> None:
        with pytest.raises(BusTimeout):
            await bus.call("nobody", "echo", {}, soon(0.3))

    async def test_a_call_past_its_deadline_is_not_sent(self, bus: Bus) -> None:
        before = await bus.call("toy", "count", {}, soon())

        with pytest.raises(BusTimeout):
            await bus.call("toy", "echo", {}, NOW() - timedelta(milliseconds=1))

        assert await bus.call("toy", "count", {}, soon()) == before + 1

    async def test_late_replies_are_dropped_and_nothing_is_kept_for_them(self, bus: Bus) -> None:
        late = [bus.call("toy", "wait", {"milliseconds": 600}, soon(0.3)) for _ in range(50)]
        results = await asyncio.gather(*late, return_exceptions=True)

        await asyncio.sleep(0.8)

        assert all(isinstance(result, BusTimeout) for result in results)
        assert self.kept(bus) == 0
        assert (await bus.call("toy", "echo", {"number": 1}, soon()))["kwargs"] == {"number": 1}

    def kept(self, bus: Any) -> int:
        """Return how much the bus keeps of calls that are over."""
        raise NotImplementedError

    async def test_a_frozen_service_holds_no_call_past_its_deadline(self, bus: Bus, service: Service) -> None:
        await bus.call("toy", "echo", {}, soon())

        with service.frozen():
            began = monotonic()
            with pytest.raises(BusTimeout):
                await bus.call("toy", "echo", {}, soon(0.5))
            took = monotonic() - began

        assert took < 1.5
        assert await bus.call("toy", "echo", {}, soon())

    async def test_a_call_outlives_a_restart_of_the_service(self, bus: Bus, service: Service) -> None:
        await bus.call("toy", "echo", {}, soon())
        service.stop()
        calling = asyncio.create_task(bus.call("toy", "echo", {"number": 7}, soon(30)))
        await asyncio.sleep(0.3)

        await asyncio.to_thread(service.start)

        assert (await calling)["kwargs"] == {"number": 7}

    async def test_what_is_told_comes_byte_for_byte_with_its_headers(self, bus: Bus) -> None:
        body = '{"名":"标书","n":1.0}  '.encode()
        heard = await bus.subscribe(["toy.bid_opened.v1"])

        await told(bus, "toy.bid_opened.v1", body)

        async with asyncio.timeout(10):
            message = await anext(heard)
        assert (message.key, message.body, message.headers["kind"]) == ("toy.bid_opened.v1", body, "record")
        await heard.aclose()

    async def test_only_what_matches_is_heard_and_in_order(self, bus: Bus) -> None:
        heard = await bus.subscribe(["toy.a.*", "toy.b.#"])

        for key in ("toy.a.one", "toy.a.one.two", "other.a.one", "toy.b.one.two", "toyxa.one"):
            await told(bus, key, key.encode(), times=2)
        await told(bus, "toy.a.end", b"end")

        keys = [message async for message in until_end(heard)]
        assert [(message.key, message.headers["number"]) for message in keys] == [
            ("toy.a.one", 0), ("toy.a.one", 1), ("toy.b.one.two", 0), ("toy.b.one.two", 1),
        ]  # fmt: skip

    async def test_two_listeners_hear_the_same(self, bus: Bus) -> None:
        one, other = await bus.subscribe(["toy.#"]), await bus.subscribe(["#"])

        await told(bus, "toy.a.v1", b"a", times=300)
        await told(bus, "toy.a.end", b"end")

        first = [message async for message in until_end(one)]
        second = [message async for message in until_end(other)]
        assert first == second
        assert len(first) == 300

    async def test_a_listener_goes_on_after_a_restart(self, bus: Bus, service: Service) -> None:
        heard = await bus.subscribe(["toy.#"])
        await self.interrupt(bus, service)

        next_one = asyncio.ensure_future(anext(heard))
        async with asyncio.timeout(30):
            while not next_one.done():
                await told(bus, "toy.again.v1", b"again")
                await asyncio.sleep(0.2)

        assert (await next_one).body == b"again"
        await heard.aclose()

    async def interrupt(self, bus: Any, service: Any) -> None:
        """Cut the connection between the bus and what it is connected to."""
        raise NotImplementedError

    async def test_it_says_whether_the_other_side_is_there(self, bus: Bus) -> None:
        await bus.call("toy", "echo", {}, soon())

        assert await bus.alive()


async def until_end(heard: Any) -> AsyncIterator[Any]:
    async with asyncio.timeout(20):
        async for message in heard:
            if message.body == b"end":
                break
            yield message
    await heard.aclose()
