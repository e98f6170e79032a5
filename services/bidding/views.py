"""Queries about tenders: the public list as a table, and each tender folded from its records for who asks."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, String, Table, delete, insert, select

from services.bidding import BOOKS, LINE, links
from services.bidding.asked import OfDocument, OfPage, OfProcedure
from services.bidding.covers import due as due_covers
from services.bidding.domain.access.seen import is_before_a_tender, offices
from services.bidding.domain.alarms import alarms as warn
from services.bidding.domain.audiences import WATCH
from services.bidding.domain.committee.seen import withholds
from services.bidding.domain.documents.messages import TenderClarified
from services.bidding.domain.events import ReceptionClosed, TenderAnnounced
from services.bidding.domain.money.seen import concerned
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import (
    Accepting,
    Announced,
    Collecting,
    Contracted,
    Drafted,
    Failed,
    Outage,
    TenderState,
    Unborn,
    Unsealing,
    is_secret_who_bids,
)
from services.bidding.domain.visible import addressee, knows, opening_is_over, reads_bids, standing, visible
from services.bidding.pages import SECTIONS, admission, page
from shared.kernel.canonical import instant
from shared.kernel.errors import NotEntitled, NotFound
from shared.kernel.message import Event
from shared.kernel.record import Record, read
from shared.kernel.request import Actor
from shared.platform.door import Query
from shared.runtime.queries import Answering, arguments, nothing_there
from shared.store import journal, rulebooks

if TYPE_CHECKING:
    from shared.runtime.handling import Tools

metadata = links.metadata

procedure = Table(
    "procedure",
    metadata,
    Column("stream", String, primary_key=True),
    Column("announced_at", String, nullable=False, index=True),
    Column("phase", String, nullable=False),
    Column("title", String, nullable=False),
    Column("region", String, nullable=False),
    Column("category", String, nullable=False),
    Column("buyer", String, nullable=False),
    Column("bids_due", String, nullable=False),
    comment="What the public list shows of each announced tender; rebuilt from the journal.",
)

document = Table(
    "document",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("stream", String, primary_key=True),
    comment="The documents of announced tenders; rebuilt from the journal.",
)

_ONE_AT_A_TIME = threading.Lock()

PAGE = 50
MOVING = frozenset(SECTIONS) | {
    "bidding.reception_closed.v1",
    "bidding.keys_collected.v1",
    "bidding.tender_clarified.v1",
    "bidding.deadline_moved.v1",
}
"""The events after which the public list is written anew."""


def project(connection: Connection, record: Record, event: Event, state: TenderState) -> None:
    """Bring the public list up to an event that moves the tender on; what is received leaves no trace in it."""
    if record.type not in MOVING or not isinstance(state, Announced):
        return
    tender = state.tender
    if isinstance(event, TenderAnnounced):
        links.keep(connection, record.stream, event)
        _make_public(connection, record.stream, {item.sha256 for item in tender.terms.documents})
    if isinstance(event, TenderClarified):
        _make_public(connection, record.stream, {item.sha256 for item in event.changed})
    connection.execute(delete(procedure).where(procedure.c.stream == record.stream))
    row = {
        "stream": record.stream,
        "announced_at": instant(tender.announced_at),
        "phase": phase(state),
        "title": tender.draft.title,
        "region": tender.draft.region,
        "category": tender.draft.category,
        "buyer": tender.draft.buyer.name,
        "bids_due": instant(tender.terms.bids_due),
    }
    connection.execute(insert(procedure).values(**row))


def _make_public(connection: Connection, stream: str, digests: set[str]) -> None:
    known = select(document.c.sha256).where(document.c.stream == stream, document.c.sha256.in_(digests))
    new = digests - set(connection.execute(known).scalars())
    if new:
        connection.execute(insert(document), [{"sha256": sha256, "stream": stream} for sha256 in new])


def phase(state: TenderState) -> str:
    """Return the name of a state's phase, as commands and pages use it."""
    return type(state).__name__.lower()


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a tender as one asker may be told it."""

    record: Record
    event: Event


@dataclass(frozen=True, slots=True)
class Tender:
    """A tender as it stands, and what one asker may be told of it."""

    state: TenderState
    told: tuple[Told, ...]


def load(connection: Connection, stream: str, actor: Actor) -> Tender:
    """Return a tender for who asks. Raise NotFound if there is none, or nothing of it to be told.

    One at a time: many sealed messages of many tenders are not held in memory side by side.
    """
    with _ONE_AT_A_TIME:
        stored = journal.bytes_of_stream(connection, stream)
        events = [LINE.event_of(raw) for raw in stored]
        state = LINE.decider.replay(events)
        told = (Told(read(raw), event) for raw, event in zip(stored, events, strict=True))
        seen = tuple(item for item in told if may_see(item, actor, state)) if knows(actor, state) else ()
    if not seen:
        raise nothing_there()
    return Tender(state, seen)


def may_see(item: Told, actor: Actor, state: TenderState) -> bool:
    """Whether an asker may be told an event: by its standing, or because it is its own doing or about it."""
    about = {item.record.actor["account"], addressee(item.event), *concerned(item.event)}
    return actor.account in about or visible(item.event, standing(actor, state), state)


def procedures(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return a page of the public list, newest first; `after` is the cursor that the page before gave."""
    after = arguments(OfPage, query).after
    wanted = select(procedure).order_by(procedure.c.announced_at.desc(), procedure.c.stream).limit(PAGE + 1)
    if after is not None:
        at, _, stream = after.partition(" ")
        older = (procedure.c.announced_at == at) & (procedure.c.stream > stream)
        wanted = wanted.where((procedure.c.announced_at < at) | older)
    rows = [{str(name): value for name, value in row.items()} for row in connection.execute(wanted).mappings()]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return {"procedures": rows[:PAGE], "after": last and f"{last['announced_at']} {last['stream']}"}


def show(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return a tender's page: its phase and what has been made known to who asks."""
    stream = _stream(query)
    tender = load(connection, stream, query.actor)
    sections = page(connection, tender.state, [(item.record, item.event) for item in tender.told])
    sections |= links.ties(connection, procedure, tender.state) | admission(query.actor, tender.state)
    return {"procedure": stream, "phase": phase(tender.state), **sections}


def history(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return the events that the asker may see, oldest first. Their numbers stay away: gaps would tell of others."""
    tender = load(connection, _stream(query), query.actor)
    events = [
        {"type": item.record.type, "at": instant(item.record.at), "data": item.record.data} for item in tender.told
    ]
    return {"events": events}


def alarms(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return what whoever watches a tender is warned of when it asks, each with its article."""
    tender = load(connection, _stream(query), query.actor)
    if standing(query.actor, tender.state) not in WATCH:
        raise NotEntitled("仅限监督部门和运营机构", "for the supervisor and the operator only")
    if not isinstance(tender.state, Announced):
        return {"alarms": []}
    rulebooks.shelve(connection, BOOKS, tender.state.tender.rulebook, tender.state.published)
    told = [(item.record.at, item.event) for item in tender.told]
    found = warn(told, tender.state, law_of(tender.state, BOOKS), query.at)
    return {"alarms": [alarm.model_dump(mode="json") for alarm in found]}


def opening(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return the opening: its clocks while it goes on, and the opening record once it is completed."""
    shown = show(_tools, connection, query)
    kept = ("procedure", "phase", "opening", "key_collection", "opening_record", "failure")
    return {name: shown[name] for name in kept if name in shown}


def envelopes(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return the envelopes of the standing bids, for the authorities to open their shares of."""
    tender = load(connection, _stream(query), query.actor)
    if standing(query.actor, tender.state) not in {"authority", "agency", "supervisor", "operator"}:
        raise NotEntitled("只有持有密钥份额的机构可以取得密封信封", "only the authorities are given the envelopes")
    closed = next((item.event for item in tender.told if isinstance(item.event, ReceptionClosed)), None)
    if closed is None:
        raise NotFound("投标尚未截止", "reception is not closed yet")
    return {"bids": [bid.model_dump(mode="json") for bid in closed.bids]}


def rulebook(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return the rulebook that a tender is held under and the calendar files that it pins, as their exact text."""
    tender = load(connection, _stream(query), query.actor)
    body = rulebooks.body_of(connection, tender.state.tender.rulebook) if isinstance(tender.state, Announced) else None
    if body is None:
        raise NotFound("该项目尚未公告", "the tender is not announced yet")
    years = rulebooks.years_of(connection, body).values()
    return {"rulebook": body.decode(), "calendars": [year.decode() for year in years]}


def entitled(_tools: "Tools", connection: Connection, query: Query, stream: str) -> bool:
    """Whether the asker may have the whole stream with its key.

    Nobody while bids are received, for with the key one can count a stream's leaves in the public log; and nobody
    while keys are collected and bodies opened, for the records hold what was handed in (电子招标投标办法 第三十条);
    of one terminated before its deadline the supervisor alone;
    nor while a committee is at work, whose members score alone and are not named. Otherwise the offices have it, and
    everyone once the tender has ended; who applied before a tender is not public.
    """
    state = load(connection, stream, query.actor).state
    if isinstance(state, Failed) and is_secret_who_bids(state):
        return standing(query.actor, state) in {"supervisor", "system"}
    if isinstance(state, Outage) or (isinstance(state, Contracted | Failed) and not is_before_a_tender(state)):
        return True
    withheld = isinstance(state, Unborn | Drafted | Accepting | Collecting | Unsealing)
    given = standing(query.actor, state) in offices(state, opening_is_over=opening_is_over(state))
    return given and not withheld and not withholds(state)


def is_document(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return whether a digest is that of a document of an announced tender, which anyone may download."""
    sha256 = arguments(OfDocument, query).sha256
    found = connection.execute(select(document.c.sha256).where(document.c.sha256 == sha256).limit(1)).scalar()
    return {"public": found is not None}


def may_read_bids(_tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return whether the asker is given the bids themselves now."""
    return {"given": reads_bids(query.actor, load(connection, _stream(query), query.actor).state)}


def _stream(query: Query) -> str:
    return arguments(OfProcedure, query).id


QUERIES: Mapping[str, Answering] = {
    "procedures": procedures,
    "procedure": show,
    "history": history,
    "opening": opening,
    "envelopes": envelopes,
    "alarms": alarms,
    "rulebook": rulebook,
    "bids": may_read_bids,
    "covers": due_covers,
    "document": is_document,
}
