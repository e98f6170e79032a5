"""The journal: a service's records, without a gap, in commit order, each with its public leaf."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, or_, select, update

from shared.kernel.record import Record, read
from shared.store.bulk import insert_columns
from shared.store.tables import head, journal, relayed, stream

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Written:
    """A record with its public leaf, as the journal stores them."""

    record: Record
    leaf: bytes


def lock_head(connection: Connection) -> int:
    """Lock the journal for this transaction and return its last position.

    Taken before any state is read, so that position order is commit order.
    """
    return int(connection.execute(select(head.c.position).with_for_update()).scalar_one())


def last_position(connection: Connection) -> int:
    """Return the last position, without a lock."""
    return int(connection.execute(select(head.c.position)).scalar_one())


def append(connection: Connection, written: Sequence[Written]) -> None:
    """Add records whose positions follow the locked head, and move it."""
    if not written:
        return
    columns: dict[str, Sequence[object]] = {
        "position": [item.record.position for item in written],
        "stream": [item.record.stream for item in written],
        "version": [item.record.version for item in written],
        "record": [item.record.raw for item in written],
        "leaf": [item.leaf for item in written],
    }
    insert_columns(connection, journal, columns)
    connection.execute(update(head).values(position=written[-1].record.position))


def since(connection: Connection, versions: dict[str, int]) -> Iterator[tuple[str, int, bytes]]:
    """Yield stream, version and bytes of the records after the version given for each stream, versions in order."""
    wanted = [and_(journal.c.stream == name, journal.c.version > version) for name, version in versions.items()]
    # The order of an index: to sort long records would take longer than to read them.
    query = select(journal.c.stream, journal.c.version, journal.c.record).where(or_(*wanted))
    for name, version, raw in connection.execute(query.order_by(journal.c.stream, journal.c.version)):
        yield name, version, bytes(raw)


def positions(connection: Connection, first: int, last: int) -> list[Written]:
    """Return the records at `first`..`last`, both included."""
    query = select(journal.c.record, journal.c.leaf).where(journal.c.position.between(first, last))
    return _written(connection.execute(query.order_by(journal.c.position)))


def unrelayed(connection: Connection, most: int) -> list[Written]:
    """Return the first records that the relay has not given to the broker yet."""
    done = select(relayed.c.position).scalar_subquery()
    query = select(journal.c.record, journal.c.leaf).where(journal.c.position > done)
    return _written(connection.execute(query.order_by(journal.c.position).limit(most)))


def of_stream(connection: Connection, name: str) -> list[Written]:
    """Return a stream's records, by version."""
    query = select(journal.c.record, journal.c.leaf).where(journal.c.stream == name)
    return _written(connection.execute(query.order_by(journal.c.version)))


def bytes_of_stream(connection: Connection, name: str) -> list[bytes]:
    """Return the bytes of a stream's records, by version."""
    query = select(journal.c.record).where(journal.c.stream == name).order_by(journal.c.version)
    return [bytes(raw) for raw in connection.execute(query).scalars()]


def stream_keys(connection: Connection, names: Iterable[str]) -> dict[str, bytes]:
    """Return the tag keys of those of the streams that exist."""
    query = select(stream.c.stream, stream.c.key).where(stream.c.stream.in_(list(names)))
    return {name: bytes(key) for name, key in connection.execute(query)}


def last_versions(connection: Connection, names: Iterable[str]) -> dict[str, int]:
    """Return the last version of each of the streams that has one."""
    query = select(journal.c.stream, func.max(journal.c.version)).where(journal.c.stream.in_(list(names)))
    return {name: int(version) for name, version in connection.execute(query.group_by(journal.c.stream))}


def _written(rows: Iterable[tuple[bytes, bytes]]) -> list[Written]:
    return [Written(read(bytes(raw)), bytes(leaf)) for raw, leaf in rows]
