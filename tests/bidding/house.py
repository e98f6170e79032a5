"""Bidding as a service on one directory, with a clock that the test sets: given commands, and told by the registry."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from services.bidding import BOOKS, LINE, views
from services.bidding.domain.state import Accepting, Announced
from services.bidding.handlers import BiddingPort
from shared.kernel.message import Command, Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import write
from shared.kernel.request import Actor, Arrival
from shared.law.calendar import parse_year
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.calls import Told
from shared.runtime.handling import Handled
from shared.runtime.tools import Tools
from shared.store import journal
from shared.store.database import Database
from shared.store.migrate import migrate
from tests.bidding import drafts
from tests.bidding import factories as make


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
