"""What bidding adds to the handling of its commands: facts and secrets, receipts, and what it learns from others."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import shake_256
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from services.bidding import BOOKS, LINE, covers, disclosing, running, sanctioned, seating, staff, views
from services.bidding.covers import seed_of
from services.bidding.domain.ceremony_events import KeyCollectionStarted, KeysCollected, OpeningStarted
from services.bidding.domain.commands import (
    AwardTender,
    CloseReception,
    DeliverSealed,
    EndKeyCollection,
    NoteDisclosure,
    NoteWitness,
    PublishTender,
    RecordUnsealing,
    RecountDeadlines,
)
from services.bidding.domain.committee.commands import FormCommittee, ReplaceMember
from services.bidding.domain.events import ReceptionClosed, SealedReceived, TenderAnnounced
from services.bidding.domain.facts import Facts, Secrets, hidden_upload
from services.bidding.domain.law import LAW
from services.bidding.domain.remedies.messages import AnswerObjection, DecideComplaint, TerminateTender
from services.bidding.domain.result.messages import DropCandidate
from services.bidding.domain.rows import Checkpoint, Covers
from services.bidding.domain.state import Announced, Awarded, Contracted, Drafted, Publicised
from services.bidding.linking import linked
from services.bidding.unsealing import CHECK, OPENED, TO_OPEN, read_results, unsealed_bid
from shared.kernel.canonical import parse_instant
from shared.kernel.message import Command, Event, Message
from shared.kernel.record import Record
from shared.kernel.request import Arrival
from shared.law.rulebook import compile_rulebook
from shared.platform import keys
from shared.procedure.books import NoSuchBook
from shared.runtime.tools import Tools
from shared.seal.covers import commitment
from shared.seal.faults import NotOpenable
from shared.seal.keys import hpke_public, new_hpke_key
from shared.seal.receipt import issue_receipt
from shared.seal.sealed import Submit, open_meaning, sealed_bytes
from shared.seal.wire import SealError, text
from shared.store import calendars, rulebooks, work
from shared.store.blobs import BlobStore
from shared.store.database import Connection
from shared.store.vault import Vault

SHANGHAI = ZoneInfo("Asia/Shanghai")
AWAITING_WITNESS = "awaiting-witness"
WITNESSED = "witnessed"
LONGEST_AFTER = max(int(clause.value) for clause in LAW["OUTAGE"])
"""For how many hours after an outage a deadline is extended, by the most generous version of its clause."""


class BiddingPort:
    """Bidding's side of the kernel. Everything it returns is stored with the decision, but for the secrets."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self._vault = Vault(tools.keyring.fernet(keys.vault(LINE.name)))
        self._made = lru_cache(maxsize=256)(self._make)  # every delivery needs them
        self._receipts = text(tools.keyring.secret(keys.RECEIPTS))
        self._registry_key = tools.keyring.public_text(keys.CREDENTIALS)
        self._blobs = BlobStore(tools.settings.data / "blobs")
        with tools.database.write() as connection:
            calendars.seed(connection)

    def facts(self, connection: Connection, arrival: Arrival, command: Command, state: Any) -> tuple[Message, Any]:
        """Return what a decision may rely on, and the tender's secret where it needs it."""
        stream = arrival.stream
        if isinstance(state, Announced):
            _shelve(connection, state)
        match command:
            case _ if staff.is_removed(connection, arrival.actor):
                facts, secrets = Facts(removed=True), None
            case PublishTender(bids_due=due):
                facts, secrets = self._for_publishing(connection, arrival, state, due), None
            case DeliverSealed() if isinstance(state, Announced):
                secrets = self._secrets(connection, stream)
                silence = running.silence(connection, arrival, state)
                facts = self._for_delivery(arrival, command, secrets).model_copy(update={"silence": silence})
            case CloseReception() | EndKeyCollection():
                facts = Facts(silence=running.silence(connection, arrival, state))
                secrets = self._secrets(connection, stream) if isinstance(command, CloseReception) else None
            case AwardTender() | DropCandidate() if isinstance(state, Publicised | Awarded | Contracted):
                facts, secrets = sanctioned.facts(connection, state), None
            case TerminateTender() | AnswerObjection() | DecideComplaint():
                facts, secrets = Facts(), self._secrets(connection, stream)
            case _:
                facts, secrets = self._brought_together(connection, command, stream), None
        return facts, secrets

    def _brought_together(self, connection: Connection, command: Command, stream: str) -> Facts:
        match command:
            case NoteWitness():
                kept = work.get(connection, WITNESSED, stream)
                return Facts() if kept is None else Facts(witness=Checkpoint.model_validate_json(kept))
            case RecordUnsealing():
                kept = work.get(connection, OPENED, stream)
                return Facts() if kept is None else Facts(unsealed=tuple(map(unsealed_bid, read_results(kept))))
            case NoteDisclosure():
                return disclosing.facts(connection, stream)
            case FormCommittee() | ReplaceMember():
                return seating.facts(connection, command, stream)
            case RecountDeadlines(year=year):
                known = calendars.current(connection).years.get(year)
                return Facts() if known is None else Facts(calendar_year=BOOKS.put_year(known))
            case _:
                return Facts()

    def project(self, connection: Connection, record: Record, event: Event, state: Any) -> None:
        """Bring the query tables up to an event, and note what is to be done because of it."""
        views.project(connection, record, event, state)
        running.note_left(connection, record.stream, state)
        covers.follow(connection, event, state)
        match event:
            case TenderAnnounced() if isinstance(state, Announced):
                with suppress(NoSuchBook):  # what cannot be made again yet is tried at the next command
                    _shelve(connection, state)
            case OpeningStarted():
                work.put(connection, AWAITING_WITNESS, record.stream, str(record.position).encode())
            case KeyCollectionStarted():
                work.drop(connection, AWAITING_WITNESS, record.stream)
            case ReceptionClosed():
                covers.end(connection, record.stream)
                work.put(connection, CHECK, record.stream)
            case KeysCollected():
                work.put(connection, TO_OPEN, record.stream)
            case _:
                pass

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        """Return the signed receipt (回执) of a sealed message that is recorded."""
        if not isinstance(event, SealedReceived):
            return ()
        receipt = issue_receipt(
            self._receipts,
            service=record.service,
            procedure=record.stream,
            token=event.token,
            sealed=sealed_bytes(event.sealed),
            received_at=event.received_at,
            position=record.position,
            record_digest=record.digest,
        )
        return (receipt.model_dump(mode="json"),)

    def learn(self, connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        """Take in whom the registry disclosed, which calendar it published, and which outage was declared here."""
        match record.type:
            case "registry.credentials_disclosed.v1":
                return disclosing.learn(connection, record)
            case "registry.calendar_published.v1":
                return _published(connection, record)
            case "bidding.outage_declared.v1":
                return _fell_out(connection, record)
            case _:
                staff.learn(connection, record)
                seating.learn(connection, record)
                sanctioned.learn(connection, record)
                return ()

    def hear(self, connection: Connection, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Take in a witnessed checkpoint: the openings that it covers may go on."""
        if key != "audit.checkpoint_witnessed":
            return []
        if len(set(said["witnesses"])) < max(1, self.tools.settings.witnesses_needed):
            return []
        covered = int(said["heads"].get(LINE.name, 0))
        waiting = work.of_kind(connection, AWAITING_WITNESS)
        streams = [stream for stream, position in waiting.items() if int(position) <= covered]
        seen = {name: said[name] for name in ("origin", "size", "root")} | {"cosignatures": said["witnesses"]}
        for stream in streams:
            work.put(connection, WITNESSED, stream, orjson.dumps(seen))
        return [(stream, {"type": "bidding.note_witness"}) for stream in streams]

    def _for_publishing(self, connection: Connection, arrival: Arrival, state: Any, due: datetime) -> Facts:
        day = arrival.received_at.astimezone(SHANGHAI).date()
        known = calendars.current(connection)
        made = compile_rulebook(LINE.name, day, LAW, known)
        rulebook, calendar = rulebooks.keep(connection, BOOKS, made, known)
        public = hpke_public(str(self._secrets(connection, arrival.stream).meaning_key))
        return Facts(
            rulebook=rulebook,
            calendar=calendar,
            meaning_public_key=public,
            linked=linked(connection, state.draft) if isinstance(state, Drafted) else (),
            operators=self.tools.settings.operator_parties,
            covers=self._covers(arrival, due),
            admission_salt=text(keys.derived(self._secret, "admission-salt", arrival.stream)),
        )

    def _for_delivery(self, arrival: Arrival, command: DeliverSealed, secrets: Secrets) -> Facts:
        """Who stands behind a token is not known here: that it is not suspended, its credential says.

        What stood against it at the close of reception, the registry discloses at the opening.
        """
        key = str(secrets.meaning_key)
        uploaded = hidden_upload(key, arrival.id, complete=self._is_complete(arrival, command, key))
        return Facts(registry_key=self._registry_key, not_suspended=True, uploaded=uploaded)

    def _is_complete(self, arrival: Arrival, command: DeliverSealed, key: str) -> bool:
        """Whether the body that a submission names is stored in full; true for everything that names none."""
        try:
            meaning = open_meaning(key, arrival.stream, arrival.actor.account, sealed_bytes(command.sealed))
        except (NotOpenable, SealError):
            return True
        return not isinstance(meaning, Submit) or self._blobs.has(
            meaning.envelope.body.sha256, meaning.envelope.body.size
        )

    def _secrets(self, connection: Connection, stream: str) -> Secrets:
        """Return a tender's meaning key: made from the vault's key and its name, so that it is lost with no database.

        One that was drawn at random and put into the vault, before it was so, stays that tender's.
        """
        kept = self._vault.get(connection, _meaning(stream))
        made = self._made(stream)
        return made if kept is None else replace(made, meaning_key=text(kept))

    def _covers(self, arrival: Arrival, due: datetime) -> Covers | None:
        made = commitment(arrival.stream, seed_of(self._secret, arrival.stream))
        return covers.promised(made, self.tools.settings.covers, due - arrival.received_at)

    @property
    def _secret(self) -> bytes:
        return self.tools.keyring.secret(keys.vault(LINE.name))

    def _make(self, stream: str) -> Secrets:
        seed = keys.derived(self._secret, "meaning-key", stream)
        made = new_hpke_key(lambda size: shake_256(seed).digest(size))
        return Secrets(meaning_key=made, cover_seed=text(seed_of(self._secret, stream)))


def _shelve(connection: Connection, state: Announced) -> None:
    """Put on the shelf what a tender is held under; a rulebook that was lost with a database is compiled again."""
    name = state.tender.rulebook
    try:
        rulebooks.shelve(connection, BOOKS, name, state.published)
    except NoSuchBook:
        known = calendars.current(connection)
        made = compile_rulebook(LINE.name, state.tender.announced_at.astimezone(SHANGHAI).date(), LAW, known)
        if made.digest != name:
            raise
        rulebooks.keep(connection, BOOKS, made, known)
        rulebooks.shelve(connection, BOOKS, name, state.published)


def _published(connection: Connection, record: Record) -> list[tuple[str, dict[str, Any]]]:
    """Keep a published calendar year: what is announced from now on is under it, and what runs is counted again."""
    year = calendars.keep(connection, str(record.data["body"]).encode(), int(record.data["revision"])).year
    command = {"type": "bidding.recount_deadlines", "year": year}
    return [(stream, command) for stream in running.in_year(connection, year)]


def _fell_out(connection: Connection, record: Record) -> list[tuple[str, dict[str, Any]]]:
    """Extend each tender whose deadline the outage may have fallen on; how far, its own rulebook says."""
    told = {name: record.data[name] for name in ("starts", "until", "notice")}
    command = {"type": "bidding.extend_after_outage", "outage": record.stream, **told}
    first, last = parse_instant(told["starts"]), parse_instant(told["until"]) + timedelta(hours=LONGEST_AFTER)
    region = str(record.actor.get("region", ""))  # a county acts on its own tenders, a city on those of its counties
    return [(stream, command) for stream in running.due_between(connection, first, last, region)]


def _meaning(stream: str) -> str:
    return f"meaning-{stream}"
