"""Damaged containers and manifests, and what docs/ledger.md says of each."""

import io
import zipfile
from typing import Any

from shared.ledger import stored_zip
from tests.ledger.factories import RULEBOOK
from tests.second.scene import (
    HEX,
    MADE,
    MANIFEST,
    MEMBERS,
    VERIFIED,
    Case,
    renamed,
    spelled,
    step,
    with_members,
    without,
)

NAMES = list(MEMBERS)
GIVEN = MEMBERS["manifest.json"]


def reordered(names: list[str]) -> bytes:
    return stored_zip.pack({name: MEMBERS[name] for name in names})


def foreign(compression: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return out.getvalue()


def manifest(**changes: Any) -> bytes:
    return with_members({"manifest.json": spelled({**MANIFEST, **changes})})


CONTAINERS = {
    "no byte": b"",
    "no member": stored_zip.pack({}),
    "cut short": MADE[:-1],
    "a byte before": b"\0" + MADE,
    "a byte after": MADE + b"\0",
    "twice": MADE + MADE,
    "a comment": MADE[:-2] + b"\x01\x00!",
    "another tool's zip": foreign(zipfile.ZIP_STORED),
    "compressed": foreign(zipfile.ZIP_DEFLATED),
    "no directory": MADE[: MADE.index(b"PK\x01\x02")],
    "half a header": MADE[:29],
    "a header alone": MADE[:30],
    "lengths beyond the end": MADE[:18] + b"\xff" * 8 + MADE[26:],
    "a name twice": MADE.replace(b"records/000002.json", b"records/000001.json"),
    "a name that is not ASCII": MADE.replace(b"records/000002.json", b"records/00000\xe92.jso"),
    "a name of two": renamed("records/000002.json", "records/000002.json,records/000003.json"),
    "the first two exchanged": reordered([NAMES[1], NAMES[0], *NAMES[2:]]),
    "an unknown member": with_members({"readme.txt": b""}),
    "a folder": with_members({"records/": b""}),
    "proof 0": renamed("proofs/000001.txt", "proofs/000000.txt"),
    "command 0": renamed("commands/000001.json", "commands/000000.json"),
    **{f"{name} last": reordered([*(other for other in NAMES if other != name), name]) for name in NAMES[:-1]},
    **{f"no {name}": with_members({name: None}) for name in NAMES[:4]},
    **{
        f"record 2 named {other!r}": renamed("records/000002.json", other)
        for other in (
            *("records/000000.json", "records/2.json", "records/0000002.json", "records/000002.txt"),
            *("records/000009.json", "Records/000002.json", "records/00000a.json", "records\\000002.json"),
            *("./records/000002.json", "records/000002.json\n", "commands/000002.json", "records/+00002.json"),
        )
    },
}

VALUES = {
    "v": (0, 2, True, 1.0, "1"),
    "size": (True, False, 1.5, "5", 5.0, 2**53, -(2**53)),
    "count": (True, False, 1.5, "5", 5.0, 2**53, 0, -1),
    "service": (5, False),
    "stream": (5, "e\u0301"),
    "origin": (5, True),
    "rulebook": (5, "", HEX, MANIFEST["rulebook"].upper()),
    "extra": (1,),
    "Extra": (1,),
}
SPELLINGS = {
    "no byte": b"",
    "null": b"null",
    "a list": b"[]",
    "a number": b"1",
    "not JSON": b"{",
    "in a list": b"[%b]" % GIVEN,
    "a newline after": GIVEN + b"\n",
    "a space": GIVEN.replace(b":", b": ", 1),
    "not UTF-8": GIVEN.replace(b"b", b"\xff", 1),
    "a byte order mark": b"\xef\xbb\xbf" + GIVEN,
    "UTF-16": GIVEN.decode().encode("utf-16"),
    "a field twice": GIVEN.replace(b'"v":1', b'"v":1,"v":1'),
    "unsorted": b'{"v":1,' + GIVEN.replace(b',"v":1', b"")[1:],
    "a needless escape": GIVEN.replace(b'"b', b'"\\u0062', 1),
    "minus one spelled twice": GIVEN.replace(b'"v":1', b'"v":--1'),
    "minus zero": GIVEN.replace(b'"v":1', b'"v":-0'),
    "an exponent": GIVEN.replace(b'"v":1', b'"v":1e0'),
    "no number": GIVEN.replace(b'"v":1', b'"v":NaN'),
    "infinity": GIVEN.replace(b'"v":1', b'"v":Infinity'),
    "a comma at the end": GIVEN.replace(b"}", b",}"),
    "half a surrogate pair": GIVEN.replace(b"bidding", b"\\ud800"),
    "half a surrogate pair, raw": GIVEN.replace(b"bidding", b"\xed\xa0\x80"),
    "an escaped surrogate pair": GIVEN.replace(b"bidding", b"\\ud83d\\ude00"),
}
LATER = [
    ("size", 16, 5),
    ("size", 0, 5),
    ("size", -17, 5),
    ("size", 2**53 - 1, 5),
    ("count", 4, 3),
    ("count", 6, 3),
    ("service", "land", 3),
    ("service", "", 3),
    ("stream", "other", 3),
    ("origin", "other", 5),
    ("origin", "", 5),
]

CASES = [
    Case("honest", VERIFIED, MADE),
    *(Case(f"container: {name}", step(1), data) for name, data in CONTAINERS.items()),
    *(
        Case(f"manifest: {what} {name}", step(2), with_members({"manifest.json": data}))
        for name in MANIFEST
        for what, data in {
            "no": spelled(without(MANIFEST, name)),
            "null as": spelled({**MANIFEST, name: None}),
            "a list as": spelled({**MANIFEST, name: [MANIFEST[name]]}),
        }.items()
    ),
    *(
        Case(f"manifest: {name} {value!r}", step(2), manifest(**{name: value}))
        for name, values in VALUES.items()
        for value in values
    ),
    *(Case(f"manifest: {name}", step(2), with_members({"manifest.json": data})) for name, data in SPELLINGS.items()),
    *(Case(f"manifest: another {name}, {value!r}", step(at), manifest(**{name: value})) for name, value, at in LATER),
    Case("rulebook: another", step(2), with_members({"rulebook.json": RULEBOOK + b"\n"})),
    Case("rulebook: no byte", step(2), with_members({"rulebook.json": b""})),
]

# The library tries to count to this number in memory, and raises MemoryError.
FAULT = Case("manifest: a count past all memory", step(3), manifest(count=2**53 - 1))
