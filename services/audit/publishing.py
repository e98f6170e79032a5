"""The ledger as static files (c2sp.org/tlog-tiles): tiles and entries first, the checkpoint that needs them last."""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import sleep
from typing import Protocol

from shared.ledger.checkpoint import parse
from shared.ledger.errors import BadProof
from shared.ledger.merkle import HASH_SIZE, leaf_hash
from shared.ledger.tiles import ENTRIES, WIDTH, Tile, encode_bundle, tiles_between

CHECKPOINT = "checkpoint"


class Source(Protocol):
    """Where tiles and leaves come from."""

    def tile(self, level: int, number: int) -> bytes:
        """Return a tile in its widest form."""
        ...

    def leaves(self, first: int, last: int) -> list[bytes]:
        """Return the entries `first`..`last`, both included."""
        ...


class Publication:
    """One log's folder, written by one process. A reader finds at any time all that the checkpoint asks for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def last(self) -> bytes | None:
        """Return the checkpoint note that is published, or None."""
        try:
            return (self._folder / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None

    def publish(self, note: bytes, source: Source) -> None:
        """Publish a checkpoint with the files it needs beyond those there; one of a smaller tree is left out.

        Raise LedgerFault, the checkpoint unchanged, where the source gives what does not belong to the tree.
        """
        last = self.last()
        done, size = parse(last).size if last else 0, parse(note).size
        if size < done:
            return
        grown = list(_grown(done, size))
        for item in grown:
            _write(self._folder / item.path, _content(item, source))
            sleep(0)  # many files to catch up with must not hold up the other green threads
        for folder in {(self._folder / item.path).parent for item in grown}:
            _sync(folder)
        if note != last:
            _write(self._folder / CHECKPOINT, note)
            _sync(self._folder)
        self._tidy(grown)

    def _tidy(self, grown: Iterable[Tile]) -> None:
        """Remove partial tiles whose full one is there; who still wants one takes the full one in its place."""
        for item in grown:
            partial = (self._folder / item.path).with_suffix(".p")
            if item.width == WIDTH and partial.is_dir():
                shutil.rmtree(partial)


def _grown(done: int, size: int) -> Iterator[Tile]:
    """Yield the tiles and bundles that changed while a log grew."""
    level = 0
    if done < size:
        yield from tiles_between(ENTRIES, done, size)
    while done < size:
        yield from tiles_between(level, done, size)
        level, done, size = level + 1, done // WIDTH, size // WIDTH


def _content(item: Tile, source: Source) -> bytes:
    """Return what is to stand in a tile's file. Raise BadProof where entries are not those that the tree holds."""
    hashes = source.tile(max(item.level, 0), item.number)[: item.width * HASH_SIZE]
    if item.level != ENTRIES:
        return hashes
    first = item.number * WIDTH
    entries = source.leaves(first, first + item.width - 1)
    if b"".join(map(leaf_hash, entries)) != hashes:
        raise BadProof(f"the stored entries from {first} on are not those that were hashed")
    return encode_bundle(entries)


def _write(target: Path, data: bytes) -> None:
    """Put a file in place so that after any crash either the old or the new one is there, whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.new")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)


def _sync(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
