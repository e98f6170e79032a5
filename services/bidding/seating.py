"""What bidding keeps of the registry's accounts, experts and draws: its own copy, for committees to be formed from.

All draws for one tender are kept in the order of their results: of those that were asked for as they must be the
first counts (of each speciality), or results could be drawn until one pleases.
"""

from collections.abc import Iterable
from typing import Any

import orjson

from services.bidding.domain.committee.commands import FormCommittee, ReplaceMember
from services.bidding.domain.committee.values import Known
from services.bidding.domain.facts import Facts
from shared.kernel.record import Record
from shared.procedure.drawn import DrawFile
from shared.procedure.recusal import Tie
from shared.store import work
from shared.store.database import Connection

ACCOUNTS, EXPERTS, TIES = "account-that-may-sit", "expert-of-the-library", "ties-of-expert"
DRAWS, DRAWN = "draw-under-way", "experts-drawn"
"""The kinds of work rows: by account, by expert (what it is, its relations),
by the draw's stream, and the draw's file by its tender."""

HELD = "experts-drawn-of-specialities"
"""The kind of the rows with the files of all draws that have a result, by their tender."""

ROLES = frozenset({"expert", "supervisor"})
"""Whose accounts are kept: who may sit, and who may not, to be refused by the article that says so."""

OF_DRAW = frozenset({"draw_committed.v1", "draw_bound.v1", "draw_revealed.v1", "experts_drawn.v1", "seat_declined.v1"})
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
        "draw_pooled.v1",
        *sorted(OF_DRAW),
    )
)
"""The events that the service must listen to, for `learn`."""

OF_POOL = ("ties", "library", "exclusions")
OF_WANTED = ("line", "on", "parties", "seats", "reserve", "others")


def learn(connection: Connection, record: Record) -> None:
    """Take in what the registry says of accounts, experts and draws; anything else leaves no trace."""
    data = record.data
    match record.type.removeprefix("registry."):
        case "account_opened.v1" | "staff_account_opened.v1" if data["role"] in ROLES:
            _keep(connection, ACCOUNTS, data["account"], {name: data[name] for name in ("role", "public_key")})
        case "key_changed.v1":
            _change(connection, ACCOUNTS, data["account"], {"public_key": data["public_key"]})
        case "key_revoked.v1" if _kept(connection, ACCOUNTS, data["account"]).get("public_key") == data["public_key"]:
            _change(connection, ACCOUNTS, data["account"], {"public_key": None})
        case "account_closed.v1":
            work.drop(connection, ACCOUNTS, data["account"])
        case "expert_enrolled.v1" | "expert_changed.v1":
            _keep(connection, EXPERTS, data["expert"], data["qualification"])
        case "expert_tied.v1":
            _keep(connection, TIES, data["expert"], {"ties": [*_ties(connection, data["expert"]), _tie(data)]})
        case "draw_pooled.v1":
            _keep(connection, DRAWS, record.stream, _begun(data))
        case name if name in OF_DRAW:
            _learn_draw(connection, record, name)
        case _:
            pass


def facts(connection: Connection, command: FormCommittee | ReplaceMember, tender: str) -> Facts:
    """Return the draw that was held for a tender, and what is known of everyone who may sit by a command."""
    kept = work.get(connection, DRAWN, tender)
    draw = None if kept is None else DrawFile.model_validate_json(kept)
    held = _kept(connection, HELD, tender)
    draws = tuple(DrawFile.model_validate_json(orjson.dumps(file)) for file in held.values())
    draws = draws if len(draws) > 1 else ()
    drawn = [name for file in (*([draw] if draw else []), *draws) for name in file.chosen]
    if isinstance(command, FormCommittee):
        named = (*command.representatives, *command.appointed)
    else:
        named = () if command.successor is None else (command.successor,)
    return Facts(draw=draw, draws=draws, members=tuple(_known(connection, dict.fromkeys((*drawn, *named)))))


def _learn_draw(connection: Connection, record: Record, name: str) -> None:
    file, data = _kept(connection, DRAWS, record.stream), record.data
    match name:
        case "draw_committed.v1":
            file["commitments"].append({"party": data["party"], "digest": data["digest"]})
        case "draw_bound.v1":
            file["root"] = data["root"]
        case "draw_revealed.v1":
            file["reveals"].append({"party": data["party"], "nonce": data["nonce"]})
        case "experts_drawn.v1":
            file["chosen"] = data["chosen"]
        case "seat_declined.v1":
            file |= {"chosen": data["chosen"], "refused": [*file["refused"], data["expert"]]}
    _keep(connection, DRAWS, record.stream, file)
    if file["chosen"]:
        _keep_result(connection, file)


def _keep_result(connection: Connection, file: dict[str, Any]) -> None:
    """Keep the file of a draw with a result behind those that came before it; as it is now, in its own place."""
    tender, name = file["tender"], file["draw"]
    made = {field: value for field, value in file.items() if field not in {"tender", "speciality"}}
    whole = DrawFile.model_validate_json(orjson.dumps(made)).canonical()
    if _kept(connection, DRAWN, tender).get("draw", name) == name:
        work.put(connection, DRAWN, tender, whole)
    held = _kept(connection, HELD, tender)
    place = next((key for key, one in held.items() if one["draw"] == name), name)
    _keep(connection, HELD, tender, held | {place: orjson.loads(whole)})


def _begun(data: dict[str, Any]) -> dict[str, Any]:
    """Return the file of a draw whose pool is fixed, and of which nothing else is known."""
    wanted, pool = data["wanted"], data["pool"]
    return {
        "tender": wanted["tender"],
        "speciality": wanted["speciality"],
        "v": 1,
        "draw": data["draw"],
        **{name: wanted[name] for name in OF_WANTED},
        **{name: pool[name] for name in OF_POOL},
        "pool_digest": data["pool_digest"],
        "commitments": [],
        "reveals": [],
        "refused": [],
        "chosen": [],
    }


def _known(connection: Connection, names: Iterable[str]) -> Iterable[Known]:
    for name in names:
        account, expert = _kept(connection, ACCOUNTS, name), _kept(connection, EXPERTS, name)
        if account.get("public_key"):
            yield Known(
                member=name,
                account=name,
                account_key=account["public_key"],
                years=expert.get("years", 0),
                senior=expert.get("title") == "senior" or expert.get("equivalent", False),
                supervises=account["role"] == "supervisor",
                ties=_on_file(connection, name, expert),
            )


def _on_file(connection: Connection, name: str, expert: dict[str, Any]) -> tuple[Tie, ...]:
    """Return an expert's relations: present employers of its own entry, past ones with their day, and those filed."""
    own = [{"party": party, "ground": "employment", "ended": None} for party in expert.get("employers", ())]
    own += [{"ground": "employment", **one} for one in expert.get("past", ())]
    found = [{"expert": name, **one} for one in (*own, *_ties(connection, name))]
    return tuple(Tie.model_validate_json(orjson.dumps(one)) for one in found)


def _ties(connection: Connection, name: str) -> list[dict[str, Any]]:
    return list(_kept(connection, TIES, name).get("ties", ()))


def _tie(data: dict[str, Any]) -> dict[str, Any]:
    return {"party": data["tied_to"], "ground": data["ground"], "ended": data["ended"]}


def _kept(connection: Connection, kind: str, name: str) -> dict[str, Any]:
    body = work.get(connection, kind, name)
    return {} if body is None else dict(orjson.loads(body))


def _keep(connection: Connection, kind: str, name: str, body: dict[str, Any]) -> None:
    work.put(connection, kind, name, orjson.dumps(body))


def _change(connection: Connection, kind: str, name: str, changed: dict[str, Any]) -> None:
    if kept := _kept(connection, kind, name):
        _keep(connection, kind, name, kept | changed)
