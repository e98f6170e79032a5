"""The records that are missing and to be asked for: filled by the intake, emptied by who speaks to the services."""

from services.audit.domain.tails import MOST

PAUSE = 2.0
"""Seconds between two requests to one service: what was asked for must have time to come."""


class Wanted:
    """What is wanted of each service, in the memory of one process; a beacon brings back what was lost of it."""

    def __init__(self) -> None:
        self._wanted: dict[str, tuple[int, int]] = {}
        self._asked_at: dict[str, float] = {}

    def add(self, service: str, first: int, last: int) -> None:
        """Want positions `first`..`last` of a service, in place of what was wanted of it before."""
        self._wanted[service] = (first, min(last, first + MOST - 1))

    def take(self, now: float) -> list[tuple[str, int, int]]:
        """Return what to ask for at `now` (monotonic seconds): service, first and last position."""
        due = [name for name in self._wanted if now - self._asked_at.get(name, -PAUSE) >= PAUSE]
        self._asked_at |= dict.fromkeys(due, now)
        return [(name, *self._wanted.pop(name)) for name in due]
