"""What bidding keeps of the registry's draws, besides its accounts and experts, for committees to be formed from.

All draws for one tender are kept in the order of their results: of those that were asked for as they must be the
first counts (of each speciality), or results could be drawn until one pleases.
"""

from typing import Any

import orjson

from services.bidding.domain.committee.commands import FormCommittee, ReplaceMember
from services.bidding.domain.facts import Facts
from shared.kernel.record import Record
from shared.procedure.drawn import DrawFile
from shared.runtime import people
from shared.runtime.people import keep, kept
from shared.store import work
from shared.store.database import Connection

DRAWS, DRAWN = "draw-under-way", "experts-drawn"
"""The kinds of work rows: by the draw's stream, and the draw's file by its tender."""

HELD = "experts-drawn-of-specialities"
"""The kind of the rows with the files of all draws that have a result, by their tender."""

OF_DRAW = frozenset({"draw_committed.v1", "draw_bound.v1", "draw_revealed.v1", "experts_drawn.v1", "seat_declined.v1"})
HEARD = (*people.HEARD, "registry.draw_pooled.v1", *(f"registry.{name}" for name in sorted(OF_DRAW)))
"""The events that the service must listen to, for `learn`."""

OF_POOL = ("ties", "library", "exclusions")
OF_WANTED = ("line", "on", "parties", "seats", "reserve", "others")


def learn(connection: Connection, record: Record) -> None:
    """Take in what the registry says of accounts, experts and draws; anything else leaves no trace."""
    people.learn(connection, record)
    match record.type.removeprefix("registry."):
        case "draw_pooled.v1":
            keep(connection, DRAWS, record.stream, _begun(record.data))
        case name if name in OF_DRAW:
            _learn_draw(connection, record, name)
        case _:
            pass


def facts(connection: Connection, command: FormCommittee | ReplaceMember, tender: str) -> Facts:
    """Return the draw that was held for a tender, and what is known of everyone who may sit by a command."""
    stored = work.get(connection, DRAWN, tender)
    draw = None if stored is None else DrawFile.model_validate_json(stored)
    held = kept(connection, HELD, tender)
    draws = tuple(DrawFile.model_validate_json(orjson.dumps(file)) for file in held.values())
    draws = draws if len(draws) > 1 else ()
    drawn = [name for file in (*([draw] if draw else []), *draws) for name in file.chosen]
    if isinstance(command, FormCommittee):
        named = (*command.representatives, *command.appointed)
    else:
        named = () if command.successor is None else (command.successor,)
    return Facts(draw=draw, draws=draws, members=tuple(people.known(connection, dict.fromkeys((*drawn, *named)))))


def _learn_draw(connection: Connection, record: Record, name: str) -> None:
    file, data = kept(connection, DRAWS, record.stream), record.data
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
    keep(connection, DRAWS, record.stream, file)
    if file["chosen"]:
        _keep_result(connection, file)


def _keep_result(connection: Connection, file: dict[str, Any]) -> None:
    """Keep the file of a draw with a result behind those that came before it; as it is now, in its own place."""
    tender, name = file["tender"], file["draw"]
    made = {field: value for field, value in file.items() if field not in {"tender", "speciality"}}
    whole = DrawFile.model_validate_json(orjson.dumps(made)).canonical()
    if kept(connection, DRAWN, tender).get("draw", name) == name:
        work.put(connection, DRAWN, tender, whole)
    held = kept(connection, HELD, tender)
    place = next((key for key, one in held.items() if one["draw"] == name), name)
    keep(connection, HELD, tender, held | {place: orjson.loads(whole)})


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
