"""Bidding as a service while calendars change: published ones are learnt, installed ones replaced, tenders go on."""

import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from services.bidding import BOOKS, LINE, views
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.money.messages import RecordRefund
from services.bidding.domain.state import Accepting, Announced, Failed
from services.bidding.handlers import BiddingPort
from services.bidding.pages import page
from shared.kernel.canonical import instant
from shared.kernel.message import Command, Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import write
from shared.kernel.request import SYSTEM, Actor, Arrival
from shared.law.calendar import packaged, parse_year
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.calls import Told
from shared.runtime.handling import Handled
from shared.runtime.tools import Tools
from shared.store import calendars, journal
from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.tables import quarantine
from tests.bidding import drafts, money
from tests.bidding import factories as make
from tests.bidding.notices import published_file
from tests.bidding.play import OPENING


class Hour:
    simulated = True

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class House:
    """Bidding on one directory, started as often as a test likes."""

    def __init__(self, data: Path) -> None:
        names = [keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.EVENTS, keys.vault("bidding")]
        keys.Keyring(data / "keys").make(names, os.urandom)
        self.tools = Tools("bidding", Settings(data=data))
        self.tools.database.close()
        self.tools.database = Database(f"sqlite:///{data / 'bidding.db'}")
        self.hour = Hour(make.ANNOUNCED)
        self.tools.clock = self.hour
        migrate(self.tools.database, views=views.metadata)
        self.start()

    def start(self) -> None:
        """Start as a new process does, with nothing on the shelf."""
        for shelf in (BOOKS._rulebooks, BOOKS._years, BOOKS._made):
            shelf.clear()
        self.handled = Handled(LINE, self.tools, BiddingPort(self.tools))

    def give(self, command: Command, actor: Actor = make.AGENCY, *, stream: str = "t1") -> Outcome:
        """Return the outcome of a command; anything else is a fault."""
        arrival = Arrival(
            id=os.urandom(8).hex(),
            stream=stream,
            actor=actor,
            received_at=self.hour.at,
            command=command.model_dump(mode="json"),
        )
        (outcome,) = self.handled._handle([arrival])
        assert isinstance(outcome, Outcome), outcome
        return outcome

    def announce(self, stream: str = "t1") -> Announced:
        """Announce a tender and return its state."""
        self.give(drafts.draft_tender(), stream=stream)
        assert self.give(drafts.publish_tender(), stream=stream).refusal is None
        announced: Announced = self.state(Accepting, stream)
        return announced

    def learn(self, body: bytes, *, revision: int = 1, position: int = 1) -> None:
        """Hear that the registry published a calendar year."""
        year = parse_year(body)
        event = CalendarPublished(year=year.year, revision=revision, digest=year.digest, body=body.decode())
        record = write(
            service="registry", position=position, stream=f"calendar-{year.year}", version=revision, id=f"e{position}",
            event=event, at=self.hour.at, received_at=self.hour.at, actor=make.OPERATOR, command_id="c",
            command_digest="0" * 64, cause=None, rulebook=None, salt=bytes(32),
        )  # fmt: skip
        self.handled.learn([Told(event.type, {"kind": "record"}, record.raw)])

    def types(self, stream: str = "t1") -> list[str]:
        """Return the events of a tender, short."""
        with self.tools.database.read() as connection:
            return [item.record.type.split(".")[1] for item in journal.of_stream(connection, stream)]

    def state(self, phase: Any, stream: str = "t1") -> Any:
        """Return the state of a tender, which must be of this phase."""
        with self.tools.database.read() as connection:
            events = [LINE.event(item.record) for item in journal.of_stream(connection, stream)]
        state = LINE.decider.replay(events)
        assert isinstance(state, phase), state
        return state


class CalendarPublished(Event):
    """The registry's event as it is told to bidding."""

    type: str = "registry.calendar_published.v1"
    year: int
    revision: int
    digest: str
    body: str


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.tools.database.close()


NOTICE = published_file(off=[date(2027, 1, 4)])
CORRECTION = published_file(off=[date(2027, 1, 4), date(2027, 1, 5)])


def test_running_tenders_are_counted_again_once_and_ended_ones_are_not(house: House) -> None:
    for stream in ("t1", "t2", "t3"):
        house.announce(stream)
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM, stream="t3")

    house.learn(NOTICE)
    house.learn(NOTICE)

    told = ["tender_drafted", "tender_announced", "deadlines_recounted"]
    assert [house.types(stream) for stream in ("t1", "t2")] == [told, told]
    assert house.state(Failed, "t3").published == ()
    assert house.state(Accepting).published == (parse_year(NOTICE).digest,)


def refund_due(house: House) -> str:
    """Return by when a deposit is to go back, as its tender's page says."""
    with house.tools.database.read() as connection:
        told = [(item.record, LINE.event(item.record)) for item in journal.of_stream(connection, "t1")]
        sections = page(connection, LINE.decider.replay(event for _, event in told), told)
    (refund,) = sections["refunds_due"]
    return str(refund["due"])


def test_a_tender_that_failed_is_counted_again_as_long_as_a_deposit_is_to_go_back(house: House) -> None:
    for stream in ("t1", "t2"):
        house.give(drafts.draft_tender(), stream=stream)
        house.give(drafts.publish_tender(money={"deposit": money.DEPOSIT}), stream=stream)
    house.hour.at = money.PAID
    for stream in ("t1", "t2"):
        house.give(money.record(make.CRANE), make.OPERATOR, stream=stream)
    house.hour.at = OPENING
    for stream in ("t1", "t2"):
        house.give(CloseReception(), SYSTEM, stream=stream)
    paid = RecordRefund(
        token=make.CRANE.token, number=1, paid_fen=money.AMOUNT, paid_at=OPENING, statement=money.STATEMENT
    )
    assert house.give(paid, make.OPERATOR, stream="t2").refusal is None

    before = refund_due(house)

    house.learn(published_file(2026, off=[date(2026, 12, 28), date(2026, 12, 29)]))

    assert len(house.state(Failed, "t1").published) == 1
    assert house.state(Failed, "t2").published == ()
    assert before == instant(make.beijing(29))  # the fifth day, Sunday 27 December, moves to Monday
    assert refund_due(house) == instant(make.beijing(31))


def test_what_is_announced_afterwards_is_under_the_published_calendar(house: House) -> None:
    before = house.announce("t1")
    house.learn(NOTICE)

    after = house.announce("t2")

    assert house.types("t2") == ["tender_drafted", "tender_announced"]
    assert BOOKS.law(after.tender.rulebook, after.tender.calendar).calendar.years[2027] == parse_year(NOTICE)
    assert BOOKS.law(before.tender.rulebook, before.tender.calendar).calendar.years[2027].provisional


def test_of_revisions_that_arrive_in_any_order_the_last_counts(house: House) -> None:
    house.announce()

    house.learn(CORRECTION, revision=2, position=2)
    house.learn(NOTICE, revision=1, position=1)

    assert house.state(Accepting).published == (parse_year(CORRECTION).digest,)
    with house.tools.database.read() as connection:
        assert calendars.current(connection).years[2027] == parse_year(CORRECTION)


def test_a_published_calendar_is_known_after_a_new_start(house: House) -> None:
    house.announce()
    house.learn(NOTICE)

    house.start()
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM)

    assert house.types()[-2:] == ["reception_closed", "tender_failed"]
    assert house.state(Failed).published == (parse_year(NOTICE).digest,)


def test_an_upgrade_of_the_installed_files_breaks_no_running_tender(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = house.announce()
    files = tuple(NOTICE if parse_year(body).year == 2027 else body for body in packaged())

    monkeypatch.setattr(calendars, "packaged", lambda: files)
    house.start()
    after = house.announce("t2")
    house.hour.at = OPENING
    house.give(CloseReception(), SYSTEM)

    assert house.types()[-2:] == ["reception_closed", "tender_failed"]
    assert before.tender.calendar != after.tender.calendar
    assert BOOKS.law(before.tender.rulebook, before.tender.calendar).calendar.years[2027].provisional
    assert not BOOKS.law(after.tender.rulebook, after.tender.calendar).calendar.years[2027].provisional


def test_one_broken_tender_holds_up_no_other(house: House) -> None:
    house.announce("t1")
    house.announce("t2")
    with house.tools.database.write() as connection:
        connection.execute(insert(quarantine).values(stream="t1", reason="test"))

    house.learn(NOTICE)

    assert house.types("t1")[-1] == "tender_announced"
    assert house.types("t2")[-1] == "deadlines_recounted"
