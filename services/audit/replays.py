"""The queries that read a whole stream from the ledger alone: evidence, replay, and decisions made again."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from services.audit.asked import OfDecisions, OfInstant, OfStream, holds_key, require_supervision, role_of
from services.audit.calendars import shelve
from services.audit.covering import covering
from services.audit.domain.replaying import Redecided, Told, count_until, given, remake, replay
from shared.kernel.canonical import instant
from shared.kernel.errors import BadInput, BrokenHistory, NotFound, NotYet, Quarantined
from shared.kernel.line import Line
from shared.kernel.record import read
from shared.ledger.errors import Malformed
from shared.ledger.text import decode_base64, encode_base64
from shared.platform.door import Query
from shared.procedure.books import NoSuchBook
from shared.runtime.lines import lines
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools
from shared.store import ledger_read as ledger
from shared.store.database import Connection
from shared.store.ledger_entry import Entry
from shared.store.ledger_read import Numbered, Stored


def evidence(tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return a stream's records with their proofs under one checkpoint: all of a bundle but key and rulebook.

    For who holds the stream's key, for the platform's own parts, and for roles that may have every record of it. Of a
    record that the asker may not have, whatever it holds, it is given what is in the log: the leaf.
    """
    asked = arguments(OfStream, query)
    service, found = _stream(connection, asked)
    keyed = holds_key(asked.key, found)
    mine = _given(service, found, query, keyed=keyed)
    if not all(mine) and not keyed:
        raise nothing_there()
    size = max(index for index, _ in found) + 1
    sealed = covering(connection, size, tools.clock.now(), needed=tools.settings.witnesses_needed)
    prover = Stored(connection).prover()
    return {
        "service": service,
        "stream": asked.stream,
        "checkpoint": sealed.note.decode(),
        "size": sealed.size,
        "witnesses": list(sealed.witnesses),
        "records": [
            shown(*item, prover.inclusion(item[0], sealed.size)) | ({} if whole else {"record": None})
            for item, whole in zip(found, mine, strict=True)
        ],
    }


def replayed(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return a stream at an instant, folded from its records alone: phase, state, and each event with who saw it then.

    Numbers are told to who holds the stream's key, which the line gives: they tell of events that must not be known
    yet, and so would their absence. Events that the asker may not be told now are left out, and with any of them the
    state; of a line that gives records by role, whatever it holds.
    """
    asked = arguments(OfInstant, query)
    role = role_of(asked, query)
    service, found = _stream(connection, asked)
    records = [read(entry.record) for _, entry in found]
    count = count_until(records, asked.at, asked.version)
    try:
        made = replay(_line(service), records, count, role, query.actor)
    except BrokenHistory as error:
        raise _broken() from error
    keyed = holds_key(asked.key, found)
    if asked.version is not None and not keyed and query.actor.role != "system":
        raise nothing_there()
    full = keyed or query.actor.role == "system"
    if full:
        _require_any(asked, count, len(records))
    everything = query.actor.role == "system" or (keyed and _line(service).gives is None)
    told = [item for item in made.told if everything or item.shown]
    if not told:
        raise nothing_there()
    moment = None if asked.at is None else instant(asked.at)
    answer = {"service": service, "stream": asked.stream, "role": role, "at": moment, "phase": made.phase}
    whole = full and len(told) == len(made.told)
    state = _in_order(made.state) if whole else None
    version = len(made.told) if full else None
    return {**answer, "version": version, "state": state, "events": [_event(item, full) for item in told]}


def _require_any(asked: OfInstant, count: int, last: int) -> None:
    """Raise where there is nothing to show yet, or not that much: for those alone who may know how much there is."""
    if asked.version is not None and asked.version > last:
        raise NotFound(f"该项目目前只有{last}版", f"this procedure has {last} versions so far")
    if not count:
        raise NotFound("该时刻之前没有记录", "nothing had been recorded by then")


def redecided(_tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
    """Return whether every decision of a stream, made again from the stored requests, leads to the same records."""
    require_supervision(query)
    asked = arguments(OfDecisions, query)
    service, found = _stream(connection, asked)
    line = _line(service)
    if asked.rulebook is not None:
        shelve(connection, line, asked.rulebook, asked.calendars)
    made = _remade(line, found, asked)
    return {
        "service": service,
        "stream": asked.stream,
        "ok": not made.difference,
        "decisions": made.decisions,
        "difference": made.difference or None,
    }


def _remade(line: Line, found: Sequence[Numbered], asked: OfDecisions) -> Redecided:
    try:
        requests = {item.version: decode_base64(item.request) for item in asked.requests}
        return remake(line, [read(entry.record) for _, entry in found], requests)
    except Malformed as error:
        raise BadInput("指令不是base64编码", f"a stored request is not base64: {error}") from error
    except BrokenHistory as error:
        raise _broken() from error
    except NoSuchBook as error:
        raise BadInput("请一并给出该项目的规则库", f"give the rulebook of this procedure too: {error}") from error
    except LookupError as error:
        if isinstance(error, KeyError | IndexError):
            raise
        raise NotYet("决定所依据的密钥尚未公开", "a secret that decisions relied on is not released yet") from error


def shown(index: int, entry: Entry, hashes: Sequence[bytes]) -> dict[str, Any]:
    """Return an entry with its number in the tree, its inclusion proof, and its bytes."""
    return {
        "version": entry.version,
        "position": entry.position,
        "index": index,
        "hashes": list(map(encode_base64, hashes)),
        "leaf": entry.leaf.decode(),
        "record": encode_base64(entry.record),
    }


def _stream(connection: Connection, asked: OfStream) -> tuple[str, list[Numbered]]:
    """Return a stream's entries with its service. Raise NotFound where there is none, or more than one of the name."""
    services = [asked.service] if asked.service else list(ledger.head(connection)[2])
    found = [(name, items) for name in services if (items := ledger.of_stream(connection, name, asked.stream))]
    if len(found) != 1:
        raise nothing_there()
    return found[0]


def _line(service: str) -> Line:
    if service not in lines():
        raise NotFound(f"没有业务线 {service}", f"there is no line {service}")
    return lines()[service]


def _given(service: str, found: Sequence[Numbered], query: Query, *, keyed: bool) -> list[bool]:
    """Tell of each entry of a stream whether the asker may have its record. Raise Quarantined, NotFound."""
    if query.actor.role == "system":
        return [True] * len(found)
    try:
        return given(_line(service), [read(entry.record) for _, entry in found], query.actor, keyed=keyed)
    except BrokenHistory as error:
        raise _broken() from error


def _in_order(state: Any) -> Any:
    """Return a state as JSON, its sets in one order: two replays of the same records say the same bytes."""
    match state:
        case set() | frozenset():
            return sorted(map(_in_order, state), key=repr)
        case Mapping():
            return {str(name): _in_order(value) for name, value in state.items()}
        case list() | tuple():
            return [_in_order(value) for value in state]
        case _ if is_dataclass(state):
            return {one.name: _in_order(getattr(state, one.name)) for one in fields(state)}
        case _:
            return to_jsonable_python(state)


def _event(item: Told, full: bool) -> dict[str, Any]:
    record = item.record
    return {
        "version": record.version if full else None,
        "position": record.position if full else None,
        "type": record.type,
        "at": instant(record.at),
        "visible": item.visible,
        "data": record.data,
    }


def _broken() -> Quarantined:
    return Quarantined("该项目的记录无法还原", "the records of this procedure do not fold")
