"""Tables and queries of lots: the public list, and each lot as it stands for who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, MetaData

from shared.kernel.canonical import instant
from shared.kernel.line import Line
from shared.kernel.message import Event
from shared.kernel.record import Record, read
from shared.kernel.request import Actor
from shared.platform.door import Query
from shared.procedure.asking import is_own
from shared.procedure.books import Books
from shared.procedure.lot.after.shown import refund, sale
from shared.procedure.lot.asking import ground_of
from shared.procedure.lot.disclosing import PreDisclosed
from shared.procedure.lot.events import (
    BidPlaced,
    DepositRecorded,
    LotAnnounced,
    NoticeSupplemented,
    RequestRefused,
)
from shared.procedure.lot.judged.seen import reads_offers
from shared.procedure.lot.live import phase, standing_at, standstill, times_at
from shared.procedure.lot.lot import RulesOf
from shared.procedure.lot.seen import OFFICE, WATCH
from shared.procedure.lot.state import OVER, Drafted, Lot, LotState
from shared.procedure.lot.values import Draft
from shared.procedure.lot.warnings import alarms
from shared.runtime.listed import PublicList, Told, events_told, rulebook_text, stream_of
from shared.runtime.lots import paid
from shared.runtime.queries import Answering, nothing_there, watchers_only
from shared.runtime.tools import Tools
from shared.store import journal, rulebooks
from shared.store.folds import Folds
from shared.store.states import At

metadata = MetaData()

LIST = PublicList(metadata, "lot", ("kind", "way", "seller", "starts_at", "ends_at"))
procedure, document = LIST.procedure, LIST.document
payment = paid.make_table(metadata)

FREQUENT = (BidPlaced, RequestRefused)
"""The events that the public list does not follow: what a lot stands at, its page and its live feed say."""


def project(connection: Connection, record: Record, event: Event, state: LotState) -> None:
    """Bring the public list up to an event that moves the lot on."""
    if isinstance(event, DepositRecorded):
        paid.keep(connection, payment, event.payment, record.stream)
    if isinstance(event, PreDisclosed):
        LIST.make_public(connection, record.stream, {item.sha256 for item in event.documents})
        _list(connection, record.stream, event.draft, "pre_disclosed", (event.at, event.at, event.at))
    if isinstance(event, FREQUENT) or not isinstance(state, Lot):
        return
    announced = state.announced
    if isinstance(event, LotAnnounced):
        LIST.make_public(connection, record.stream, {item.sha256 for item in announced.terms.documents})
    if isinstance(event, NoticeSupplemented):
        LIST.make_public(connection, record.stream, {item.sha256 for item in event.documents})
    times = announced.announced_at, state.times.starts_at, state.times.ends_at
    _list(connection, record.stream, announced.draft, phase(state), times)


def _list(
    connection: Connection, stream: str, draft: Draft, phase_: str, times: tuple[datetime, datetime, datetime]
) -> None:
    """Put a lot on the public list, or anew; `times` are those of its notice, and of its bidding and phase."""
    row = {
        "phase": phase_,
        "title": draft.title,
        "region": draft.region,
        "kind": draft.kind,
        "way": draft.way,
        "seller": draft.seller.name,
        **dict(zip(("announced_at", "starts_at", "ends_at"), map(instant, times), strict=True)),
    }
    LIST.put(connection, stream, row)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A lot as it stands, and what one asker may be told of it."""

    state: LotState
    told: tuple[Told, ...]


class LotViews:
    """The queries of one line of lots."""

    def __init__(self, line: Line, books: Books, rules_of: RulesOf) -> None:
        self._line, self._books, self._rules_of, self._folds = line, books, rules_of, Folds(line)

    @property
    def queries(self) -> Mapping[str, Answering]:
        """The queries by name."""
        return {
            "procedures": LIST.page,
            "procedure": self.show,
            "history": self.history,
            "live": self.live,
            "rulebook": self.rulebook,
            "alarms": self.alarms,
            "document": LIST.is_document,
            "bids": self.bids,
        }

    def load(self, connection: Connection, stream: str, actor: Actor) -> Loaded:
        """Return a lot for who asks. Raise NotFound if there is none, or nothing of it to be told."""
        state = self.known(connection, stream, actor).state
        told = (Told(read(raw), self._line.event_of(raw)) for raw in journal.bytes_of_stream(connection, stream))
        seen = tuple(item for item in told if self._line.tells(item.record, item.event, actor, state))
        if not seen:
            raise nothing_there()
        return Loaded(state, seen)

    def known(self, connection: Connection, stream: str, actor: Actor) -> At:
        """Return how a lot stands for who may know of it. Raise NotFound."""
        at = self._folds.at(connection, stream)
        if at.version == 0 or not self._line.knows(actor, at.state):
            raise nothing_there()
        return at

    def show(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return a lot's page: its phase, its terms, what leads, and what the asker has done in it."""
        stream = stream_of(query)
        state = self.known(connection, stream, query.actor).state
        return {"procedure": stream, "line": self._line.name, **page(state, query.actor)}

    def live(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return what everyone is shown of an announced lot, as of which version, and the asker's own number if any.

        The version is for the door, which compares it with what it hears, and shows it to nobody.
        """
        at = self.known(connection, stream_of(query), query.actor)
        if not isinstance(at.state, Lot):
            raise nothing_there()
        own = at.state.bidders.get(query.actor.account)
        return {"version": at.version, "standing": standing_at(at.state), "own": own.number if own else None}

    def history(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return the events that the asker may see, oldest first, without their numbers."""
        loaded = self.load(connection, stream_of(query), query.actor)
        return events_told(loaded.told)

    def bids(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return whether the asker is given the documents of opened offers: who judges, who sells and who watches."""
        state = self.known(connection, stream_of(query), query.actor).state
        return {"given": reads_offers(self._line.standing(query.actor, state), state)}

    def alarms(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return what whoever watches a lot is warned of."""
        loaded = self.load(connection, stream_of(query), query.actor)
        if self._line.standing(query.actor, loaded.state) not in WATCH:
            raise watchers_only()
        if not isinstance(loaded.state, Lot):
            return {"alarms": []}
        announced = loaded.state.announced
        rulebooks.shelve(connection, self._books, announced.rulebook, loaded.state.published)
        ground = ground_of(loaded.state, self._rules_of(announced.draft.kind), self._books)
        told = [(item.record.at, item.event) for item in loaded.told]
        return {"alarms": [alarm.model_dump(mode="json") for alarm in alarms(told, loaded.state, ground, query.at)]}

    def rulebook(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return the rulebook that a lot is held under and the calendar files that it pins, as their exact text."""
        state = self.known(connection, stream_of(query), query.actor).state
        return rulebook_text(connection, self._line.rulebook(state))

    def entitled(self, _tools: Tools, connection: Connection, query: Query, stream: str) -> bool:
        """Whether the asker may have the stream with its key, once bidding is over; each record goes by role (`gives`).

        With the key one can count a stream's leaves. Where that would tell how many bid in secret, and of a lot that
        was ended early how many had applied, the offices alone have it.
        """
        state = self.known(connection, stream, query.actor).state
        if not isinstance(state, Lot) or state.phase not in OVER:
            return False
        is_public = state.phase != "ended" and state.announced.draft.way != "tender"
        return is_public or self._line.standing(query.actor, state) in {*OFFICE, "system"}


def page(state: LotState, actor: Actor) -> dict[str, Any]:
    """Return what a lot's page shows of it."""
    if isinstance(state, Drafted):
        is_its = actor.role == "system" or is_own(actor, state.owner, state.draft.seller)
        draft = state.draft if is_its else state.disclosed or state.draft
        return {"phase": phase(state), "draft": draft.model_dump(mode="json")}
    if not isinstance(state, Lot):
        return {"phase": phase(state)}
    own = state.bidders.get(actor.account)
    shown: dict[str, Any] = {
        "phase": phase(state),
        "announcement": state.announced.model_dump(mode="json", exclude={"type"}),
        "now": standing_at(state),
        "times": times_at(state),
        "standstill": standstill(state),
        "sale": sale(state),
    }
    if own is not None:
        shown["own"] = {"number": own.number, "admitted": own.admitted, "deposit_fen": own.deposit_fen}
        shown["own"]["refund"] = refund(state, own)
    return shown
