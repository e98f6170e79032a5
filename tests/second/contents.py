"""Records and commands, honest and damaged, and what docs/ledger.md says of each."""

from hashlib import sha256
from typing import Any

from shared.ledger import bundle, canonical, stored_zip
from tests.ledger.factories import commands, evidence, ledger, record, records
from tests.second.scene import (
    COUNT,
    FIELDS,
    HEX,
    LEDGER,
    MEMBERS,
    STREAM,
    VERIFIED,
    Case,
    recorded,
    renamed,
    spelled,
    step,
    varied,
    with_members,
    without,
)

FIRST = record(1, 1)
AGAIN, EMPTY = sha256(b"again").hexdigest(), sha256(b"").hexdigest()
TWICE = bundle.read(
    recorded([record(n, n, command_digest=one) for n, one in enumerate([AGAIN, EMPTY, AGAIN, None, EMPTY], 1)])
)
COMMANDS = {name: data for name, data in MEMBERS.items() if name.startswith("commands/")}

WRONG: dict[str, tuple[Any, ...]] = {
    "v": (0, 2, True, "1", None),
    "version": (1, 3, "2", True, None),
    "position": (1, 0, -2, "2", None, True, 2.5, 2**53),
    "service": ("land", None, 1),
    "stream": ("other", None),
    "rulebook": ("", HEX, 1, "null"),
    "salt": (None, "", HEX[2:], HEX.upper(), HEX + "\n", "g" * 64, 1, [HEX], int("1" * 64)),
    "command_digest": ("", HEX.upper(), HEX + "\n", " " + HEX, 1, False, [HEX], "٣" * 64),
    "data": (0.5, 2**53, -(2**53), "e\u0301", "\u212b", "\u1100\u1161", ["ok", {"deep": ["e\u0301"]}]),
    "cause": ({"é": 1}, {"A": 1}, {"": 1}, {"a b": 1}, {"a\n": 1}, {"a-b": 1}),
    "extra": (None,),
}
RIGHT: dict[str, tuple[Any, ...]] = {
    "data": (None, True, 0, -1, 2**53 - 1, 1 - 2**53, "", [], {}, [[[]]], "/", "</script>", "é", "🚧\U00020000"),
    "cause": ("a\u2028b\u0085", "\x7f", "\ufeff", "\ufffd", "\uffff", "\U0010ffff", "\ue000", {"__proto__": {"a": 1}}),
    "actor": ({"constructor": 1, "0": 1, "10": 2, "9": 3, "_": 4}, [], '\x1f\0\b\t\n\f\r"\\'),
    "at": ("whenever", None),
    "received_at": (None,),
    "id": (7,),
    "type": ("",),
    "command_id": (False,),
    "rulebook": (None,),
    "position": (3, 2**53 - 1),
    "command_digest": (HEX,),
}
SPELLINGS = [
    ("an escaped slash", b"bidding.", rb"bidding\/"),
    ("an upper-case escape", b"agency-7", rb"a\u001F"),
    ("an escaped letter", b"agency-7", rb"\u0061"),
    ("a long escape for a newline", b"agency-7", rb"\u000a"),
    ("an escaped delete", b"agency-7", rb"\u007f"),
    ("half a surrogate pair", b"agency-7", rb"\ud800"),
    ("a raw newline", b"agency-7", b"\n"),
    ("a raw zero", b"agency-7", b"\0"),
    ("an overlong letter", b"agency-7", b"\xc1\xa1"),
    ("a plus", b'"v":1', b'"v":+1'),
    ("a zero before", b'"v":1', b'"v":01'),
    ("a point", b'"v":1', b'"v":1.0'),
    ("an exponent", b'"number":2', b'"number":2E0'),
    ("a large exponent", b'"number":2', b'"number":1e400'),
    ("5,000 digits", b'"number":2', b'"number":' + b"9" * 5_000),
    ("minus zero", b'"number":2', b'"number":-0'),
    ("a field twice", b'"v":1', b'"v":1,"v":1'),
    ("a newline after", b'"version":2}', b'"version":2}\n'),
    ("single quotes", b'"agency-7"', b"'agency-7'"),
    ("a comment", b'"v":1', b'/**/"v":1'),
]


def one_varied(**changes: Any) -> bytes:
    """Return a bundle of two records with the second changed, its log too."""
    place = changes.get("position")
    return recorded([FIRST, varied(**changes)], [1, place if type(place) is int else 2])


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


MEMBER_CHANGES: dict[str, tuple[int, dict[str, bytes | None]]] = {
    "records: two exchanged": (3, {"records/000001.json": STREAM[1], "records/000002.json": STREAM[0]}),
    "records: the last missing": (3, {"records/000005.json": None}),
    "records: the third missing": (3, {"records/000003.json": None}),
    "records: none": (3, {f"records/{n:06}.json": None for n in range(1, COUNT + 1)}),
    "records: one without a byte": (3, {"records/000003.json": b""}),
    "records: one null": (3, {"records/000003.json": b"null"}),
    "records: one a list": (3, {"records/000003.json": b"[]"}),
    "records: one with another salt": (
        5,
        {"records/000003.json": spelled({**canonical.decode_object(STREAM[2]), "salt": HEX})},
    ),
    "commands: one too many": (4, {"commands/000006.json": b"{}"}),
    "commands: one of them again": (4, {"commands/000006.json": COMMANDS["commands/000005.json"]}),
    "commands: two exchanged": (
        4,
        {
            "commands/000001.json": COMMANDS["commands/000003.json"],
            "commands/000003.json": COMMANDS["commands/000001.json"],
        },
    ),
    "commands: only one that no record names": (4, {**dict.fromkeys(COMMANDS), "commands/000001.json": b"{}"}),
    **{f"commands: {name} missing": (4, {name: None}) for name in COMMANDS},
    **{f"commands: {name} changed": (4, {name: data + b" "}) for name, data in COMMANDS.items()},
}
AT_THEIR_FIRST = {"commands/000001.json": b"again", "commands/000002.json": b""}


def leaf_of(version: int, **changes: object) -> bytes:
    return spelled({**canonical.decode_object(LEDGER.entries[3 * version - 2]), **changes})


def with_leaf(data: bytes, *, version: int = 2, record: bool = False) -> dict[str, bytes]:
    """Return the bundle with a leaf instead of its second record, or besides it, and no commands."""
    records = {name: kept for name, kept in MEMBERS.items() if name.startswith("records/")}
    if not record:
        del records["records/000002.json"]
    head = dict(list(MEMBERS.items())[:4])
    proofs = {name: kept for name, kept in MEMBERS.items() if name.startswith("proofs/")}
    return {**head, **records, f"leaves/{version:06}.json": data, **proofs}


LEAVES = [
    ("in the place of a record", VERIFIED, with_leaf(leaf_of(2))),
    ("beside a record", step(3), with_leaf(leaf_of(2), record=True)),
    ("under the next number", step(3), with_leaf(leaf_of(2), version=6)),
    ("of the record after", step(3), with_leaf(leaf_of(3))),
    ("of another tag", step(5), with_leaf(leaf_of(2, tag=HEX))),
    ("of another digest", step(5), with_leaf(leaf_of(2, digest=HEX))),
    ("of another service", step(3), with_leaf(leaf_of(2, service="land"))),
    ("of another place", step(5), with_leaf(leaf_of(2, position=4))),
    ("with a field more", step(3), with_leaf(leaf_of(2, more=1))),
    ("of a truth for a version", step(3), with_leaf(leaf_of(2, v=True))),
    ("that is a record", step(3), with_leaf(STREAM[1])),
]

CASES = [
    *(Case(f"record: no {name}", step(3), recorded([FIRST, spelled(without(FIELDS, name))])) for name in FIELDS),
    *(
        Case(f"record: {name} {value!r:.80}", expected, one_varied(**{name: value}))
        for table, expected in ((WRONG, step(3)), (RIGHT, VERIFIED))
        for name, values in table.items()
        for value in values
    ),
    *(Case(f"record: {name}", step(3), recorded([FIRST, varied().replace(old, new)])) for name, old, new in SPELLINGS),
    Case("record: nested 100 deep", VERIFIED, one_varied(data=nested(100))),
    Case("records: the last under the next number", step(3), renamed("records/000005.json", "records/000006.json")),
    Case("records: positions that fall", step(3), recorded([record(1, 2), record(2, 1)], [2, 1])),
    Case("records: a service that no entry can name", step(5), recorded([record(1, 1, service="A")], service="A")),
    Case("records: a stream of no name", VERIFIED, recorded([record(1, 1, stream="")], stream="")),
    *(Case(name, step(at), with_members(changes)) for name, (at, changes) in MEMBER_CHANGES.items()),
    Case("commands: none at all", VERIFIED, with_members(dict.fromkeys(COMMANDS))),
    Case("commands: 3 as 4", step(4), renamed("commands/000003.json", "commands/000004.json")),
    Case("commands: named again later", VERIFIED, stored_zip.pack({**TWICE, **AT_THEIR_FIRST})),
    Case(
        "commands: given again later",
        step(4),
        stored_zip.pack({**TWICE, **AT_THEIR_FIRST, "commands/000003.json": b"again"}),
    ),
    Case(
        "commands: given only later",
        step(4),
        stored_zip.pack({**TWICE, "commands/000002.json": b"", "commands/000003.json": b"again"}),
    ),
    *(Case(f"leaves: {name}", expected, stored_zip.pack(members)) for name, expected, members in LEAVES),
    *(
        Case(f"honest: {count} records", VERIFIED, bundle.make(evidence(stream, ledger(stream), commands(count))))
        for count, stream in ((count, records(count)) for count in range(1, 12))
    ),
]

# The library raises TypeError at this one.
FAULT = Case("record: a list for a rulebook", step(3), one_varied(rulebook=[]))
