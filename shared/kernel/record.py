"""The record: the exact canonical bytes of one event, which the journal stores, the broker carries, the leaf binds."""

from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from shared.kernel.canonical import digest, encode, instant, parse_instant
from shared.kernel.errors import BrokenHistory
from shared.kernel.message import Event
from shared.kernel.request import Actor


class Record(NamedTuple):
    """One event with all that is said of it; `raw` is what was made, stored and hashed, once.

    `position` numbers the service's journal without a gap, `version` the stream's. `at` is when it was decided,
    `received_at` when what caused it arrived. `command_digest` is SHA-256 of the stored request's bytes.
    A tuple, as it is made by the thousand when a stream is replayed.
    """

    service: str
    position: int
    stream: str
    version: int
    id: str
    type: str
    at: datetime
    received_at: datetime
    actor: dict[str, Any]
    command_id: str
    command_digest: str
    cause: str | None
    rulebook: str | None
    data: dict[str, Any]
    salt: str
    raw: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the record's bytes, as the public leaf gives it."""
        return digest(self.raw)


FIELDS = set(Record._fields) - {"raw"} | {"v"}
_DATA, _AFTER_DATA, _TYPE, _AFTER_TYPE = b',"data":', b',"id":"', b',"type":"', b',"v":1'
_IN_ORDER = itemgetter(*Record._fields)


def write(
    *,
    service: str,
    position: int,
    stream: str,
    version: int,
    id: str,  # noqa: A002 - the record's own word
    event: Event,
    at: datetime,
    received_at: datetime,
    actor: Actor,
    command_id: str,
    command_digest: str,
    cause: str | None,
    rulebook: str | None,
    salt: bytes,
) -> Record:
    """Make the record of `event`; its bytes are made here and never again."""
    data = event.model_dump(mode="json")
    said: dict[str, Any] = {
        "service": service, "position": position, "stream": stream, "version": version, "id": id,
        "type": data.pop("type"), "actor": actor.model_dump(mode="json"), "command_id": command_id,
        "command_digest": command_digest, "cause": cause, "rulebook": rulebook, "data": data, "salt": salt.hex(),
    }  # fmt: skip
    raw = encode({**said, "v": 1, "at": instant(at), "received_at": instant(received_at)})
    return Record(at=at, received_at=received_at, raw=raw, **said)


def read(raw: bytes) -> Record:
    """Return the record that stored bytes hold. Raise BrokenHistory if they are not one."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BrokenHistory(f"a record is not JSON: {error}") from error
    if not isinstance(body, dict) or body.keys() != FIELDS or body["v"] != 1:
        raise BrokenHistory("a record has not the fields of a record")
    body["at"], body["received_at"] = parse_instant(body["at"]), parse_instant(body["received_at"])
    body["raw"] = raw
    return Record._make(_IN_ORDER(body))


def event_bytes(raw: bytes) -> bytes:
    """Return the JSON of the event that a stored record holds, for the line's own event types to read.

    It is cut out: in canonical JSON the members stand in order of their names, and what is looked for cannot stand
    inside a text, where a quote is escaped. Raise BrokenHistory where it does not stand in its place.
    """
    try:
        ends = raw.rindex(_AFTER_DATA)
        data = memoryview(raw)[raw.index(_DATA) + len(_DATA) : ends]
        kind = raw[raw.index(_TYPE, ends) + 1 : raw.rindex(_AFTER_TYPE)]
    except ValueError as error:
        raise BrokenHistory("a record has not the fields of a record") from error
    return b"".join((b"{", kind, b"," if len(data) > len("{}") else b"", data[1:]))
