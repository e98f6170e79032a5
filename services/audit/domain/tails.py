"""What the head beacons tell: a tail of records that was lost on the way, or a journal that has gone back."""

from dataclasses import dataclass

from shared.store.ledger_entry import Finding

PATIENCE = 5.0
"""Seconds for which a difference must stand still before it means something: until then records may be under way."""

MOST = 1000
"""How many records are asked for at once."""

Range = tuple[int, int]
"""Positions `first`..`last`, both included."""


@dataclass(frozen=True, slots=True)
class _Difference:
    """A difference between a journal's head and the ledger, and since when it has not moved (monotonic seconds)."""

    sign: int
    entered: int
    since: float


class Tails:
    """The differences seen so far, in the memory of one process: beacons come each second, so nothing is lost."""

    def __init__(self) -> None:
        self._seen: dict[str, _Difference] = {}

    def hear(self, service: str, position: int, entered: int, now: float) -> Range | Finding | None:
        """Take in a beacon: the head of a service's journal against its last position in the ledger.

        Return positions to ask the service for, or the finding that its journal is behind the ledger. `now` is in
        monotonic seconds.
        """
        sign = (position > entered) - (position < entered)
        seen = self._seen.get(service)
        if not sign:
            self._seen.pop(service, None)
            return None
        if seen is None or (seen.sign, seen.entered) != (sign, entered):
            self._seen[service] = _Difference(sign, entered, now)
            return None
        if now - seen.since < PATIENCE:
            return None
        self._seen[service] = _Difference(sign, entered, now)
        return (entered + 1, min(position, entered + MOST)) if sign > 0 else _behind(service, position, entered)


def _behind(service: str, position: int, entered: int) -> Finding:
    return Finding(
        code="journal_behind",
        zh=f"{service} 的流水只到第 {position} 号，账本已有第 {entered} 号：可能是用旧备份恢复",
        en=f"the journal of {service} ends at {position}, the ledger has {entered}: was it restored from a backup?",
        service=service,
        first=position + 1,
        last=entered,
    )
