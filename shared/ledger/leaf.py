"""The public leaf: what the open log says of one record, which tells nothing to those without the key."""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from shared.ledger.canonical import MAX_INTEGER
from shared.ledger.errors import Malformed
from shared.ledger.merkle import leaf_hash

STREAM_KEY_SIZE = 32

_LEAF = re.compile(
    rb'\{"digest":"([0-9a-f]{64})","position":([1-9][0-9]{0,15}),'
    rb'"service":"([a-z0-9_]+)","tag":"([0-9a-f]{64})","v":1\}'
)


@dataclass(frozen=True)
class Leaf:
    """One record in the public log: whose journal, which position in it, the tag and the digest (hex)."""

    service: str
    position: int
    tag: str
    digest: str

    def encode(self) -> bytes:
        """Return the entry's bytes, the canonical JSON of {digest, position, service, tag, v: 1}."""
        entry = (
            f'{{"digest":"{self.digest}","position":{self.position},'
            f'"service":"{self.service}","tag":"{self.tag}","v":1}}'
        ).encode()
        if not _LEAF.fullmatch(entry) or self.position > MAX_INTEGER:
            raise Malformed(f"not the facts of a leaf: {self}")
        return entry

    def hash(self) -> bytes:
        """Return the leaf hash that the Merkle tree holds."""
        return leaf_hash(self.encode())


def leaf_of(service: str, position: int, stream_key: bytes, version: int, record: bytes) -> Leaf:
    """Return the leaf of a record's bytes, which is version `version` of the stream with this key."""
    return Leaf(service, position, tag(stream_key, version), digest(record))


def parse_leaf(entry: bytes) -> Leaf:
    """Return the leaf that a log entry spells. Raise Malformed unless it is a leaf in canonical form."""
    match = _LEAF.fullmatch(entry)
    if match is None or int(match[2]) > MAX_INTEGER:
        raise Malformed(f"not a public leaf: {entry[:80]!r}")
    return Leaf(match[3].decode(), int(match[2]), match[4].decode(), match[1].decode())


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes in lower-case hexadecimal."""
    return sha256(data).hexdigest()


def tag(stream_key: bytes, version: int) -> str:
    """Return HMAC-SHA-256(stream key, "ggzy-tag/v1|" + version) in hexadecimal.

    Who has the key finds every version of the stream in the log; to others tags are random.
    """
    if len(stream_key) != STREAM_KEY_SIZE or version < 1:
        raise Malformed(f"a tag takes a stream key of {STREAM_KEY_SIZE} bytes and a version from 1")
    return hmac.digest(stream_key, b"ggzy-tag/v1|%d" % version, "sha256").hex()
