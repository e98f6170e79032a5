"""A service takes no commands while its journal is behind the ledger, and goes on when the records are back."""

import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Connection, select
from structlog.testing import capture_logs

from shared.kernel.record import Record
from shared.kernel.request import Actor
from shared.messaging.lane import Hold
from shared.platform import keys
from shared.platform.door import Door, Query
from shared.platform.settings import Settings
from shared.runtime import guarding
from shared.runtime.calls import Asked
from shared.runtime.handling import Handled
from shared.runtime.queries import journal_queries
from shared.runtime.tools import Tools
from shared.runtime.views import Viewed
from shared.store import journal, timers
from shared.store.migrate import migrate
from shared.store.tables import aside, inbox
from tests.runtime.test_learning import told
from tests.store import till
from tests.store.contract import StillClock
from tests.store.till import AT, asked

SYSTEM = Actor(account="system", role="system")


class Port(till.Port):
    def learn(self, connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        return [(record.stream, {"type": "till.close_till"})]

    def hear(self, connection: Connection, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        return []


class Desk:
    """A till in one process; `again` is another process of it on the same database."""

    def __init__(self, data: Path) -> None:
        self.data = data
        keys.Keyring(data / "keys").make([keys.DOOR, keys.EVENTS, keys.vault("till")], os.urandom)
        self.door = Door(keys.Keyring(data / "keys").signing(keys.DOOR))
        self.clock = StillClock()
        self.tools = Tools("till", Settings(data=data))
        self.tools.clock = self.clock
        migrate(self.tools.database, views=till.metadata)
        self.handled = self.again()

    def again(self) -> Handled:
        return Handled(till.LINE, self.tools, Port())

    def put(self, name: str, to: Handled | None = None) -> str:
        """Put a coin in, and return what kind of answer there was."""
        signed = self.door.command(asked(name))
        (answer,) = (to or self.handled).answer([Asked(**signed)])
        refusal = answer["outcome"]["refusal"]
        return "granted" if refusal is None else str(refusal["code"])

    def position(self) -> int:
        with self.tools.database.read() as connection:
            return journal.last_position(connection)

    def behind(self) -> Any:
        viewed = Viewed(self.tools, journal_queries(lambda *_: True), "till")
        query = Query(name="behind", arguments={}, actor=SYSTEM, at=self.clock.now())
        return viewed.answer(Asked(**self.door.query(query)))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.put("first")
    made.put("second")
    yield made
    made.tools.database.close()


def test_a_journal_that_is_level_or_ahead_is_taken_from(desk: Desk) -> None:
    desk.handled.guard.hear(1)
    ahead = desk.put("third")
    desk.handled.guard.hear(3)
    level = desk.put("fourth")

    assert (ahead, level) == ("granted", "granted")
    assert desk.behind() == {"answer": {"behind": False}}


def test_a_journal_that_is_behind_by_one_takes_nothing(desk: Desk) -> None:
    desk.handled.guard.hear(3)

    with capture_logs() as logs:
        answers = [desk.put("third"), desk.put("third")]

    assert answers == ["not_yet", "not_yet"]
    assert desk.position() == 2
    assert desk.behind() == {"answer": {"behind": True}}
    assert logs == []  # it was said when it was heard


def test_the_alarm_is_given_once_and_the_end_is_told(desk: Desk) -> None:
    with capture_logs() as logs:
        for _ in range(3):
            desk.handled.guard.hear(3)
            desk.put("third")
        with desk.tools.database.write() as connection:
            connection.exec_driver_sql("UPDATE head SET position = 3")
        desk.handled.guard.hear(3)
        desk.handled.guard.hear(3)

    told_of = [(item["event"], item["log_level"]) for item in logs if "journal" in item["event"]]
    assert told_of == [
        ("commands_stopped_journal_behind", "critical"),
        ("commands_go_on_journal_level", "info"),
    ]


def test_the_refusal_says_what_to_do_in_both_languages(desk: Desk) -> None:
    desk.handled.guard.hear(3)

    refusal = desk.handled.guard.refusal()

    assert refusal is not None
    assert "ggzy recover" in refusal.zh
    assert "nothing was lost" in refusal.en


def test_who_starts_anew_knows_that_it_is_behind_without_news(desk: Desk) -> None:
    desk.handled.guard.hear(3)

    assert desk.put("third", desk.again()) == "not_yet"


def test_what_the_ledger_held_once_is_not_taken_back(desk: Desk) -> None:
    desk.handled.guard.hear(3)
    desk.handled.guard.hear(1)

    assert desk.put("third") == "not_yet"


def test_timers_wait_and_are_not_lost(desk: Desk) -> None:
    desk.handled.answer([Asked(**desk.door.command(asked("sets-a-timer", 7)))])
    desk.handled.guard.hear(9)
    desk.clock.at = AT + timedelta(days=2)

    with pytest.raises(Hold, match="ggzy recover"):
        desk.handled.due()

    assert timers.next_due(desk.tools.database) == AT + timedelta(days=1)
    assert desk.position() == 3


def test_an_event_of_another_is_held_however_often_and_never_set_aside(desk: Desk) -> None:
    desk.handled.guard.hear(3)

    for _ in range(20):
        with pytest.raises(Hold, match="ggzy recover"):
            desk.handled.learn([told(1, "t1")])
    with pytest.raises(Hold, match="ggzy recover"):
        desk.handled.give("t1", {"type": "till.close_till"}, "cause")

    with desk.tools.database.read() as connection:
        assert connection.execute(select(aside)).all() == connection.execute(select(inbox)).all() == []


def test_a_start_waits_for_the_news_and_no_longer_than_its_patience(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "PATIENCE", 0.2)
    desk.handled.guard.begin()
    began = monotonic()

    with capture_logs() as logs:
        answer = desk.put("third")
    waited = monotonic() - began
    again = monotonic()
    desk.put("fourth")

    assert answer == "granted"
    assert waited >= 0.2
    assert monotonic() - again < 0.2
    assert [item["event"] for item in logs] == ["ledger_head_unknown"]


def test_a_start_that_has_heard_does_not_wait(desk: Desk) -> None:
    desk.handled.guard.begin()
    desk.handled.guard.hear(2)
    began = monotonic()

    assert desk.put("third") == "granted"
    assert monotonic() - began < guarding.PATIENCE / 2


def test_a_new_installation_does_not_wait_but_an_empty_journal_beside_a_ledger_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "PATIENCE", 0.2)
    desk = Desk(tmp_path)

    new = waited(desk.again())
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "checkpoint").write_text("signed\n")
    beside = waited(desk.again())
    desk.tools.database.close()

    assert new < 0.2 <= beside


def waited(handled: Handled) -> float:
    """Return how many seconds the first command of a process waits."""
    handled.guard.begin()
    began = monotonic()
    assert handled.guard.refusal() is None
    return monotonic() - began
