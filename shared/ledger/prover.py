"""Proofs made from tiles: roots, inclusion and consistency for every size that a log has passed."""

from collections.abc import Callable
from functools import lru_cache

from shared.ledger.errors import Malformed, Missing
from shared.ledger.merkle import EMPTY_ROOT, HASH_SIZE, node_hash
from shared.ledger.tiles import WIDTH, tile_rows

ReadTile = Callable[[int, int], bytes]  # (level, number) -> the widest known form of that tile


class Prover:
    """Makes proofs over the tiles that `read_tile(level, number)` gives.

    `read_tile` returns the bytes of the tile in its widest known form (partial on the right edge); wider
    than a size asks for does no harm. `kept` bounds the tiles held in memory with the nodes inside them,
    16 KB each. One prover serves a log while it grows.
    """

    def __init__(self, read_tile: ReadTile, kept: int = 4096) -> None:
        self._read_tile = read_tile
        self._rows = lru_cache(maxsize=kept)(self._load)
        self._edges = lru_cache(maxsize=64)(self._climb)

    def root(self, size: int) -> bytes:
        """Return the root hash of the log's first `size` leaves."""
        return self._edges(size)[-1] if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof of leaf `index` (from 0) in the first `size` leaves (RFC 9162, 2.1.3.1)."""
        if not 0 <= index < size:
            raise Malformed(f"there is no leaf {index} among {size}")
        return self._path(index, 0, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the first `new` leaves begin with the first `old` (RFC 9162, 2.1.4.1).

        From size 0, and to the same size, it is empty.
        """
        if not 0 <= old <= new:
            raise Malformed(f"a log of {new} leaves does not begin with {old}")
        if old in {0, new}:
            return []
        height = (old & -old).bit_length() - 1  # of the last complete subtree within `old`
        index = (old >> height) - 1
        first = [self._node(height, index, new)] if index else []
        return first + self._path(index, height, new)

    def _path(self, index: int, height: int, size: int) -> list[bytes]:
        """Return the siblings on the way from node `index` at `height` up to the root.

        A node and its sibling lie in one tile, so a tile is looked up once for each eight heights.
        """
        last = (size - 1) >> height
        edges = self._edges(size)
        path: list[bytes] = []
        level = -1
        rows: tuple[bytes, ...] = ()
        while last:
            sibling = index ^ 1
            if sibling < last:
                if level != height >> 3:
                    level, rows = height >> 3, self._tile(height, index, size)
                at = (sibling & (0xFF >> (height & 7))) * HASH_SIZE
                path.append(rows[height & 7][at : at + HASH_SIZE])
            elif sibling == last:
                path.append(edges[height])
            index, last, height = index >> 1, last >> 1, height + 1
        return path

    def _node(self, height: int, index: int, size: int) -> bytes:
        """Return the hash of complete node `index` at `height`, an entry of a tile or a node inside it."""
        at = (index & (0xFF >> (height & 7))) * HASH_SIZE
        return self._tile(height, index, size)[height & 7][at : at + HASH_SIZE]

    def _tile(self, height: int, index: int, size: int) -> tuple[bytes, ...]:
        """Return the rows of the tile that node `index` at `height` lies in."""
        level, number = height >> 3, index >> (8 - (height & 7))
        return self._rows(level, number, min(WIDTH, (size >> 8 * level) - number * WIDTH))

    def _climb(self, size: int) -> tuple[bytes, ...]:
        """Return for each height the right edge's node, complete or not; the last is the root."""
        last = size - 1
        edges = [self._node(0, last, size)]
        for height in range(last.bit_length()):
            if (last >> height) & 1:
                edges.append(node_hash(self._node(height, (last >> height) - 1, size), edges[-1]))
            else:
                edges.append(edges[-1])
        return tuple(edges)

    def _load(self, level: int, number: int, width: int) -> tuple[bytes, ...]:
        data = self._read_tile(level, number)
        if len(data) < width * HASH_SIZE:
            raise Missing(f"tile {number} of level {level} is not {width} hashes wide")
        return tile_rows(data[: width * HASH_SIZE])
