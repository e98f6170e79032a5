"""The public leaf and the strict canonical JSON beside it."""

import ast
import hmac
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import canonical as kernel
from shared.ledger import canonical
from shared.ledger.errors import LedgerFault, Malformed
from shared.ledger.leaf import Leaf, digest, leaf_of, parse_leaf, tag

LEAF = Leaf("bidding", 42, "a" * 64, "b" * 64)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
KEYS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_", min_size=1)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


def test_a_leaf_is_canonical_json_of_five_facts() -> None:
    entry = LEAF.encode()

    assert entry == kernel.encode({"v": 1, "service": "bidding", "position": 42, "tag": "a" * 64, "digest": "b" * 64})
    assert parse_leaf(entry) == LEAF
    assert LEAF.hash() == sha256(b"\x00" + entry).digest()


def test_the_tag_is_the_hmac_of_the_version() -> None:
    key = bytes(range(32))

    assert tag(key, 17) == hmac.new(key, b"ggzy-tag/v1|17", sha256).hexdigest()
    assert leaf_of("bidding", 3, key, 17, b"record") == Leaf("bidding", 3, tag(key, 17), digest(b"record"))
    assert digest(b"record") == sha256(b"record").hexdigest()


@pytest.mark.parametrize(("key", "version"), [(bytes(31), 1), (bytes(33), 1), (b"", 1), (bytes(32), 0)])
def test_a_tag_takes_a_whole_key_and_a_version_from_1(key: bytes, version: int) -> None:
    with pytest.raises(Malformed):
        tag(key, version)


@pytest.mark.parametrize(
    "change",
    [
        (b'"position":42', b'"position":042'),
        (b'"position":42', b'"position":0'),
        (b'"position":42', b'"position":-1'),
        (b'"position":42', b'"position":42.0'),
        (b'"position":42', b'"position":9007199254740992'),
        (b'"position":42', b'"position": 42'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":1,"w":1'),
        (b"bidding", b"Bidding"),
        (b"bidding", b""),
        (b"aaaa", b"AAAA"),
        (b"bbbb", b"bbb"),
        (b"}", b"}\n"),
    ],
)
def test_any_other_entry_is_not_a_leaf(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(Malformed):
        parse_leaf(LEAF.encode().replace(*change, 1))


@pytest.mark.parametrize(
    "leaf",
    [
        Leaf("bid ding", 1, "a" * 64, "b" * 64),
        Leaf("bidding", 0, "a" * 64, "b" * 64),
        Leaf("bidding", 2**53, "a" * 64, "b" * 64),
        Leaf("bidding", 1, "a" * 63, "b" * 64),
        Leaf("bidding", 1, "a" * 64, 'b"}'),
    ],
)
def test_facts_that_make_no_leaf_are_not_written(leaf: Leaf) -> None:
    with pytest.raises(Malformed):
        leaf.encode()


@given(VALUES)
def test_canonical_json_is_the_kernels(value: Any) -> None:
    try:
        expected = kernel.encode(value)
    except kernel.NotCanonical:
        with pytest.raises(Malformed):
            canonical.encode(value)
        return

    assert canonical.encode(value) == expected
    assert canonical.decode(expected) == value


@pytest.mark.parametrize(
    "data",
    [
        b"", b" 1", b"1 ", b"01", b"-0", b"1.0", b"1e3", b"NaN", b"Infinity", b"-Infinity", b"9007199254740992",
        b'{"a":1,"a":1}', b'{"b":1,"a":2}', b'{"A":1}', b'{"":1}', b'{"a": 1}', b"[1, 2]", b"[1,]", b'"\\u0041"',
        b'"\\/"', b'"\\ud800"', '"e\u0301"'.encode(), b"\xff", b"\xef\xbb\xbf1", '"é"'.encode("utf-16"),
        b"[" * 5000 + b"]" * 5000, b"1" * 5000, b'"\x01"', b"true false", b"nul",
    ],
)  # fmt: skip
def test_other_json_is_refused(data: bytes) -> None:
    with pytest.raises(LedgerFault):
        canonical.decode(data)


@pytest.mark.parametrize("value", [1.0, 2**53, {"a": 1.5}, {1: 2}, {"É": 1}, (1,), b"x", "\ud800", [object()]])
def test_values_outside_the_profile_are_not_written(value: Any) -> None:
    with pytest.raises(Malformed):
        canonical.encode(value)


@given(st.binary(max_size=60))
def test_whatever_comes_in_only_ledger_faults_come_out(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except LedgerFault:
        return

    assert canonical.encode(value) == data


def test_only_an_object_is_an_object() -> None:
    assert canonical.decode_object(b'{"a":1}') == {"a": 1}
    with pytest.raises(Malformed):
        canonical.decode_object(b"[1]")


def test_the_ledger_imports_the_standard_library_and_cryptography_alone() -> None:
    root = Path(canonical.__file__).parent
    allowed = sys.stdlib_module_names | {"cryptography"}

    for file in sorted(root.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in allowed or name.startswith("shared.ledger"), f"{file.name}: {name}"
