"""Opening: a hundred bodies of 10 MiB to their plaintexts, as the service opens them when every key is in.

The bodies were compared with their envelopes before, when reception closed, as the service does. The peer
(`peers/plain_opening.py`) reads, decrypts and writes the same plaintexts with as many processes; both are started for
the task, neither forces anything to the disk, and what the run before left to be written is written first.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from time import perf_counter

from shared.runtime.opening import Job, open_apart
from shared.seal.wire import text
from tests.bench.bids import seal
from tests.bench.context import Bench
from tests.bench.cpu import Taken, compared, taking
from tests.bench.installation import ROOT
from tests.bench.line import ROUNDS, Line
from tests.bench.peers import plain_opening
from tests.bidding import factories as make

BAR = 0.6
PEER = "a plain reader, decrypter (AES-128-GCM, 1 MiB steps) and writer"
MIB = 2**20
SEED = 20_261_122
KEY = bytes(range(16))


def measure(bench: Bench) -> Sequence[Line]:
    """Return MiB of documents opened per second, against the peer's."""
    count, size = bench.size(100, 4), bench.size(10, 1) * MIB
    plan = Random(SEED).randbytes(size)
    product, peer = Product(bench, count, plan), Peer(bench, count, plan)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(opened(product, count * size // MIB))
        theirs.append(opened(peer, count * size // MIB))
    for folder in (product, peer):
        folder.check(plan)
    return (compared("opening", "MiB/s", BAR, PEER, ours=ours, theirs=theirs),)


def opened(folder: "Product | Peer", size: int) -> Taken:
    """Open a folder of `size` MiB, emptied of what was opened before; return how fast, and what each MiB cost."""
    _begin(folder.opened)
    return taking({}, size, folder.open)


class Product:
    """Bids as the service keeps them, and the opener that it hands them to."""

    def __init__(self, bench: Bench, count: int, plan: bytes) -> None:
        self._bodies, self.opened = _folder(bench, "bodies"), _folder(bench, "opened")
        self._jobs = [self._job(number, plan) for number in range(count)]
        checked = open_apart([job.model_copy(update={"key": None}) for job in self._jobs])
        pairs = zip(self._jobs, checked, strict=True)
        self._jobs = [job.model_copy(update={"stamp": result.stamp}) for job, result in pairs]

    def open(self) -> float:
        """Return the seconds that all bids took to open."""
        start = perf_counter()
        results = open_apart(self._jobs)
        seconds = perf_counter() - start
        assert all(result.statement is not None for result in results)
        return seconds

    def check(self, plan: bytes) -> None:
        """See that the plaintexts are those that were sealed."""
        assert all(path.read_bytes().endswith(plan) for path in self.opened.iterdir())

    def _job(self, number: int, plan: bytes) -> Job:
        path = self._bodies / str(number)
        with path.open("wb") as body:
            bid = seal(make.KEYS.announced, number, plan, body)
        return Job(
            bid=bid.envelope.bid,
            envelope=bid.envelope,
            key=text(bid.key),
            ciphertext=path,
            plaintext=self.opened / str(number),
        )


class Peer:
    """The same documents, encrypted plainly."""

    def __init__(self, bench: Bench, count: int, plan: bytes) -> None:
        self._bodies, self.opened = _folder(bench, "plain"), _folder(bench, "plain-opened")
        for number in range(count):
            plain_opening.seal(plan, KEY, number, self._bodies / str(number))

    def open(self) -> float:
        """Return the seconds that all files took to open."""
        command = [sys.executable, "-m", plain_opening.__name__, str(self._bodies), str(self.opened), KEY.hex()]
        start = perf_counter()
        subprocess.run(command, cwd=ROOT, check=True)
        return perf_counter() - start

    def check(self, plan: bytes) -> None:
        """See that the plaintexts are those that were encrypted."""
        assert all(path.read_bytes() == plan for path in self.opened.iterdir())


def _folder(bench: Bench, name: str) -> Path:
    folder = bench.folder / name
    folder.mkdir()
    return folder


def _begin(opened: Path) -> None:
    """Empty the folder of plaintexts, and let the disk come to rest."""
    shutil.rmtree(opened)
    opened.mkdir()
    os.sync()
