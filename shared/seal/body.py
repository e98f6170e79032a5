"""The body of a bid: its plaintext in Cobblestone-128 (C2SP chunked-encryption), sealed and opened as a stream.

Memory is constant whatever the size. The header commits to the key, so a ciphertext opens to one plaintext only.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from cryptography.cobblestone import Cobblestone128Encryptor
from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.seal.container import head, judge
from shared.seal.faults import Code, NotOpenable
from shared.seal.statement import Document, Statement, signature_holds
from shared.seal.walk import CHUNK, HEADER, ROOM, STEP, TAG, Seen, Sink, Source, steps, walk
from shared.seal.wire import BidIds, Digest, SealError, Wire

KEY_SIZE = 16


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
        self._buffer = memoryview(bytearray(STEP + ROOM))
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
    seen = walk(source, sink, key, expected.context, hashing=not digest_known, digests=not documents_later)
    return judge_body(seen, expected, body, documents_later=documents_later)


def judge_body(seen: Seen, expected: BidIds, body: Body, *, documents_later: bool = False) -> Opened:
    """Return what a body says that was walked over. Raise NotOpenable as `open_body` does.

    A ciphertext that was not hashed then is one whose digest is known.
    """
    if (seen.size, seen.sha256 or body.sha256) != (body.size, body.sha256):
        raise NotOpenable(Code.BODY_ALTERED)
    statement = judge(seen.plain, expected, digests=not documents_later)
    return Opened(statement, statement.digest(), seen.plain.size, documents_checked=not documents_later)
