"""The opener: what it says of many bodies at once, and what becomes of a machine that fails it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.runtime.opening import Job, OpenerFailed, open_apart
from shared.seal.faults import Code
from shared.seal.wire import text
from tests.seal.world import FILES, Sealed, sealed_bid, tender

AT = tender()


def job_of(folder: Path, bid: Sealed) -> Job:
    path = folder / bid.envelope.body.sha256
    path.write_bytes(bid.ciphertext)
    plaintext = folder / f"open-{bid.envelope.bid}"
    return Job(bid=bid.envelope.bid, envelope=bid.envelope, ciphertext=path, key=text(bid.key), plaintext=plaintext)


def checked(jobs: list[Job]) -> list[Job]:
    """Return the jobs with the stamps that their check gives them."""
    results = open_apart([job.model_copy(update={"key": None}) for job in jobs])
    return [job.model_copy(update={"stamp": result.stamp}) for job, result in zip(jobs, results, strict=True)]


@pytest.mark.parametrize("prepare", [checked, list])
def test_what_came_of_each_body_is_told_in_the_order_of_the_jobs(
    tmp_path: Path, prepare: Callable[[list[Job]], list[Job]]
) -> None:
    jobs = prepare([job_of(tmp_path, sealed_bid(AT, seed, bid=f"bid-{seed}")) for seed in range(6)])
    jobs[1].ciphertext.unlink()
    jobs[2].ciphertext.write_bytes(jobs[2].ciphertext.read_bytes()[:-1])
    jobs[3] = jobs[3].model_copy(update={"key": text(bytes(16))})

    results = open_apart(jobs)

    faults = [None, Code.BODY_LOST, Code.BODY_ALTERED, Code.BODY_UNDECRYPTABLE, None, None]
    assert [(result.bid, result.code) for result in results] == [(f"bid-{n}", fault) for n, fault in enumerate(faults)]
    assert sorted(path.name for path in tmp_path.glob("open-*")) == ["open-bid-0", "open-bid-4", "open-bid-5"]
    assert jobs[5].plaintext.read_bytes().endswith(b"".join(FILES.values()))


def test_a_check_names_what_is_wrong_and_opens_nothing(tmp_path: Path) -> None:
    jobs = [job_of(tmp_path, sealed_bid(AT, seed, bid=f"bid-{seed}")) for seed in range(3)]
    jobs[0].ciphertext.unlink()
    jobs[1].ciphertext.write_bytes(b"\0" * jobs[1].envelope.body.size)

    results = open_apart([job.model_copy(update={"key": None}) for job in jobs])

    assert [result.code for result in results] == [Code.BODY_LOST, Code.BODY_ALTERED, None]
    assert [result.stamp is not None for result in results] == [False, False, True]
    assert not list(tmp_path.glob("open-*"))


def test_a_machine_that_fails_is_the_openers_failure_and_no_bids(tmp_path: Path) -> None:
    jobs = [job_of(tmp_path, sealed_bid(AT, seed, bid=f"bid-{seed}")) for seed in range(2)]
    jobs[1] = jobs[1].model_copy(update={"plaintext": tmp_path / "no such folder" / "opened"})

    with pytest.raises(OpenerFailed):
        open_apart(jobs)


def test_an_opener_loads_no_models() -> None:
    check = "import sys, shared.runtime.opener; sys.exit('pydantic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
