"""A bundle before whole logs, honest and damaged, and what docs/ledger.md says of each."""

from base64 import b64encode

from shared.ledger import bundle, stored_zip
from shared.ledger.keys import ED25519, Signer
from tests.ledger import example
from tests.ledger.factories import ORIGIN, POLICY_TEXT, WITNESSES, Log, evidence, ledger, record, records
from tests.second.scene import (
    COSIGNED,
    FILES,
    HEX,
    LEDGER,
    MADE,
    ROOT,
    SIGNED,
    SIZE,
    TEXT,
    UNKNOWN,
    VERIFIED,
    Case,
    Files,
    changed,
    cosigned,
    entry,
    line,
    noted,
    proof,
    recorded,
    respelled,
    spelled,
    step,
    without,
)

OTHERS = [entry(place, place, b"other", key=bytes(32)) for place in range(1, 700)]
PAGE = {path.removeprefix("log/"): data for path, data in example.files().items() if path.startswith("log/")}
ENTRY = {"digest": HEX, "position": 99, "service": "bidding", "tag": "cd" * 32, "v": 1}
LONG_STREAM = records(172)  # in a log of more than two full tiles
LONG_LOG = ledger(LONG_STREAM)
TALL = Log([*LEDGER.entries, *(spelled({**ENTRY, "position": n}) for n in range(1, 65_600))])  # three levels of tiles


def grown(*more: bytes) -> Files:
    return Log([*LEDGER.entries, *more]).files()


def of_entries(*entries: bytes) -> Files:
    return Log(list(entries)).files()


def joined(entries: list[bytes], order: str = "big") -> bytes:
    return b"".join(len(data).to_bytes(2, "big" if order == "big" else "little") + data for data in entries)


FULL = grown(*OTHERS)
NO_PARTS: dict[str, bytes | None] = {
    "tile/0/000.p/17": None,
    "tile/entries/000.p/17": None,
    **{path: FULL[path] for path in ("tile/0/000", "tile/entries/000")},
}
ONE, TWO, *REST = LEDGER.entries

HONEST: dict[str, Files] = {
    "the bundle's own": FILES,
    **{f"grown to {size}": grown(*OTHERS[: size - SIZE]) for size in (18, 255, 256, 257, 511, 512, 513, 700)},
    "of three levels": TALL.files(),
    "files that nobody asks for": changed({"tile/0/000.p/3": b"?", "tile/1/000": b"", "robots.txt": b""}, FILES),
    "a partial file as wide as a full one, and rubbish": changed({"tile/0/000.p/256": b"?"}, FULL),
    "partial files gone once full ones are there": changed(NO_PARTS, FILES),
    "full files for partial ones, changed past the end": changed(
        {**NO_PARTS, "tile/0/000": FULL["tile/0/000"][:-3] + b"###"}, FILES
    ),
    "full files beside partial ones, and rubbish": changed({"tile/0/000": b"?", "tile/entries/000": b"?"}, FILES),
    "version 7 without version 6": grown(*OTHERS[:5], entry(91, 7, b"later")),
    "version 0": grown(*OTHERS[:5], entry(91, 0, b"later")),
    "version 1 of another key": grown(*OTHERS[:5], entry(1, 1, b"other", key=bytes([1]) * 32)),
    "an entry that nobody knows": grown(*OTHERS[:3], spelled(ENTRY)),
    "an extension in its checkpoint": changed({"checkpoint": noted(f"{TEXT}an extension\n")}, FILES),
    "other cosignatures": changed(
        {"checkpoint": noted(TEXT, [SIGNED, *(cosigned(TEXT, one, 7) for one in WITNESSES)])}, FILES
    ),
}
WRONG: dict[str, Files] = {
    "no file": {},
    "empty": of_entries(),
    "shorter": of_entries(*LEDGER.entries[:-1]),
    "two entries exchanged": of_entries(TWO, ONE, *REST),
    "version 1 again": grown(*OTHERS[:5], TWO),
    "version 1 with another digest": grown(*OTHERS[:5], entry(90, 1, b"another")),
    "version 2 of another service": grown(*OTHERS[:5], entry(93, 2, b"other", "land")),
    "version 6": grown(*OTHERS[:5], entry(91, 6, b"later")),
    "versions 7 and 6": grown(*OTHERS[:5], entry(92, 7, b"later"), entry(91, 6, b"later")),
    **{
        f"another entry {n}": of_entries(
            *(OTHERS[n] if place == n else data for place, data in enumerate(LEDGER.entries))
        )
        for n in range(SIZE)
    },
    **{
        f"an entry of {name} {value!r:.30}": grown(*OTHERS[:3], spelled({**ENTRY, name: value}))
        for name, values in {
            "v": (2, True, None),
            "position": (0, -1, "9", True, None, 2**53, 1.5),
            "service": ("", "Land", 5, ["land"], "land\n", "投标", None),
            "tag": ("cd", "CD" * 32, None, 5),
            "digest": ("ab", "AB" * 32, HEX + "\n", None),
            "extra": (1,),
        }.items()
        for value in values
    },
    **{f"an entry of no {name}": grown(*OTHERS[:3], spelled(without(ENTRY, name))) for name in ENTRY},
    **{
        f"the entry {data[:9]!r}": grown(*OTHERS[:3], data)
        for data in (b"", b"words", b"[]", b"null", b"x" * 65_535, spelled(ENTRY).replace(b":", b": ", 1))
    },
    "rubbish in a partial file beside a full one": changed({**NO_PARTS, "tile/0/000.p/17": b"?"}, FILES),
    "two entries run together": changed({"tile/entries/000.p/17": joined([ONE + TWO, b"", *REST])}, FILES),
    "lengths the other way round": changed({"tile/entries/000.p/17": joined(LEDGER.entries, "little")}, FILES),
}


def damaged(base: Files) -> dict[str, Files]:
    """Return copies of a log with one file damaged, each in each way."""
    copies: dict[str, Files] = {}
    for path, data in base.items():
        middle = len(data) // 2
        ways: dict[str, dict[str, bytes | None]] = {
            "missing": {path: None},
            "without a byte": {path: b""},
            "cut": {path: data[:-1]},
            "longer": {path: data + b"\0"},
            "changed": {path: data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]},
            "twice": {path: data * 2},
            "a hash longer": {path: data + bytes(32)},
            "a hash shorter": {path: data[:-32]},
            "an entry longer": {path: data + b"\0\0"},
            "all zeros": {path: bytes(len(data))},
        }
        if ".p/" in path:
            ways["of another width"] = {path: None, f"{path}0": data}
            ways["named as if full"] = {path: None, path.split(".p/")[0]: data}
        copies |= {f"{path} {way}": changed(changes, base) for way, changes in ways.items()}
    return copies


NO_PART_DAMAGED = {
    f"{path} for the partial one, {way}": changed({**NO_PARTS, path: data}, FILES)
    for path, whole in (("tile/0/000", FULL["tile/0/000"]), ("tile/entries/000", FULL["tile/entries/000"]))
    for way, data in {
        "cut": whole[:-1],
        "longer": whole + b"\0",
        "a hash shorter": whole[:-32],
        "a hash longer": whole + bytes(32),
        "an entry longer": whole + b"\0\0",
    }.items()
}


def claimed_larger() -> bytes:
    """Return a bundle whose checkpoint claims six leaves under the root of five: its proofs would be the same."""
    log, prover = Log(FIVE), Log(FIVE).prover()
    members = bundle.read(recorded([record(n, n) for n in (1, 2, 3)], size=6))
    text = f"{ORIGIN}\n6\n{b64encode(log.root()).decode()}\n"
    members |= {f"proofs/{n:06}.txt": proof(n, prover.inclusion(n, 5)) for n in (1, 2, 3)}
    return stored_zip.pack({**members, "checkpoint": noted(text)})


FIVE = [OTHERS[0], *(entry(n, n, record(n, n)) for n in (1, 2, 3)), OTHERS[1]]
HEADS = {
    "without witnesses": noted(TEXT, [SIGNED]),
    "without the log": noted(TEXT, COSIGNED),
    "with a bad cosignature": noted(TEXT, [SIGNED, *COSIGNED, respelled(COSIGNED[0], flip=30)]),
    "with another root": noted(f"{ORIGIN}\n{SIZE}\n{'A' * 43}=\n"),
    "unreadable": b"?",
    **{f"of size {size}": noted(f"{ORIGIN}\n{size}\n{ROOT}\n") for size in (0, 16, 18, 2**40, 2**53, 2**63 - 1)},
}
ELSEWHERE = Signer("other.example/log", ED25519, bytes([7]) * 32)
OTHER_TEXT = f"{ELSEWHERE.name}\n{SIZE}\n{ROOT}\n"
OTHER_HEAD = noted(OTHER_TEXT, [line(ELSEWHERE, OTHER_TEXT), *(cosigned(OTHER_TEXT, one) for one in WITNESSES)])
OTHER_LOG = changed({"checkpoint": OTHER_HEAD}, FILES)
BOTH = f"{POLICY_TEXT}log {ELSEWHERE.verifier.vkey}\n".encode()
ANYONE = changed({"checkpoint": noted(TEXT, ["— someone AAAAAAE=\n"])}, FILES)

CASES = [
    Case("log: the worked example", VERIFIED, example.BUNDLE, example.POLICY.encode(), PAGE),
    Case("log: the worked example without a policy", UNKNOWN, example.BUNDLE, None, PAGE),
    Case("log: a long project", VERIFIED, bundle.make(evidence(LONG_STREAM, LONG_LOG)), log=LONG_LOG.files()),
    *(Case(f"log: {name}", VERIFIED, MADE, log=files) for name, files in HONEST.items()),
    *(
        Case(f"log: {name}", step(7), MADE, log=files)
        for table in (WRONG, NO_PART_DAMAGED, damaged(grown(*OTHERS[: 600 - SIZE])))
        for name, files in table.items()
    ),
    *(
        Case(f"log: a checkpoint {name}", step(7), MADE, log=changed({"checkpoint": note}, FILES))
        for name, note in HEADS.items()
    ),
    Case(
        "log: its checkpoint has no lines, and no policy",
        step(7),
        MADE,
        None,
        changed({"checkpoint": TEXT.encode()}, FILES),
    ),
    Case("log: its checkpoint is signed by anyone, and no policy", UNKNOWN, MADE, None, ANYONE),
    Case("log: smaller than the checkpoint claims", step(7), claimed_larger(), log=Log(FIVE).files()),
    Case("log: smaller than the checkpoint claims, not given", VERIFIED, claimed_larger()),
    Case("log: another log of the same entries", step(7), MADE, BOTH, OTHER_LOG),
    Case("log: another log of the same entries, and no policy", step(7), MADE, None, OTHER_LOG),
    Case("log: no file, but the container fails first", step(1), MADE[:-1], log={}),
    Case("log: no file, but the signatures fail first", step(6), MADE, b"quorum none\n", {}),
]
