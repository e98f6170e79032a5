"""Probes go the whole way, from the door to the record and back: while they do, and after a part of it was away."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from services.portal.desk import Given, make_desk
from services.portal.probing import Probing
from shared.messaging.bus_amqp import AmqpBus
from shared.messaging.bus_embedded import SOCKET, EmbeddedBus
from shared.platform import keys
from shared.platform.clock import SimulatedClock, SystemClock
from shared.platform.settings import Settings, load
from shared.store import health, tables
from shared.store.connect import connect
from shared.store.health import Reading
from tests.portal.house import until
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import PrivateRabbitMQ
from tests.store import till

pytestmark = [pytest.mark.anyio, pytest.mark.system]
SOON = 40.0
"""Seconds within which whatever was started again is at work, on a machine that has much else to do."""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Way:
    """A till with timed auctions, the processes on the way to it, and what it reads of the way."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        ring = keys.Keyring(settings.data / "keys")
        ring.make([keys.DOOR, keys.EVENTS, keys.ARRIVALS, keys.RECEIPTS, keys.CREDENTIALS], os.urandom)
        ring.make([keys.vault("till")], os.urandom)
        self.clock = SimulatedClock(settings.data / "clock.json")
        self.database = connect(settings, "till")

    @contextmanager
    def running(self, part: str) -> Iterator[None]:
        """Run a process of the way; at the end it is killed."""
        settings = self.settings
        given = [part, str(settings.data), settings.broker, settings.database]
        command = [sys.executable, "-W", "ignore", "-m", "tests.runtime.way_process", *given]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                yield
            finally:
                process.kill()

    @asynccontextmanager
    async def door(self) -> AsyncIterator[None]:
        """Run what a door does for its probes."""
        bus: AbstractAsyncContextManager[Any] = (
            EmbeddedBus(self.settings.data / SOCKET, self.clock)
            if self.settings.embedded
            else AmqpBus(self.settings.broker, self.clock)
        )
        async with bus as opened:
            lines = {"till": replace(till.LINE, timed=True)}
            given = Given(clock=self.clock, bus=opened, lines=lines, random_bytes=os.urandom)
            probing = asyncio.create_task(Probing(make_desk(self.settings, given)).run())
            yield
            probing.cancel()
            await asyncio.gather(probing, return_exceptions=True)

    def reading(self) -> Reading | None:
        with self.database.read() as connection:
            return health.reading(connection, SystemClock().now())

    def whole(self, since: datetime | None = None) -> Callable[[], bool]:
        """Return whether probes come round now, and have done so from a later time on than `since`."""

        def is_whole() -> bool:
            found = self.reading()
            return found is not None and found.age_ms <= 2000 and (since is None or found.mended_at > since)

        return is_whole

    def broken(self) -> bool:
        found = self.reading()
        return found is not None and found.age_ms > 2500

    def mended_at(self) -> datetime:
        found = self.reading()
        assert found is not None
        return found.mended_at

    def rows(self) -> list[int]:
        kept = (tables.journal, tables.command, tables.inbox, tables.timer)
        with self.database.read() as connection:
            return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in kept]


async def test_on_the_in_process_broker_probes_come_round_and_again_after_the_services_were_away(
    tmp_path: Path,
) -> None:
    way = Way(Settings(data=tmp_path, clock="simulated"))
    async with way.door():
        with way.running("service"):
            await until(way.whole(), SOON)
            first = way.mended_at()
            way.clock.advance(timedelta(weeks=3))
            await asyncio.sleep(3)
            after_a_jump = way.mended_at()
        await until(way.broken, SOON)
        before = way.clock.now()
        with way.running("service"):
            await until(way.whole(since=first), SOON)

    assert after_a_jump == first
    assert way.mended_at() > before
    assert way.rows() == [0, 0, 0, 0]


@pytest.fixture
def way(private_rabbitmq: PrivateRabbitMQ, postgres: Postgres, tmp_path: Path) -> Iterator[Way]:
    url = postgres.fresh_database()
    postgres.execute("CREATE SCHEMA till", url.rsplit("/", 1)[1].split("?")[0])
    database = f"{url}{'&' if '?' in url else '?'}application_name={{service}}"
    way = Way(load(data=tmp_path, broker=private_rabbitmq.uri, database=database, clock="simulated"))
    yield way
    way.database.close()


async def test_a_relay_that_was_away_leaves_a_gap_and_a_jump_of_the_clock_leaves_none(way: Way) -> None:
    with way.running("service"), ExitStack() as relay:
        relay.enter_context(way.running("relay"))
        async with way.door():
            await until(way.whole(), SOON)
            first = way.mended_at()
            way.clock.advance(timedelta(weeks=3))
            await asyncio.sleep(3)
            after_a_jump = way.mended_at()

            relay.close()
            await until(way.broken, SOON)
            still = way.mended_at()
            before = way.clock.now()
            relay.enter_context(way.running("relay"))
            await until(way.whole(since=first), SOON)

            assert (after_a_jump, still) == (first, first)
            assert way.mended_at() > before
            assert way.rows() == [0, 0, 0, 0]


async def test_a_broker_killed_and_started_again_leaves_a_gap(way: Way, private_rabbitmq: PrivateRabbitMQ) -> None:
    with way.running("service"), way.running("relay"):
        async with way.door():
            await until(way.whole(), SOON)
            first = way.mended_at()
            private_rabbitmq.kill()
            await until(way.broken, SOON)
            private_rabbitmq.start()
            await until(way.whole(since=first), 2 * SOON)


async def test_without_a_door_nothing_comes_round_and_with_two_either_may_go(way: Way) -> None:
    with way.running("service"), way.running("relay"):
        async with way.door():
            async with way.door():
                await until(way.whole(), SOON)
            first = way.mended_at()
            await asyncio.sleep(3)
            with_one = way.reading()
        await until(way.broken, SOON)

    assert with_one is not None
    assert (with_one.age_ms <= 2000, with_one.mended_at) == (True, first)
