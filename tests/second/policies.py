"""Trust policies, lawful and not, and what docs/ledger.md says of each."""

from base64 import b64decode, b64encode
from hashlib import sha256

from shared.ledger.keys import COSIGNATURE, ED25519, Signer
from tests.ledger.factories import LOG, ORIGIN, STRANGER, WITNESSES
from tests.second.scene import (
    COSIGNED,
    MADE,
    REFUSED,
    SIGNED,
    TEXT,
    VERIFIED,
    Case,
    cosigned,
    line,
    noted,
    respelled,
    step,
    with_note,
)

VKEY = LOG.verifier.vkey
L = f"log {VKEY}\n"
V1, V2, V3 = (witness.verifier.vkey for witness in WITNESSES)
W = f"witness w1 {V1}\nwitness w2 {V2}\nwitness w3 {V3}\n"
NONE = "quorum none\n"
OTHER = Signer("other.example/log", ED25519, bytes([9]) * 32)
RENAMED = Signer("other.example/log", ED25519, LOG.seed)
TIMED = Signer(ORIGIN, COSIGNATURE, LOG.seed)  # a log that signs as witnesses do, with a time
ABSENT = Signer("witness.example/w9", COSIGNATURE, bytes([9]) * 32).verifier.vkey
W1_RENAMED = Signer("other.example/w", COSIGNATURE, WITNESSES[0].seed).verifier.vkey
LOG_AS_WITNESS = Signer("witness.example/log", COSIGNATURE, LOG.seed).verifier.vkey
ANOTHER = f"log {OTHER.verifier.vkey}\n"
WITH_TIME = f"log {TIMED.verifier.vkey}\n"


def vkey(name: str, kind: int, public: bytes) -> str:
    body = bytes([kind]) + public
    key_id = sha256(f"{name}\n".encode() + body).hexdigest()[:8]
    return f"{name}+{key_id}+{b64encode(body).decode()}"


LAWFUL = {
    "the log alone": L + NONE,
    "no newline at the end": L + "quorum none",
    "words and blanks that mean nothing": f"# words\n\n \t\n{L}\t#words\n  # words\n#quorum w\n{NONE}#",
    "addresses": f"log {VKEY} https://l.example/\nwitness w1 {V1} https://w.example/\nquorum w1\n",
    "tabs and spaces": f"log\t{VKEY} \t\n  witness  w1 {V1}\nquorum\tw1 \n",
    "the quorum first": NONE + L,
    "a witness": f"{L}{W}quorum w1\n",
    "any": f"{L}{W}group g any w1 w2 w3\nquorum g\n",
    "all": f"{L}{W}group g all w1 w2 w3\nquorum g\n",
    "3 of 3": f"{L}{W}group g 3 w1 w2 w3\nquorum g\n",
    "1 of 1": f"{L}{W}group g 1 w1\nquorum g\n",
    "groups in groups": f"{L}{W}group a any w1 w2\ngroup b 2 a w3\nquorum b\n",
    "a group beside the quorum": f"{L}{W}group a any w1 w2\ngroup b all w3\nquorum b\n",
    "300 groups, each in the next": f"{L}{W}group g0 any w1\n"
    + "".join(f"group g{n + 1} all g{n}\n" for n in range(300))
    + "quorum g300\n",
    "a quorum that is a member afterwards": f"{L}{W}quorum w1\ngroup a any w1\n",
    "words as names": f"{L}witness any {V1}\nwitness #w {V2}\ngroup quorum all any #w\nquorum quorum\n",
    "names of any characters": f"{L}witness 办\u2028公+\u0085室 {V1}\nquorum 办\u2028公+\u0085室\n",
    "another log": ANOTHER + L + NONE,
    "100 other logs": "".join(f"log {Signer('o', ED25519, bytes([n]) * 32).verifier.vkey}\n" for n in range(90, 190))
    + L
    + NONE,
    "two keys of the log's name": f"log {STRANGER.verifier.vkey}\n{L}{NONE}",
    "a log's key for a witness": f"{L}witness w {LOG_AS_WITNESS}\n{NONE}",
    "a witness that is absent and not needed": f"{L}witness w {ABSENT}\nwitness w1 {V1}\nquorum w1\n",
}
NOT_MET = {
    "no log": f"{W}quorum w1\n",
    "no log and no quorum": NONE,
    "another log alone": ANOTHER + NONE,
    "the log's key under another name": f"log {RENAMED.verifier.vkey}\n{NONE}",
    "a stranger of the log's name": f"log {STRANGER.verifier.vkey}\n{NONE}",
    "a witness's key for a log": f"log {V1}\n{NONE}",
    "the log's key with a time": WITH_TIME + NONE,
    "a witness that is absent": f"{L}witness w {ABSENT}\nquorum w\n",
    "a witness that is absent among all": f"{L}{W}witness w {ABSENT}\ngroup g all w1 w2 w\nquorum g\n",
    **{
        f"the key {public.hex()[:4]}, which nobody signs with": f"log {vkey(ORIGIN, 1, public)}\n{NONE}"
        for public in (bytes(32), b"\2" + bytes(31), b"\xff" * 32)
    },
}
UNLAWFUL = {
    "no byte": "",
    "no quorum": L,
    "a Quorum": f"{L}Quorum none\n",
    "a word that is none, for the quorum": f"{L}{W}monitor w1\n",
    "two quorums": L + NONE + NONE,
    **{
        f"the line {bad!r}": f"{L}{W}{bad}\n{NONE}"
        for bad in (
            *("monitor x", "Log x", "log", "witness w4", f"witness w4 {ABSENT} a b", f"log {OTHER.verifier.vkey} a b"),
            *("group", "group g", "group g any", "group g all", "group g 1", "group g w1", "group g ALL w1 w2 w3"),
            *(f"group g {k:.40} w1 w2 w3" for k in ("0", "4", "02", "+2", "-1", "2.0", "٢", "9" * 5_000)),
            *("group g any w1 w1", "group g any g", "group g any w4", "group g any none", f"group g any {ORIGIN}"),
            *(
                "group w1 any w2",
                "group none any w1",
                "group a any w1\ngroup b any w1",
                "group g any h\ngroup h any w1",
            ),
            *(f"witness w1 {ABSENT}", f"witness none {ABSENT}", f"witness w4 {V1}", f"witness w4 {W1_RENAMED}"),
            *(f"witness w4 {VKEY}", f"log {VKEY}", f"log {RENAMED.verifier.vkey}", f"log {TIMED.verifier.vkey}"),
        )
    },
    **{
        f"{bad!r} for the quorum": f"{L}quorum{bad}\n{W}"
        for bad in (" w1", " w4", f" {ORIGIN}", "", " none none", " None")
    },
    **{
        f"{bad!r} at the end": f"{L}quorum none{bad}"
        for bad in (" # words", "\r\n", "\f\n", "\u00a0\n", "\u2028\n", "\0")
    },
    **{f"{bad!r} in a remark": f"#{bad}\n{L}{NONE}" for bad in ("\0", "\v", "\r", "\x1b", "\x7f")},
    "a byte order mark": f"\ufeff{L}{NONE}",
}
NAME, KEY_ID, ENCODED = OTHER.verifier.vkey.split("+", 2)
PUBLIC = b64decode(ENCODED)[1:]
BAD_KEYS = {
    "no name": f"+{KEY_ID}+{ENCODED}",
    "another key ID": f"{NAME}+00000000+{ENCODED}",
    "a key ID in capitals": f"{NAME}+{KEY_ID.upper()}+{ENCODED}",
    "a short key ID": f"{NAME}+{KEY_ID[:6]}+{ENCODED}",
    "no key": f"{NAME}+{KEY_ID}+",
    "no plus": NAME,
    "one plus": f"{NAME}+{KEY_ID}",
    "a letter more": f"{NAME}+{KEY_ID}+{ENCODED}x",
    "a type alone": vkey(NAME, 1, b""),
    "a short key": vkey(NAME, 1, PUBLIC[:-1]),
    "a long key": vkey(NAME, 1, PUBLIC + b"\0"),
    "a plus in the name": vkey("a+b", 1, PUBLIC),
    **{f"type {kind}": vkey(NAME, kind, PUBLIC) for kind in (0, 3, 5, 255)},
    **{f"{space!r} in the name": vkey(f"a{space}b", 1, PUBLIC) for space in "\u0085\u00a0\u2003\u2028\u3000"},
}
OTHER_LINE = line(OTHER, TEXT)
TIMED_LINE = cosigned(TEXT, TIMED)
NOTES = [
    ("a good line of another log", VERIFIED, ANOTHER + L + NONE, [SIGNED, OTHER_LINE]),
    ("a bad line of another log", VERIFIED, ANOTHER + L + NONE, [SIGNED, respelled(OTHER_LINE, flip=30)]),
    ("a bad line of a witness in no group", step(6), L + W + NONE, [SIGNED, respelled(COSIGNED[0], flip=30)]),
    ("a log's line with a time", VERIFIED, WITH_TIME + NONE, [TIMED_LINE]),
    ("a log's bad line with a time", step(6), WITH_TIME + NONE, [respelled(TIMED_LINE, flip=30)]),
    ("a log's line with a time past counting", step(6), WITH_TIME + NONE, [cosigned(TEXT, TIMED, 2**63)]),
]
OPAQUE = [
    ("a remark", b"#\xff\xed\xa0\x80\n" + (L + NONE).encode()),
    ("an address", f"log {VKEY} ".encode() + b"\xff\n" + NONE.encode()),
    ("a name", f"{L}witness ".encode() + b"\xff " + V1.encode() + b"\nquorum \xff\n"),
]

CASES = [
    *(
        Case(f"policy: {name}", expected, MADE, text.encode())
        for table, expected in ((LAWFUL, VERIFIED), (NOT_MET, step(6)), (UNLAWFUL, REFUSED))
        for name, text in table.items()
    ),
    *(Case(f"policy: not UTF-8 in {name}", VERIFIED, MADE, data) for name, data in OPAQUE),
    Case("policy: not UTF-8 in a key's name", REFUSED, MADE, b"log a\xff+00000000+AA==\n" + (L + NONE).encode()),
    *(Case(f"vkey: {name}", REFUSED, MADE, f"log {key}\n{L}{NONE}".encode()) for name, key in BAD_KEYS.items()),
    *(
        Case(f"policy: {name}", expected, with_note(noted(TEXT, lines)), text.encode())
        for name, expected, text, lines in NOTES
    ),
]
