"""The opening: outcomes instead of exceptions, files whole or not at all, one bad bid alone."""

import io
import os
import pickle
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from shared.seal.body import Opened, judge_body
from shared.seal.container import read_container
from shared.seal.faults import FAULTS, Code, Fault, NotOpenable, Whose
from shared.seal.opening import NotOpened, check_body, plan, unseal, unseal_to_file
from shared.seal.recovery import Recovered
from shared.seal.walk_file import Stamp, Task, walk_stamped
from tests.seal.world import FILES, Sealed, sealed_bid, tender

AT = tender()
BID = sealed_bid(AT)


def stored(folder: Path, bid: Sealed) -> Path:
    path = folder / bid.envelope.body.sha256
    path.write_bytes(bid.ciphertext)
    return path


def test_a_bid_is_planned_and_unsealed_from_stream_to_stream() -> None:
    sink = io.BytesIO()

    planned = plan(BID.envelope, AT.announced, BID.k_b, BID.shares)
    assert isinstance(planned, Recovered)
    outcome = unseal(io.BytesIO(BID.ciphertext), sink, planned.key, BID.envelope)

    assert isinstance(outcome, Opened)
    assert outcome.statement.price_fen == 123_456_789_00
    assert outcome.size == len(sink.getvalue())


def test_a_plan_that_fails_names_the_fault_in_both_languages() -> None:
    outcome = plan(BID.envelope, AT.announced, None, BID.shares)

    assert outcome == NotOpened(Fault(Code.BIDDER_KEY_MISSING))
    assert (outcome.fault.zh, outcome.fault.en) == ("投标人未在规定时间内解密", "the bidder handed in no key in time")


def test_every_fault_reads_well() -> None:
    assert set(FAULTS) == set(Code)
    for code in Code:
        fault = Fault(code, "agency", "place")
        assert "{" not in fault.zh + fault.en
        assert fault.zh.endswith("：place")
        assert fault.en.endswith(": place")


def test_one_bad_bid_never_stops_the_others(tmp_path: Path) -> None:
    bids = [sealed_bid(AT, seed, bid=f"bid-{seed}") for seed in range(6)]
    paths = [stored(tmp_path, bid) for bid in bids]
    paths[1].unlink()
    paths[2].write_bytes(bids[2].ciphertext[:-1])
    keys = [bid.key for bid in bids]
    keys[3] = bytes(16)

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(unseal_to_file, path, key, tmp_path / f"open-{bid.envelope.bid}", bid.envelope)
            for path, key, bid in zip(paths, keys, bids, strict=True)
        ]
        outcomes = [job.result() for job in running]

    faults = {index: outcome.fault.code for index, outcome in enumerate(outcomes) if isinstance(outcome, NotOpened)}
    assert faults == {1: Code.BODY_LOST, 2: Code.BODY_ALTERED, 3: Code.BODY_UNDECRYPTABLE}
    assert sorted(path.name for path in tmp_path.glob("open-*")) == ["open-bid-0", "open-bid-4", "open-bid-5"]


def test_an_opened_file_is_the_whole_plaintext(tmp_path: Path) -> None:
    out = tmp_path / "opened"

    outcome = unseal_to_file(stored(tmp_path, BID), BID.key, out, BID.envelope)

    assert isinstance(outcome, Opened)
    assert out.stat().st_size == outcome.size
    assert out.read_bytes().endswith(b"".join(FILES.values()))
    with out.open("rb") as file:
        assert read_container(file, BID.envelope) == outcome.statement


def test_a_machine_that_fails_is_no_fault_of_a_bid(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unseal_to_file(stored(tmp_path, BID), BID.key, tmp_path / "no such folder" / "opened", BID.envelope)


def test_a_body_is_checked_before_any_key_is_in(tmp_path: Path) -> None:
    path = stored(tmp_path, BID)

    assert isinstance(check_body(path, BID.envelope), Stamp)
    path.write_bytes(BID.ciphertext[:-1] + b"!")
    assert check_body(path, BID.envelope) == NotOpened(Fault(Code.BODY_ALTERED))
    path.unlink()
    assert check_body(path, BID.envelope) == NotOpened(Fault(Code.BODY_LOST))
    assert Fault(Code.BODY_LOST).whose is Whose.PLATFORM


def test_a_body_exchanged_after_its_check_by_someone_who_knows_the_key_is_found(tmp_path: Path) -> None:
    path = stored(tmp_path, BID)
    stamp = check_body(path, BID.envelope)
    assert isinstance(stamp, Stamp)
    other = sealed_bid(AT, seed=1, price_fen=987_654_321_00)  # the same halves and ids, so the same key and size
    before = path.stat()
    assert (other.key, len(other.ciphertext)) == (BID.key, before.st_size)

    time.sleep(0.05)  # a file system's clock may tick only every 10 ms; keys come in minutes after the check
    path.write_bytes(other.ciphertext)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    outcome = unseal_to_file(path, BID.key, tmp_path / "opened", BID.envelope, stamp=stamp)

    assert outcome == NotOpened(Fault(Code.BODY_ALTERED))
    assert not (tmp_path / "opened").exists()


def test_a_body_that_is_as_it_was_checked_opens_with_its_stamp(tmp_path: Path) -> None:
    path = stored(tmp_path, BID)
    stamp = check_body(path, BID.envelope)
    assert isinstance(stamp, Stamp)

    outcome = unseal_to_file(path, BID.key, tmp_path / "opened", BID.envelope, stamp=stamp, documents_later=True)

    assert isinstance(outcome, Opened)
    assert not outcome.documents_checked


class Meddler(io.BytesIO):
    """A sink during whose first write someone touches the file that is being opened."""

    def __init__(self, path: Path, content: bytes) -> None:
        super().__init__()
        self.path, self.content, self.writes = path, content, 0

    def write(self, data: Any, /) -> int:
        self.writes += 1
        if self.writes == 1:
            time.sleep(0.05)
            self.path.write_bytes(self.content)
        return super().write(data)


TWIN = sealed_bid(AT, seed=1, price_fen=987_654_321_00).ciphertext


@pytest.mark.parametrize("after", [BID.ciphertext, TWIN, bytes(len(TWIN))])
def test_a_body_touched_while_it_is_opened_is_opened_anew_without_trust(tmp_path: Path, after: bytes) -> None:
    path = stored(tmp_path, BID)
    stamp = check_body(path, BID.envelope)
    assert isinstance(stamp, Stamp)
    sink = Meddler(path, after)

    with path.open("rb", buffering=0) as source:
        seen = walk_stamped(source, sink, Task("", "", BID.key, BID.envelope.context, stamp))

    if after != BID.ciphertext:
        with pytest.raises(NotOpenable, match="digest"):
            judge_body(seen, BID.envelope, BID.envelope.body)
    else:
        assert judge_body(seen, BID.envelope, BID.envelope.body).size == len(sink.getvalue())


def test_a_body_that_fails_under_its_stamp_is_named_as_without_it(tmp_path: Path) -> None:
    path = stored(tmp_path, BID)
    stamp = check_body(path, BID.envelope)
    assert isinstance(stamp, Stamp)

    for given_stamp in (stamp, None):
        outcome = unseal_to_file(path, bytes(16), tmp_path / "opened", BID.envelope, stamp=given_stamp)
        assert outcome == NotOpened(Fault(Code.BODY_UNDECRYPTABLE))


def test_outcomes_travel_between_processes() -> None:
    for outcome in (
        NotOpened(Fault(Code.SHARE_WRONG, "agency")),
        plan(BID.envelope, AT.announced, BID.k_b, BID.shares),
    ):
        assert pickle.loads(pickle.dumps(outcome)) == outcome
