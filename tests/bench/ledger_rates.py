"""How fast the ledger proves and verifies, in one process: `python -m tests.bench.ledger_rates [leaves]`."""

import random
import sys
import time
from functools import lru_cache

from shared.ledger.merkle import Frontier, leaf_hash, verify_inclusion
from shared.ledger.prover import Prover
from shared.ledger.tiles import WIDTH, grow

PROOFS = 100_000  # in one measurement
SEED = 20_261_122

Tiles = dict[tuple[int, int], bytes]


def measure_proofs(n_leaves: int, count: int = PROOFS) -> float:
    """Return inclusion proofs made per second at `n_leaves`, for leaves drawn at random.

    The prover starts with nothing in memory, so hashing the insides of the tiles it meets is in the time.
    """
    _, tiles = tree(n_leaves)
    wanted = chosen(n_leaves, count)
    prover = Prover(lambda level, number: tiles[level, number])

    start = time.perf_counter()
    for index in wanted:
        prover.inclusion(index, n_leaves)
    return count / (time.perf_counter() - start)


def measure_verify(n_leaves: int, count: int = PROOFS) -> float:
    """Return inclusion proofs verified per second at `n_leaves`; each of them must hold."""
    leaves, tiles = tree(n_leaves)
    prover = Prover(lambda level, number: tiles[level, number])
    root = prover.root(n_leaves)
    proofs = [(index, prover.inclusion(index, n_leaves)) for index in chosen(n_leaves, count)]

    start = time.perf_counter()
    held = sum(verify_inclusion(index, n_leaves, leaves[index], proof, root) for index, proof in proofs)
    rate = count / (time.perf_counter() - start)
    assert held == count
    return rate


def measure_frontier(n_leaves: int) -> float:
    """Return ready leaf hashes appended to a frontier per second."""
    leaves, _ = tree(n_leaves)
    frontier = Frontier()

    start = time.perf_counter()
    frontier.extend(leaves)
    return n_leaves / (time.perf_counter() - start)


def measure_tiles(n_leaves: int) -> float:
    """Return ready leaf hashes made into tiles per second, in batches of 256."""
    leaves, _ = tree(n_leaves)

    start = time.perf_counter()
    _tiles(leaves)
    return n_leaves / (time.perf_counter() - start)


@lru_cache(maxsize=1)
def tree(n_leaves: int) -> tuple[list[bytes], Tiles]:
    """Return the leaf hashes and tiles of a log of made-up entries."""
    leaves = [leaf_hash(number.to_bytes(8, "big")) for number in range(n_leaves)]
    return leaves, _tiles(leaves)


def chosen(n_leaves: int, count: int) -> list[int]:
    """Return the leaves to prove, the same in each run."""
    draw = random.Random(SEED)
    return [draw.randrange(n_leaves) for _ in range(count)]


def _tiles(leaves: list[bytes]) -> Tiles:
    tiles: Tiles = {}
    edge: tuple[bytes, ...] = ()
    for start in range(0, len(leaves), WIDTH):
        written, edge = grow(start, edge, leaves[start : start + WIDTH])
        tiles.update({(tile.level, tile.number): data for tile, data in written})
    return tiles


def main() -> None:
    """Print one line a rate."""
    n_leaves = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for name, measure in [
        ("inclusion proofs made", measure_proofs),
        ("inclusion proofs verified", measure_verify),
        ("leaf hashes appended to the frontier", measure_frontier),
        ("leaf hashes made into tiles", measure_tiles),
    ]:
        print(f"{name} at {n_leaves} leaves: {measure(n_leaves):,.0f}/s")


if __name__ == "__main__":
    main()
