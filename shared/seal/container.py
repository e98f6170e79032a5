"""The plaintext of a body: u32 big-endian length, statement in canonical JSON, then the documents' bytes."""

import hashlib
from collections.abc import Iterator
from typing import Protocol

from shared.seal.faults import Code, NotOpenable
from shared.seal.statement import MAX_STATEMENT, Document, Statement, signature_holds
from shared.seal.wire import BidIds, SealError, Unreadable

STEP = 1 << 19
"""Bytes read at a time: few enough to stay in a processor's own cache between hash and cipher."""

_LENGTH = 4


class Source(Protocol):
    """A readable binary stream."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Sink(Protocol):
    """A writable binary stream; it takes all the bytes it is given, and has no use for them after the call."""

    def write(self, data: memoryview | bytes, /) -> int: ...


def steps(source: Source) -> Iterator[memoryview]:
    """Yield what is in `source`, at most STEP bytes at a time, in one buffer that is used over and over."""
    view = memoryview(bytearray(STEP))
    while size := source.readinto(view):
        yield view[:size]


def head(statement: Statement) -> bytes:
    """Return the length and the statement, as they stand before the documents."""
    encoded = statement.to_bytes()
    if len(encoded) > MAX_STATEMENT:
        raise SealError(f"the statement has more than {MAX_STATEMENT} bytes")
    return len(encoded).to_bytes(_LENGTH) + encoded


class ContainerReader:
    """Takes the plaintext piece by piece and raises NotOpenable at the first thing that is wrong with it.

    With `digests` off only sizes are checked here, and `read_container` has the rest to do later.
    """

    def __init__(self, expected: BidIds, *, digests: bool = True) -> None:
        self.size = 0
        self._expected = expected
        self._digests = digests
        self._head = bytearray()
        self._statement: Statement | None = None
        self._documents: Iterator[Document] = iter(())
        self._document: Document | None = None
        self._left = 0
        self._sha256 = hashlib.sha256()

    def feed(self, data: memoryview) -> None:
        """Take the next piece of the plaintext; nothing of it is kept after the statement is read."""
        self.size += len(data)
        if self._statement is None:
            data = self._take_head(data)
        while len(data):
            data = self._take_document(data)

    def finish(self) -> Statement:
        """Return the statement, once everything it names has been seen."""
        if self._statement is None or self._document is not None:
            raise NotOpenable(Code.CONTAINER_TRUNCATED)
        return self._statement

    def _take_head(self, data: memoryview) -> memoryview:
        data = self._fill(_LENGTH, data)
        if len(self._head) < _LENGTH:
            return data
        size = int.from_bytes(self._head[:_LENGTH])
        if not 0 < size <= MAX_STATEMENT:
            raise NotOpenable(Code.STATEMENT_INVALID, detail="length")
        data = self._fill(_LENGTH + size, data)
        if len(self._head) == _LENGTH + size:
            self._statement = read_statement(bytes(self._head[_LENGTH:]), self._expected)
            self._documents = iter(self._statement.documents)
            self._next_document()
        return data

    def _fill(self, size: int, data: memoryview) -> memoryview:
        missing = max(size - len(self._head), 0)
        self._head += data[:missing]
        return data[missing:]

    def _take_document(self, data: memoryview) -> memoryview:
        if self._document is None:
            raise NotOpenable(Code.CONTAINER_EXTRA)
        piece = data[: self._left]
        self._left -= len(piece)
        if self._digests:
            self._sha256.update(piece)
        if not self._left:
            self._check_digest(self._document)
            self._next_document()
        return data[len(piece) :]

    def _check_digest(self, document: Document) -> None:
        if self._digests and self._sha256.hexdigest() != document.sha256:
            raise NotOpenable(Code.DOCUMENT_MISMATCH, detail=document.name)

    def _next_document(self) -> None:
        """Go to the next document that has bytes; those that have none are checked on the way."""
        for document in self._documents:
            self._document, self._left, self._sha256 = document, document.size, hashlib.sha256()
            if document.size:
                return
            self._check_digest(document)
        self._document = None


def read_statement(data: bytes, expected: BidIds) -> Statement:
    """Return the statement in `data`. Raise NotOpenable unless it is well-formed, signed, and for `expected`."""
    try:
        statement = Statement.from_bytes(data)
    except Unreadable as error:
        raise NotOpenable(Code.STATEMENT_INVALID) from error
    differing = [name for name in BidIds.model_fields if getattr(statement, name) != getattr(expected, name)]
    if differing:
        raise NotOpenable(Code.STATEMENT_OF_ANOTHER, detail=", ".join(differing))
    if not signature_holds(statement):
        raise NotOpenable(Code.PARTY_SIGNATURE_BAD)
    return statement


def read_container(source: Source, expected: BidIds) -> Statement:
    """Return the statement of a whole plaintext, every document's digest checked. Raise NotOpenable."""
    reader = ContainerReader(expected)
    for piece in steps(source):
        reader.feed(piece)
    return reader.finish()
