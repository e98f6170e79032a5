"""An office at work on a real database: commands through the handler, queries through the views."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.registry import LINE, views
from services.registry.domain.commands import BootstrapOperator
from services.registry.handlers import KEYS_COLLECTED, RegistryPort
from shared.kernel.message import Command, Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import Record, write
from shared.kernel.request import SYSTEM, Actor, Arrival
from shared.platform import keys
from shared.platform.door import Door, Query
from shared.platform.settings import Settings
from shared.runtime.calls import Asked, Told, reply_body
from shared.runtime.handling import Handled
from shared.runtime.queries import journal_queries
from shared.runtime.tools import Tools
from shared.runtime.views import Viewed
from shared.seal.credential import Credential
from shared.seal.keys import new_signing_key, signing_public
from shared.store import journal, tables
from shared.store.database import Database
from shared.store.migrate import migrate
from tests.registry.world import AT, OPERATOR, SUPERVISOR, key, open_account, register, stream_of

ONE_TIME = signing_public(new_signing_key(lambda count: bytes(range(count))))


class StillClock:
    simulated = True

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> datetime:
        return self.at


class Office:
    """The registry on one database, with the door that signs what it is asked."""

    def __init__(self, data: Path, database: Database) -> None:
        settings = Settings(data=data)
        keys.Keyring(data / "keys").make(
            [keys.DOOR, keys.TOKENS, keys.CREDENTIALS, keys.EVENTS, keys.vault("registry")], os.urandom
        )
        migrate(database, views=views.metadata)
        self.tools = Tools("registry", settings)
        self.tools.database.close()
        self.tools.database = database
        self.clock = StillClock()
        self.tools.clock = self.clock
        self.door = Door(self.tools.keyring.signing(keys.DOOR))
        self.handled = Handled(LINE, self.tools, RegistryPort(self.tools))
        self.viewed = Viewed(self.tools, {**journal_queries(views.entitled), **views.QUERIES})
        self.ids = iter(range(1_000_000))

    def give(self, command: Command, actor: Actor = OPERATOR, *, stream: str = "") -> Outcome:
        """Return the outcome of a command."""
        (outcome,) = self.give_all([command], actor, stream=stream)
        return outcome

    def give_all(self, batch: Sequence[Command], actor: Actor = OPERATOR, *, stream: str = "") -> list[Outcome]:
        """Return the outcomes of commands that come in one batch."""
        arrivals = [
            Arrival(
                id=f"c{next(self.ids)}",
                stream=stream or stream_of(command),
                actor=actor,
                received_at=self.clock.at,
                command=command.model_dump(mode="json"),
            )
            for command in batch
        ]
        answers = self.handled.answer([Asked(**self.door.command(arrival)) for arrival in arrivals])
        return [Outcome.model_validate_json(orjson.dumps(answer["outcome"])) for answer in answers]

    def ask(self, name: str, /, actor: Actor = SUPERVISOR, at: datetime | None = None, **arguments: Any) -> Any:
        """Return the whole answer to a query, as it comes out of the broker."""
        query = Query(name=name, arguments=arguments, actor=actor, at=at or self.clock.at)
        return orjson.loads(reply_body(self.viewed.answer(Asked(**self.door.query(query)))))["result"]

    def everything(self) -> str:
        """Return all that the database holds, column by column, as text."""
        rows: list[str] = []
        with self.tools.database.read() as connection:
            for table in (*views.metadata.tables.values(), *tables.metadata.tables.values()):
                rows += [" ".join(map(_text, row)) for row in connection.execute(table.select())]
        return "\n".join(rows)


def bidder(office: Office, number: int, identifier: Any) -> tuple[Actor, str]:
    """Register a party with one bidder's account; return the account and the party's stream."""
    party = office.give(register(identifier, name=f"第{number}工程有限公司")).stream
    office.give(open_account(f"bidder-{number}", party=party, public_key=key(100 + number)))
    return Actor(account=f"bidder-{number}", role="bidder", region="370502", party=party), party


def asked(office: Office, actor: Actor, tender: str = "T1", **of_lot: Any) -> Any:
    """Return the whole answer to who asks for a credential."""
    return office.ask("issue_credential", actor, tender=tender, public_key=ONE_TIME, **of_lot)


def credential(office: Office, actor: Actor, tender: str, **of_lot: Any) -> Credential:
    return Credential.model_validate(asked(office, actor, tender, **of_lot)["answer"])


def records(office: Office, stream: str) -> list[Record]:
    with office.tools.database.read() as connection:
        return [written.record for written in journal.of_stream(connection, stream)]


class Collected(Event):
    """As much of bidding's event as the registry reads."""

    type: str = KEYS_COLLECTED
    bids: tuple[dict[str, Any], ...]


def keys_collected(*tokens: str, tender: str = "T1", position: int = 7) -> Told:
    """Return bidding's word that a tender's keys are collected, as the broker brings it."""
    bids = tuple({"bid": f"b{number}", "token": token, "fault": None} for number, token in enumerate(tokens))
    record = write(
        service="bidding", position=position, stream=tender, version=9, id=f"e{position}", event=Collected(bids=bids),
        at=AT, received_at=AT, actor=SYSTEM, command_id="c", command_digest="0" * 64, cause=None, rulebook=None,
        salt=b"s" * 32,
    )  # fmt: skip
    return Told(KEYS_COLLECTED, {"kind": "record"}, record.raw)


class OfficeCases:
    """Cases that are given an office with one operator; the module that inherits them gives its `database`."""

    @pytest.fixture
    def office(self, tmp_path: Path, database: Database) -> Iterator[Office]:
        office = Office(tmp_path, database)
        office.give(BootstrapOperator(account="op-1", public_key=key(50)), SYSTEM)
        yield office
        database.close()


def _text(value: Any) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
