"""What bidding keeps of the registry's disclosure of a tender's tokens, until the opening takes note of it."""

from collections.abc import Iterable
from typing import Any

import orjson

from services.bidding.domain.facts import Disclosure, Facts
from services.bidding.domain.rows import Holder
from shared.kernel.record import Record
from shared.store import work
from shared.store.database import Connection

DISCLOSED = "disclosed"


def learn(connection: Connection, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
    """Keep whom the registry disclosed, and return the command that takes note of it."""
    holders = tuple(_holder(item) for item in record.data["holders"])
    disclosure = Disclosure(tender_key=record.data["tender_key"], holders=holders)
    work.put(connection, DISCLOSED, record.data["tender"], disclosure.canonical())
    return [(record.data["tender"], {"type": "bidding.note_disclosure"})]


def facts(connection: Connection, stream: str) -> Facts:
    """Return what was disclosed of a tender, if anything was."""
    kept = work.get(connection, DISCLOSED, stream)
    return Facts() if kept is None else Facts(disclosure=Disclosure.model_validate_json(kept))


def _holder(item: dict[str, Any]) -> Holder:
    party = {name: item[name] for name in ("scheme", "id", "name")}
    names = ("revoked", "person_in_charge", "controllers", "controlled", "sanctions")
    known: dict[str, Any] = {name: item[name] for name in names if name in item}
    fields = {"token": item["token"], "party": party, "account_keys": item["account_keys"], **known}
    return Holder.model_validate_json(orjson.dumps(fields))
