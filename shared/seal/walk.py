"""One pass over a body: decrypts it and says what it saw, but judges nothing.

It loads no models: a process that only walks is at work long before one that judges has loaded them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

from cryptography.cobblestone import Cobblestone128Decryptor
from cryptography.exceptions import InvalidTag

STEP = 1 << 19
"""Bytes read at a time: few enough to stay in a processor's own cache between hash and cipher."""

CHUNK = 16_384
TAG = 16
HEADER = 24 + 32
"""Bytes: salt and key commitment."""

ROOM = CHUNK + HEADER + TAG * (STEP // CHUNK + 2)
"""What one step can put out beyond its own size."""

LENGTH = 4
"""Bytes, big-endian, that say how long the statement is."""

MAX_STATEMENT = 1 << 20
"""Bytes; a reader never holds more than this before it knows what it reads."""

End = Literal["whole", "extra", "truncated", "undecryptable"]


class Source(Protocol):
    """A readable binary stream."""

    def readinto(self, buffer: memoryview, /) -> int | None: ...


class Sink(Protocol):
    """A writable binary stream; it takes all the bytes it is given, and has no use for them after the call."""

    def write(self, data: memoryview | bytes, /) -> int: ...


class Plain(NamedTuple):
    """What a plaintext holds: `head`, its length and statement as far as they came, and the documents that were whole.

    A document is its SHA-256 in hexadecimal, empty if not asked for. Where each ends is taken from the statement as it
    stands: whoever judges that one finds it invalid, or finds these to be its documents.
    """

    size: int
    head: bytes
    documents: tuple[str, ...]
    end: End


class Seen(NamedTuple):
    """What a pass saw: size and SHA-256 of the ciphertext (empty if not asked for), and what it decrypts to."""

    size: int
    sha256: str
    plain: Plain


def context_of(tender: str, lot: str, bid: str, token: str) -> bytes:
    """Return `gov-bid/v1|tender|lot|bid|token` in UTF-8; ids hold no bar, so it has one reading."""
    return f"gov-bid/v1|{tender}|{lot}|{bid}|{token}".encode()


def steps(source: Source) -> Iterator[memoryview]:
    """Yield what is in `source`, at most STEP bytes at a time, in one buffer that is used over and over."""
    view = memoryview(bytearray(STEP))
    while size := source.readinto(view):
        yield view[:size]


def walk(source: Source, sink: Sink, key: bytes, context: bytes, *, hashing: bool, digests: bool) -> Seen:
    """Write the plaintext to `sink`, as far as it decrypts, and return what was seen of it up to the source's end.

    `hashing` is for the ciphertext, `digests` for the documents.
    """
    ciphertext, plaintext = Ciphertext(source, hashing=hashing), Plaintext(digests=digests)
    try:
        _decrypt(ciphertext, sink, Cobblestone128Decryptor(key, context), plaintext)
    except InvalidTag:
        plaintext.end = "undecryptable"
    return Seen(*ciphertext.rest(), plaintext.seen())


def _decrypt(ciphertext: "Ciphertext", sink: Sink, decryptor: Cobblestone128Decryptor, plaintext: "Plaintext") -> None:
    buffer = memoryview(bytearray(STEP + ROOM))
    for piece in ciphertext:
        plain = buffer[: decryptor.update_into(piece, buffer)]
        plaintext.feed(plain)
        sink.write(plain)
    rest = decryptor.finalize()
    plaintext.feed(memoryview(rest))
    sink.write(rest)


class Ciphertext:
    """A ciphertext being read: counted, and hashed if that is wanted."""

    def __init__(self, source: Source, *, hashing: bool) -> None:
        self._pieces = steps(source)
        self._sha256 = hashlib.sha256() if hashing else None
        self._size = 0

    def __iter__(self) -> "Ciphertext":
        return self

    def __next__(self) -> memoryview:
        piece = next(self._pieces)
        self._size += len(piece)
        if self._sha256:
            self._sha256.update(piece)
        return piece

    def rest(self) -> tuple[int, str]:
        """Read to the end and return size and SHA-256 of it all."""
        for _ in self:
            pass
        return self._size, self._sha256.hexdigest() if self._sha256 else ""


class Plaintext:
    """Takes the plaintext piece by piece; nothing of it is kept after the statement."""

    def __init__(self, *, digests: bool = True) -> None:
        self.end: End = "truncated"
        self._digests = digests
        self._size = 0
        self._head = bytearray()
        self._sizes: Iterator[int] | None = None
        self._left = 0
        self._sha256 = hashlib.sha256()
        self._documents: list[str] = []

    def feed(self, data: memoryview) -> None:
        """Take the next piece."""
        self._size += len(data)
        if self._sizes is None:
            data = self._take_head(data)
        while len(data) and self.end == "truncated":
            data = self._take_document(data)
        if len(data):
            self.end = "extra"

    def seen(self) -> Plain:
        """Return what came."""
        return Plain(self._size, bytes(self._head), tuple(self._documents), self.end)

    def _take_head(self, data: memoryview) -> memoryview:
        data = self._fill(LENGTH, data)
        size = int.from_bytes(self._head[:LENGTH])
        if len(self._head) >= LENGTH and size <= MAX_STATEMENT:
            data = self._fill(LENGTH + size, data)
        if len(self._head) == LENGTH + size or size > MAX_STATEMENT:
            self._sizes = iter(_sizes(bytes(self._head[LENGTH:])))
            self._next_document()
        return data

    def _fill(self, size: int, data: memoryview) -> memoryview:
        missing = max(size - len(self._head), 0)
        self._head += data[:missing]
        return data[missing:]

    def _take_document(self, data: memoryview) -> memoryview:
        piece = data[: self._left]
        self._left -= len(piece)
        if self._digests:
            self._sha256.update(piece)
        if not self._left:
            self._end_document()
            self._next_document()
        return data[len(piece) :]

    def _next_document(self) -> None:
        """Go to the next document that has bytes; those that have none end on the way."""
        for size in self._sizes or ():
            self._left, self._sha256 = size, hashlib.sha256()
            if size:
                return
            self._end_document()
        self.end = "whole"

    def _end_document(self) -> None:
        self._documents.append(self._sha256.hexdigest() if self._digests else "")


def _sizes(statement: bytes) -> Iterable[int]:
    """Return the sizes of the documents; none where this is no statement."""
    try:
        sizes = [document["size"] for document in json.loads(statement)["documents"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
    return sizes if all(type(size) is int and size >= 0 for size in sizes) else ()
