"""The covers of running tenders: which dummies are due, told to the door alone, which sends them as bidders do."""

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, select

from services.bidding.domain.events import TenderAnnounced
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.errors import NotEntitled
from shared.platform import keys
from shared.platform.door import Query
from shared.seal.covers import covers
from shared.store import work
from shared.store.tables import command

if TYPE_CHECKING:
    from shared.runtime.handling import Tools

RUNNING = "covers"
"""The kind of work that a tender with covers leaves until its deadline. What it says is public."""

AT_ONCE = 20


def seed_of(secret: bytes, stream: str) -> bytes:
    """Return a tender's seed of covers, made from the service's own secret and the tender's name."""
    return keys.derived(secret, "cover-seed", stream)


def begin(connection: Connection, tender: TenderAnnounced) -> None:
    """Note that a tender wants covers from its announcement to its deadline."""
    if tender.covers is None:
        return
    said = {
        "most": tender.covers.most,
        "starts": instant(tender.announced_at),
        "ends": instant(tender.terms.bids_due),
        "meaning": tender.meaning_public_key,
    }
    work.put(connection, RUNNING, tender.tender, orjson.dumps(said))


def end(connection: Connection, stream: str) -> None:
    """Forget a tender that takes no more messages."""
    work.drop(connection, RUNNING, stream)


def due(tools: "Tools", connection: Connection, query: Query) -> dict[str, Any]:
    """Return the covers that are due now and were not sent yet, for the platform itself alone."""
    if query.actor.role != "system":
        raise NotEntitled("仅限平台", "for the platform itself alone")
    secret, found = tools.keyring.secret(keys.vault("bidding")), []
    for stream, body in work.of_kind(connection, RUNNING).items():
        said = orjson.loads(body)
        times = parse_instant(said["starts"]), parse_instant(said["ends"])
        planned = covers(stream, seed_of(secret, stream), said["most"], *times)
        found += [
            {"tender": stream, "id": cover.id, "meaning": said["meaning"]} for cover in planned if cover.at <= query.at
        ]
    ids = [item["id"] for item in found]
    sent = set(connection.execute(select(command.c.id).where(command.c.id.in_(ids))).scalars()) if ids else set()
    return {"covers": [item for item in found if item["id"] not in sent][:AT_ONCE]}
