"""What an insider makes of an installation's files: secrets, sealed messages, and every value that may be a key."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from tests.system.canary import files

SIZE = 16
"""Bytes of K_B, of K_A, of the body's key, and of a share without its x."""

SCALAR = 32
"""Bytes of a private key."""

SLID_OVER = 128
"""Decoded values up to this many bytes may hold a key at any place; of longer ones only files of keys are slid over."""

_BYTEA = re.compile(rb"\\\\?x((?:[0-9a-f]{2}){16,})")
_FERNET = re.compile(rb"gAAAA[A-Za-z0-9_-]{60,}={0,2}")
_BASE64 = re.compile(rb"(?<![A-Za-z0-9_+/-])[A-Za-z0-9_+/-]{22,172}(?![A-Za-z0-9_+/-])")
_HEX = re.compile(rb"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){16,128}(?![0-9a-fA-F])")
_NOTHING = re.compile(rb"\0{64,}")


@dataclass
class Loot:
    """Everything that was found, unfolded: files, decoded columns, what installation keys decrypt."""

    given: Sequence[bytes] = ()
    pieces: set[bytes] = field(default_factory=set)
    small: set[bytes] = field(default_factory=set)
    bodies: dict[str, bytes] = field(default_factory=dict)
    keys: set[bytes] = field(default_factory=set)

    def take(self, name: str, content: bytes) -> None:
        """Take in one file."""
        self.pieces.add(_NOTHING.sub(b"\0", content))
        if "/blobs/" in name:
            self.bodies[hashlib.sha256(content).hexdigest()] = content
        if "/keys/" in name:
            self.keys.add(_decoded(content.strip()))
        if len(content) <= 64 * SLID_OVER:
            self.small.add(content)

    def unfold(self) -> None:
        """Decode the columns of the dump, and decrypt whatever a key of the installation decrypts."""
        columns = {bytes.fromhex(found.decode()) for piece in self.pieces for found in _BYTEA.findall(piece)}
        self.pieces |= columns
        fernets = [Fernet(base64.urlsafe_b64encode(key)) for key in self.keys if len(key) == SCALAR]
        for token in {found for piece in self.pieces for found in _FERNET.findall(piece)}:
            for fernet in fernets:
                try:
                    self.small.add(fernet.decrypt(token))
                except InvalidToken:
                    continue
        self.pieces |= self.small

    def scalars(self) -> Iterator[bytes]:
        """Yield every 32-byte secret: given, of the installation, or decrypted."""
        yield from {value for value in (*self.given, *self.keys, *self.small) if len(value) == SCALAR}

    def messages(self, tender: str) -> Iterator[tuple[str, bytes]]:
        """Yield token and sealed bytes of every sealed message of a tender on record."""
        seen = set()
        for record in self._records():
            data = record.get("data")
            if record["stream"] != tender or not isinstance(data, dict) or not {"sealed", "token"} <= data.keys():
                continue
            if data["digest"] not in seen:
                seen.add(data["digest"])
                yield data["token"], _decoded(data["sealed"].encode())

    def guesses(self) -> set[bytes]:
        """Return every value of 16 bytes that is stored in any spelling, stands in a secret, or is derived from one."""
        found = set(self._stored)
        for value in self.given:
            found |= _slid(value)
        for secret in [*self.scalars(), *self.small]:
            for derive in (hashlib.sha256, hashlib.sha512, hashlib.md5):
                digest = derive(secret).digest()
                found |= {digest[at : at + SIZE] for at in range(0, len(digest), SIZE)}
        return found

    def opens(self, key: bytes, context: bytes, body: bytes) -> bool:
        """Say whether a key is the one that a body's header commits to (C2SP chunked-encryption, Cobblestone-128)."""
        label = b"c2sp.org/chunked-encryption@v1+AEAD_AES_128_GCM\0"
        material = hmac.digest(key, label + body[:24] + context + b"\1", "sha512")
        return material[28:60] == body[24:56]

    @cached_property
    def _stored(self) -> set[bytes]:
        found = {bytes(SIZE)}
        for value in self._values():
            found |= _slid(value)
        return found

    def _values(self) -> Iterator[bytes]:
        yield from self.keys
        yield from self.small
        for piece in self.pieces:
            digits = set(_HEX.findall(piece))
            yield from (bytes.fromhex(found.decode()) for found in digits)
            for found in {*_BASE64.findall(piece), *digits}:
                value = _decoded(found)
                if SIZE <= len(value) <= SLID_OVER:
                    yield value

    def _records(self) -> Iterator[dict[str, Any]]:
        for piece in self.pieces:
            if piece.startswith(b"{"):
                try:
                    value = json.loads(piece)
                except ValueError:
                    continue
                if isinstance(value, dict) and "stream" in value:
                    yield value


def gather(folder: Path) -> Loot:
    """Take in every file of a folder."""
    loot = Loot()
    for name, content in files(folder):
        loot.take(f"/{name}", content)
    loot.unfold()
    return loot


def _slid(value: bytes) -> set[bytes]:
    """Return every run of 16 bytes in a value."""
    return {value[at : at + SIZE] for at in range(len(value) - SIZE + 1)}


def _decoded(encoded: bytes) -> bytes:
    """Return the bytes of base64 in either alphabet, nothing where it is none."""
    plain = encoded.translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        return b""
