"""What a line keeps of the registry's accounts and experts, for its committees to be formed from."""

from collections.abc import Iterable
from typing import Any

import orjson

from shared.kernel.record import Record
from shared.procedure.recusal import Tie
from shared.procedure.seating import Known
from shared.store import work
from shared.store.database import Connection

ACCOUNTS, EXPERTS, TIES = "account-that-may-sit", "expert-of-the-library", "ties-of-expert"
"""The kinds of work rows: by account; by expert what it is, and its relations."""

ROLES = frozenset({"expert", "supervisor"})
"""Whose accounts are kept: who may sit, and who may not, to be refused by the article that says so."""

HEARD = tuple(
    f"registry.{name}"
    for name in (
        "account_opened.v1",
        "staff_account_opened.v1",
        "key_changed.v1",
        "key_revoked.v1",
        "account_closed.v1",
        "expert_enrolled.v1",
        "expert_changed.v1",
        "expert_tied.v1",
    )
)
"""The events that a service must listen to, for `learn`."""


def learn(connection: Connection, record: Record) -> None:
    """Take in what the registry says of accounts and experts; anything else leaves no trace."""
    data = record.data
    match record.type.removeprefix("registry."):
        case "account_opened.v1" | "staff_account_opened.v1" if data["role"] in ROLES:
            keep(connection, ACCOUNTS, data["account"], {name: data[name] for name in ("role", "public_key")})
        case "key_changed.v1":
            _change(connection, ACCOUNTS, data["account"], {"public_key": data["public_key"]})
        case "key_revoked.v1" if kept(connection, ACCOUNTS, data["account"]).get("public_key") == data["public_key"]:
            _change(connection, ACCOUNTS, data["account"], {"public_key": None})
        case "account_closed.v1":
            work.drop(connection, ACCOUNTS, data["account"])
        case "expert_enrolled.v1" | "expert_changed.v1":
            keep(connection, EXPERTS, data["expert"], data["qualification"])
        case "expert_tied.v1":
            keep(connection, TIES, data["expert"], {"ties": [*_ties(connection, data["expert"]), _tie(data)]})
        case _:
            pass


def known(connection: Connection, names: Iterable[str]) -> Iterable[Known]:
    """Yield what is known of each name that has an account and its key."""
    for name in names:
        account, expert = kept(connection, ACCOUNTS, name), kept(connection, EXPERTS, name)
        if account.get("public_key"):
            yield Known(
                member=name,
                account=name,
                account_key=account["public_key"],
                years=expert.get("years", 0),
                senior=expert.get("title") == "senior" or expert.get("equivalent", False),
                supervises=account["role"] == "supervisor",
                ties=_on_file(connection, name, expert),
                enrolled=bool(expert),
            )


def kept(connection: Connection, kind: str, name: str) -> dict[str, Any]:
    """Return a row of work as an object, empty where there is none."""
    body = work.get(connection, kind, name)
    return {} if body is None else dict(orjson.loads(body))


def keep(connection: Connection, kind: str, name: str, body: dict[str, Any]) -> None:
    """Keep an object as a row of work."""
    work.put(connection, kind, name, orjson.dumps(body))


def _change(connection: Connection, kind: str, name: str, changed: dict[str, Any]) -> None:
    if before := kept(connection, kind, name):
        keep(connection, kind, name, before | changed)


def _on_file(connection: Connection, name: str, expert: dict[str, Any]) -> tuple[Tie, ...]:
    """Return an expert's relations: present employers of its own entry, past ones with their day, and those filed."""
    own = [{"party": party, "ground": "employment", "ended": None} for party in expert.get("employers", ())]
    own += [{"ground": "employment", **one} for one in expert.get("past", ())]
    found = [{"expert": name, **one} for one in (*own, *_ties(connection, name))]
    return tuple(Tie.model_validate_json(orjson.dumps(one)) for one in found)


def _ties(connection: Connection, name: str) -> list[dict[str, Any]]:
    return list(kept(connection, TIES, name).get("ties", ()))


def _tie(data: dict[str, Any]) -> dict[str, Any]:
    return {"party": data["tied_to"], "ground": data["ground"], "ended": data["ended"]}
