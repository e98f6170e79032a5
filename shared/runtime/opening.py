"""Bodies that are to be checked or opened, as jobs for the opener (`shared.runtime.opener`), and what comes of them.

Deciphering is work for a processor, not for a service that must answer its broker: the service hands over jobs and
waits. What comes back of a body is its statement and the digests of its documents, which are judged here.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from time import sleep
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.seal.envelope import Envelope
from shared.seal.faults import Code, Whose
from shared.seal.opening import NotOpened, judge_file, judge_look
from shared.seal.statement import Statement
from shared.seal.walk import Plain, Seen
from shared.seal.walk_file import Looked, Stamp, Task
from shared.seal.wire import raw


class Stamped(BaseModel):
    """What a body's file was when its digest was compared, before any key was in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: int
    inode: int
    size: int
    changed_ns: int


class Job(BaseModel):
    """One body to check or, with its `key` (base64url), to open; an untouched body with a stamp is not hashed again.

    `bid` is the name under which the bid stands, which need not be the one its bidder chose.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bid: str
    envelope: Envelope
    ciphertext: Path
    key: str | None = None
    plaintext: Path = Path()
    stamp: Stamped | None = None


class Opened(BaseModel):
    """What came of one job: the statement and what it stands for, or the fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bid: str
    statement: Statement | None = None
    statement_sha256: str | None = None
    size: int | None = None
    stamp: Stamped | None = None
    code: Code | None = None
    whose: Whose | None = None
    zh: str = ""
    en: str = ""
    v: Literal[1] = 1


class OpenerFailed(Exception):
    """The opener itself ended before its work was done, as on a full disk: no bid is to blame for that."""


RESULTS = TypeAdapter(tuple[Opened, ...])


def open_apart(jobs: Sequence[Job]) -> tuple[Opened, ...]:
    """Open bodies in other processes and return what came of each. Raise OpenerFailed.

    Where a body fails that was not hashed again, what is wrong is named from the bytes as they are now.
    """
    results = _opened(jobs)
    doubtful = [place for place, job in enumerate(jobs) if job.stamp and results[place].code]
    if doubtful:
        anew = _opened([jobs[place].model_copy(update={"stamp": None}) for place in doubtful])
        results |= {place: anew[number] for number, place in enumerate(doubtful)}
    return tuple(results[place] for place in range(len(jobs)))


def _opened(jobs: Sequence[Job]) -> dict[int, Opened]:
    """Return what came of each job by its place, judged as it comes."""
    tasks = [_task(job) for job in jobs]
    with TemporaryFile() as work:
        work.write(json.dumps([_given(task) for task in tasks]).encode())
        work.seek(0)
        with subprocess.Popen(
            [sys.executable, "-m", "shared.runtime.opener"],
            stdin=work,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as opener:
            told = map(_told, opener.stdout or ())
            results = {number: _judged(jobs[number], tasks[number], seen) for number, seen in told}
    if opener.returncode or len(results) != len(jobs):
        raise OpenerFailed(f"the opener ended with {opener.returncode}")
    return results


def _told(line: bytes) -> tuple[int, Sequence[Any] | None]:
    try:
        number, seen = json.loads(line)
    except ValueError as cut:
        raise OpenerFailed("the opener was cut off in the middle of a line") from cut
    return number, seen


def _task(job: Job) -> Task:
    stamp = Stamp(**job.stamp.model_dump()) if job.stamp else None
    return Task(str(job.ciphertext), str(job.plaintext), raw(job.key or ""), job.envelope.context, stamp)


def _given(task: Task) -> tuple[object, ...]:
    return (task.ciphertext, task.plaintext, task.key.hex(), task.context.decode(), task.stamp)


def _judged(job: Job, task: Task, told: Sequence[Any] | None) -> Opened:
    sleep(0)  # others have their turn between two bodies
    if job.key is None:
        return _checked(job, told)
    outcome = judge_file(_seen(*told) if told else None, task, job.envelope)
    if isinstance(outcome, NotOpened):
        return _not_opened(job, outcome)
    digest = outcome.statement_sha256
    return Opened(bid=job.bid, statement=outcome.statement, statement_sha256=digest, size=outcome.size)


def _seen(size: int, sha256: str, plain: Sequence[Any]) -> Seen:
    plain_size, head, documents, end = plain
    return Seen(size, sha256, Plain(plain_size, bytes.fromhex(head), tuple(documents), end))


def _checked(job: Job, told: Sequence[Any] | None) -> Opened:
    stamp = judge_look(Looked(Stamp(*told[0]), *told[1:]) if told else None, job.envelope)
    if isinstance(stamp, NotOpened):
        return _not_opened(job, stamp)
    return Opened(bid=job.bid, stamp=Stamped(**stamp._asdict()))


def _not_opened(job: Job, outcome: NotOpened) -> Opened:
    fault = outcome.fault
    return Opened(bid=job.bid, code=fault.code, whose=fault.whose, zh=fault.zh, en=fault.en)
