"""The opener: checks and decrypts bodies in processes of their own, `python -m shared.runtime.opening < JOBS`.

Deciphering is work for a processor, not for a service that must answer its broker: the service hands over jobs
and waits, and whatever a body does stays in here.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared.seal.envelope import Envelope
from shared.seal.faults import Code, Whose
from shared.seal.opening import NotOpened, Stamp, check_body, unseal_to_file
from shared.seal.statement import Statement
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


JOBS = TypeAdapter(tuple[Job, ...])
RESULTS = TypeAdapter(tuple[Opened, ...])


def open_apart(jobs: Sequence[Job]) -> tuple[Opened, ...]:
    """Open bodies in other processes and return what came of each. Raise OpenerFailed."""
    done = subprocess.run(
        [sys.executable, "-m", "shared.runtime.opening"],
        input=JOBS.dump_json(tuple(jobs)),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise OpenerFailed(f"the opener ended with {done.returncode}")
    return RESULTS.validate_json(done.stdout)


def open_one(job: Job) -> Opened:
    """Open one body into its file, or only compare it with its envelope where there is no key yet."""
    if job.key is None:
        return _checked(job)
    stamp = Stamp(**job.stamp.model_dump()) if job.stamp else None
    outcome = unseal_to_file(job.ciphertext, raw(job.key), job.plaintext, job.envelope, stamp=stamp)
    if isinstance(outcome, NotOpened):
        return _not_opened(job, outcome)
    digest = outcome.statement_sha256
    return Opened(bid=job.bid, statement=outcome.statement, statement_sha256=digest, size=outcome.size)


def _checked(job: Job) -> Opened:
    stamp = check_body(job.ciphertext, job.envelope)
    if isinstance(stamp, NotOpened):
        return _not_opened(job, stamp)
    return Opened(bid=job.bid, stamp=Stamped(**asdict(stamp)))


def _not_opened(job: Job, outcome: NotOpened) -> Opened:
    fault = outcome.fault
    return Opened(bid=job.bid, code=fault.code, whose=fault.whose, zh=fault.zh, en=fault.en)


def main() -> None:
    """Read jobs from standard input and write the results, in order."""
    jobs = JOBS.validate_json(sys.stdin.buffer.read())
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = tuple(pool.map(open_one, jobs))
    sys.stdout.buffer.write(RESULTS.dump_json(results))


if __name__ == "__main__":
    main()
