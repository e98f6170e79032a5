"""What a run costs: the CPU time of each process of it, which a machine that is busy with others hardly changes."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from time import process_time

from tests.servers.process import family

_TICKS = os.sysconf("SC_CLK_TCK")
_FIRST, _LAST = 11, 15  # utime, stime, and those of ended children, counted from the state (proc(5))


def costing(pids: Mapping[str, int], count: int, run: Callable[[], float]) -> tuple[float, dict[str, float]]:
    """Return what `run` returns, and what each of `count` pieces cost meanwhile: milliseconds of CPU, part by part.

    The parts are the processes named, with their descendants, and the client, which is this process itself.
    """
    before = _spent(pids)
    result = run()
    after = _spent(pids)
    parts = {name: 1000 * (after[name] - before[name]) / count for name in after}
    return result, parts | {"all": sum(parts.values())}


def medians_of(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of each part."""
    return {name: median(each[name] for each in rounds) for name in rounds[0]}


def _spent(pids: Mapping[str, int]) -> dict[str, float]:
    return {name: sum(map(_own, family(pid))) for name, pid in pids.items()} | {"client": process_time()}


def _own(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):  # it ended; its parent has counted it
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[_FIRST:_LAST])) / _TICKS
    return 0.0
