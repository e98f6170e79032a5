"""Checkpoint notes, honest and damaged, and what docs/ledger.md says of each."""

from shared.ledger import bundle, stored_zip
from tests.ledger.factories import LOG, ORIGIN, STRANGER, WITNESSES, record
from tests.second.scene import (
    COSIGNED,
    MADE,
    ROOT,
    SIGNED,
    SIZE,
    TEXT,
    UNKNOWN,
    VERIFIED,
    Case,
    cosigned,
    line,
    noted,
    recorded,
    respelled,
    step,
    with_note,
)

GOOD = [SIGNED, *COSIGNED]
WHOLE = noted(TEXT)
ANY = "— someone AAAAAAE=\n"
W1, W2, _W3 = COSIGNED
LONG = ["— " + "x" * 9_990 + " AAAAAAE=\n"] * 90 + ["— " + "x" * 99_986 + " AAAAAAE=\n"]

# A policy asks for the log and two of three witnesses: which lines meet it, which break it (step 6).
MET = {
    "as it was": GOOD,
    "the log last": [*COSIGNED, SIGNED],
    "every line twice": GOOD * 2,
    "two witnesses of three": GOOD[:3],
    "a stranger of the log's name too": [line(STRANGER, TEXT), *GOOD],
    "witnesses at any time": [SIGNED, cosigned(TEXT, WITNESSES[0], 0), cosigned(TEXT, WITNESSES[1], 2**63 - 1)],
    "rubbish by someone": [*GOOD, "— someone AAAAAAA=\n"],
    "rubbish by 见证": [*GOOD, "— 见证 AAAAAAE=\n"],
    "100 lines": [*GOOD, *[ANY] * 96],
}
NOT_MET = {
    "one witness of three": GOOD[:2],
    "no witness": GOOD[:1],
    "no log": COSIGNED,
    "a stranger of the log's name": [line(STRANGER, TEXT), *COSIGNED],
    "a bad line of the log after a good one": [*GOOD, respelled(SIGNED, flip=40)],
    "a bad line of the log before a good one": [respelled(SIGNED, flip=40), *GOOD],
    "a bad line of a witness that is not needed": [*GOOD[:3], respelled(COSIGNED[2], flip=20)],
    "a bad line of a witness after a good one": [*GOOD, respelled(W1, flip=70)],
    "another time over the same signature": [*GOOD, respelled(W1, flip=11)],
    "one witness twice": [SIGNED, W1, W1],
    "one witness at two times": [SIGNED, W1, cosigned(TEXT, WITNESSES[0], 5)],
    "a time past counting": [SIGNED, cosigned(TEXT, WITNESSES[0], 2**63), *COSIGNED[1:]],
    "the log's signature longer": [respelled(SIGNED, b"\0"), *COSIGNED],
    "the log's signature shorter": [respelled(SIGNED, drop=1), *COSIGNED],
    "another key ID": [respelled(SIGNED, flip=0), *COSIGNED],
    "a cosignature longer": [*GOOD, respelled(W1, b"\0")],
    "a cosignature shorter": [*GOOD, respelled(W1, drop=1)],
    "a cosignature that is only a time": [*GOOD, respelled(W1, drop=64)],
    "a cosignature of one byte": [*GOOD, respelled(W1, drop=71)],
    "a witness that signs as a log": [SIGNED, W1, line(WITNESSES[1], TEXT)],
}
UNREADABLE = {
    "no line": [],
    "101 lines": [*GOOD, *[ANY] * 97],
    "an empty line among them": [*GOOD, "\n"],
    "an empty line between them": [*GOOD[:2], "\n", *GOOD[2:]],
    "a key ID and no signature": [*GOOD, respelled(W1, drop=72)],
    "half a key ID": [*GOOD, respelled(W1, drop=74)],
    "too long": [*GOOD, *LONG],
    **{
        f"the line {bad!r}": [*GOOD, bad]
        for bad in (
            *(
                "- someone AAAAAAE=\n",
                "– someone AAAAAAE=\n",
                "—  AAAAAAE=\n",
                "— some+one AAAAAAE=\n",
                "— a b AAAAAAE=\n",
            ),
            *(
                "— someone AAAAAAE= \n",
                "— someone AAAAAAE=",
                "— someone AAAAAAE=x",
                "— someone AAAAAAE=\r\n",
                "—\tsomeone AAAAAAE=\n",
                "— someone\n",
            ),
            *(
                "— someone AAAAAAE\n",
                "— someone AAAAAAF=\n",
                "— someone \n",
                " — someone AAAAAAE=\n",
                "—someone AAAAAAE=\n",
            ),
        )
    },
}
# White space is what Unicode calls so: not the byte order mark, not the zero-width space.
SPACES = "\u0085\u00a0\u1680\u2002\u2028\u2029\u202f\u205f\u3000"
CONTROLS = "\0\t\v\x1b\x1f"
OTHERS = "\x7f\x80\u200b\u2060\ufeff\ufffd\u0301"

BYTES = {
    "no byte": b"",
    "no signatures": TEXT.encode(),
    "an empty line and no signatures": TEXT.encode() + b"\n",
    "a newline more": WHOLE + b"\n",
    "no empty line": WHOLE.replace(b"\n\n", b"\n"),
    "two empty lines": WHOLE.replace(b"\n\n", b"\n\n\n"),
    "carriage returns": WHOLE.replace(b"\n", b"\r\n"),
    "a byte order mark": b"\xef\xbb\xbf" + WHOLE,
    "not UTF-8": WHOLE.replace(b"ledger", b"l\xffdger"),
    "a zero at the end": WHOLE + b"\0",
    "newlines alone": b"\n\n\n",
    "half a surrogate pair": noted(TEXT, [*GOOD, "— some\ud800one AAAAAAE=\n"]),
}
TEXTS = {
    "no size": f"{ORIGIN}\n{ROOT}\n",
    "no root": f"{ORIGIN}\n{SIZE}\n",
    "nothing": "\n",
    "no origin": f"\n{SIZE}\n{ROOT}\n",
    "an empty line before": f"\n\n{TEXT}",
    "an empty line after": f"{TEXT}\n",
    "an empty line before another": f"{TEXT}\nan extension\n",
    "another origin": f"other\n{SIZE}\n{ROOT}\n",
    **{
        f"the size {size:.20}": f"{ORIGIN}\n{size}\n{ROOT}\n"
        for size in (f"0{SIZE}", f"+{SIZE}", f"{SIZE} ", "18", "١٧")
    },
    **{f"the size {size:.20}": f"{ORIGIN}\n{size}\n{ROOT}\n" for size in (str(2**64), "9" * 5_000, "", "0x11", "-17")},
    **{f"the root {root:.20}": f"{ORIGIN}\n{SIZE}\n{root}\n" for root in ("A" * 43 + "=", "A" * 42 + "==", ROOT[:-1])},
    **{f"the root {root:.20}": f"{ORIGIN}\n{SIZE}\n{root}\n" for root in (f" {ROOT}", ROOT + ROOT, "ab" * 32)},
}


def of_origin(origin: str) -> bytes:
    """Return a bundle whose manifest and checkpoint name this origin."""
    members = bundle.read(recorded([record(1, 1)], origin=origin))
    size, root = members["checkpoint"].decode().splitlines()[1:3]
    return stored_zip.pack({**members, "checkpoint": noted(f"{origin}\n{size}\n{root}\n")})


CASES = [
    *(Case(f"lines: {name}", VERIFIED, with_note(noted(TEXT, lines))) for name, lines in MET.items()),
    *(Case(f"lines: {name}", step(6), with_note(noted(TEXT, lines))) for name, lines in NOT_MET.items()),
    *(Case(f"lines: {name}", step(5), with_note(noted(TEXT, lines))) for name, lines in UNREADABLE.items()),
    *(
        Case(
            f"lines: {character!r} in a name", expected, with_note(noted(TEXT, [*GOOD, f"— a{character}b AAAAAAE=\n"]))
        )
        for characters, expected in ((SPACES + CONTROLS, step(5)), (OTHERS, VERIFIED))
        for character in characters
    ),
    *(Case(f"note: {name}", step(5), with_note(data)) for name, data in BYTES.items()),
    *(Case(f"text: {name}", step(5), with_note(noted(text))) for name, text in TEXTS.items()),
    *(
        Case(f"text: the extension {more!r}", VERIFIED, with_note(noted(TEXT + more)))
        for more in ("an extension\n", "an extension\n另一行\n", " \n", "a\u2028b\n", "x\n" * 1_000)
    ),
    Case("text: no origin in the manifest either", step(5), of_origin("")),
    *(
        Case(f"text: {origin!r} in the manifest too", step(6), of_origin(origin))
        for origin in ("账本", "a b", "a+b", "a\u3000b", "a\u2028b", "a\u0085b", "a\x7fb")
    ),
    Case("no policy: honest", UNKNOWN, MADE, None),
    Case("no policy: a bad line of the log", UNKNOWN, with_note(noted(TEXT, [respelled(SIGNED, flip=40)])), None),
    Case("no policy: only someone's line", UNKNOWN, with_note(noted(TEXT, [ANY])), None),
    Case("no policy: an origin that no key can bear", UNKNOWN, of_origin("a b"), None),
    Case("no policy: no line", step(5), with_note(TEXT.encode() + b"\n"), None),
    Case("no policy: a stranger of the log's name", UNKNOWN, with_note(noted(TEXT, [line(STRANGER, TEXT)])), None),
    Case("no policy: the log alone", UNKNOWN, with_note(noted(TEXT, [line(LOG, TEXT)])), None),
]
