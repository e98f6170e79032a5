"""The tree against published vectors and against the RFC's own recursive definitions."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger.errors import Malformed
from shared.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger import naive

VECTORS = Path(__file__).parent.parent / "vectors"
PROOFS = VECTORS / "transparency-dev-merkle" / "testdata"
INCLUSION = sorted((PROOFS / "inclusion").rglob("*.json"))
CONSISTENCY = sorted((PROOFS / "consistency").rglob("*.json"))
REFERENCE = json.loads((VECTORS / "rfc6962-reference" / "vectors.json").read_text("utf-8"))
REFERENCE_LEAVES = [leaf_hash(bytes.fromhex(data)) for data in REFERENCE["leaf_inputs_hex"]]
TREE = naive.leaves(300)


def hashes(vector: dict[str, Any]) -> list[bytes]:
    return [b64decode(line) for line in vector["proof"] or []]


def test_every_published_vector_is_here() -> None:
    assert (len(INCLUSION), len(CONSISTENCY)) == (98, 98)


@pytest.mark.parametrize("file", INCLUSION, ids=lambda file: str(file.relative_to(PROOFS)))
def test_inclusion_is_accepted_and_refused_as_published(file: Path) -> None:
    vector = json.loads(file.read_text("utf-8"))

    holds = verify_inclusion(
        vector["leafIdx"],
        vector["treeSize"],
        b64decode(vector["leafHash"] or ""),
        hashes(vector),
        b64decode(vector["root"] or ""),
    )

    assert holds is not vector["wantErr"]


@pytest.mark.parametrize("file", CONSISTENCY, ids=lambda file: str(file.relative_to(PROOFS)))
def test_consistency_is_accepted_and_refused_as_published(file: Path) -> None:
    vector = json.loads(file.read_text("utf-8"))

    holds = verify_consistency(
        vector["size1"],
        vector["size2"],
        hashes(vector),
        b64decode(vector["root1"] or ""),
        b64decode(vector["root2"] or ""),
    )

    assert holds is not vector["wantErr"]


def test_leaf_and_node_hashes_are_the_published_ones() -> None:
    wanted = {vector["desc"]: vector["want"] for vector in REFERENCE["hasher"]}

    assert EMPTY_ROOT.hex() == wanted["empty tree"]
    assert leaf_hash(b"").hex() == wanted["leaf of empty input"]
    assert leaf_hash(b"L123456").hex() == wanted["leaf"]
    assert node_hash(b"N123", b"N456").hex() == wanted["node"]


def test_inner_nodes_of_the_reference_tree_are_the_published_ones() -> None:
    for height, nodes in enumerate(REFERENCE["node_hashes_by_level"]):
        width = 1 << height

        made = [naive.mth(REFERENCE_LEAVES[at : at + width]).hex() for at in range(0, 8, width)]

        assert made == nodes


@pytest.mark.parametrize("size", range(9))
def test_the_frontier_reaches_the_published_root(size: int) -> None:
    frontier = Frontier()

    frontier.extend(REFERENCE_LEAVES[:size])

    assert frontier.root().hex() == REFERENCE["root_hashes_by_size"][size]
    assert frontier.size == size


@given(size=st.integers(0, 300), stop=st.integers(0, 300))
def test_a_frontier_saved_and_read_back_grows_to_the_same_root(size: int, stop: int) -> None:
    first = Frontier()
    first.extend(TREE[: min(stop, size)])

    second = Frontier.from_bytes(first.to_bytes())
    second.extend(TREE[min(stop, size) : size])

    assert second.root() == naive.mth(TREE[:size])
    assert second.size == size


@pytest.mark.parametrize("data", [b"", b"\x00" * 7, bytes(8) + b"x", (3).to_bytes(8, "big") + bytes(32)])
def test_a_frontier_of_the_wrong_length_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Frontier.from_bytes(data)


def test_a_leaf_hash_has_32_bytes() -> None:
    with pytest.raises(Malformed):
        Frontier().append(b"short")


@given(st.data())
def test_the_proof_of_every_leaf_holds_and_of_no_other_leaf(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    claimed = data.draw(st.integers(0, size - 1))
    proof = naive.path(index, TREE[:size])

    holds = verify_inclusion(claimed, size, TREE[index], proof, naive.mth(TREE[:size]))

    assert holds is (claimed == index)


@given(st.data())
def test_verification_agrees_with_the_algorithm_as_the_rfc_words_it(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 40))
    index = data.draw(st.integers(0, size - 1))
    proof = naive.path(index, TREE[:size])
    root = naive.mth(TREE[:size])
    other_size = data.draw(st.integers(1, 40))
    other_index = data.draw(st.integers(0, 40))
    changed = data.draw(st.sampled_from([proof, proof[1:], proof[:-1], proof[::-1], [*proof, TREE[0]]]))

    for arguments in [(other_index, other_size, TREE[index], changed, root), (index, size, TREE[index], changed, root)]:
        assert verify_inclusion(*arguments) is naive.inclusion_holds(*arguments)


@given(st.data())
def test_a_tree_is_shown_to_begin_with_every_smaller_one_and_no_other(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(1, new))
    old_root, new_root = naive.mth(TREE[:old]), naive.mth(TREE[:new])
    proof = naive.proof(old, TREE[:new])
    forked = naive.mth([*TREE[: old - 1], leaf_hash(b"another")])

    assert verify_consistency(old, new, proof, old_root, new_root)
    assert not verify_consistency(old, new, proof, forked, new_root)
    assert not verify_consistency(old, new, [*proof, forked], old_root, new_root)


def test_nothing_follows_from_an_empty_tree() -> None:
    assert not verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    assert not verify_consistency(0, 1, [], EMPTY_ROOT, TREE[0])
