"""The door knows how far it is off the clock that all processes of its installation share."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from services.portal import clock
from services.portal.clock import ClockWatch
from services.portal.desk import make_desk
from shared.platform.clock import SystemClock
from shared.store.database import Database
from shared.store.dbclock import clock_offset
from tests.portal.house import House, until
from tests.servers.postgres import Postgres


def ahead(milliseconds: int) -> Callable[[], datetime]:
    return lambda: SystemClock().now() + timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize("milliseconds", [0, 250, -250])
def test_the_offset_is_measured_against_the_server(postgres: Postgres, milliseconds: int) -> None:
    database = Database(postgres.fresh_database())

    offset = clock_offset(database, ahead(milliseconds))
    database.close()

    assert abs(offset - timedelta(milliseconds=milliseconds)) < timedelta(milliseconds=50)


def test_sqlite_has_the_machines_own_clock(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")

    assert clock_offset(database, ahead(250)) == timedelta()
    database.close()


@pytest.mark.anyio
async def test_a_database_that_is_away_leaves_the_last_measure(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = [timedelta(milliseconds=150)]

    def measure(_database: Database, _now: object) -> timedelta:
        if not measured:
            raise OperationalError("SELECT clock_timestamp()", None, Exception("away"))
        return measured.pop()

    monkeypatch.setattr(clock, "clock_offset", measure)
    monkeypatch.setattr(clock, "MEASURED_SECONDS", 0.01)
    watch = ClockWatch(make_desk(house.settings, house.given()))
    running = asyncio.create_task(watch.run())

    await until(lambda: watch.offset_ms == 150)
    await asyncio.sleep(0.1)

    assert (watch.offset_ms, watch.right, running.done()) == (150, False, False)
    running.cancel()
