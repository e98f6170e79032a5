"""RFC 6962's definitions written down as they stand, slow and recursive: the oracle of these tests."""

from collections.abc import Sequence

from shared.ledger.merkle import EMPTY_ROOT, leaf_hash, node_hash


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(b"entry %d" % number) for number in range(count)]


def mth(hashes: Sequence[bytes]) -> bytes:
    """MTH (section 2.1), over leaf hashes."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node_hash(mth(hashes[:k]), mth(hashes[k:]))


def path(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]) (section 2.1.1)."""
    if len(hashes) == 1:
        return []
    k = split(len(hashes))
    if m < k:
        return [*path(m, hashes[:k]), mth(hashes[k:])]
    return [*path(m - k, hashes[k:]), mth(hashes[:k])]


def proof(m: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) (section 2.1.2)."""
    return subproof(m, hashes, whole=True)


def subproof(m: int, hashes: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if m == len(hashes):
        return [] if whole else [mth(hashes)]
    k = split(len(hashes))
    if m <= k:
        return [*subproof(m, hashes[:k], whole=whole), mth(hashes[k:])]
    return [*subproof(m - k, hashes[k:], whole=False), mth(hashes[:k])]


def split(n: int) -> int:
    """Return the largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def tile(level: int, number: int, hashes: Sequence[bytes]) -> bytes:
    """Return the n-th tile of level l, by the definition in c2sp.org/tlog-tiles."""
    span = 256**level
    starts = [(number * 256 + i) * span for i in range(256)]
    return b"".join(mth(hashes[start : start + span]) for start in starts if start + span <= len(hashes))


def inclusion_holds(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2, word by word."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root
