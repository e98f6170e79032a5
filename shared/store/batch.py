"""One batch of commands inside its transaction: what has been decided so far, and what will be written."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_

from shared.kernel.canonical import digest, instant
from shared.kernel.errors import CommandReused, NotFound, NotYet, Quarantined, Refusal
from shared.kernel.line import WHENEVER
from shared.kernel.message import Command, Event
from shared.kernel.outcome import Outcome, recorded, told
from shared.kernel.record import Record, write
from shared.kernel.request import Arrival, request_of
from shared.ledger.leaf import leaf_of
from shared.store import journal
from shared.store.arrivals import pending
from shared.store.bulk import insert_columns
from shared.store.means import Means
from shared.store.states import At, States
from shared.store.tables import command, stream, timer

REFUSED = "refused"
"""The stream of refusals that concern no stream that the asker may know of; no procedure bears its name."""

UNKNOWN = ""
"""In the place of the digest of a body that was lost with its database, when the outcome came back from the ledger."""


class Batch:
    """The working memory of one transaction. The head row is locked before any state is read."""

    def __init__(self, means: Means, connection: Connection, arrivals: Sequence[Arrival], kept: States) -> None:
        self._means = means
        self._connection = connection
        self._position = journal.lock_head(connection)
        self._at = means.clock.now()
        self._stored = self._outcomes(arrivals)
        names = {arrival.stream for arrival in arrivals} | {REFUSED}
        self.states = kept.load(connection, names)
        self._keys = journal.stream_keys(connection, names)
        self._written: list[journal.Written] = []
        self._commands: list[dict[str, Any]] = []
        self._streams: list[dict[str, Any]] = []
        self._timers: list[dict[str, Any]] = []

    def take(self, arrival: Arrival) -> Outcome | Refusal:
        """Decide one command, or give the stored outcome of one decided before."""
        known = self._stored.get((arrival.actor.account, arrival.id))
        if known:
            return _answered(arrival, *known)
        if arrival.until is not None and self._at > arrival.until:
            return NotYet("等待应答的时限已过，未作处理，请重新提交", "the wait for an answer was over; send it again")
        if arrival.stream not in self.states:
            return Quarantined(
                "该项目记录异常，已隔离并报警", "this record does not fold; it is quarantined and reported"
            )
        try:
            return self._decide(arrival, self._means.line.command(arrival.command))
        except Refusal as refusal:  # not readable as a command of this line: nothing to decide, nothing to record
            return refusal

    def save(self) -> None:
        """Write everything that the batch decided."""
        for table, rows in ((stream, self._streams), (timer, self._timers)):
            if rows:
                self._connection.execute(insert(table), rows)
        if made := self._commands:
            columns = {name: [row[name] for row in made] for name in made[0]}
            insert_columns(self._connection, command, columns)
        journal.append(self._connection, self._written)

    def _decide(self, arrival: Arrival, asked: Command) -> Outcome | Refusal:
        line, at = self._means.line, self.states[arrival.stream]
        self._settle(arrival)
        facts, secrets = self._means.port.facts(self._connection, arrival, asked, at.state)
        request = request_of(arrival, asked, facts, secrets)
        refusal = None
        try:
            if arrival.stream == REFUSED:
                raise NotFound("该编号由平台保留", "this name is the platform's own")
            events = line.decide(request, at.state)
        except NotYet as not_yet:
            return not_yet
        except Refusal as refused:
            refusal, events = refused, (line.refused(request, refused),)
        known = at.version > 0 and line.knows(arrival.actor, at.state)
        name = arrival.stream if refusal is None or known else REFUSED
        raw = request.canonical()
        records = [self._record(arrival, name, event, digest(raw)) for event in events]
        receipts = [self._means.port.receipts(*pair) for pair in zip(records, events, strict=True)]
        outcome = Outcome(
            id=arrival.id,
            stream=arrival.stream,
            events=tuple(map(recorded, records)),
            refusal=None if refusal is None else told(refusal),
            receipts=tuple(receipt for given in receipts for receipt in given),
        )
        self._store(arrival, name, records, raw, outcome)
        return outcome

    def _settle(self, arrival: Arrival) -> None:
        """Wait behind the gate of a stream that is to be closed, until every arrival in time has its outcome.

        Who may not close, or asks too early, is refused by the decision, and does not learn whether anything waits.
        """
        line, kind = self._means.line, str(arrival.command.get("type"))
        if kind not in line.closing or arrival.actor.role not in line.entitled[kind]:
            return
        due = line.closing[kind](self.states[arrival.stream].state)
        if arrival.received_at < due < WHENEVER:
            return
        self._means.database.gate(self._connection, arrival.stream, shared=False)
        until = min(arrival.received_at, due)
        keys = pending(self._connection, arrival.stream, instant(until))
        if any(key not in self._stored for key in keys):
            raise NotYet("尚有已到达的递交未处理完毕，请稍候", "something that arrived has no outcome yet; try again")

    def _record(self, arrival: Arrival, name: str, event: Event, request_digest: str) -> Record:
        means, before = self._means, self.states[name]
        if name not in self._keys:
            self._keys[name] = means.stream_key(name)
            self._streams.append({"stream": name, "key": self._keys[name]})
        state = means.line.decider.evolve(before.state, event)
        self._position += 1
        record = write(
            service=means.line.name,
            position=self._position,
            stream=name,
            version=before.version + 1,
            id=means.random_bytes(16).hex(),
            event=event,
            at=self._at,
            received_at=arrival.received_at,
            actor=arrival.actor,
            command_id=arrival.id,
            command_digest=request_digest,
            cause=arrival.correlation or None,
            rulebook=means.line.rulebook(state),
            salt=means.random_bytes(32),
        )
        leaf = leaf_of(record.service, record.position, self._keys[name], record.version, record.raw).encode()
        self._written.append(journal.Written(record, leaf))
        self.states[name] = At(record.version, state)
        means.port.project(self._connection, record, event, state)
        self._timers += timer_rows(record, means.line.timers(event))
        return record

    def _store(self, arrival: Arrival, name: str, records: Sequence[Record], raw: bytes, outcome: Outcome) -> None:
        body_digest, answer = arrival.body_digest(), outcome.canonical()
        row = {
            "actor": arrival.actor.account,
            "id": arrival.id,
            "body_digest": body_digest,
            "stream": name,
            "version": records[0].version if records else 0,
            "request": raw,
            "outcome": answer,
        }
        self._commands.append(row)
        self._stored[arrival.actor.account, arrival.id] = (body_digest, answer)

    def _outcomes(self, arrivals: Sequence[Arrival]) -> dict[tuple[str, str], tuple[str, bytes]]:
        ids = [(arrival.actor.account, arrival.id) for arrival in arrivals]
        query = select(command.c.actor, command.c.id, command.c.body_digest, command.c.outcome)
        rows = self._connection.execute(query.where(tuple_(command.c.actor, command.c.id).in_(ids)))
        return {(actor, id_): (body_digest, bytes(outcome)) for actor, id_, body_digest, outcome in rows}


def _answered(arrival: Arrival, body_digest: str, stored: bytes) -> Outcome | Refusal:
    """Return the stored outcome of a command given again. Of one brought back from the ledger the body is unknown."""
    outcome = Outcome.model_validate_json(stored)
    if body_digest != UNKNOWN:
        return outcome if body_digest == arrival.body_digest() else _reused()
    if outcome.stream == REFUSED:
        return outcome.model_copy(update={"stream": arrival.stream})
    return outcome if outcome.stream == arrival.stream else _reused()


def _reused() -> Refusal:
    return CommandReused(
        "该指令编号已用于其他内容，请换用新的编号", "this command id was used with another body; use a new id"
    )


def timer_rows(record: Record, timers: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the rows of the timers that a record's event sets."""
    return [
        {
            "id": f"{record.id}-{number}",
            "due_at": instant(item.due_at),
            "claimed_until": "",
            "stream": record.stream,
            "command": item.command.canonical(),
        }
        for number, item in enumerate(timers)
    ]
