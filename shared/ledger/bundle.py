"""The evidence bundle 证据包: one procedure's records with all that shows them, as a canonical zip."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.ledger import canonical, checkpoint, stored_zip
from shared.ledger.errors import Malformed
from shared.ledger.leaf import STREAM_KEY_SIZE, digest
from shared.ledger.text import decode_decimal, decode_hash, decode_utf8, encode_base64

MANIFEST, CHECKPOINT, STREAM_KEY, RULEBOOK = "manifest.json", "checkpoint", "stream.key", "rulebook.json"
HEAD = (MANIFEST, CHECKPOINT, STREAM_KEY, RULEBOOK)
MAX_VERSION = 999_999
MAX_HASHES = 63

_NUMBERED = re.compile(r"(records|leaves|proofs|commands)/([0-9]{6})\.(json|txt)")
_ENDINGS = {"records": "json", "leaves": "json", "proofs": "txt", "commands": "json"}
_GROUPS = tuple(_ENDINGS)

Proof = tuple[int, tuple[bytes, ...]]  # the leaf's index in the log, and its inclusion proof


@dataclass(frozen=True)
class Evidence:
    """What goes into a bundle.

    `checkpoint` is a signed note with its cosignatures; `records` and `proofs` run by version from 1;
    `commands` holds the bytes of stored requests by the first version of the decision each led to.
    In the place of a record that its reader may not have is None, and its leaf in `leaves` by version.
    """

    service: str
    stream: str
    checkpoint: bytes
    stream_key: bytes
    rulebook: bytes
    records: Sequence[bytes | None]
    proofs: Sequence[Proof]
    commands: Mapping[int, bytes] = field(default_factory=dict)
    leaves: Mapping[int, bytes] = field(default_factory=dict)


def make(evidence: Evidence) -> bytes:
    """Return the bundle's bytes, the same for the same evidence. Raise Malformed if it cannot be one."""
    if len(evidence.stream_key) != STREAM_KEY_SIZE:
        raise Malformed(f"a stream key has {STREAM_KEY_SIZE} bytes")
    if not evidence.records or len(evidence.proofs) != len(evidence.records):
        raise Malformed("a bundle has one record or more, and one proof for each")
    withheld = [version for version, record in enumerate(evidence.records, start=1) if record is None]
    if withheld != sorted(evidence.leaves):
        raise Malformed("a bundle has a leaf in the place of each record that is withheld, and no other")
    members = {
        MANIFEST: _manifest(evidence),
        CHECKPOINT: evidence.checkpoint,
        STREAM_KEY: f"{evidence.stream_key.hex()}\n".encode(),
        RULEBOOK: evidence.rulebook,
    }
    for version, record in enumerate(evidence.records, start=1):
        if record is not None:
            members[member("records", version)] = record
    for version in withheld:
        members[member("leaves", version)] = evidence.leaves[version]
    for version, proof in enumerate(evidence.proofs, start=1):
        members[member("proofs", version)] = encode_proof(proof)
    for version, command in sorted(evidence.commands.items()):
        members[member("commands", version)] = command
    return stored_zip.pack(members)


def read(data: bytes) -> dict[str, bytes]:
    """Return a bundle's members. Raise Malformed unless the container is canonical.

    Canonical: a stored zip as `make` writes it, the four head members, then records, leaves, proofs
    and commands, each by number. What the members say is not looked into.
    """
    members = stored_zip.unpack(data)
    names = list(members)
    if names[: len(HEAD)] != list(HEAD):
        raise Malformed(f"a bundle begins with {', '.join(HEAD)}")
    numbered = names[len(HEAD) :]
    if numbered != sorted(numbered, key=_rank):
        raise Malformed("the members of a bundle are not in their order")
    return members


def member(group: str, version: int) -> str:
    """Return the name of a numbered member, as in `records/000001.json`."""
    if not 1 <= version <= MAX_VERSION:
        raise Malformed(f"a bundle has no room for version {version}")
    return f"{group}/{version:06d}.{_ENDINGS[group]}"


def numbered(members: Mapping[str, bytes], group: str) -> dict[int, bytes]:
    """Return one group's members by their number, in order."""
    start = f"{group}/"
    return {_rank(name)[1]: data for name, data in members.items() if name.startswith(start)}


def encode_proof(proof: Proof) -> bytes:
    """Return a proof member: the leaf's index in decimal, then one hash in base64 a line, leaf side first."""
    index, hashes = proof
    return "".join(f"{line}\n" for line in [str(index), *map(encode_base64, hashes)]).encode()


def decode_proof(data: bytes) -> Proof:
    """Return what a proof member spells. Raise Malformed on any other spelling."""
    lines = decode_utf8(data).split("\n")
    if lines.pop() or not 1 <= len(lines) <= 1 + MAX_HASHES:
        raise Malformed("a proof is an index and at most 63 hashes, each on a line")
    return decode_decimal(lines[0]), tuple(decode_hash(line) for line in lines[1:])


def decode_stream_key(data: bytes) -> bytes:
    """Return the stream key that its member spells: 64 lower-case hex digits and a newline."""
    if not re.fullmatch(rb"[0-9a-f]{64}\n", data):
        raise Malformed("stream.key is one line of 64 hexadecimal digits")
    return bytes.fromhex(data.decode("ascii"))


def _manifest(evidence: Evidence) -> bytes:
    head = checkpoint.parse(evidence.checkpoint)
    facts = {
        "v": 1,
        "service": evidence.service,
        "stream": evidence.stream,
        "origin": head.origin,
        "size": head.size,
        "count": len(evidence.records),
        "rulebook": digest(evidence.rulebook),
    }
    return canonical.encode(facts)


def _rank(name: str) -> tuple[int, int]:
    """Return where a numbered member stands: its group, then its number. Raise Malformed for other names."""
    match = _NUMBERED.fullmatch(name)
    if match is None or name != f"{match[1]}/{match[2]}.{_ENDINGS[match[1]]}" or int(match[2]) == 0:
        raise Malformed(f"a bundle has no member named {name!r}")
    return _GROUPS.index(match[1]), int(match[2])
