"""A service takes in probes on the way of its commands, and believes only what its own echoes show."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from shared.kernel.request import Actor
from shared.platform.door import Probe, Query
from shared.platform.echo import LONGEST_ECHO, Echoes
from shared.runtime.calls import Asked, Probed
from shared.runtime.queries import journal_queries
from shared.runtime.views import Viewed
from shared.store import health, journal, tables
from shared.store.health import Reading
from tests.runtime.test_guarding import SYSTEM, Desk
from tests.store.contract import StillClock
from tests.store.till import AT, asked


class Way(Desk):
    """A till whose real time tests move."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.machine = self.tools.machine = StillClock(AT + timedelta(days=9))

    def probed(self, echo: str = "", service: str = "till") -> Probed:
        return Probed(**self.door.probe(Probe(service=service, echo=echo)))

    def probe(self, echo: str = "", *, after_ms: int = 0) -> str:
        """Let a probe come with an echo; return the echo that is told then."""
        self.machine.at += timedelta(milliseconds=after_ms)
        self.handled.answer([self.probed(echo)])
        return self.told()

    def told(self) -> str:
        with self.tools.database.read() as connection:
            return health.echo(connection)

    def reading(self) -> Reading | None:
        with self.tools.database.read() as connection:
            return health.reading(connection, self.machine.now())


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    way = Way(tmp_path)
    yield way
    way.tools.database.close()


def test_a_echo_that_comes_back_is_as_old_as_the_whole_way_took(way: Way) -> None:
    echo = way.probe()
    before = way.reading()
    way.probe(echo, after_ms=700)

    assert (before, way.reading()) == (None, Reading(700, AT))


def test_probes_and_commands_of_one_batch_are_each_answered_in_their_place(way: Way) -> None:
    signed = [Asked(**way.door.command(asked(name))) for name in ("a", "b")]

    answers = way.handled.answer([way.probed(), signed[0], way.probed(), signed[1]])

    assert [answer.get("outcome", {}).get("id") for answer in answers] == [None, "a", None, "b"]


def test_probes_leave_no_record_and_no_command(way: Way) -> None:
    echo = ""
    for _ in range(5):
        echo = way.probe(echo, after_ms=500)

    with way.tools.database.read() as connection:
        assert journal.last_position(connection) == 0
        assert connection.execute(select(func.count()).select_from(tables.command)).scalar_one() == 0
        assert connection.execute(select(func.count()).select_from(tables.health)).scalar_one() == 1
    assert len(echo) <= LONGEST_ECHO


def test_what_somebody_else_made_of_a_echo_is_worth_nothing(way: Way) -> None:
    echo = way.probe()
    made = Echoes(b"k" * 32).make(way.machine.now())
    later = echo.replace(echo[:26], made[:26])

    for forged in ("", "x", "é.é", made, later[:-1], echo.upper()):
        way.probe(forged, after_ms=1)

    assert way.reading() is None


@pytest.mark.parametrize("other", ["registry", "till2"])
def test_a_probe_for_another_service_is_none(way: Way, other: str) -> None:
    way.handled.answer([way.probed(service=other)])

    assert way.told() == ""


def test_a_probe_that_the_door_did_not_sign_is_none(way: Way) -> None:
    echo, signed = way.probe(), way.probed()

    way.handled.answer([Probed(signed.asked.replace('"echo":""', f'"echo":"{echo}"'), signed.signature)])

    assert (way.reading(), way.told()) == (None, echo)


def test_an_old_probe_given_again_makes_no_reading_younger(way: Way) -> None:
    old = way.probed(way.probe())
    way.handled.answer([old])

    way.machine.at += timedelta(seconds=30)
    way.handled.answer([old])

    assert way.reading() == Reading(30_000, AT, AT)


def test_nothing_comes_round_while_the_journal_is_behind_the_ledger(way: Way) -> None:
    echo = way.probe()
    way.handled.guard.hear(9)

    way.probe(echo, after_ms=500)

    assert (way.reading(), way.told()) == (None, echo)


def test_the_platform_itself_is_told_the_reading(way: Way) -> None:
    viewed = Viewed(way.tools, journal_queries(lambda *_: False), "till")

    def told(who: Actor) -> Any:
        signed = way.door.query(Query(name="round_trip", actor=who, at=way.clock.now()))
        return viewed.answer(Asked(**signed))

    before = told(SYSTEM)
    way.probe(way.probe(), after_ms=600)

    assert before == {"answer": {"round_trip": None}}
    came = {"age_ms": 600, "mended_at": "2026-12-01T01:00:00.000000Z"}
    assert told(SYSTEM) == {"answer": {"round_trip": came}}
    assert told(Actor(account="sue", role="supervisor"))["refusal"]["code"] == "not_entitled"
