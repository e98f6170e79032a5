"""A walk from file to file: where a body is, where its plaintext is to be, and what was seen on the way.

Like `shared.seal.walk` it loads no models.
"""

import os
from contextlib import suppress
from io import BufferedIOBase, FileIO
from typing import NamedTuple

from shared.seal.walk import CHUNK, HEADER, TAG, Ciphertext, Seen, walk

PART = ".part"
"""What the name of a plaintext ends in until it is judged."""


class Stamp(NamedTuple):
    """What a file was when its digest was compared; who is not root cannot change it and keep all four."""

    device: int
    inode: int
    size: int
    changed_ns: int

    @classmethod
    def of(cls, descriptor: int) -> "Stamp":
        """Return the stamp of an open file."""
        now = os.fstat(descriptor)
        return cls(now.st_dev, now.st_ino, now.st_size, now.st_ctime_ns)


class Task(NamedTuple):
    """A body to open. With the stamp of its check it is not hashed again while it is as it was then."""

    ciphertext: str
    plaintext: str
    key: bytes
    context: bytes
    stamp: Stamp | None = None
    digests: bool = True


class Looked(NamedTuple):
    """What a body's file is before any key is in: its stamp, size and SHA-256."""

    stamp: Stamp
    size: int
    sha256: str


def look_at(ciphertext: str) -> Looked | None:
    """Hash a body's file; None if there is none."""
    try:
        with FileIO(ciphertext) as source:
            return Looked(Stamp.of(source.fileno()), *Ciphertext(source, hashing=True).rest())
    except FileNotFoundError:
        return None


def walk_file(task: Task) -> Seen | None:
    """Write the plaintext beside its place, under a name that ends in PART; None if there is no such body.

    Nothing is left behind where this machine fails.
    """
    try:
        source = FileIO(task.ciphertext)
    except FileNotFoundError:
        return None
    part = task.plaintext + PART
    try:
        with source, open(part, "wb") as sink:  # noqa: PTH123 - paths are text here
            _make_room(source.fileno(), sink.fileno())
            return walk_stamped(source, sink, task)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(part)  # noqa: PTH108
        raise


def walk_stamped(source: FileIO, sink: BufferedIOBase, task: Task) -> Seen:
    """Walk over an open body, without hashing it if it is as its stamp says before and after."""
    if task.stamp is not None and task.stamp == Stamp.of(source.fileno()):
        seen = walk(source, sink, task.key, task.context, hashing=False, digests=task.digests)
        if task.stamp == Stamp.of(source.fileno()):
            return seen
        source.seek(0)
        sink.seek(0)
        sink.truncate()
    return walk(source, sink, task.key, task.context, hashing=True, digests=task.digests)


def _make_room(source: int, sink: int) -> None:
    """Take the disk's room at once: cheaper than piece by piece, and a full disk is known before the work is done."""
    if chunks := max(os.fstat(source).st_size - HEADER, 0) // (CHUNK + TAG):
        os.posix_fallocate(sink, 0, chunks * CHUNK)
