"""Who looked at what: what is sealed or personal is given only once the record says to whom.

A line names in `reading` the queries that are recorded, each with the command that records it. The record comes first;
where it cannot be made, nothing is given.
"""

from datetime import timedelta
from typing import Any

import orjson

from services.portal.desk import PUBLIC, SYSTEM, Desk, no_answer
from shared.kernel.canonical import digest
from shared.kernel.outcome import Outcome
from shared.kernel.reading import Reading, readings_stream
from shared.kernel.request import Actor, Arrival
from shared.messaging.bus import BusFault, BusTimeout

WAIT = timedelta(seconds=10)
ID_BYTES = 16


async def given(desk: Desk, stream: str, name: str, actor: Actor, answer: Any) -> Any:
    """Return an answer that is about to be given to an actor, once its reading is on record. Raise Problem if not."""
    await note(desk, stream, name, actor, digest(orjson.dumps(answer, option=orjson.OPT_SORT_KEYS)))
    return answer


async def note(desk: Desk, stream: str, name: str, actor: Actor, sha256: str) -> None:
    """Record that an actor is given what has this digest, where the line records it. Raise Problem if it cannot be."""
    line = desk.lines[desk.line_of(stream)]
    if name not in line.reading or actor in {PUBLIC, SYSTEM}:
        return
    read = Reading(account=actor.account, role=actor.role, region=actor.region, query=name, digest=sha256)
    now = desk.clock.now()
    arrival = Arrival(
        id=f"reading-{desk.random_bytes(ID_BYTES).hex()}",
        stream=readings_stream(stream),
        actor=SYSTEM,
        received_at=now,
        until=now + WAIT,
        command={"type": line.reading[name], **read.model_dump(mode="json")},
    )
    try:
        result = await desk.bus.call(line.name, "command", desk.door.command(arrival), now + WAIT)
    except (BusTimeout, BusFault) as error:
        raise no_answer() from error
    if "outcome" not in result or not Outcome.model_validate_json(orjson.dumps(result["outcome"])).events:
        raise no_answer()
