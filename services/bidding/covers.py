"""The covers of running tenders: which dummies are due, told to the door alone, which sends them as bidders do."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, select

from services.bidding.domain.events import TenderAnnounced
from services.bidding.domain.rows import Covers
from services.bidding.domain.state import Accepting, TenderState
from services.bidding.domain.timetable.messages import DeadlineMoved, TenderResumed, TenderSuspended
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Event
from shared.platform import keys
from shared.platform.door import Query
from shared.runtime.tools import Tools
from shared.seal.covers import DAY, MICROSECOND, Cover, covers, later
from shared.store import work
from shared.store.tables import command

RUNNING = "covers"
"""The kind of work that a tender with covers leaves until its deadline. What it says is public."""

AT_ONCE = 20


def seed_of(secret: bytes, stream: str) -> bytes:
    """Return a tender's seed of covers, made from the service's own secret and the tender's name."""
    return keys.derived(secret, "cover-seed", stream)


def promised(made: str, most: int, window: timedelta) -> Covers | None:
    """Return what an announcement says of covers; days that are gained have as many a day as those announced."""
    if not most:
        return None
    return Covers(commitment=made, most=most, per_day=-(-most // max(1, -(-window // DAY))))


def follow(connection: Connection, event: Event, state: TenderState) -> None:
    """Keep until when a tender wants covers: to its deadline, as it stands now, and while it stands still."""
    if not isinstance(event, TenderAnnounced | DeadlineMoved | TenderSuspended | TenderResumed):
        return
    promise = state.tender.covers if isinstance(state, Accepting) else None
    if not isinstance(state, Accepting) or promise is None:
        return
    tender, times = state.tender, state.beside.timetable
    said = {
        "most": promise.most,
        "starts": instant(tender.announced_at),
        "ends": instant(times.announced_due or tender.terms.bids_due),
        "meaning": tender.meaning_public_key,
        "per_day": promise.per_day or 0,
        "until": None if times.suspended else instant(tender.terms.bids_due),
    }
    work.put(connection, RUNNING, tender.tender, orjson.dumps(said))


def end(connection: Connection, stream: str) -> None:
    """Forget a tender that takes no more messages."""
    work.drop(connection, RUNNING, stream)


def due(tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return the covers that are due now and were not sent yet, for the platform itself alone."""
    if query.actor.role != "system":
        raise NotEntitled("仅限平台", "for the platform itself alone")
    secret, found = tools.keyring.secret(keys.vault("bidding")), []
    for stream, body in work.of_kind(connection, RUNNING).items():
        said = orjson.loads(body)
        made = planned(stream, seed_of(secret, stream), said, query.at)
        found += [
            {"tender": stream, "id": cover.id, "meaning": said["meaning"]} for cover in made if cover.at <= query.at
        ]
    ids = [item["id"] for item in found]
    sent = set(connection.execute(select(command.c.id).where(command.c.id.in_(ids))).scalars()) if ids else set()
    return {"covers": [item for item in found if item["id"] not in sent][:AT_ONCE]}


def planned(stream: str, seed: bytes, said: Mapping[str, Any], now: datetime) -> Sequence[Cover]:
    """Return the covers of a tender, as far as they are known now; what an older release kept knows no later days."""
    starts, ends = parse_instant(said["starts"]), parse_instant(said["ends"])
    until = parse_instant(said["until"]) if said.get("until") else now + MICROSECOND
    more = later(stream, seed, said.get("per_day", 0), ends, until)
    return *covers(stream, seed, said["most"], starts, ends), *more
