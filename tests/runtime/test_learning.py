"""An event whose effect keeps failing here is set aside with an alarm; those behind it are learnt, and it is kept."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from shared.kernel.message import Command, Message
from shared.kernel.record import Record, write
from shared.kernel.request import SYSTEM, Arrival
from shared.messaging.lane import Hold
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime import learning
from shared.runtime.again import handled_of
from shared.runtime.calls import Told
from shared.runtime.handling import Handled
from shared.runtime.install import install
from shared.runtime.tools import Tools
from shared.store import journal
from shared.store.migrate import migrate
from shared.store.tables import aside, inbox
from tests.store import till
from tests.store.till import AT


class Port(till.Port):
    """Closes a till of the event's own name; `ill` names the streams on which every command fails for now."""

    def __init__(self) -> None:
        self.ill: set[str] = set()
        self.unreadable: set[str] = set()
        self.database_away = False

    def facts(self, connection: Connection, arrival: Arrival, command: Command, state: Any) -> tuple[Message, Any]:
        if arrival.stream in self.ill:
            raise ZeroDivisionError
        return super().facts(connection, arrival, command, state)

    def learn(self, connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        if self.database_away:
            raise OperationalError("SELECT 1", {}, ConnectionError())
        if record.stream in self.unreadable:
            raise KeyError(record.stream)
        return [(record.stream, {"type": "till.close_till"})]

    def hear(self, connection: Connection, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        return [(str(said["stream"]), {"type": "till.close_till"})]


class Desk:
    def __init__(self, data: Path) -> None:
        keys.Keyring(data / "keys").make([keys.DOOR, keys.EVENTS, keys.vault("till")], os.urandom)
        (data / "db").mkdir(exist_ok=True)
        self.tools = Tools("till", Settings(data=data))
        migrate(self.tools.database, views=till.metadata)
        self.port = Port()
        self.handled = Handled(till.LINE, self.tools, self.port)

    def learn(self, *batch: Told) -> int:
        """Let the lane bring a batch until it is taken; return how often it was held."""
        for held in range(100):
            try:
                self.handled.learn(batch)
            except Hold:
                continue
            return held
        raise AssertionError("held for ever")

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        with self.tools.database.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def closed(self) -> list[str]:
        with self.tools.database.read() as connection:
            return [item.record.stream for item in journal.positions(connection, 1, 100)]

    @property
    def aside(self) -> list[tuple[Any, ...]]:
        return self.rows(select(aside.c.service, aside.c.position, aside.c.cause))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.tools.database.close()


def told(position: int, stream: str) -> Told:
    record = write(
        service="other",
        position=position,
        stream=stream,
        version=1,
        id=f"e{position}",
        event=till.TillClosed(),
        at=AT,
        received_at=AT,
        actor=SYSTEM,
        command_id=f"c{position}",
        command_digest="0" * 64,
        cause=None,
        rulebook=None,
        salt=bytes(32),
    )
    return Told("other.x.v1", {"kind": "record"}, record.raw)


def news(stream: str) -> Told:
    return Told("other.news", {"kind": "news"}, b'{"stream":"%s"}' % stream.encode())


def test_a_poisoned_event_stops_those_behind_it_a_few_times_and_no_longer(desk: Desk) -> None:
    desk.port.ill.add("poison")

    with capture_logs() as logs:
        held = desk.learn(told(1, "before"), told(2, "poison"), told(3, "behind"), news("heard"))

    assert held == learning.ATTEMPTS - 1
    assert desk.closed() == ["before", "behind", "heard"]
    assert desk.aside == [("other", 2, "NoEffect")]
    assert sorted(desk.rows(select(inbox.c.position))) == [(1,), (2,), (3,)]
    assert [entry["log_level"] for entry in logs if entry["event"] == "event_set_aside"] == ["critical"]


def test_an_event_that_this_service_cannot_read_is_set_aside_too(desk: Desk) -> None:
    desk.port.unreadable.add("odd")

    desk.learn(told(1, "odd"), told(2, "behind"))

    assert desk.closed() == ["behind"]
    assert desk.aside == [("other", 1, "KeyError")]


def test_what_was_set_aside_has_its_effect_once_when_the_fault_is_mended(desk: Desk) -> None:
    desk.port.ill.add("poison")
    desk.learn(told(1, "poison"))
    left_ill = desk.handled.learn_again()
    desk.port.ill.clear()

    left = desk.handled.learn_again()
    desk.handled.learn_again()
    desk.learn(told(1, "poison"))

    assert (left_ill, left) == (1, 0)
    assert desk.closed() == ["poison"]
    assert desk.aside == []


def test_it_is_tried_again_by_itself_when_the_service_starts_anew(desk: Desk, tmp_path: Path) -> None:
    desk.port.ill.add("poison")
    desk.learn(told(1, "poison"))
    again = Desk(tmp_path)

    again.learn(told(2, "next"))

    assert (again.closed(), again.aside) == (["poison", "next"], [])
    again.tools.database.close()


def test_an_operator_finds_every_service_that_learns(tmp_path: Path) -> None:
    given = Settings(data=tmp_path)
    install(given)

    assert [handled_of(name, given).learn_again() for name in ("bidding", "registry")] == [0, 0]
    with pytest.raises(LookupError):
        handled_of("audit", given)


def test_while_the_database_is_away_nothing_is_set_aside_however_long_it_takes(desk: Desk) -> None:
    desk.port.database_away = True
    for _ in range(3 * learning.ATTEMPTS):
        with pytest.raises(Hold):
            desk.handled.learn([told(1, "t1")])
    desk.port.database_away = False

    desk.learn(told(1, "t1"))

    assert (desk.closed(), desk.aside) == (["t1"], [])


def test_news_that_cannot_have_its_effect_is_passed_over(desk: Desk) -> None:
    desk.port.ill.add("poison")

    with capture_logs() as logs:
        desk.learn(news("poison"), news("behind"))

    assert desk.closed() == ["behind"]
    assert [entry["log_level"] for entry in logs if entry["event"] == "news_passed_over"] == ["critical"]
