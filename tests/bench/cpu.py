"""What a run costs: the CPU time of each process of it, which a machine that is busy with others hardly changes."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.line import Line
from tests.servers.process import family

_TICKS = os.sysconf("SC_CLK_TCK")
_FIRST, _LAST = 11, 15  # utime, stime, and those of ended children, counted from the state (proc(5))


@dataclass(frozen=True)
class Taken:
    """One round: pieces a second, and milliseconds of CPU a piece, by part and of `all` parts together."""

    rate: float
    cpu_ms: Mapping[str, float]


def taking(pids: Mapping[str, int], count: int, run: Callable[[], float]) -> Taken:
    """Do a round of `count` pieces; `run` returns its seconds.

    The parts are the processes named, with their descendants, and the client: this process and its ended children.
    """
    before = _spent(pids)
    seconds = run()
    after = _spent(pids)
    parts = {name: 1000 * (after[name] - before[name]) / count for name in after}
    return Taken(count / seconds, parts | {"all": sum(parts.values())})


def compared(name: str, unit: str, bar: float, peer: str, *, ours: Sequence[Taken], theirs: Sequence[Taken]) -> Line:
    """Return the line of rounds beside those of the peer; each figure is a median of its own."""
    rate, peer_rate = (median(taken.rate for taken in rounds) for rounds in (ours, theirs))
    cpu_ms = {
        whose: _medians([taken.cpu_ms for taken in rounds]) for whose, rounds in (("ours", ours), ("peer", theirs))
    }
    return Line(name, rate, unit, bar, peer, peer_rate, cpu_ms)


def _medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: median(parts[name] for parts in rounds) for name in rounds[0]}


def _spent(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: sum(map(_own, family(pid))) for name, pid in pids.items()} | {"client": sum(os.times()[:4])}


def _own(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended; its parent has counted it
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[_FIRST:_LAST])) / _TICKS
    return 0.0
