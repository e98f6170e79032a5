"""The queries that every service with a journal answers, and how a service's own read what is asked; free of nameko."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson
from pydantic import Field, ValidationError
from sqlalchemy import Connection, select

from shared.kernel.canonical import instant
from shared.kernel.errors import NotEntitled, NotFound
from shared.kernel.message import Identifier, Message
from shared.kernel.request import Role
from shared.kernel.wrong_fields import bad_input
from shared.platform.door import Query
from shared.runtime.guarding import is_behind
from shared.runtime.tools import Tools
from shared.store import health, journal
from shared.store.recover import LOST
from shared.store.tables import command

Answering = Callable[[Tools, Connection, Query], Any]
"""Answers one query with JSON, inside a read transaction; raises a Refusal otherwise."""

Entitled = Callable[[Tools, Connection, Query, str], bool]
"""Whether the asker of a query is to be given a whole stream now."""

PAGE = 256
"""How many rows one answer holds at most."""

_SUPERVISION: frozenset[Role] = frozenset({"supervisor", "system"})

M = TypeVar("M", bound=Message)


class OfCommand(Message):
    """Asks for the outcome of the asker's own command."""

    id: Identifier


class OfStream(Message):
    """Asks for something of one stream."""

    stream: Identifier


class OfDecisions(OfStream):
    """Asks for decisions from a version on."""

    first: int = Field(default=1, ge=1)


class OfRows(Message):
    """Asks for journal rows, both ends included."""

    first: int = Field(ge=1)
    last: int = Field(ge=1)


class RequestsLost(NotEntitled):
    """Requests that a database took with it: nobody can be given them, and a bundle is whole without."""


def arguments(kind: type[M], query: Query) -> M:
    """Return what a query asks for. Raise BadInput that names each wrong field."""
    try:
        return kind.model_validate_json(orjson.dumps(query.arguments))
    except ValidationError as error:
        raise bad_input(error) from error


def nothing_there() -> NotFound:
    """Return the one answer to who may not see a thing and to who asks for one that is not there."""
    return NotFound("没有找到，或无权查看", "there is no such thing, or none that you may see")


def watchers_only() -> NotEntitled:
    """Return the answer to who asks for what is shown to whoever watches over the platform alone."""
    return NotEntitled("仅限监督部门和运营机构", "for the supervisor and the operator only")


def journal_queries(entitled: Entitled) -> Mapping[str, Answering]:
    """Return the queries `outcome`, `stream_key`, `requests`, `records`, `behind` and `round_trip`, by name."""

    def stream_key(tools: Tools, connection: Connection, query: Query) -> Any:
        name = arguments(OfStream, query).stream
        key = journal.stream_keys(connection, [name]).get(name)
        if key is None or not entitled(tools, connection, query, name):
            raise nothing_there()
        version = journal.last_versions(connection, [name]).get(name, 0)
        return {"stream": name, "key": key.hex(), "version": version}

    def requests(tools: Tools, connection: Connection, query: Query) -> Any:
        _require_supervision(query)
        name = arguments(OfDecisions, query).stream
        if not journal.stream_keys(connection, [name]) or not entitled(tools, connection, query, name):
            raise nothing_there()  # how many there are would tell how many have handed something in
        return _requests(connection, query)

    return {
        "outcome": _outcome,
        "stream_key": stream_key,
        "requests": requests,
        "records": _records,
        "behind": _behind,
        "round_trip": _round_trip,
    }


def _outcome(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return the stored outcome; only to who gave the command, and no other answer tells whether there is one."""
    own = command.c.actor == query.actor.account, command.c.id == arguments(OfCommand, query).id
    outcome = connection.execute(select(command.c.outcome).where(*own)).scalar()
    if outcome is None:
        raise nothing_there()
    return orjson.loads(bytes(outcome))


def _requests(connection: Connection, query: Query) -> Any:
    """Return the stored requests of a stream that left events, each with the version of its first.

    Raise RequestsLost where one is missing that there was: a part of them proves nothing.
    """
    asked = arguments(OfDecisions, query)
    columns = select(command.c.version, command.c.id, command.c.request)
    of_stream = columns.where(command.c.stream == asked.stream, command.c.version >= asked.first)
    rows = connection.execute(of_stream.order_by(command.c.version).limit(PAGE)).all()
    if any(bytes(raw) == LOST for _, _, raw in rows):
        raise RequestsLost(
            "该项目部分指令原文已随数据库丢失（记录已从账本取回），无法据以重新裁决",
            "stored requests of this procedure were lost with a database, though its records came back from the "
            "ledger: its decisions cannot be made again",
        )
    listed = [{"version": version, "id": id_, "request": _base64(raw)} for version, id_, raw in rows]
    return {"requests": listed, "next": rows[-1].version + 1 if len(rows) == PAGE else None}


def _records(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return journal rows with their leaves; to the platform alone. `next` is where to go on, or null."""
    if query.actor.role != "system":
        raise NotEntitled("仅限平台自身", "for the platform itself only")  # rows of all streams, of sealed phases too
    asked = arguments(OfRows, query)
    last = min(asked.last, asked.first + PAGE - 1)
    listed = [
        {
            "position": item.record.position,
            "record": _base64(item.record.raw),
            "leaf": item.leaf.decode(),
        }
        for item in journal.positions(connection, asked.first, last)
    ]
    return {"records": listed, "next": last + 1 if last < asked.last and listed else None}


def _behind(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return whether the journal is behind the ledger, so that no command is taken; to the platform alone."""
    if query.actor.role != "system":
        raise NotEntitled("仅限平台自身", "for the platform itself only")
    return {"behind": is_behind(connection)}


def _round_trip(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return how old the last round trip of a probe is and since when they come, or null; to the platform alone."""
    if query.actor.role != "system":
        raise NotEntitled("仅限平台自身", "for the platform itself only")
    reading = health.reading(connection, tools.machine.now())
    if reading is None:
        return {"round_trip": None}
    return {"round_trip": {"age_ms": reading.age_ms, "mended_at": instant(reading.mended_at)}}


def _require_supervision(query: Query) -> None:
    if query.actor.role not in _SUPERVISION:
        raise NotEntitled("仅限监督部门", "for the supervisor only")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
