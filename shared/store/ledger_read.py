"""Reading the ledger: tiles in their widest form, entries by number, position and stream, and proofs from them."""

from collections.abc import Iterable, Mapping

import orjson
from sqlalchemy import Connection, RowMapping, func, select, tuple_

from shared.ledger.errors import BadProof
from shared.ledger.merkle import leaf_hash
from shared.ledger.prover import Prover
from shared.ledger.tiles import WIDTH, tile_root
from shared.store.database import Database
from shared.store.ledger_entry import Entry
from shared.store.ledger_tables import entry, ledger_head, tile

_COLUMNS = (entry.c.service, entry.c.position, entry.c.stream, entry.c.version, entry.c.type, entry.c.at)
_ENTRY = (entry.c.idx, *_COLUMNS, entry.c.leaf, entry.c.record)
_KEPT_TILES = 1024

Numbered = tuple[int, Entry]
"""An entry with its number in the tree, from 0."""


def head(connection: Connection) -> tuple[int, bytes, dict[str, int]]:
    """Return the tree's size, its frontier, and the last position of each service, as they are committed."""
    row = connection.execute(select(ledger_head)).one()
    return int(row.size), bytes(row.frontier), read_positions(bytes(row.positions))


def last_positions(database: Database) -> dict[str, int]:
    """Return the last position of each service, as they are committed."""
    with database.read() as connection:
        return head(connection)[2]


def read_positions(data: bytes) -> dict[str, int]:
    """Return the last position of each service as it is stored."""
    positions: dict[str, int] = orjson.loads(data)
    return positions


class Stored:
    """The stored tree behind one connection, as tiles and leaves."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tile(self, level: int, number: int) -> bytes:
        """Return a tile in its widest form; on the right edge it is made from what lies below it.

        Raise BadProof if a full one does not lead to the root that was stored with it.
        """
        stored = select(tile.c.data, tile.c.root).where(tile.c.level == level, tile.c.n == number)
        if (row := self._connection.execute(stored).first()) is not None:
            if tile_root(bytes(row.data)) != bytes(row.root):
                raise BadProof(f"the stored tile {number} of level {level} is not as it was written")
            return bytes(row.data)
        first, last = number * WIDTH, number * WIDTH + WIDTH - 1
        if level == 0:
            return b"".join(map(leaf_hash, self.leaves(first, last)))
        below = select(tile.c.root).where(tile.c.level == level - 1, tile.c.n.between(first, last)).order_by(tile.c.n)
        return b"".join(map(bytes, self._connection.execute(below).scalars()))

    def leaves(self, first: int, last: int) -> list[bytes]:
        """Return the entries `first`..`last`, both included, as far as they are there."""
        query = select(entry.c.leaf).where(entry.c.idx.between(first, last)).order_by(entry.c.idx)
        return [bytes(leaf) for leaf in self._connection.execute(query).scalars()]

    def prover(self) -> Prover:
        """Return the maker of roots and proofs, for as long as the connection is open."""
        return Prover(self.tile, kept=_KEPT_TILES)


def entry_at(connection: Connection, service: str, position: int) -> Numbered | None:
    """Return the entry of a service's position, or None."""
    query = select(*_ENTRY).where(entry.c.service == service, entry.c.position == position)
    row = connection.execute(query).mappings().first()
    return None if row is None else _numbered(row)


def of_stream(connection: Connection, service: str, stream: str) -> list[Numbered]:
    """Return the entries of a stream, by version."""
    query = select(*_ENTRY).where(entry.c.service == service, entry.c.stream == stream)
    return [_numbered(row) for row in connection.execute(query.order_by(entry.c.version)).mappings()]


def of_service(connection: Connection, service: str, first: int, limit: int) -> list[Numbered]:
    """Return entries of a service from a position on, by position."""
    query = select(*_ENTRY).where(entry.c.service == service, entry.c.position >= first)
    return [_numbered(row) for row in connection.execute(query.order_by(entry.c.position).limit(limit)).mappings()]


def at_positions(connection: Connection, keys: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    """Return the entries at those of the given (service, position) that are in the ledger."""
    query = select(*_ENTRY).where(tuple_(entry.c.service, entry.c.position).in_(list(keys)))
    found = (_numbered(row)[1] for row in connection.execute(query).mappings())
    return {(item.service, item.position): item for item in found}


def last_versions(connection: Connection, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """Return the last version of those of the given (service, stream) that have one."""
    by_service: dict[str, list[str]] = {}
    for service, stream in keys:
        by_service.setdefault(service, []).append(stream)
    found: dict[tuple[str, str], int] = {}
    for service, streams in by_service.items():
        query = select(entry.c.stream, func.max(entry.c.version)).where(entry.c.service == service)
        rows = connection.execute(query.where(entry.c.stream.in_(streams)).group_by(entry.c.stream))
        found |= {(service, stream): int(version) for stream, version in rows}
    return found


def streams(connection: Connection, service: str, after: str, limit: int) -> list[tuple[str, int]]:
    """Return names and last versions of a service's streams, in the order of their names, from behind `after`."""
    query = select(entry.c.stream, func.max(entry.c.version)).where(entry.c.service == service, entry.c.stream > after)
    rows = connection.execute(query.group_by(entry.c.stream).order_by(entry.c.stream).limit(limit))
    return [(stream, int(version)) for stream, version in rows]


def _numbered(row: RowMapping) -> Numbered:
    facts = {column.name: row[column.name] for column in _COLUMNS}
    return int(row["idx"]), Entry(**facts, leaf=bytes(row["leaf"]), record=bytes(row["record"]))
