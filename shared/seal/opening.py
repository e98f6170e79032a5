"""The opening of one bid, from what was handed in to its plaintext, with an outcome instead of an exception.

A fault of one bid is an outcome, so it never stops another; a fault of this machine (disk full) is raised, so
it never becomes a legal fact.
"""

from dataclasses import dataclass
from pathlib import Path

from shared.seal.body import Opened, judge_body, open_body
from shared.seal.envelope import Envelope, check_announced
from shared.seal.faults import Code, Fault, NotOpenable
from shared.seal.keys import AnnouncedKeys
from shared.seal.recovery import HandedIn, Recovered, recover_key
from shared.seal.walk import Seen, Sink, Source
from shared.seal.walk_file import PART, Looked, Stamp, Task, look_at, walk_file


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A bid that does not open; `fault` says why and whose fault it is, in both languages."""

    fault: Fault


Outcome = Opened | NotOpened


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
    return judge_look(look_at(str(path)), envelope)


def judge_look(looked: Looked | None, envelope: Envelope) -> Stamp | NotOpened:
    """Return the stamp of a body that is the one its envelope names."""
    if looked is None:
        return NotOpened(Fault(Code.BODY_LOST))
    same = (looked.size, looked.sha256) == (envelope.body.size, envelope.body.sha256)
    return looked.stamp if same else NotOpened(Fault(Code.BODY_ALTERED))


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
    task = Task(str(ciphertext_path), str(out_path), key, envelope.context, stamp, digests=not documents_later)
    outcome = judge_file(walk_file(task), task, envelope)
    if stamp is None or isinstance(outcome, Opened):
        return outcome
    task = task._replace(stamp=None)  # what is wrong is named from the bytes as they are now
    return judge_file(walk_file(task), task, envelope)


def judge_file(seen: Seen | None, task: Task, envelope: Envelope) -> Outcome:
    """Judge a body that was walked over and give its plaintext its name, or take that away."""
    if seen is None:
        return NotOpened(Fault(Code.BODY_LOST))
    part = Path(task.plaintext + PART)
    try:
        opened = judge_body(seen, envelope, envelope.body, documents_later=not task.digests)
        part.replace(task.plaintext)
    except NotOpenable as broken:
        return NotOpened(broken.fault)
    finally:
        part.unlink(missing_ok=True)
    return opened
