"""A bid too large for any memory: its upload broken off twice, then submitted and opened, all in little room."""

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from cli.demo.play import INSTANT
from shared.kernel.canonical import parse_instant
from tests.crash.bidders import Bidder, Crowd
from tests.crash.check import lost
from tests.crash.conftest import Tell
from tests.crash.house import House
from tests.crash.memory import peaks
from tests.crash.tenders import Tenders
from tests.servers.process import wait_until

MIB = 2**20
TRY_AGAIN = 1
"""How `ggzy` ends when it had no answer for long; the next time it goes on."""

PATIENCE = 300.0
ROOM = 256
"""MiB that no process of the installation may ever hold."""


@pytest.mark.system
def test_a_bid_of_200_mib_survives_two_breaks_in_little_room(
    house: House, crowd: Crowd, tenders: Tenders, tell: Tell
) -> None:
    carry(house, crowd, tenders, tell, 200)


@pytest.mark.soak
def test_a_bid_of_2_gib_survives_two_breaks_in_little_room(
    house: House, crowd: Crowd, tenders: Tenders, tell: Tell
) -> None:
    carry(house, crowd, tenders, tell, 2048)


def carry(house: House, crowd: Crowd, tenders: Tenders, tell: Tell, size: int) -> None:
    """Play a tender with one large bid of `size` MiB and two small ones up to its opening record."""
    play = tenders.announced()
    large, *small = bidders = crowd.admitted(play.procedure, 3)
    for bidder in small:
        bidder.bid()
    plan = make_plan(house.data / "plan.bin", size)
    large.seal(plan)

    began = monotonic()
    bidders_own: list[int] = []
    with peaks(house, bidders_own) as found:
        submit_with_two_breaks(house, large, size, Upload(house), bidders_own)
        submitted = monotonic()
        play._stage.move_to(parse_instant(play._page()["announcement"]["terms"]["bids_due"]) + INSTANT)
        play._reach("the end of reception", "closed")
        play._open([bidder.desk._here.account for bidder in bidders])
    opened = monotonic()

    tell(f"{size} MiB sent in {submitted - began:.0f} s, opened {opened - submitted:.0f} s later; MiB at most: {found}")
    assert [row["outcome"] for row in play._page()["opening_record"]["rows"]] == ["unsealed"] * 3
    assert digest_of_last(opened_body(house, large), size) == digest_of_last(plan, size)
    assert any("shared.runtime.opener" in name for name in found)
    assert any("bid submit" in name for name in found)
    assert max(found.values()) <= ROOM, found
    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []


def make_plan(path: Path, size: int) -> Path:
    """Make a file of `size` MiB that does not compress."""
    piece = bytearray(os.urandom(MIB))
    with path.open("wb") as file:
        for number in range(size):
            piece[:4] = number.to_bytes(4)
            file.write(piece)
    return path


class Upload:
    """The upload that is begun after this is made; those that kills of earlier tests left behind are none of it."""

    def __init__(self, house: House) -> None:
        self._directory = house.data / "blobs" / "uploads"
        self._before = self._parts()

    def stored(self) -> int:
        """Return how many bytes the platform has of it, 0 if it is not under way."""
        parts = self._parts() - self._before
        assert len(parts) <= 1, "an upload was begun anew"
        return max((part.stat().st_size for part in parts), default=0)

    def _parts(self) -> set[Path]:
        return set(self._directory.glob("*.part"))


def submit_with_two_breaks(house: House, bidder: Bidder, size: int, upload: Upload, own: list[int]) -> None:
    """Submit by the command line: its process is killed at a third, then the door at two thirds of the upload."""
    with submitting(house, bidder, own):
        wait_until(lambda: upload.stored() > size * MIB // 3, "a third of the upload", PATIENCE)
    with submitting(house, bidder, own) as second:
        wait_until(lambda: upload.stored() > size * MIB * 2 // 3, "two thirds of the upload", PATIENCE)
        house.crash("door")
        ended = second.wait(PATIENCE)
    while ended == TRY_AGAIN:
        with submitting(house, bidder, own) as next_one:
            ended = next_one.wait(PATIENCE)
    assert ended == 0


@contextmanager
def submitting(house: House, bidder: Bidder, own: list[int]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the bidder's `ggzy bid submit`, one of its `own` processes, and kill it in the end if it still runs."""
    process = house.command_line(bidder.desk._here.account, "bid", "submit", bidder.desk.procedure)
    own.append(process.pid)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def opened_body(house: House, bidder: Bidder) -> Path:
    """Return the plaintext that the opening left of a bid."""
    return house.data / "opened" / bidder.desk.procedure / f"{bidder.desk.noted()['standing']}.body"


def digest_of_last(path: Path, size: int) -> str:
    """Return the SHA-256 of a file's last `size` MiB."""
    with path.open("rb") as file:
        file.seek(-size * MIB, os.SEEK_END)
        return hashlib.file_digest(file, "sha256").hexdigest()
