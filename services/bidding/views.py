"""Queries about tenders: the public list as a table, and each tender folded from its records for who asks."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.bidding import BOOKS, LINE, links
from services.bidding.covers import due as due_covers
from services.bidding.domain.access.seen import is_before_a_tender, offices
from services.bidding.domain.alarms import alarms as warn
from services.bidding.domain.audiences import WATCH
from services.bidding.domain.committee.seen import withholds
from services.bidding.domain.documents.messages import TenderClarified
from services.bidding.domain.events import ReceptionClosed, TenderAnnounced
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
from services.bidding.domain.visible import addressee, knows, opening_is_over, reads_bids, standing
from services.bidding.pages import SECTIONS, admission, page
from shared.kernel.canonical import instant
from shared.kernel.errors import NotEntitled, NotFound
from shared.kernel.message import Event
from shared.kernel.record import Record, read
from shared.kernel.request import Actor
from shared.platform.door import Query
from shared.runtime.listed import PublicList, Told, events_told, rulebook_text, stream_of
from shared.runtime.queries import Answering, nothing_there, watchers_only
from shared.runtime.tools import Tools
from shared.store import journal, rulebooks

metadata = links.metadata

LIST = PublicList(metadata, "tender", ("category", "buyer", "bids_due"))
procedure = LIST.procedure

_ONE_AT_A_TIME = threading.Lock()

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
        LIST.make_public(connection, record.stream, {item.sha256 for item in tender.terms.documents})
    if isinstance(event, TenderClarified):
        LIST.make_public(connection, record.stream, {item.sha256 for item in event.changed})
    row = {
        "announced_at": instant(tender.announced_at),
        "phase": phase(state),
        "title": tender.draft.title,
        "region": tender.draft.region,
        "category": tender.draft.category,
        "buyer": tender.draft.buyer.name,
        "bids_due": instant(tender.terms.bids_due),
    }
    LIST.put(connection, record.stream, row)


def phase(state: TenderState) -> str:
    """Return the name of a state's phase, as commands and pages use it."""
    return type(state).__name__.lower()


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
    """Whether an asker may be told an event: as anyone of its standing, or because it is addressed to it."""
    return actor.account == addressee(item.event) or LINE.tells(item.record, item.event, actor, state)


def show(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return a tender's page: its phase and what has been made known to who asks."""
    stream = stream_of(query)
    tender = load(connection, stream, query.actor)
    sections = page(connection, tender.state, [(item.record, item.event) for item in tender.told])
    sections |= links.ties(connection, procedure, tender.state) | admission(query.actor, tender.state)
    return {"procedure": stream, "phase": phase(tender.state), **sections}


def history(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return the events that the asker may see, oldest first. Their numbers stay away: gaps would tell of others."""
    return events_told(load(connection, stream_of(query), query.actor).told)


def alarms(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return what whoever watches a tender is warned of when it asks, each with its article."""
    tender = load(connection, stream_of(query), query.actor)
    if standing(query.actor, tender.state) not in WATCH:
        raise watchers_only()
    if not isinstance(tender.state, Announced):
        return {"alarms": []}
    rulebooks.shelve(connection, BOOKS, tender.state.tender.rulebook, tender.state.published)
    told = [(item.record.at, item.event) for item in tender.told]
    found = warn(told, tender.state, law_of(tender.state, BOOKS), query.at)
    return {"alarms": [alarm.model_dump(mode="json") for alarm in found]}


def opening(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return the opening: its clocks while it goes on, and the opening record once it is completed."""
    shown = show(_tools, connection, query)
    kept = ("procedure", "phase", "opening", "key_collection", "opening_record", "failure")
    return {name: shown[name] for name in kept if name in shown}


def envelopes(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return the envelopes of the standing bids, for the authorities to open their shares of."""
    tender = load(connection, stream_of(query), query.actor)
    if standing(query.actor, tender.state) not in {"authority", "agency", "supervisor", "operator"}:
        raise NotEntitled("只有持有密钥份额的机构可以取得密封信封", "only the authorities are given the envelopes")
    closed = next((item.event for item in tender.told if isinstance(item.event, ReceptionClosed)), None)
    if closed is None:
        raise NotFound("投标尚未截止", "reception is not closed yet")
    return {"bids": [bid.model_dump(mode="json") for bid in closed.bids]}


def rulebook(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return the rulebook that a tender is held under and the calendar files that it pins, as their exact text."""
    return rulebook_text(connection, LINE.rulebook(load(connection, stream_of(query), query.actor).state))


def entitled(_tools: Tools, connection: Connection, query: Query, stream: str) -> bool:
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


def may_read_bids(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return whether the asker is given the bids themselves now."""
    return {"given": reads_bids(query.actor, load(connection, stream_of(query), query.actor).state)}


QUERIES: Mapping[str, Answering] = {
    "procedures": LIST.page,
    "procedure": show,
    "history": history,
    "opening": opening,
    "envelopes": envelopes,
    "alarms": alarms,
    "rulebook": rulebook,
    "bids": may_read_bids,
    "covers": due_covers,
    "document": LIST.is_document,
}
