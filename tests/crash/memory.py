"""How much memory the processes of an installation took at most, as the kernel remembers it of each."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.crash.house import House, arguments

SAMPLE_SECONDS = 0.1
"""How often it is looked; the kernel keeps the peak of a process for as long as that lives."""


@contextmanager
def peaks(house: House, besides: Sequence[int]) -> Iterator[dict[str, int]]:
    """Give the peaks in MiB by command line, complete at the end of the context.

    `besides` are the ids of other processes to look at, which may be added to meanwhile.
    """
    found: dict[str, int] = {}
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            for pid in [*house.processes(), *besides]:
                name = " ".join(arguments(pid)[2:5]) or "ended"
                found[name] = max(found.get(name, 0), _peak(pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield found
    finally:
        ended.set()
        watcher.join()


def _peak(pid: int) -> int:
    """Return the most resident memory that a process ever had, in MiB; 0 if it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)
