"""The opening of one bid, from what was handed in to its plaintext, with an outcome instead of an exception.

A fault of one bid is an outcome, so it never stops another; a fault of this machine (disk full) is raised, so
it never becomes a legal fact.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedIOBase, BufferedReader
from pathlib import Path

from shared.seal.body import Opened, check_ciphertext, open_body
from shared.seal.container import Sink, Source
from shared.seal.envelope import Envelope, check_announced
from shared.seal.faults import Code, Fault, NotOpenable
from shared.seal.keys import AnnouncedKeys
from shared.seal.recovery import HandedIn, Recovered, recover_key


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A bid that does not open; `fault` says why and whose fault it is, in both languages."""

    fault: Fault


Outcome = Opened | NotOpened


@dataclass(frozen=True, slots=True)
class Stamp:
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


def plan(envelope: Envelope, announced: AnnouncedKeys, k_b: bytes | None, shares: HandedIn) -> Recovered | NotOpened:
    """Return the key of a bid's body, or why there is none. Pure: all bids are planned before any is opened."""
    try:
        check_announced(envelope, announced)
        return recover_key(envelope, k_b, shares)
    except NotOpenable as broken:
        return NotOpened(broken.fault)


def unseal(source: Source, sink: Sink, key: bytes, envelope: Envelope) -> Outcome:
    """Return the outcome of opening one body from stream to stream; the plaintext counts only if it opened."""
    try:
        return open_body(source, sink, key, envelope, envelope.body)
    except NotOpenable as broken:
        return NotOpened(broken.fault)


def check_body(path: Path, envelope: Envelope) -> Stamp | NotOpened:
    """Compare a stored body with its envelope, after the deadline and before any key is in.

    At that time nobody could make another body that opens. The stamp spares `unseal_to_file` a second look.
    """
    try:
        with path.open("rb") as file:
            stamp = Stamp.of(file.fileno())
            check_ciphertext(file, envelope.body)
            return stamp
    except FileNotFoundError:
        return NotOpened(Fault(Code.BODY_LOST))
    except NotOpenable as broken:
        return NotOpened(broken.fault)


def unseal_to_file(
    ciphertext_path: Path,
    key: bytes,
    out_path: Path,
    envelope: Envelope,
    *,
    stamp: Stamp | None = None,
    documents_later: bool = False,
) -> Outcome:
    """Open one body into a file that appears whole or not at all; fit for a pool of processes.

    With the `stamp` of `check_body` a file still as it was then is not hashed again. See `open_body`.
    """
    if not ciphertext_path.exists():
        return NotOpened(Fault(Code.BODY_LOST))
    part = out_path.with_name(out_path.name + ".part")
    try:
        with ciphertext_path.open("rb") as source, part.open("wb") as sink:
            opened = _unseal_stamped(source, sink, key, envelope, stamp=stamp, documents_later=documents_later)
        part.replace(out_path)
    except NotOpenable as broken:
        return NotOpened(broken.fault)
    finally:
        part.unlink(missing_ok=True)
    return opened


def _unseal_stamped(
    source: BufferedReader,
    sink: BufferedIOBase,
    key: bytes,
    envelope: Envelope,
    *,
    stamp: Stamp | None,
    documents_later: bool,
) -> Opened:
    body = envelope.body
    if stamp is not None and stamp == Stamp.of(source.fileno()):
        with suppress(NotOpenable):  # what is wrong is named below, from the bytes as they are now
            opened = open_body(source, sink, key, envelope, body, digest_known=True, documents_later=documents_later)
            if stamp == Stamp.of(source.fileno()):
                return opened
        source.seek(0)
        sink.seek(0)
        sink.truncate()
    return open_body(source, sink, key, envelope, body, documents_later=documents_later)
