"""Arrival rows: what the door has received in full, committed before it is sent on, so that nothing is lost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, tuple_

from shared.kernel.canonical import instant, parse_instant
from shared.kernel.request import Arrival
from shared.store.database import Database
from shared.store.tables import arrival, command
from shared.store.vault import Vault

Sign = Callable[[datetime], Arrival]
"""Makes an arrival of the instant that is read when it is committed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival row without an outcome: who and which, and the signed command to be sent again."""

    actor: str
    id: str
    received_at: datetime
    sealed: bytes


def _without_outcome() -> ColumnElement[bool]:
    """Return the condition, in terms of the columns of `command` that the door's role may read."""
    outcome = select(command.c.id).where(and_(command.c.actor == arrival.c.actor, command.c.id == arrival.c.id))
    return ~outcome.exists()


def commit(
    database: Database,
    vault: Vault,
    read_clock: Callable[[], datetime],
    signing: Sequence[tuple[str, Sign]],
    *,
    wait: bool = True,
) -> list[Arrival | None]:
    """Read the clock and commit arrival rows, each behind the gate of its stream; return the signed arrivals.

    The gate makes the deadline exact: whoever closes the stream waits for every arrival whose clock was read
    before, and an arrival whose clock is read after finds the deadline past. An arrival row that is there already
    (the same command sent again) keeps its first time. Several streams are not waited for: without `wait` those whose
    gate is not free are left out, with None in their place.
    """
    with database.write() as connection:
        free = database.share_gates(connection, {stream for stream, _ in signing}, wait=wait)
        made = [sign(read_clock()) if stream in free else None for stream, sign in signing]
        first = _known(connection, vault, [one for one in made if one is not None])
        rows, kept = [], []
        for one in made:
            if one is not None and (key := (one.actor.account, one.id)) not in first:
                first[key] = one
                rows.append(_row(vault, one))
            kept.append(None if one is None else _first_of(first, one))
        if rows:
            connection.execute(insert(arrival), rows)
        return kept


def _first_of(first: Mapping[tuple[str, str], Arrival], made: Arrival) -> Arrival:
    """Return the arrival as it came first. Another body under a used id the service refuses: the first stays."""
    known = first[made.actor.account, made.id]
    return known if known is made or known.body_digest() == made.body_digest() else made


def _known(connection: Connection, vault: Vault, made: Sequence[Arrival]) -> dict[tuple[str, str], Arrival]:
    keys = [(one.actor.account, one.id) for one in made]
    sealed = select(arrival.c.actor, arrival.c.id, arrival.c.sealed)
    rows = connection.execute(sealed.where(tuple_(arrival.c.actor, arrival.c.id).in_(keys)))
    return {(actor, id_): Arrival.model_validate_json(vault.open(bytes(raw))) for actor, id_, raw in rows}


def _row(vault: Vault, made: Arrival) -> dict[str, Any]:
    return {
        "actor": made.actor.account,
        "id": made.id,
        "stream": made.stream,
        "received_at": instant(made.received_at),
        "sealed": vault.close(made.canonical()),
    }


def pending(connection: Connection, stream: str, until: str) -> list[tuple[str, str]]:
    """Return actor and id of the arrivals of a stream up to `until` (canonical time) that have no outcome yet."""
    query = select(arrival.c.actor, arrival.c.id).where(arrival.c.stream == stream, arrival.c.received_at <= until)
    return [(actor, id_) for actor, id_ in connection.execute(query.where(_without_outcome()))]


def waiting(connection: Connection, since: datetime | None, received_before: datetime, limit: int) -> list[Waiting]:
    """Return arrivals received from `since` (None: ever) until before an instant that have no outcome, oldest first."""
    query = select(arrival.c.actor, arrival.c.id, arrival.c.received_at, arrival.c.sealed).where(_without_outcome())
    query = query.where(arrival.c.received_at < instant(received_before))
    if since is not None:
        query = query.where(arrival.c.received_at >= instant(since))
    found = connection.execute(query.order_by(arrival.c.received_at).limit(limit))
    return [Waiting(actor, id_, parse_instant(at), bytes(sealed)) for actor, id_, at, sealed in found]
