"""Arrival rows: what the door has received in full, committed before it is sent on, so that nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, insert, select

from shared.kernel.canonical import instant
from shared.kernel.request import Arrival
from shared.store.database import Database
from shared.store.tables import arrival, command
from shared.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Waiting:
    """An arrival row without an outcome: who and which, and the signed command to be sent again."""

    actor: str
    id: str
    sealed: bytes


def _without_outcome() -> ColumnElement[bool]:
    """Return the condition, in terms of the columns of `command` that the door's role may read."""
    outcome = select(command.c.id).where(and_(command.c.actor == arrival.c.actor, command.c.id == arrival.c.id))
    return ~outcome.exists()


def commit(
    database: Database,
    vault: Vault,
    stream: str,
    read_clock: Callable[[], datetime],
    sign: Callable[[datetime], Arrival],
) -> Arrival:
    """Read the clock and commit the arrival row, behind the stream's gate; return the signed arrival.

    The gate makes the deadline exact: whoever closes the stream waits for every arrival whose clock was read
    before, and an arrival whose clock is read after finds the deadline past. An arrival row that is there already
    (the same command sent again) keeps its first time.
    """
    with database.write() as connection:
        database.gate(connection, stream, shared=True)
        made = sign(read_clock())
        key = and_(arrival.c.actor == made.actor.account, arrival.c.id == made.id)
        known = connection.execute(select(arrival.c.sealed).where(key)).scalar()
        if known is not None:
            first = Arrival.model_validate_json(vault.open(bytes(known)))
            if first.body_digest() == made.body_digest():
                return first
            return made  # another body under a used id: the service refuses it, the first stays
        row = {
            "actor": made.actor.account,
            "id": made.id,
            "stream": stream,
            "received_at": instant(made.received_at),
            "sealed": vault.close(made.canonical()),
        }
        connection.execute(insert(arrival), [row])
        return made


def pending(connection: Connection, stream: str, until: str) -> list[tuple[str, str]]:
    """Return actor and id of the arrivals of a stream up to `until` (canonical time) that have no outcome yet."""
    query = select(arrival.c.actor, arrival.c.id).where(arrival.c.stream == stream, arrival.c.received_at <= until)
    return [(actor, id_) for actor, id_ in connection.execute(query.where(_without_outcome()))]


def waiting(connection: Connection, received_before: datetime, limit: int) -> list[Waiting]:
    """Return arrivals received before an instant that have no outcome, oldest first, for the sweeper."""
    query = select(arrival.c.actor, arrival.c.id, arrival.c.sealed).where(_without_outcome())
    query = query.where(arrival.c.received_at < instant(received_before)).order_by(arrival.c.received_at).limit(limit)
    return [Waiting(actor, id_, bytes(sealed)) for actor, id_, sealed in connection.execute(query)]
