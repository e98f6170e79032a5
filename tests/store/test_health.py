"""How old the last round trip is, and since when they come without a gap; on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.store import health
from shared.store.database import Database
from shared.store.health import Reading
from shared.store.migrate import migrate
from tests.servers.postgres import Postgres
from tests.store import till
from tests.store.till import AT

REAL = AT + timedelta(days=100)
"""Real time, far from the installation's, which is simulated."""

FRESH = int(health.FRESH / timedelta(milliseconds=1))


class WayContract:
    """Inherited once per database."""

    database: Database

    def beat(self, ms: int, *, took: int | None = 500, now: datetime = AT) -> bool:
        """Take in a probe `ms` after the beginning, which brings an echo back that was made `took` earlier."""
        real = REAL + timedelta(milliseconds=ms)
        came = None if took is None else real - timedelta(milliseconds=took)
        with self.database.write() as connection:
            return health.beat(connection, f"echo {ms}", came, now_real=real, now=now)

    def reading(self, ms: int) -> Reading | None:
        with self.database.read() as connection:
            return health.reading(connection, REAL + timedelta(milliseconds=ms))

    def test_where_nothing_came_round_there_is_no_reading_but_a_echo_to_tell(self) -> None:
        assert self.beat(0, took=None) is False

        assert self.reading(1) is None
        with self.database.read() as connection:
            assert health.echo(connection) == "echo 0"

    def test_the_first_that_comes_round_begins_the_time_without_a_gap(self) -> None:
        assert self.beat(1000) is True

        assert self.reading(1200) == Reading(700, AT)

    def test_a_reading_is_as_old_as_the_echo_to_the_millisecond_upwards(self) -> None:
        self.beat(1000, took=0)

        with self.database.read() as connection:
            assert health.reading(connection, REAL + timedelta(microseconds=2_000_001)) == Reading(1001, AT)

    @pytest.mark.parametrize(("pause", "is_gap"), [(FRESH, False), (FRESH + 1, True)])
    def test_a_gap_is_longer_than_two_seconds(self, pause: int, is_gap: bool) -> None:
        later = AT + timedelta(seconds=3)
        self.beat(0, took=0)

        assert self.beat(pause, took=0, now=later) is is_gap

        assert self.reading(pause) == (Reading(0, later, AT) if is_gap else Reading(0, AT))

    @pytest.mark.parametrize(("took", "shows"), [(FRESH, True), (FRESH + 1, False)])
    def test_a_echo_that_was_under_way_for_longer_shows_nothing(self, took: int, shows: bool) -> None:
        assert self.beat(0, took=took) is shows
        assert self.reading(0) == (Reading(took, AT) if shows else None)

    def test_probes_that_bring_nothing_back_let_the_reading_grow_old(self) -> None:
        self.beat(0, took=0)
        for ms in range(500, 5000, 500):
            self.beat(ms, took=None)

        assert self.reading(5000) == Reading(5000, AT, AT)

    def test_a_gap_is_known_from_the_echo_before_it_while_it_lasts_and_afterwards(self) -> None:
        hour = timedelta(hours=1)
        self.beat(500, took=500, now=AT + timedelta(seconds=1))
        last = AT + timedelta(milliseconds=500)

        during = self.reading(60_000)
        self.beat(90_000, took=0, now=AT + hour)
        self.beat(90_500, took=0, now=AT + 2 * hour)

        assert during == Reading(60_000, AT + timedelta(seconds=1), last)
        assert self.reading(90_600) == Reading(100, AT + hour, last)

    def test_an_older_echo_from_another_door_takes_nothing_back(self) -> None:
        self.beat(0, took=100)
        self.beat(10, took=1500)

        assert self.reading(10) == Reading(110, AT)

    def test_an_installations_clock_that_jumps_weeks_makes_no_gap(self) -> None:
        self.beat(0)
        for ms, weeks in ((500, 4), (1000, 4), (1500, 60)):
            assert self.beat(ms, now=AT + timedelta(weeks=weeks)) is False

        assert self.reading(1600) == Reading(600, AT)

    def test_a_machine_whose_clock_was_set_back_has_no_good_reading_until_probes_come_round_again(self) -> None:
        self.beat(3_600_000, took=0)

        before = self.reading(0)
        ends_gap = self.beat(500, now=AT + timedelta(seconds=1))

        assert before == Reading(3_600_000, AT, AT)
        assert ends_gap
        assert self.reading(500) == Reading(500, AT + timedelta(seconds=1), AT)


class TestOnSqlite(WayContract):
    @pytest.fixture(autouse=True)
    def _made(self, tmp_path: Path) -> Iterator[None]:
        self.database = Database(f"sqlite:///{tmp_path / 'till.db'}")
        migrate(self.database, views=till.metadata)
        yield
        self.database.close()


class TestOnPostgres(WayContract):
    @pytest.fixture(autouse=True)
    def _made(self, postgres: Postgres) -> Iterator[None]:
        self.database = Database(postgres.fresh_database())
        migrate(self.database, views=till.metadata)
        yield
        self.database.close()
