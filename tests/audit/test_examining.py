"""A message enters the ledger only if it is a record, in canonical form, with the leaf that is its own."""

import orjson
import pytest

from services.audit.domain.intake import Unfit, examine
from shared.kernel.canonical import digest, encode
from shared.ledger.leaf import Leaf, parse_leaf
from shared.store.ledger_entry import Finding
from tests.audit.journal import Journal

TOLD = Journal().put("t1")
LEAF = TOLD.headers["leaf"]


def refused(body: bytes, leaf: object) -> Finding:
    with pytest.raises(Unfit) as caught:
        examine(body, leaf)
    return caught.value.finding(body, leaf)


def code(body: bytes, leaf: object) -> str:
    return refused(body, leaf).code


def leaf_for(body: bytes, service: str = "till", position: int = 1) -> str:
    return Leaf(service, position, "0" * 64, digest(body)).encode().decode()


def test_a_record_with_its_leaf_is_an_entry() -> None:
    entry = examine(TOLD.body, LEAF)

    assert entry == TOLD.entry
    assert (entry.service, entry.position, entry.stream, entry.version) == ("till", 1, "t1", 1)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\xff\xfe", b"hello", b"{", TOLD.body + b"\n", b" " + TOLD.body, TOLD.body.replace(b'"v":1', b'"v":1.0'),
        TOLD.body.replace(b'"v":1', b'"v":1,"v":1'), b"[" * 100_000, b'{"v":1e400}', b'"\\ud800"',
    ],
)  # fmt: skip
def test_what_is_not_canonical_json_is_no_record(body: bytes) -> None:
    assert code(body, LEAF) == "not_canonical"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2), ("v", True), ("service", "Till"), ("service", None), ("position", 0), ("position", "1"),
        ("position", True), ("version", -1), ("stream", "a b"), ("stream", ""), ("stream", "a\u0000"), ("stream", 1),
        ("type", "coin_put"), ("type", "till.coin put"), ("at", "2026-12-01"), ("at", 5),
        ("received_at", "2026-12-01T01:00:00Z"), ("actor", "ann"), ("data", []), ("salt", "00"), ("salt", None),
        ("command_digest", None), ("command_id", 1), ("cause", 1), ("rulebook", {}), ("id", "no id"), ("more", 1),
        ("salt", ...), ("rulebook", ...),
    ],
)  # fmt: skip
def test_a_record_has_the_fields_of_a_record_and_no_others(field: str, value: object) -> None:
    changed = orjson.loads(TOLD.body) | {field: value}
    body = encode({name: item for name, item in changed.items() if item is not ...})

    assert code(body, leaf_for(body)) == "not_a_record"


@pytest.mark.parametrize("value", [[], "text", 7, None])
def test_json_that_is_no_object_is_no_record(value: object) -> None:
    assert code(encode(value), LEAF) == "not_a_record"


@pytest.mark.parametrize(
    "leaf",
    [
        None, "", "{}", 5, LEAF + " ", LEAF.replace('"v":1', '"v":2'), leaf_for(TOLD.body, position=2),
        leaf_for(TOLD.body, service="bank"), leaf_for(TOLD.body[:-1]),
    ],
)  # fmt: skip
def test_a_leaf_that_is_not_the_records_own_keeps_the_record_out(leaf: object) -> None:
    assert code(TOLD.body, leaf) == "leaf_unfit"


def test_any_single_changed_byte_of_a_record_is_seen() -> None:
    for at in range(len(TOLD.body)):
        body = TOLD.body[:at] + bytes([TOLD.body[at] ^ 1]) + TOLD.body[at + 1 :]

        assert code(body, LEAF) in {"not_canonical", "not_a_record", "leaf_unfit"}


def test_a_finding_keeps_the_message_that_shows_it_and_is_the_same_each_time() -> None:
    leaf = leaf_for(TOLD.body, position=2)

    one, other = (refused(TOLD.body, leaf) for _ in range(2))

    assert one == other
    assert one.id == other.id
    assert (one.body, one.leaf, one.service, one.first) == (TOLD.body, leaf.encode(), "till", 1)
    assert parse_leaf(one.leaf).position == 2
