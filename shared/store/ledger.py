"""The sequencer: the one writer of the ledger, a batch of records in one insert and one commit."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from shared.kernel.canonical import encode
from shared.ledger.errors import LedgerFault
from shared.ledger.merkle import HASH_SIZE, Frontier, leaf_hash
from shared.ledger.tiles import WIDTH, Tile, edge_of, grow
from shared.store.bulk import insert_columns
from shared.store.database import Database
from shared.store.ledger_entry import Entry, entry_of
from shared.store.ledger_read import Stored, last_versions, read_positions
from shared.store.ledger_tables import entry, ledger_head, tile

BATCH = 256
"""How many records one transaction takes: more gains little, and a commit would be waited for longer."""

_KEPT_VERSIONS = 20_000


class LedgerDamaged(Exception):
    """The stored tree does not agree with itself; nothing may be added to it or signed."""


class OutOfOrder(Exception):
    """An entry does not follow its service's last position; the ledger takes it after those before it."""


@dataclass(frozen=True, slots=True)
class Tree:
    """The ledger's end: the size, the frontier's bytes, the partial tiles of each level, the services' positions."""

    size: int
    frontier: bytes
    edge: tuple[bytes, ...]
    positions: Mapping[str, int]


class Sequencer:
    """The one writer of a ledger. What it remembers counts only while the head row is as it left it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._tree: Tree | None = None
        self._versions: dict[tuple[str, str], int] = {}

    def append(self, batch: Iterable[tuple[bytes, bytes]]) -> int:
        """Add (record, leaf) pairs in one transaction and return the size; those it has, by position, are skipped.

        The records are known to be records. Raise OutOfOrder where a position would be left out.
        """
        with self.open() as writing:
            writing.append(list(_unknown((entry_of(*pair) for pair in batch), writing.tree.positions)))
        return writing.tree.size

    @contextmanager
    def open(self) -> Iterator["Writing"]:
        """Lock the ledger and give the transaction to write in. Raise LedgerDamaged where it must not be written."""
        with self._database.write() as connection:
            row = connection.execute(select(ledger_head).with_for_update()).one()
            writing = Writing(connection, self._current(connection, row), self._versions)
            yield writing
        self._tree = writing.tree
        self._versions |= writing.versions
        if len(self._versions) > _KEPT_VERSIONS:
            self._versions = writing.versions

    def _current(self, connection: Connection, row: Row[Any]) -> Tree:
        positions = read_positions(bytes(row.positions))
        if self._tree is None or self._tree.frontier != bytes(row.frontier):
            self._versions = {}
            return Tree(int(row.size), bytes(row.frontier), _edge(connection, row), positions)
        return Tree(self._tree.size, self._tree.frontier, self._tree.edge, positions)


class Writing:
    """One transaction on the locked ledger. `tree` is its end as this transaction will leave it."""

    def __init__(self, connection: Connection, tree: Tree, known: Mapping[tuple[str, str], int]) -> None:
        self.connection = connection
        self.tree = tree
        self.versions: dict[tuple[str, str], int] = {}
        self._known = known

    def last_versions(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """Return the last version of each (service, stream), 0 where there is none."""
        wanted = set(keys)
        if unknown := wanted - self.versions.keys() - self._known.keys():
            self.versions |= dict.fromkeys(unknown, 0) | dict(last_versions(self.connection, unknown))
        return {key: self.versions.get(key, self._known.get(key, 0)) for key in wanted}

    def append(self, entries: Sequence[Entry], passed: Collection[tuple[str, int]] = ()) -> None:
        """Add entries in the order given. Raise OutOfOrder unless each follows its service's last position.

        The positions `passed` are gone over without an entry; the finding that says why is the caller's.
        """
        positions = _followed(self.tree.positions, entries, passed)
        if not entries:
            if passed:
                self._move(replace(self.tree, positions=positions))
            return
        hashes = [leaf_hash(item.leaf) for item in entries]
        frontier = Frontier.from_bytes(self.tree.frontier)
        frontier.extend(hashes)
        tiles, edge = grow(self.tree.size, self.tree.edge, hashes)
        _insert(self.connection, self.tree.size, entries)
        if rows := _full(tiles):
            self.connection.execute(insert(tile), rows)
        self.versions |= {(item.service, item.stream): item.version for item in entries}
        self._move(Tree(frontier.size, frontier.to_bytes(), edge, positions))

    def _move(self, tree: Tree) -> None:
        values = {"size": tree.size, "frontier": tree.frontier, "positions": encode(dict(tree.positions))}
        self.connection.execute(update(ledger_head).values(**values))
        self.tree = tree


def _followed(
    positions: Mapping[str, int], entries: Sequence[Entry], passed: Collection[tuple[str, int]]
) -> dict[str, int]:
    """Return the last positions after a batch."""
    last = dict(positions)
    for item in entries:
        following = last.get(item.service, 0) + 1
        while (item.service, following) in passed:
            following += 1
        if item.position != following:
            raise OutOfOrder(f"{item.service} {item.position} cannot follow {following - 1}")
        last[item.service] = following
    for service, position in sorted(passed):
        if position == last.get(service, 0) + 1:
            last[service] = position
    return last


def _unknown(entries: Iterable[Entry], positions: Mapping[str, int]) -> Iterator[Entry]:
    last = dict(positions)
    for item in entries:
        if item.position > last.get(item.service, 0):
            last[item.service] = item.position
            yield item


def _insert(connection: Connection, size: int, entries: Sequence[Entry]) -> None:
    columns = dict(zip(Entry._fields, zip(*entries, strict=True), strict=True))
    insert_columns(connection, entry, {"idx": range(size, size + len(entries)), **columns})


def _full(tiles: Sequence[tuple[Tile, bytes]]) -> list[dict[str, Any]]:
    """Return the rows of the full tiles among those written; each root stands in the tile above, written too."""
    above = {(tile.level, tile.number): data for tile, data in tiles}
    rows = []
    for item, data in tiles:
        if item.width == WIDTH:
            number, at = divmod(item.number, WIDTH)
            root = above[item.level + 1, number][at * HASH_SIZE : (at + 1) * HASH_SIZE]
            rows.append({"level": item.level, "n": item.number, "data": data, "root": root})
    return rows


def _edge(connection: Connection, row: Row[Any]) -> tuple[bytes, ...]:
    """Return the partial tiles of the stored tree. Raise LedgerDamaged unless its tiles lead to the head's root."""
    size, stored = int(row.size), Stored(connection)
    try:
        agrees = Frontier.from_bytes(bytes(row.frontier)).root() == stored.prover().root(size)
    except LedgerFault as fault:
        raise LedgerDamaged(f"the tiles of {size} leaves cannot be read: {fault}") from fault
    if not agrees:
        raise LedgerDamaged(f"the tiles of {size} leaves lead to another root than the head's")
    partial = (stored.tile(*item[:2])[: item.width * HASH_SIZE] if item else b"" for item in edge_of(size))
    return tuple(partial)
