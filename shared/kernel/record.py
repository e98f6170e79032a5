"""The record: the exact canonical bytes of one event, which the journal stores, the broker carries, the leaf binds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from shared.kernel.canonical import digest, encode, instant, parse_instant
from shared.kernel.errors import BrokenHistory
from shared.kernel.message import Event
from shared.kernel.request import Actor

FIELDS = frozenset(
    ["v", "service", "position", "stream", "version", "id", "type", "at", "received_at", "actor", "command_id", "command_digest", "cause", "rulebook", "data", "salt"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event with all that is said of it; `raw` is what was made, stored and hashed, once.

    `position` numbers the service's journal without a gap, `version` the stream's. `at` is when it was decided,
    `received_at` when what caused it arrived. `command_digest` is SHA-256 of the stored request's bytes.
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
    fields: dict[str, Any] = {
        "v": 1, "service": service, "position": position, "stream": stream, "version": version, "id": id,
        "type": data.pop("type"), "at": instant(at), "received_at": instant(received_at),
        "actor": actor.model_dump(mode="json"), "command_id": command_id, "command_digest": command_digest,
        "cause": cause, "rulebook": rulebook, "data": data, "salt": salt.hex(),
    }  # fmt: skip
    return _record(fields, encode(fields))


def read(raw: bytes) -> Record:
    """Return the record that stored bytes hold. Raise BrokenHistory if they are not one."""
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BrokenHistory(f"a record is not JSON: {error}") from error
    if not isinstance(fields, dict) or fields.keys() != FIELDS or fields["v"] != 1:
        raise BrokenHistory("a record has not the fields of a record")
    return _record(fields, raw)


def event_bytes(record: Record) -> bytes:
    """Return the JSON of the record's event, for the line's own event types to read."""
    return orjson.dumps({"type": record.type, **record.data})


def _record(fields: dict[str, Any], raw: bytes) -> Record:
    rest = {name: value for name, value in fields.items() if name not in {"v", "at", "received_at"}}
    return Record(at=parse_instant(fields["at"]), received_at=parse_instant(fields["received_at"]), raw=raw, **rest)
