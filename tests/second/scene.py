"""Bundles, notes and logs put together by hand, so that nothing in the library can refuse to make them."""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.ledger import bundle, canonical, stored_zip
from shared.ledger.keys import Signer
from tests.ledger.factories import (
    KEY,
    LOG,
    ORIGIN,
    POLICY_TEXT,
    RULEBOOK,
    TIME,
    WITNESSES,
    Log,
    commands,
    evidence,
    ledger,
    record,
    records,
)

Files = Mapping[str, bytes]

VERIFIED = "verified"
UNKNOWN = "consistent, signer unknown"
REFUSED = "misuse"  # the policy breaks a rule: nothing is said of the bundle


@dataclass(frozen=True)
class Case:
    """One question to a verifier, and what docs/ledger.md says of it."""

    name: str
    expected: str
    bundle: bytes
    policy: bytes | None = POLICY_TEXT.encode()
    log: Files | None = None


def step(number: int) -> str:
    return f"failed at step {number}"


COUNT = 5
STREAM = records(COUNT)
LEDGER = ledger(STREAM)
SIZE = len(LEDGER.entries)
FILES = LEDGER.files()
MADE = bundle.make(evidence(STREAM, LEDGER, commands(COUNT)))
MEMBERS = bundle.read(MADE)
MANIFEST = canonical.decode_object(MEMBERS["manifest.json"])
FIELDS = canonical.decode_object(record(2, 2))
HEX = "ab" * 32


def without(whole: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != name}


def changed(changes: Mapping[str, bytes | None], base: Files) -> dict[str, bytes]:
    """Return files or members with some replaced, added at the end, or left out if `None`."""
    return {name: data for name, data in {**base, **changes}.items() if data is not None}


def with_members(changes: Mapping[str, bytes | None]) -> bytes:
    return stored_zip.pack(changed(changes, MEMBERS))


def renamed(name: str, other: str) -> bytes:
    return stored_zip.pack({other if key == name else key: data for key, data in MEMBERS.items()})


def spelled(value: object) -> bytes:
    """Return a value spelled as canonical JSON would be, whatever the value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def varied(**changes: Any) -> bytes:
    """Return the record of version 2 with some fields changed."""
    return spelled({**FIELDS, **changes})


def entry(position: object, version: int, data: bytes, service: object = "bidding", key: bytes = KEY) -> bytes:
    tag = hmac.new(key, b"ggzy-tag/v1|%d" % version, sha256).hexdigest()
    digest = sha256(data).hexdigest()
    return spelled({"digest": digest, "position": position, "service": service, "tag": tag, "v": 1})


def proof(index: object, hashes: Sequence[bytes]) -> bytes:
    return f"{index}\n".encode() + b"".join(b64encode(node) + b"\n" for node in hashes)


def recorded(stream: Sequence[bytes], positions: Sequence[int] | None = None, /, **manifest: Any) -> bytes:
    """Return a bundle whose log really holds these bytes as records, at the indices 1, 2, ..."""
    places = positions or range(1, len(stream) + 1)
    service = manifest.get("service", "bidding")
    leaves = [entry(place, n, data, service) for n, (place, data) in enumerate(zip(places, stream, strict=True), 1)]
    log = Log([b"another", *leaves])
    size, prover = len(log.entries), log.prover()
    facts = {**MANIFEST, "size": size, "count": len(stream), **manifest}
    versions = range(1, len(stream) + 1)
    members = {"manifest.json": spelled(facts), "checkpoint": log.note(), "stream.key": MEMBERS["stream.key"]}
    members |= {"rulebook.json": RULEBOOK}
    members |= {f"records/{version:06}.json": stream[version - 1] for version in versions}
    members |= {f"proofs/{version:06}.txt": proof(version, prover.inclusion(version, size)) for version in versions}
    return stored_zip.pack(members)


def line(signer: Signer, message: str, stamp: bytes = b"") -> str:
    """Return a note's signature line: a log's over the text, or a witness's with its time before the signature."""
    key_id = bytes.fromhex(signer.verifier.vkey.split("+")[1])
    signature = Ed25519PrivateKey.from_private_bytes(signer.seed).sign(message.encode())
    return f"— {signer.name} {b64encode(key_id + stamp + signature).decode()}\n"


def cosigned(text: str, signer: Signer, time: int = TIME) -> str:
    return line(signer, f"cosignature/v1\ntime {time}\n{text}", time.to_bytes(8, "big"))


def respelled(whole: str, more: bytes = b"", *, drop: int = 0, flip: int | None = None) -> str:
    """Return a signature line whose bytes are more, fewer, or have a bit flipped."""
    dash, name, encoded = whole.split(" ")
    data = bytearray(b64decode(encoded))
    data = data[: len(data) - drop] + more
    if flip is not None:
        data[flip] ^= 1
    return f"{dash} {name} {b64encode(data).decode()}\n"


def noted(text: str, lines: Sequence[str] | None = None) -> bytes:
    """Return a note with these lines, or signed by the log and all witnesses."""
    whole = [line(LOG, text), *(cosigned(text, witness) for witness in WITNESSES)]
    return (text + "\n" + "".join(whole if lines is None else lines)).encode("utf-8", "surrogatepass")


def with_note(note: bytes) -> bytes:
    return with_members({"checkpoint": note})


ROOT = b64encode(LEDGER.root()).decode()
TEXT = f"{ORIGIN}\n{SIZE}\n{ROOT}\n"
SIGNED = line(LOG, TEXT)
COSIGNED = [cosigned(TEXT, witness) for witness in WITNESSES]
