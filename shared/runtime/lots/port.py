"""What a line of lots adds to the handling of its commands: the law of the day, numbers, readings, the proxy key."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from hashlib import shake_256
from typing import Any

from shared.kernel.line import Line
from shared.kernel.message import Command, Event, Message
from shared.kernel.record import Record
from shared.kernel.request import Arrival
from shared.law.findings import day_of
from shared.law.rulebook import compile_rulebook
from shared.platform import keys
from shared.procedure.books import Books, NoSuchBook
from shared.procedure.lot.after.commands import NoteIdentities, RecountDeadlines
from shared.procedure.lot.after.events import IdentityNoted
from shared.procedure.lot.asking import Facts, Secrets
from shared.procedure.lot.commands import (
    AnnounceLot,
    Apply,
    ChangeStep,
    KeepTime,
    PlaceBid,
    RecordDeposit,
    SetProxy,
    Terminate,
)
from shared.procedure.lot.disclosing import PreDisclose
from shared.procedure.lot.judged.commands import ReplaceMember, ScoreOffers, SeatCommittee
from shared.procedure.lot.named import NamePrice
from shared.procedure.lot.sealed.commands import GivePriceKey, HandIn
from shared.procedure.lot.state import Drafted, Lot
from shared.procedure.lot.values import Document, Reading
from shared.runtime.lots import hearing, paid, views
from shared.runtime.tools import Tools
from shared.seal.keys import hpke_public, new_hpke_key
from shared.seal.wire import text
from shared.store import calendars, health, rulebooks, work
from shared.store.blobs import BlobStore
from shared.store.database import Connection

NEED_SECRET = (PlaceBid, SetProxy, NamePrice, HandIn, ChangeStep, KeepTime, Terminate)
"""The commands whose decision may read maxima of proxies or what was handed in, or release the key."""


class LotPort:
    """A line's side of the kernel. Everything it returns is stored with the decision, but for the secrets."""

    def __init__(self, line: Line, books: Books, law: Mapping[str, Any], tools: Tools) -> None:
        self._line, self._books, self._law, self._tools = line, books, law, tools
        self._secret = lru_cache(maxsize=256)(self._make)
        with tools.database.write() as connection:
            calendars.seed(connection)

    def facts(  # noqa: PLR0911 - one return a command
        self, connection: Connection, arrival: Arrival, command: Command, state: Any
    ) -> tuple[Message, Any]:
        """Return what a decision may rely on, and the lot's proxy key where it may need it."""
        if isinstance(state, Lot):
            self._shelve(connection, state)
        secrets = Secrets(self._secret(arrival.stream)) if isinstance(command, NEED_SECRET) else None
        match command:
            case AnnounceLot() | PreDisclose():
                return self._for_announcing(connection, arrival, state), None
            case Apply():
                return Facts(random=text(self._tools.random_bytes(32))), None
            case KeepTime():
                return Facts(reading=self._reading(connection)), secrets
            case RecordDeposit(payment=payment):
                other = paid.another(connection, views.payment, payment, arrival.stream)
                return Facts(paid_for=other), None
            case NoteIdentities():
                return Facts(identities=hearing.identities(connection, arrival.stream)), None
            case GivePriceKey(documents=documents) if documents:
                return Facts(missing=tuple(one.sha256 for one in documents if not self._is_there(one))), None
            case SeatCommittee() | ReplaceMember() | ScoreOffers():
                return Facts(members=hearing.members(connection, command, arrival.actor.account)), None
            case RecountDeadlines(year=year):
                known = calendars.current(connection).years.get(year)
                return Facts(calendar_year=None if known is None else self._books.put_year(known)), None
            case _:
                return Facts(), secrets

    def project(self, connection: Connection, record: Record, event: Event, state: Any) -> None:
        """Bring the query tables up to an event."""
        views.project(connection, record, event, state)
        if not isinstance(event, views.FREQUENT):
            hearing.note_running(connection, record.stream, state)
        if isinstance(event, IdentityNoted):
            work.drop(connection, hearing.HELD, record.stream)

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        """Return nothing: a bid is public at once, and its outcome names its record."""
        del record, event
        return ()

    def learn(self, connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        """Take in which calendar the registry published, and who stands behind the tokens of a lot."""
        return hearing.learn(connection, self._line.name, record)

    def hear(self, connection: Connection, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Take in nothing else."""
        del connection, key, said
        return ()

    def _for_announcing(self, connection: Connection, arrival: Arrival, state: Any) -> Facts:
        known = calendars.current(connection)
        made = compile_rulebook(self._line.name, day_of(arrival.received_at), self._law, known)
        rulebook, calendar = rulebooks.keep(connection, self._books, made, known)
        named = state.draft.attempt_of if isinstance(state, Drafted) else None
        return Facts(
            rulebook=rulebook,
            calendar=calendar,
            proxy_key=hpke_public(self._secret(arrival.stream)),
            attempt=None if named is None else hearing.attempt(connection, self._line, named),
        )

    def _is_there(self, document: Document) -> bool:
        return BlobStore(self._tools.settings.data / "blobs").has(document.sha256, document.size)

    def _reading(self, connection: Connection) -> Reading | None:
        found = health.reading(connection, self._tools.machine.now())
        return None if found is None else Reading(**asdict(found))

    def _shelve(self, connection: Connection, lot: Lot) -> None:
        """Put on the shelf what a lot is held under; a rulebook that was lost with a database is compiled again."""
        name = lot.announced.rulebook
        with suppress(NoSuchBook):
            rulebooks.shelve(connection, self._books, name, lot.published)
            return
        known = calendars.current(connection)
        made = compile_rulebook(self._line.name, day_of(lot.announced.announced_at), self._law, known)
        if made.digest != name:
            raise NoSuchBook(f"no rulebook with digest {name}")
        rulebooks.keep(connection, self._books, made, known)

    def _make(self, stream: str) -> str:
        """Return a lot's private proxy key: made from the vault's key and its name, so that no database loses it."""
        seed = keys.derived(self._tools.keyring.secret(keys.vault(self._line.name)), "proxy-key", stream)
        return new_hpke_key(lambda size: shake_256(seed).digest(size))
