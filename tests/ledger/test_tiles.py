"""Tiles by the definition and examples of c2sp.org/tlog-tiles, and the proofs made from them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ledger.errors import Malformed, Missing
from shared.ledger.merkle import EMPTY_ROOT, Frontier, verify_consistency, verify_inclusion
from shared.ledger.prover import Prover
from shared.ledger.tiles import (
    ENTRIES,
    Tile,
    bundles_of,
    decode_bundle,
    decode_tile,
    edge_of,
    encode_bundle,
    grow,
    parse_path,
    tile_root,
    tiles_of,
)
from tests.ledger import naive

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/signed-note/vectors.json").read_text("utf-8"))
SIZE = 70_000
LEAVES = naive.leaves(SIZE)


def grown(size: int, step: int) -> dict[tuple[int, int], bytes]:
    """Return the widest tiles of a log that grew to `size` in steps of `step`."""
    kept: dict[tuple[int, int], bytes] = {}
    edge: tuple[bytes, ...] = ()
    for start in range(0, size, step):
        written, edge = grow(start, edge, LEAVES[start : min(start + step, size)])
        kept.update({(tile.level, tile.number): data for tile, data in written})
    return kept


WHOLE = grown(SIZE, 997)
PROVER = Prover(lambda level, number: WHOLE[level, number])


def root_of(size: int) -> bytes:
    frontier = Frontier()
    frontier.extend(LEAVES[:size])
    return frontier.root()


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(2, 999, 1), "tile/2/999.p/1"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(63, 1234067, 255), "tile/63/x001/x234/067.p/255"),
        (Tile(ENTRIES, 1234067, 8), "tile/entries/x001/x234/067.p/8"),
    ],
)
def test_a_tile_and_its_path_name_each_other(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


def test_the_published_example_path_is_read() -> None:
    path, expected = "tile/entries/x001/x234/067.p/8", VECTORS["tile_paths"]["tile/entries/x001/x234/067.p/8"]

    tile = parse_path(path)

    assert (tile.number, tile.width) == (expected["index"], expected["width"])


@given(st.integers(ENTRIES, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_path_reads_back(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)

    assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/0/x000/001", "tile/0/001/002", "tile/0/x001", "tile/0/000/", "/tile/0/000",
        "tile/-1/000", "tile/0/٠٠٠", "tile/0/000\n", "tile/entries/000.p/999",
    ],
)  # fmt: skip
def test_other_spellings_of_a_path_are_refused(path: str) -> None:
    with pytest.raises(Malformed):
        parse_path(path)


def test_a_log_of_70000_has_the_tiles_of_the_specification() -> None:
    tiles = list(tiles_of(SIZE))

    assert sum(tile.level == 0 and tile.width == 256 for tile in tiles) == 273
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert [tile for tile in tiles if tile.level == 1] == [Tile(1, 0), Tile(1, 1, 17)]
    assert len(list(bundles_of(SIZE))) == 274


def test_a_log_of_256_has_a_full_tile_and_its_root() -> None:
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_tiles_hold_what_the_specification_defines() -> None:
    sample = [Tile(0, 0), Tile(0, 273, 112), Tile(1, 0), Tile(1, 1, 17), Tile(2, 0, 1)]

    for tile in sample:
        assert WHOLE[tile.level, tile.number] == naive.tile(tile.level, tile.number, LEAVES)


def test_a_log_grown_leaf_by_leaf_and_one_grown_at_once_have_the_same_tiles() -> None:
    assert grown(1_000, 1) == grown(1_000, 1_000) == grown(1_000, 256)


def test_growing_writes_only_what_changed_and_full_tiles_before_their_parents() -> None:
    _, edge = grow(0, (), LEAVES[:255])

    written, edge = grow(255, edge, LEAVES[255:258])

    assert [tile for tile, _ in written] == [Tile(0, 0), Tile(0, 1, 2), Tile(1, 0, 1)]
    assert [len(data) // 32 for data in edge] == [2, 1]
    assert edge_of(258) == [Tile(0, 1, 2), Tile(1, 0, 1)]


def test_growing_by_nothing_changes_nothing() -> None:
    _, edge = grow(0, (), LEAVES[:300])

    assert grow(300, edge, []) == ([], edge)


def test_growing_from_another_size_than_the_edge_is_refused() -> None:
    _, edge = grow(0, (), LEAVES[:300])

    with pytest.raises(Malformed):
        grow(301, edge, LEAVES[:1])


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_entries_read_back_from_their_bundle(entries: list[bytes]) -> None:
    assert decode_bundle(encode_bundle(entries), len(entries)) == entries


def test_an_entry_has_at_most_65535_bytes() -> None:
    longest = bytes(65_535)

    assert decode_bundle(encode_bundle([longest]), 1) == [longest]
    with pytest.raises(Malformed):
        encode_bundle([longest + b"x"])


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x00\x02a", b"\x00\x01a\x00", b"\x00\x01a\x00\x01b"])
def test_a_bundle_that_is_not_one_whole_entry_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_bundle(data, 1)


def test_a_tile_of_another_width_is_refused() -> None:
    with pytest.raises(Malformed):
        decode_tile(bytes(33), 1)
    with pytest.raises(Malformed):
        tile_root(bytes(32))


@settings(max_examples=60)
@given(st.data())
def test_an_inclusion_proof_from_tiles_is_that_of_the_rfc(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600) | st.sampled_from([65_535, 65_536, 65_537, SIZE]))
    index = data.draw(st.integers(0, size - 1))

    proof = PROVER.inclusion(index, size)

    assert verify_inclusion(index, size, LEAVES[index], proof, PROVER.root(size))
    if size <= 600:
        assert proof == naive.path(index, LEAVES[:size])
        assert PROVER.root(size) == naive.mth(LEAVES[:size])


@settings(max_examples=60)
@given(st.data())
def test_a_consistency_proof_from_tiles_is_that_of_the_rfc(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 600) | st.sampled_from([65_535, 65_536, 65_537, SIZE]))
    old = data.draw(st.integers(1, new))

    proof = PROVER.consistency(old, new)

    assert verify_consistency(old, new, proof, PROVER.root(old), PROVER.root(new))
    if new <= 600:
        assert proof == naive.proof(old, LEAVES[:new])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65_536, SIZE])
def test_the_root_from_tiles_is_that_of_the_frontier(size: int) -> None:
    assert PROVER.root(size) == root_of(size)


def test_nothing_leads_from_the_empty_log_and_to_itself() -> None:
    assert PROVER.root(0) == EMPTY_ROOT
    assert PROVER.consistency(0, 5) == PROVER.consistency(5, 5) == []


def test_proofs_of_what_is_not_there_are_refused() -> None:
    for index, size in [(5, 5), (-1, 5), (0, 0)]:
        with pytest.raises(Malformed):
            PROVER.inclusion(index, size)
    with pytest.raises(Malformed):
        PROVER.consistency(6, 5)


def test_a_tile_that_is_narrower_than_the_size_needs_is_missing() -> None:
    narrow = Prover(lambda _level, _number: LEAVES[0])

    with pytest.raises(Missing):
        narrow.inclusion(0, 2)


def test_one_prover_serves_a_log_while_it_grows() -> None:
    kept: dict[tuple[int, int], bytes] = {}
    edge: tuple[bytes, ...] = ()
    prover = Prover(lambda level, number: kept[level, number], kept=4)

    for size in range(1, 600):
        written, edge = grow(size - 1, edge, [LEAVES[size - 1]])
        kept.update({(tile.level, tile.number): data for tile, data in written})

        assert verify_inclusion(
            size // 2, size, LEAVES[size // 2], prover.inclusion(size // 2, size), prover.root(size)
        )
