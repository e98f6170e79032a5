"""Stream keys and inclusion proofs, honest and damaged, and what docs/ledger.md says of each."""

from shared.ledger import bundle, canonical, stored_zip
from tests.ledger.factories import Log, record
from tests.second.scene import (
    COUNT,
    MEMBERS,
    SIZE,
    VERIFIED,
    Case,
    entry,
    proof,
    recorded,
    renamed,
    spelled,
    step,
    with_members,
)

KEY_LINE = MEMBERS["stream.key"]
NAME = "proofs/000002.txt"
GIVEN = MEMBERS[NAME]
INDEX, *LINES = GIVEN.decode().splitlines()
HEAD = LINES[0]


def made(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode()


KEYS = {
    "no byte": b"",
    "no newline": KEY_LINE[:-1],
    "a carriage return": KEY_LINE[:-1] + b"\r\n",
    "two newlines": KEY_LINE + b"\n",
    "upper case": KEY_LINE.upper(),
    "another": b"ab" * 32 + b"\n",
    "short": KEY_LINE[2:],
    "long": b"00" + KEY_LINE,
    "odd": KEY_LINE[1:],
    "a space": b" " + KEY_LINE[1:],
    "raw": bytes.fromhex(KEY_LINE.decode()),
    "not ASCII": "é".encode() * 32 + b"\n",
    "not hexadecimal": b"g" * 64 + b"\n",
}
PROOFS = {
    "no byte": b"",
    "no newline at the end": GIVEN[:-1],
    "a letter more": GIVEN + b"x",
    "a hash more without a newline": GIVEN + HEAD.encode(),
    "an empty line": GIVEN + b"\n",
    "an empty line before": b"\n" + GIVEN,
    "carriage returns": GIVEN.replace(b"\n", b"\r\n"),
    "the next index": made(str(int(INDEX) + 1), *LINES),
    "another's": MEMBERS["proofs/000001.txt"],
    **{
        f"the index {index}": made(index, *LINES)
        for index in (
            *(f" {INDEX}", f"+{INDEX}", f"0{INDEX}", "-1", "0x4", "4.0", "4e0", "0_4", "٤", "", str(SIZE)),
            *(str(int(INDEX) + 32), str(2**53 + 1), str(2**63 - 1), str(2**63), "9" * 5_000),
        )
    },
    "only the index": made(INDEX),
    "no index": made(*LINES),
    "one hash less": made(INDEX, *LINES[:-1]),
    "one hash more": made(INDEX, *LINES, HEAD),
    "63 hashes": made(INDEX, *[HEAD] * 63),
    "64 hashes": made(INDEX, *[HEAD] * 64),
    "turned round": made(INDEX, *reversed(LINES)),
    "another hash": made(INDEX, "A" * 43 + "=", *LINES[1:]),
    "no padding": made(INDEX, HEAD[:-1], *LINES[1:]),
    "a short hash": made(INDEX, "AAAA", *LINES[1:]),
    "no hash": made(INDEX, "", *LINES),
    "unused bits": made(INDEX, HEAD[:-2] + chr(ord(HEAD[-2]) + 1) + "=", *LINES[1:]),
    "the alphabet of URLs": GIVEN.replace(b"+", b"-").replace(b"/", b"_"),
    "a space after a hash": made(INDEX, HEAD + " ", *LINES[1:]),
    "not UTF-8": GIVEN.replace(HEAD.encode(), b"\xff" * 44),
}


def against_order() -> bytes:
    """Return a bundle of two records whose entries stand in the log the other way round."""
    one, two = record(1, 1), record(2, 2)
    log = Log([entry(2, 2, two), entry(1, 1, one)])
    members = bundle.read(recorded([one, two]))
    manifest = {**canonical.decode_object(members["manifest.json"]), "size": 2}
    members |= {"checkpoint": log.note(), "manifest.json": spelled(manifest)}
    members |= {f"proofs/{n:06}.txt": proof(2 - n, log.prover().inclusion(2 - n, 2)) for n in (1, 2)}
    return stored_zip.pack(members)


def past_the_last() -> bytes:
    """Return a bundle whose record is the second and last leaf, and is said to be the third."""
    members = bundle.read(recorded([record(1, 1)]))
    data = members["proofs/000001.txt"].replace(b"1\n", b"2\n", 1)
    return stored_zip.pack({**members, "proofs/000001.txt": data})


def one_too_many() -> bytes:
    members = {name: data for name, data in MEMBERS.items() if not name.startswith("commands/")}
    return stored_zip.pack({**members, "proofs/000006.txt": GIVEN})


CASES = [
    *(Case(f"key: {name}", step(5), with_members({"stream.key": data})) for name, data in KEYS.items()),
    *(Case(f"proof: {name}", step(5), with_members({NAME: data})) for name, data in PROOFS.items()),
    Case("proof: the last under the next number", step(5), renamed("proofs/000005.txt", "proofs/000006.txt")),
    Case("proof: the last leaf at an index past it", step(5), past_the_last()),
    Case("proof: one missing", step(5), with_members({NAME: None})),
    Case("proof: all missing", step(5), with_members({f"proofs/{n:06}.txt": None for n in range(1, COUNT + 1)})),
    Case("proof: one too many", step(5), one_too_many()),
    Case(
        "proof: two exchanged", step(5), with_members({NAME: MEMBERS["proofs/000003.txt"], "proofs/000003.txt": GIVEN})
    ),
    Case("proof: versions against the log's order", step(5), against_order()),
    *(
        Case(f"proof: of {count} in a row", VERIFIED, recorded([record(n, n) for n in range(1, count + 1)]))
        for count in range(1, 12)
    ),
]
