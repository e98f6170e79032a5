"""The body of a bid: its plaintext in Cobblestone-128 (C2SP chunked-encryption), sealed and opened as a stream.

Memory is constant whatever the size. The header commits to the key, so a ciphertext opens to one plaintext only.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from cryptography.cobblestone import Cobblestone128Decryptor, Cobblestone128Encryptor
from cryptography.exceptions import InvalidTag
from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.seal.container import STEP, ContainerReader, Sink, Source, head, steps
from shared.seal.faults import Code, NotOpenable
from shared.seal.statement import Document, Statement, signature_holds
from shared.seal.wire import BidIds, Digest, SealError, Wire

KEY_SIZE = 16
CHUNK = 16_384
TAG = 16
HEADER = 24 + 32
"""Bytes: salt and key commitment."""

_ROOM = CHUNK + HEADER + TAG * (STEP // CHUNK + 2)  # what one step can put out beyond its own size


class DocumentChanged(SealError):
    """A document is no longer the one that the signed statement names; sign a new statement."""


class Body(Wire):
    """What the envelope says of the ciphertext: size in bytes and SHA-256."""

    size: Annotated[int, Field(ge=HEADER + TAG, le=MAX_INTEGER)]
    sha256: Digest


@dataclass(frozen=True, slots=True)
class Opened:
    """A body that opened: what it says, the digest that stands for its whole plaintext, and its size in bytes.

    `documents_checked` is false while the documents' digests are still to be compared (`read_container`).
    """

    statement: Statement
    statement_sha256: str
    size: int
    documents_checked: bool


def sealed_size(plaintext_size: int) -> int:
    """Return the size in bytes of a ciphertext: header, and a tag for each chunk; the last is always shorter."""
    return HEADER + plaintext_size + TAG * (plaintext_size // CHUNK + 1)


def key_of(k_b: bytes, k_a: bytes) -> bytes:
    """Return the body's key: the bidder's half XOR the authorities' half, 16 bytes each."""
    return bytes(b ^ a for b, a in zip(k_b, k_a, strict=True))


def seal_body(statement: Statement, documents: Sequence[Source], key: bytes, sink: Sink) -> Body:
    """Write the ciphertext of statement and documents to `sink`; return its size and SHA-256.

    `key` (16 bytes) must not be used before: Cobblestone's 24-byte salt is drawn by `cryptography` itself, so
    the ciphertext differs from call to call. Raise DocumentChanged where a stream is not what the statement
    names, SealError for a statement whose signature does not hold; what was written is then worthless.
    """
    if not signature_holds(statement):
        raise SealError("the statement's signature does not hold")
    sealing = _Sealing(key, statement.context, sink)
    sealing.take(head(statement))
    for document, source in zip(statement.documents, documents, strict=True):
        _seal_document(document, source, sealing)
    return sealing.finish()


def _seal_document(document: Document, source: Source, sealing: "_Sealing") -> None:
    size, sha256 = 0, hashlib.sha256()
    for piece in steps(source):
        size += len(piece)
        sha256.update(piece)
        sealing.take(piece)
    if (size, sha256.hexdigest()) != (document.size, document.sha256):
        raise DocumentChanged(document.name)


class _Sealing:
    """An encryptor and what is counted of its output."""

    def __init__(self, key: bytes, context: bytes, sink: Sink) -> None:
        self._encryptor = Cobblestone128Encryptor(key, context)
        self._buffer = memoryview(bytearray(STEP + _ROOM))
        self._sha256 = hashlib.sha256()
        self._size = 0
        self._sink = sink

    def take(self, data: memoryview | bytes) -> None:
        self._emit(self._buffer[: self._encryptor.update_into(data, self._buffer)])

    def finish(self) -> Body:
        self._emit(self._encryptor.finalize())
        return Body(size=self._size, sha256=self._sha256.hexdigest())

    def _emit(self, data: memoryview | bytes) -> None:
        self._sha256.update(data)
        self._size += len(data)
        self._sink.write(data)


class _Ciphertext:
    """A ciphertext being read: counted, and hashed unless its digest is known already."""

    def __init__(self, source: Source, *, hashing: bool) -> None:
        self._pieces = steps(source)
        self._sha256 = hashlib.sha256() if hashing else None
        self._size = 0

    def __iter__(self) -> "_Ciphertext":
        return self

    def __next__(self) -> memoryview:
        piece = next(self._pieces)
        self._size += len(piece)
        if self._sha256:
            self._sha256.update(piece)
        return piece

    def check(self, body: Body) -> None:
        """Read to the end. Raise NotOpenable (the platform's fault) unless this is what the envelope names."""
        for _ in self:
            pass
        if self._size != body.size or (self._sha256 and self._sha256.hexdigest() != body.sha256):
            raise NotOpenable(Code.BODY_ALTERED)


def check_ciphertext(source: Source, body: Body) -> None:
    """Raise NotOpenable (body_altered) unless `source` holds the ciphertext that the envelope names."""
    _Ciphertext(source, hashing=True).check(body)


def open_body(
    source: Source,
    sink: Sink,
    key: bytes,
    expected: BidIds,
    body: Body,
    *,
    digest_known: bool = False,
    documents_later: bool = False,
) -> Opened:
    """Write the plaintext to `sink` and return what it says; it counts only once this has returned.

    Raise NotOpenable: the platform's fault if the ciphertext is not the one that `body` names, whatever it opens to;
    else the bidder's. Compared elsewhere: ciphertext (`digest_known`), documents (`documents_later`, read_container).
    """
    ciphertext = _Ciphertext(source, hashing=not digest_known)
    reader = ContainerReader(expected, digests=not documents_later)
    try:
        _decrypt(ciphertext, sink, Cobblestone128Decryptor(key, expected.context), reader)
        statement = reader.finish()
    except InvalidTag as error:
        raise NotOpenable(Code.BODY_UNDECRYPTABLE) from error
    finally:
        ciphertext.check(body)
    return Opened(statement, statement.digest(), reader.size, documents_checked=not documents_later)


def _decrypt(ciphertext: _Ciphertext, sink: Sink, decryptor: Cobblestone128Decryptor, reader: ContainerReader) -> None:
    buffer = memoryview(bytearray(STEP + _ROOM))
    for piece in ciphertext:
        plain = buffer[: decryptor.update_into(piece, buffer)]
        reader.feed(plain)
        sink.write(plain)
    rest = decryptor.finalize()
    reader.feed(memoryview(rest))
    sink.write(rest)
