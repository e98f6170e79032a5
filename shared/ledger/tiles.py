"""Tiles: a log's hashes and entries in files of 256, named and encoded as c2sp.org/tlog-tiles says."""

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from shared.ledger.errors import Malformed
from shared.ledger.merkle import HASH_SIZE

WIDTH = 256  # hashes in a full tile, entries in a full bundle
FULL_TILE = WIDTH * HASH_SIZE
MAX_ENTRY = 0xFFFF  # bytes; an entry's length is a uint16
ENTRIES = -1  # stands for the level of an entry bundle

_PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """The name of one tile: its level (or ENTRIES), its number on that level, how many hashes it holds."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies under the log's prefix, as in `tile/0/x001/x234/067.p/8`."""
        kind = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{_number_path(self.number)}{partial}"


def parse_path(path: str) -> Tile:
    """Return the tile that a path names. Raise Malformed unless it is the one spelling of that tile."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed(f"not the path of a tile: {path!r}")
    kind, number, width = match.groups()
    tile = Tile(
        ENTRIES if kind == "entries" else int(kind),
        int(number.replace("x", "").replace("/", "")),
        int(width or WIDTH),
    )
    if tile.path != path or tile.width > WIDTH:
        raise Malformed(f"not the path of a tile: {path!r}")
    return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every hash tile of a log of `size` leaves, full ones and partial ones, from level 0 upwards."""
    level, hashes = 0, size
    while hashes:
        yield from tiles_between(level, 0, hashes)
        level, hashes = level + 1, hashes // WIDTH


def bundles_of(size: int) -> Iterator[Tile]:
    """Yield every entry bundle of a log of `size` leaves, in order."""
    return tiles_between(ENTRIES, 0, size)


def tiles_between(level: int, start: int, end: int) -> Iterator[Tile]:
    """Yield the tiles of one level that hold its hashes number `start` to `end` - 1."""
    for number in range(start // WIDTH, -(-end // WIDTH)):
        yield Tile(level, number, min(WIDTH, end - number * WIDTH))


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bundle of 1 to 256 entries: before each its length as a big-endian uint16."""
    if not 0 < len(entries) <= WIDTH:
        raise Malformed(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    if (longest := max(map(len, entries))) > MAX_ENTRY:
        raise Malformed(f"an entry has at most {MAX_ENTRY} bytes, not {longest}")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle. Raise Malformed unless it holds exactly `width` of them."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        entries.append(data[start:at])
    if at != len(data) or len(entries) != width:
        raise Malformed(f"the bundle does not hold {width} whole entries")
    return entries


def decode_tile(data: bytes, width: int) -> list[bytes]:
    """Return the hashes of a tile. Raise Malformed unless it holds exactly `width` of them."""
    if len(data) != width * HASH_SIZE:
        raise Malformed(f"the tile has {len(data)} bytes, not {width} hashes")
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def tile_rows(data: bytes) -> tuple[bytes, ...]:
    """Return a tile's hashes and the complete nodes above them: row r holds those of 2**r hashes, joined.

    The eighth row's parent, a full tile's root, is not made: it is a hash of the tile above.
    """
    rows = [data]
    while len(rows) < 8:  # noqa: PLR2004 - 2**8 is the width
        below, pair = rows[-1], 2 * HASH_SIZE
        whole = len(below) // pair * pair
        rows.append(b"".join([sha256(b"\x01" + below[at : at + pair]).digest() for at in range(0, whole, pair)]))
    return tuple(rows)


def tile_root(data: bytes) -> bytes:
    """Return the root of a full tile (8,192 bytes), which stands as one hash in the tile above."""
    if len(data) != FULL_TILE:
        raise Malformed("only a full tile has a root")
    return sha256(b"\x01" + tile_rows(data)[-1]).digest()


def grow(
    size: int, edge: Sequence[bytes], leaves: Sequence[bytes]
) -> tuple[list[tuple[Tile, bytes]], tuple[bytes, ...]]:
    """Add leaf hashes to a log of `size` leaves: return the tiles to write, and the new right edge.

    `edge` holds for each level, from 0, the bytes of its rightmost partial tile, empty where there is
    none (`edge_of` gives their widths); of a new log it is (). Where the log ends inside a tile, that
    partial tile is among those to write. A full tile comes before every tile that holds its root.
    """
    _check_edge(size, edge)
    written: list[tuple[Tile, bytes]] = []
    grown: list[bytes] = []
    hashes, level = b"".join(leaves), 0
    while hashes or level < len(edge):
        kept = edge[level] if level < len(edge) else b""
        tiles, rest = _fill(level, size // WIDTH ** (level + 1), kept, hashes)
        written += tiles
        grown.append(rest)
        hashes = b"".join(tile_root(data) for tile, data in tiles if tile.width == WIDTH)
        level += 1
    return written, tuple(grown)


def edge_of(size: int) -> list[Tile | None]:
    """Return for each level of a log of `size` leaves its rightmost partial tile, None where there is none."""
    edge: list[Tile | None] = []
    while size:
        number, width = divmod(size, WIDTH)
        edge.append(Tile(len(edge), number, width) if width else None)
        size = number
    return edge


def _fill(level: int, number: int, kept: bytes, added: bytes) -> tuple[list[tuple[Tile, bytes]], bytes]:
    """Cut one level's hashes, from its tile `number` on, into tiles to write and the partial rest."""
    if not added:
        return [], kept
    data = kept + added
    tiles = [
        (Tile(level, number + at // FULL_TILE, len(data[at : at + FULL_TILE]) // HASH_SIZE), data[at : at + FULL_TILE])
        for at in range(0, len(data), FULL_TILE)
    ]
    return tiles, data[len(data) // FULL_TILE * FULL_TILE :]


def _check_edge(size: int, edge: Sequence[bytes]) -> None:
    widths = [tile.width if tile else 0 for tile in edge_of(size)]
    if [len(data) for data in edge] != [width * HASH_SIZE for width in widths]:
        raise Malformed(f"the right edge given is not that of a log of {size} leaves")


def _number_path(number: int) -> str:
    """Return a tile number in groups of three digits, all but the last marked `x`."""
    last = f"{number % 1000:03d}"
    return last if number < 1000 else f"{_group(number // 1000)}/{last}"  # noqa: PLR2004 - three digits


def _group(number: int) -> str:
    marked = f"x{number % 1000:03d}"
    return marked if number < 1000 else f"{_group(number // 1000)}/{marked}"  # noqa: PLR2004 - three digits
