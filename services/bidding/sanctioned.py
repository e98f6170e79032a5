"""What bidding keeps of the registry's sanctions: its own copy, for candidates to be looked at before one wins."""

from typing import Any

import orjson

from services.bidding.domain.access.values import name_of
from services.bidding.domain.facts import Facts
from services.bidding.domain.rows import Sanctioned
from services.bidding.domain.state import Awarded, Contracted, Publicised
from shared.kernel.canonical import instant
from shared.kernel.codes import PartyId, party_stream
from shared.kernel.record import Record
from shared.store import work
from shared.store.database import Connection

SANCTIONS = "sanctions-of-party"
"""The kind of the work rows: by the party's stream, what stands against it by what it is known by there."""

HEARD = (
    "registry.party_suspended.v1",
    "registry.suspension_lifted.v1",
    "registry.party_blacklisted.v1",
    "registry.blacklisting_lifted.v1",
)
"""The events that the service must listen to, for `learn`."""

SUSPENSION = "suspension"


def learn(connection: Connection, record: Record) -> None:
    """Take in what the registry says of sanctions; anything else leaves no trace."""
    if record.type not in HEARD:
        return
    kept, data = _kept(connection, record.stream), record.data
    match record.type:
        case "registry.party_suspended.v1":
            kept[SUSPENSION] = _sanction("suspended", data, instant(record.received_at))
        case "registry.suspension_lifted.v1":
            kept.pop(SUSPENSION, None)
        case "registry.party_blacklisted.v1":
            listing = data["listing"]
            kept[str(listing["number"])] = _sanction(listing["kind"], listing, listing["since"])
        case "registry.blacklisting_lifted.v1":
            kept.pop(str(data["number"]), None)
    work.put(connection, SANCTIONS, record.stream, orjson.dumps(kept))


def facts(connection: Connection, state: Publicised | Awarded | Contracted) -> Facts:
    """Return what stands against the candidates and the members of their consortia; whether in force, is decided."""
    named = {one.bid for one in state.publicity.candidates}
    parties = {
        name_of(party): party_stream(PartyId(scheme=party.scheme, id=party.id))
        for row in state.rows
        if row.bid in named
        for party in (row.party, *row.members)
    }
    found = {party: _kept(connection, stream) for party, stream in sorted(parties.items())}
    told = [{"party": party, "sanctions": [*kept.values()]} for party, kept in found.items() if kept]
    return Facts(sanctioned=tuple(Sanctioned.model_validate_json(orjson.dumps(one)) for one in told))


def _sanction(cause: str, data: dict[str, Any], since: str) -> dict[str, str]:
    return {"cause": cause, "article": data["article"], "since": since, "until": data["until"]}


def _kept(connection: Connection, party: str) -> dict[str, Any]:
    body = work.get(connection, SANCTIONS, party)
    return {} if body is None else dict(orjson.loads(body))
