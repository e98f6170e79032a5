"""Land on a database of its own, as it runs there, with the door that signs what it is asked."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import orjson

from services.land import LINE
from services.land.handlers import land_port
from services.registry import LINE as REGISTRY
from shared.kernel.message import Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import Record, write
from shared.kernel.request import SYSTEM, Actor, Arrival
from shared.platform import keys
from shared.platform.door import Door
from shared.platform.settings import Settings
from shared.procedure.lot.messages import LotCommand
from shared.runtime.calls import Asked, Told
from shared.runtime.handling import Handled
from shared.runtime.lots import views
from shared.runtime.tools import Tools
from shared.store import journal
from shared.store.database import Database
from shared.store.migrate import migrate
from tests.lot import factories as make


class StillClock:
    simulated = True
    at = make.ANNOUNCED

    def now(self) -> datetime:
        return self.at


class GivenTools(Tools):
    """The tools of a service whose randomness is given to it."""

    def __init__(self, name: str, settings: Settings, random_bytes: Callable[[int], bytes]) -> None:
        super().__init__(name, settings)
        self._random_bytes = random_bytes

    def random_bytes(self, count: int) -> bytes:
        return self._random_bytes(count)


class Hall:
    """Land on one database, with the door that signs what it is asked."""

    def __init__(
        self, data: Path, database: Database | None = None, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        keys.Keyring(data / "keys").make([keys.DOOR, keys.EVENTS, keys.vault("land")], os.urandom)
        database = database or Database(f"sqlite:///{data / 'land.db'}")
        migrate(database, views=views.metadata)
        self.tools = GivenTools("land", Settings(data=data), random_bytes)
        self.tools.database.close()
        self.tools.database = database
        self.clock = StillClock()
        self.tools.clock = self.clock
        self.door = Door(self.tools.keyring.signing(keys.DOOR))
        self.handled = Handled(LINE, self.tools, land_port(self.tools))
        self.given = 0

    def give(self, command: LotCommand, actor: Actor = make.AGENCY, stream: str = make.STREAM) -> Outcome:
        """Return the outcome of a command; a lot's commands are said in the line's own words."""
        self.given += 1
        body = {"type": f"land.{type(command).NAME}", **command.model_dump(mode="json")}
        arrival = Arrival(id=f"c{self.given}", stream=stream, actor=actor, received_at=self.clock.at, command=body)
        (answer,) = self.handled.answer([Asked(**self.door.command(arrival))])
        return Outcome.model_validate_json(orjson.dumps(answer["outcome"]))

    def records(self, stream: str = make.STREAM) -> list[Record]:
        with self.tools.database.read() as connection:
            return [written.record for written in journal.of_stream(connection, stream)]

    def types(self, stream: str = make.STREAM) -> list[str]:
        return [record.type for record in self.records(stream)]

    def hear(self, event: Event, position: int) -> None:
        """Let the line hear an event of the registry's."""
        record = write(
            service="registry", position=position, stream="any", version=1, id=f"e{position}", event=event,
            at=self.clock.at, received_at=self.clock.at, actor=SYSTEM, command_id="c", command_digest="0" * 64,
            cause=None, rulebook=None, salt=b"s" * 32,
        )  # fmt: skip
        assert REGISTRY.event_of(record.raw) == event
        self.handled.learn([Told(record.type, {"kind": "record"}, record.raw)])
