"""Verify a whole log from its published files: any c2sp.org/tlog-tiles log, read through once in small parts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from shared.ledger import leaf, note
from shared.ledger.checkpoint import Checkpoint, parse_text
from shared.ledger.errors import BadProof, Malformed, Missing
from shared.ledger.keys import parse_vkey
from shared.ledger.merkle import HASH_SIZE, leaf_hash
from shared.ledger.prover import Prover
from shared.ledger.steps import Check, Report, Text, walk
from shared.ledger.tiles import (
    WIDTH,
    Tile,
    bundles_of,
    decode_bundle,
    decode_tile,
    tile_root,
    tiles_of,
)

Read = Callable[[str], bytes | None]  # a path under the log's prefix -> the file's bytes, None if there is none
Trust = Callable[[bytes], Checkpoint]  # a checkpoint note -> what it says, or LedgerFault if it is not believed


@dataclass(frozen=True)
class LogReport(Report):
    """The report on a log, with its checkpoint once that was read and believed."""

    checkpoint: Checkpoint | None


def folder(root: Path) -> Read:
    """Return the reader of a log that lies in a folder."""

    def read(path: str) -> bytes | None:
        try:
            return (root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    return read


def signed_by(vkey: str, origin: str | None = None) -> Trust:
    """Return the trust in one log key; the log's origin is the key's name unless told otherwise."""
    verifier = parse_vkey(vkey)

    def open_checkpoint(data: bytes) -> Checkpoint:
        checkpoint = parse_text(note.open_note(data, [verifier]).text)
        if checkpoint.origin != (origin or verifier.name):
            raise Malformed(f"the checkpoint is of the log {checkpoint.origin!r}")
        return checkpoint

    return open_checkpoint


def verify_log(read: Read, trust: Trust) -> LogReport:
    """Verify a log's files against its own checkpoint, step by step.

    1. the file `checkpoint` is a checkpoint that `trust` believes;
    2. every tile and entry bundle that its size asks for is there, as wide as it must be;
    3. every hash of level 0 is the leaf hash of the entry in its place;
    4. every hash of an upper level is the root of the full tile below it;
    5. the root made from the right edge is the checkpoint's.
    """
    log = _Log(read, trust)
    steps = walk(log.checks())
    return LogReport(steps, log.checkpoint)


def entries(read: Read, size: int) -> Iterator[bytes]:
    """Yield the first `size` entries of a log, in order."""
    for bundle in bundles_of(size):
        yield from _bundle(read, bundle)


def leaves(read: Read, size: int) -> Iterator[leaf.Leaf]:
    """Yield the first `size` entries of one of this platform's logs. Raise Malformed at any other entry."""
    return map(leaf.parse_leaf, entries(read, size))


def check_stream(found: Iterable[leaf.Leaf], stream_key: bytes, count: int) -> None:
    """Raise BadProof unless the leaves hold versions 1 to `count` of a stream once each, and no next one."""
    tags = [leaf.tag(stream_key, version) for version in range(1, count + 2)]
    wanted = set(tags)
    times = Counter(entry.tag for entry in found if entry.tag in wanted)
    for version, tag in enumerate(tags, start=1):
        if times[tag] != (version <= count):
            zh = f"第 {version} 版在账本中出现 {times[tag]} 次；本项目共 {count} 版"
            en = f"version {version} stands in the log {times[tag]} times, in a stream of {count}"
            raise BadProof(en, zh)


def prover(read: Read, size: int) -> Prover:
    """Return the maker of proofs and roots over a log's published tiles, for sizes up to `size`."""

    def read_tile(level: int, number: int) -> bytes:
        width = min(WIDTH, (size >> 8 * level) - number * WIDTH)
        return _tile(read, Tile(level, number, width))

    return Prover(read_tile, kept=256)


class _Log:
    """One run over a log; the first step leaves the checkpoint to the others."""

    def __init__(self, read: Read, trust: Trust) -> None:
        self.read = read
        self.trust = trust
        self.checkpoint: Checkpoint | None = None

    @property
    def head(self) -> Checkpoint:
        """The checkpoint, once the first step has believed it."""
        assert self.checkpoint is not None
        return self.checkpoint

    def checks(self) -> list[Check]:
        return [
            (Text("检查点由受信任的密钥签名", "the checkpoint is signed by a trusted key"), self.signed),
            (
                Text("瓦片与条目文件齐全且宽度正确", "all tiles and entry bundles are there, as wide as needed"),
                self.present,
            ),
            (Text("第零层哈希与条目一致", "level 0 holds the hashes of the entries"), self.entries_hashed),
            (Text("上层哈希与下层瓦片一致", "upper levels hold the roots of the tiles below"), self.tiles_hashed),
            (Text("树根与检查点一致", "the root is the checkpoint's"), self.rooted),
        ]

    def signed(self) -> Text:
        if (data := self.read("checkpoint")) is None:
            raise Missing("there is no file 'checkpoint'")
        head = self.checkpoint = self.trust(data)
        return Text(f"{head.origin}，共 {head.size} 条", f"{head.origin}, {head.size} entries")

    def present(self) -> Text:
        tiles = bundles = 0
        for tile in tiles_of(self.head.size):
            _tile(self.read, tile)
            tiles += 1
        for bundle in bundles_of(self.head.size):
            _bundle(self.read, bundle)
            bundles += 1
        return Text(f"瓦片 {tiles} 个，条目文件 {bundles} 个", f"{tiles} tiles and {bundles} entry bundles")

    def entries_hashed(self) -> Text:
        for bundle in bundles_of(self.head.size):
            tile = bundle._replace(level=0)
            hashes = decode_tile(_tile(self.read, tile), tile.width)
            for at, (entry, expected) in enumerate(zip(_bundle(self.read, bundle), hashes, strict=True)):
                if leaf_hash(entry) != expected:
                    index = bundle.number * WIDTH + at
                    raise BadProof(f"{tile.path}: entry {index} is not the one hashed", f"第 {index} 条与哈希不符")
        return Text("全部条目相符", "every entry agrees")

    def tiles_hashed(self) -> Text:
        for tile in tiles_of(self.head.size):
            if tile.level:
                self._check_below(tile)
        return Text("全部瓦片相符", "every tile agrees")

    def rooted(self) -> Text:
        head = self.head
        if prover(self.read, head.size).root(head.size) != head.root:
            raise BadProof("the tiles lead to another root", "由瓦片算出的树根与检查点不符")
        return Text(head.root.hex(), head.root.hex())

    def _check_below(self, tile: Tile) -> None:
        for at, expected in enumerate(decode_tile(_tile(self.read, tile), tile.width)):
            below = Tile(tile.level - 1, tile.number * WIDTH + at)
            if tile_root(_tile(self.read, below)) != expected:
                zh = f"{tile.path} 的第 {at} 个哈希与 {below.path} 不符"
                raise BadProof(f"{tile.path}: hash {at} is not the root of {below.path}", zh)


def _tile(read: Read, tile: Tile) -> bytes:
    """Return a tile's bytes; a full tile may stand for a partial one that it replaced."""
    data, width = _widest(read, tile)
    if len(data) != width * HASH_SIZE:
        raise Malformed(f"{tile.path} has {len(data)} bytes, not {width} hashes")
    return data[: tile.width * HASH_SIZE]


def _bundle(read: Read, bundle: Tile) -> list[bytes]:
    """Return a bundle's entries; a full bundle may stand for a partial one that it replaced."""
    data, width = _widest(read, bundle)
    try:
        return decode_bundle(data, width)[: bundle.width]
    except Malformed as fault:
        raise Malformed(f"{bundle.path}: {fault}") from fault


def _widest(read: Read, tile: Tile) -> tuple[bytes, int]:
    if (data := read(tile.path)) is not None:
        return data, tile.width
    full = tile._replace(width=WIDTH)
    if (data := read(full.path)) is None:
        raise Missing(f"{tile.path} is missing", f"缺少 {tile.path}")
    return data, WIDTH
