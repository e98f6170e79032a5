"""The record: the exact canonical bytes of one event, which the journal stores, the broker carries, the leaf binds."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson

from shared.kernel.canonical import digest, encode, instant, parse_instant
from shared.kernel.errors import BrokenHistory
from shared.kernel.message import Event
from shared.kernel.request import Actor


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


FIELDS = {field.name for field in fields(Record)} - {"raw"} | {"v"}


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
    del body["v"]
    at, received_at = parse_instant(body.pop("at")), parse_instant(body.pop("received_at"))
    return Record(at=at, received_at=received_at, raw=raw, **body)


def event_bytes(record: Record) -> bytes:
    """Return the JSON of the record's event, for the line's own event types to read."""
    return orjson.dumps({"type": record.type, **record.data})
