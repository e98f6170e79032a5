"""Events of other services whose effect kept failing here: set aside, for a later try."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from shared.kernel.canonical import instant
from shared.kernel.record import Record
from shared.store.tables import aside


def put(connection: Connection, record: Record, cause: str, at: datetime) -> None:
    """Set an event aside, once."""
    drop(connection, record.service, record.position)
    row = {"service": record.service, "position": record.position, "at": instant(at), "cause": cause}
    connection.execute(insert(aside).values(**row, record=record.raw))


def bodies(connection: Connection) -> list[bytes]:
    """Return the records set aside, in the order in which that happened."""
    rows = connection.execute(select(aside.c.record).order_by(aside.c.at, aside.c.service, aside.c.position))
    return [bytes(record) for record in rows.scalars()]


def drop(connection: Connection, service: str, position: int) -> None:
    """Take an event back from there."""
    connection.execute(delete(aside).where(aside.c.service == service, aside.c.position == position))
