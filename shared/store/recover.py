"""Records of a journal that its database has lost, brought back from the ledger, with all that follows from them.

What no record holds does not come back: the requests as they were stored, and the words of refusals.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, insert, select

from shared.kernel.errors import PLATFORM_RULE, BrokenHistory, Refusal
from shared.kernel.message import Event
from shared.kernel.outcome import Outcome, RefusalText, recorded
from shared.kernel.record import Record
from shared.ledger.errors import LedgerFault
from shared.ledger.leaf import leaf_of
from shared.store import journal
from shared.store.batch import UNKNOWN, timer_rows
from shared.store.journal import Written
from shared.store.means import Means
from shared.store.states import At, States
from shared.store.tables import command, head, stream, timer

LOST = b""
"""In the place of a stored request that was lost."""

_Decided = tuple[Record, Event]


class NotRecovered(Refusal):
    """What the ledger holds is not shown to be what this journal lacks; nothing was written."""

    code = "not_recovered"


def last_written(connection: Connection) -> Written | None:
    """Return the last record that the journal has, None where it is empty."""
    query = select(head.c.position)
    position = int(connection.execute(query).scalar_one())
    return next(iter(journal.positions(connection, position, position)), None)


def recover(means: Means, missing: Sequence[Written]) -> None:
    """Append records with streams, views, timers and outcomes, in one transaction. Raise NotRecovered.

    Each must follow the journal's position and its stream's version, and its leaf must be the one that service,
    position, the stream's key, version and bytes make.
    """
    with means.database.write() as connection:
        names = {item.record.stream for item in missing}
        _require_following(means.line.name, journal.lock_head(connection), missing)
        _require_versions(journal.last_versions(connection, names), missing)
        keys = journal.stream_keys(connection, names)
        fresh = {name: means.stream_key(name) for name in sorted(names - keys.keys())}
        _require_leaves({**keys, **fresh}, missing)
        states = States(means.line).load(connection, names)
        if fresh:
            connection.execute(insert(stream), [{"stream": name, "key": key} for name, key in fresh.items()])
        journal.append(connection, missing)
        decided = [(item.record, means.line.event(item.record)) for item in missing]
        _project(means, connection, states, decided)
        rows = [_outcome_row(means, list(group)) for _, group in groupby(decided, key=_who_and_which)]
        connection.execute(insert(command), rows)
        if timers := [row for record, event in decided for row in timer_rows(record, means.line.timers(event))]:
            connection.execute(insert(timer), timers)


def _require_following(service: str, last: int, missing: Iterable[Written]) -> None:
    for position, item in enumerate(missing, last + 1):
        if (item.record.service, item.record.position) != (service, position):
            zh = f"账本给出的不是 {service} 第 {position} 号记录（流水在此期间可能已变动），请重试"
            raise NotRecovered(zh, f"position {position} of {service} was not given; has the journal gone on since?")


def _require_versions(versions: Mapping[str, int], missing: Iterable[Written]) -> None:
    last = dict(versions)
    for item in missing:
        name, version = item.record.stream, item.record.version
        if version != last.get(name, 0) + 1:
            raise _wrong(item.record, f"version {version} of its stream does not follow {last.get(name, 0)}")
        last[name] = version


def _require_leaves(keys: Mapping[str, bytes], missing: Iterable[Written]) -> None:
    for item in missing:
        record = item.record
        try:
            leaf = leaf_of(record.service, record.position, keys[record.stream], record.version, record.raw).encode()
        except LedgerFault as fault:
            raise _wrong(record, str(fault)) from fault
        if leaf != item.leaf:
            raise _wrong(record, "its leaf is not made of its bytes under the stream's key, which may be lost")


def _wrong(record: Record, en: str) -> NotRecovered:
    zh = f"第 {record.position} 号记录与账本叶或项目密钥不符，未作任何写入；请通知监督部门"
    return NotRecovered(zh, f"position {record.position}: {en}; nothing was written: tell the supervisor")


def _project(means: Means, connection: Connection, states: Mapping[str, At], decided: Iterable[_Decided]) -> None:
    """Bring the views up to the events. A stream that does not fold is left out from where it breaks."""
    now = {name: at.state for name, at in states.items()}
    for record, event in decided:
        if record.stream not in now:
            continue
        try:
            state = now[record.stream] = means.line.decider.evolve(now[record.stream], event)
        except BrokenHistory:
            del now[record.stream]  # it is quarantined when it is next loaded
            continue
        means.port.project(connection, record, event, state)


def _who_and_which(item: _Decided) -> tuple[str, str]:
    record, _event = item
    return str(record.actor["account"]), record.command_id


def _outcome_row(means: Means, decided: Sequence[_Decided]) -> dict[str, Any]:
    """Return a command's row without its request: given again, it gets the same answer and is not executed."""
    record, event = decided[0]
    account, id_ = _who_and_which(decided[0])
    outcome = Outcome(
        id=id_,
        stream=record.stream,
        events=tuple(recorded(one) for one, _ in decided),
        refusal=_refusal(means.line.name, event),
        receipts=tuple(_receipts(means, decided)),
    )
    row = {"actor": account, "id": id_, "stream": record.stream, "version": record.version}
    return {**row, "body_digest": UNKNOWN, "request": LOST, "outcome": outcome.canonical()}


def _receipts(means: Means, decided: Iterable[_Decided]) -> Iterator[dict[str, Any]]:
    for record, event in decided:
        yield from means.port.receipts(record, event)


def _refusal(service: str, event: Event) -> RefusalText | None:
    """Return the refusal that an event records; its words were told to who asked, and are in no record."""
    said = event.model_dump()
    if said["type"] != f"{service}.request_refused.v1":
        return None
    zh, en = "该请求当时已被拒绝（依账本恢复，原说明文字已失）", "this was refused; the words of the answer were lost"
    return RefusalText(code=said["code"], zh=zh, en=en, article=said.get("article", PLATFORM_RULE))
