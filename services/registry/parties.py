"""The queries about parties: one by an identifier, all of them, and the public blacklist."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from services.registry.domain.rights import OFFICE
from services.registry.finding import listing_of, listings, party_region, suspension_of
from services.registry.tables import identifier, listing, party
from shared.kernel.canonical import instant
from shared.kernel.codes import PartyId
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Message
from shared.platform.door import Query
from shared.runtime.queries import PAGE, arguments, nothing_there
from shared.runtime.tools import Tools


class OfPage(Message):
    """Asks for parties after a stream's name."""

    after: str = ""


def show_party(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return a party by an identifier; to the office and to the party's own accounts."""
    asked = arguments(PartyId, query)
    named = select(party).join(identifier, identifier.c.stream == party.c.stream)
    of_id = named.where(identifier.c.scheme == asked.scheme, identifier.c.id == asked.id)
    row = connection.execute(of_id).mappings().first()
    if row is None or (query.actor.role not in OFFICE and query.actor.party != row["stream"]):
        raise nothing_there()
    return _shown(tools, connection, row)


def show_parties(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return parties by the names of their streams, a page at a time; to the office. `next` goes on, or null."""
    if query.actor.role not in OFFICE:
        raise NotEntitled("仅限运营机构和监督部门", "for the operator and the supervisor only")
    later = select(party).where(party.c.stream > arguments(OfPage, query).after)
    rows = connection.execute(later.order_by(party.c.stream).limit(PAGE)).mappings().all()
    listed = [_shown(tools, connection, row) for row in rows]
    return {"parties": listed, "next": rows[-1]["stream"] if len(rows) == PAGE else None}


def show_blacklist(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return the blacklist as it is in force now, to everyone, a page at a time. `next` goes on, or null."""
    after = arguments(OfPage, query).after
    now = instant(query.at)
    columns = select(listing, party.c.name, party.c.uscc).join(party, party.c.stream == listing.c.stream)
    current = columns.where(listing.c.since <= now, listing.c.until > now, listing.c.stream > after)
    streams = select(current.subquery().c.stream).distinct().order_by("stream").limit(PAGE)
    named = list(connection.execute(streams).scalars())
    rows = connection.execute(
        current.where(listing.c.stream.in_(named)).order_by(listing.c.stream, listing.c.number)
    ).mappings()
    listed = [
        {"party": row["name"], "identifier": row["uscc"], **listing_of(row).model_dump(mode="json")} for row in rows
    ]
    return {"blacklist": listed, "next": named[-1] if len(named) == PAGE else None}


def _shown(tools: Tools, connection: Connection, row: RowMapping) -> dict[str, Any]:
    query = select(identifier.c.scheme, identifier.c.id).where(identifier.c.stream == row["stream"])
    listed = connection.execute(query.order_by(identifier.c.position, identifier.c.scheme))
    suspension = suspension_of(row)
    return {
        **{name: row[name] for name in ("stream", "kind", "name")},
        "identifiers": [{"scheme": scheme, "id": id_} for scheme, id_ in listed],
        "region": party_region(connection, row["stream"], tools.settings.region),
        "blacklist": [entry.model_dump(mode="json") for entry in listings(connection, row["stream"])],
        "suspension": None if suspension is None else suspension.model_dump(mode="json"),
    }
