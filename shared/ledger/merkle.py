"""The Merkle tree of RFC 6962: hashes, the frontier that grows it, and the two proofs' verification."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from shared.ledger.errors import Malformed

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's bytes (RFC 9162, 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over its two children (RFC 9162, 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """A growing tree's right edge: the roots of its complete subtrees, the largest first.

    O(log n) hashes are kept, and appending costs one node hash on average.
    """

    __slots__ = ("_roots", "_size")

    def __init__(self) -> None:
        self._roots: list[bytes] = []
        self._size = 0

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash (32 bytes)."""
        if len(leaf) != HASH_SIZE:
            raise Malformed(f"a leaf hash has {HASH_SIZE} bytes, not {len(leaf)}")
        roots, carry = self._roots, self._size
        while carry & 1:
            leaf = sha256(b"\x01" + roots.pop() + leaf).digest()
            carry >>= 1
        roots.append(leaf)
        self._size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves by their hashes, in order."""
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """Return the tree's root hash; of the empty tree SHA-256 of nothing."""
        if not self._roots:
            return EMPTY_ROOT
        root = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """Return the state to persist: the size as 8 bytes big-endian, then the subtree roots."""
        return self._size.to_bytes(8, "big") + b"".join(self._roots)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """Return the frontier that `to_bytes` wrote. Raise Malformed on any other length."""
        size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * size.bit_count():
            raise Malformed("a frontier is 8 bytes of size and one hash for each bit set in it")
        frontier = cls()
        frontier._size = size
        frontier._roots = [data[at : at + HASH_SIZE] for at in range(8, len(data), HASH_SIZE)]
        return frontier


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether `proof` shows leaf number `index` (from 0) in the tree of `size` leaves under `root`.

    The algorithm of RFC 9162, 2.1.3.2, with its shifts counted beforehand: below the height where the
    leaf's path leaves the tree's right edge a bit of the index says on which side the sibling is, and
    above it every sibling is on the left.
    """
    if not 0 <= index < size or len(leaf) != HASH_SIZE or len(root) != HASH_SIZE:
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    node = leaf
    for sibling in proof[:inner]:
        node = sha256(b"\x01" + sibling + node if index & 1 else b"\x01" + node + sibling).digest()
        index >>= 1
    for sibling in proof[inner:]:
        node = sha256(b"\x01" + sibling + node).digest()
    return node == root


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Tell whether `proof` shows that the tree of `new` leaves begins with the tree of `old` leaves.

    RFC 9162, 2.1.4.2. From an empty tree nothing can be shown, so `old` 0 is always refused: whoever
    allows that start must do so itself.
    """
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not proof:
        return False
    shared = ((old - 1) ^ old).bit_length() - 1
    return _climb((old - 1) >> shared, (new - 1) >> shared, path, old_root, new_root)


def _climb(node: int, last: int, path: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Rebuild both roots from the node where the trees part; `last` is the right edge on its height."""
    old_hash = new_hash = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_hash, new_hash = node_hash(sibling, old_hash), node_hash(sibling, new_hash)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new_hash = node_hash(new_hash, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_hash == old_root and new_hash == new_root
