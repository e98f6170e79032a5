"""An installation with a till and an audit, asked through the door: what the portal sees of the audit."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from services.audit.views import QUERIES
from shared.kernel.line import Line
from shared.kernel.outcome import Outcome
from shared.kernel.record import Record
from shared.kernel.request import Actor, Arrival, Role
from shared.ledger.keys import ED25519, Signer
from shared.platform import keys
from shared.platform.door import Door, Query
from shared.platform.settings import load
from shared.runtime.calls import Asked
from shared.runtime.tools import Tools
from shared.runtime.views import Viewed
from shared.store import journal
from shared.store.database import Database
from shared.store.handle import Handler
from shared.store.migrate import migrate
from shared.store.tables import command
from tests.audit.house import ORIGIN, House
from tests.audit.journal import Message
from tests.store import till
from tests.store.contract import StillClock


def hides_coins_while_open(event: Any, role: Role, state: Any) -> bool:
    """Whether a role may see an event: coins are nobody's business while the till is open, as sealed bids are."""
    return role == "system" or not isinstance(event, till.CoinPut) or not state.open


TILL: Line = replace(till.LINE, visible=hides_coins_while_open)


class Bureau:
    """One installation, on SQLite, without a broker; its clock stands still until it is set."""

    def __init__(self, data: Path, witnesses: Sequence[str] = (), quorum: int | None = None) -> None:
        settings = load(data=data, origin=ORIGIN, witnesses=tuple(witnesses), quorum=quorum)
        keyring = keys.Keyring(data / "keys")
        keyring.make([keys.DOOR, keys.LEDGER, keys.EVENTS], Random(1).randbytes)
        self.clock = StillClock()
        self.tools = Tools("audit", settings)
        self.tools.clock = self.clock
        self.door = Door(keyring.signing(keys.DOOR))
        self.viewed = Viewed(self.tools, QUERIES)
        signer = Signer(ORIGIN, ED25519, keyring.secret(keys.LEDGER))
        self.house = House(data, self.tools.database, witnesses, signer)
        self.till = Database(f"sqlite:///{data / 'till.db'}")
        migrate(self.till, views=till.metadata)
        self.handler = Handler(TILL, self.till, till.Port(), clock=self.clock, random_bytes=Random(2).randbytes)
        self.relayed = 0

    def close(self) -> None:
        self.till.close()
        self.tools.database.close()

    def do(self, *arrivals: Arrival) -> None:
        """Let the till decide commands."""
        assert all(isinstance(result, Outcome) for result in self.handler.handle(arrivals))

    def relay(self) -> None:
        """Bring what is new in the till's journal to the audit, and let a second go by."""
        with self.till.read() as connection:
            written = journal.positions(connection, self.relayed + 1, 10_000)
        self.relayed += len(written)
        self.house.take(message_of(item.record, item.leaf) for item in written)
        self.house.second()

    def ask(self, name: str, role: Role = "public", account: str = "someone", /, **arguments: Any) -> dict[str, Any]:
        """Return the audit's answer to a query that the door signed."""
        query = Query(name=name, arguments=arguments, actor=Actor(account=account, role=role), at=self.clock.now())
        answer = self.viewed.answer(Asked(**self.door.query(query)))
        assert answer is not None
        return answer

    def told(self, name: str, role: Role = "public", account: str = "someone", /, **arguments: Any) -> dict[str, Any]:
        """Return the answer where there is one."""
        told: dict[str, Any] = self.ask(name, role, account, **arguments)["answer"]
        return told

    def refusal(self, name: str, role: Role = "public", /, **arguments: Any) -> str:
        """Return the code of the refusal where there is one."""
        return str(self.ask(name, role, **arguments)["refusal"]["code"])

    def stream_key(self, stream: str) -> bytes:
        with self.till.read() as connection:
            return journal.stream_keys(connection, [stream])[stream]

    def requests(self, stream: str) -> list[dict[str, Any]]:
        """Return the stored requests of a stream as the service's query `requests` gives them."""
        columns = select(command.c.version, command.c.id, command.c.request).where(command.c.stream == stream)
        with self.till.read() as connection:
            rows = connection.execute(columns.order_by(command.c.version)).all()
        return [{"version": row.version, "id": row.id, "request": b64encode(row.request).decode()} for row in rows]


def message_of(record: Record, leaf: bytes) -> Message:
    return Message(record.type, {"kind": "record", "leaf": leaf.decode()}, record.raw)
