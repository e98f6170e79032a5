"""The pulse of a service: what it finds when it runs again, and what is no silence."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.pulse import LEAST, Pulse, silences
from shared.runtime.tools import Tools
from shared.store.migrate import migrate
from tests.store import till

NOON = datetime(2026, 12, 22, 4, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Hour:
    """A clock that stands where a test puts it."""

    simulated = True

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Tools]:
    keys.Keyring(tmp_path / "keys").make([keys.DOOR], bytes)
    tools = Tools("till", Settings(data=tmp_path))
    tools.clock = Hour()
    migrate(tools.database, views=till.metadata)
    yield tools
    tools.database.close()


def found(tools: Tools) -> list[tuple[datetime, datetime]]:
    with tools.database.read() as connection:
        return silences(connection)


def test_a_service_that_never_ran_was_not_silent(tools: Tools) -> None:
    Pulse(tools, Hour()).beat()

    assert found(tools) == []


@pytest.mark.parametrize(("longer", "kept"), [(MICROSECOND, True), (timedelta(), False)])
def test_a_silence_of_more_than_a_minute_is_kept_at_its_end(tools: Tools, longer: timedelta, *, kept: bool) -> None:
    host = Hour()
    Pulse(tools, host).beat()

    host.at += LEAST + longer
    Pulse(tools, host).beat()
    Pulse(tools, host).beat()

    assert found(tools) == ([(NOON - LEAST - longer, NOON)] if kept else [])


def test_a_silence_lasts_as_long_by_the_hosts_clock_and_ends_now_by_the_installations(tools: Tools) -> None:
    host = Hour()
    Pulse(tools, host).beat()

    host.at += timedelta(hours=2)
    tools.clock.at += timedelta(weeks=3)  # type: ignore[attr-defined]  # the clock of this test
    Pulse(tools, host).beat()

    assert found(tools) == [(NOON + timedelta(weeks=3, hours=-2), NOON + timedelta(weeks=3))]


def test_a_simulated_clock_that_is_moved_is_no_silence(tools: Tools) -> None:
    host = Hour()
    Pulse(tools, host).beat()

    tools.clock.at += timedelta(weeks=3)  # type: ignore[attr-defined]  # the clock of this test
    Pulse(tools, host).beat()

    assert found(tools) == []


def test_another_process_that_ran_meanwhile_breaks_the_silence(tools: Tools) -> None:
    host = Hour()
    Pulse(tools, host).beat()

    for _ in range(5):
        host.at += LEAST
        Pulse(tools, host).beat()

    assert found(tools) == []


def test_between_two_beats_the_database_is_left_alone(tools: Tools) -> None:
    host = Hour()
    pulse = Pulse(tools, host)
    pulse.beat()

    host.at += timedelta(hours=1)
    pulse.beat()

    assert found(tools) == []
