"""What a tender keeps of its times, besides those of its announcement."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from services.bidding.domain.timetable.messages import DeadlineMoved, TenderResumed, TenderSuspended, TimetableEvent


@dataclass(frozen=True, slots=True)
class Timetable:
    """The holds in force, since when the tender stands still, how many there ever were; if the deadline ever moved.

    `announced_due` is the deadline as announced, where it has moved since.
    """

    holds: tuple[TenderSuspended, ...] = ()
    since: datetime | None = None
    count: int = 0
    moved: bool = False
    announced_due: datetime | None = None

    @property
    def suspended(self) -> bool:
        """Whether the tender stands still."""
        return bool(self.holds)

    def hold(self, name: str) -> TenderSuspended | None:
        """Return the hold of that name, if it is in force."""
        return next((hold for hold in self.holds if hold.hold == name), None)


def evolve(timetable: Timetable, event: TimetableEvent) -> Timetable:
    """Return the timetable after an event; the deadline itself stands in the announcement's terms."""
    match event:
        case TenderSuspended(suspended_at=at):
            since = timetable.since or at
            return replace(timetable, holds=(*timetable.holds, event), since=since, count=timetable.count + 1)
        case TenderResumed(hold=name):
            left = tuple(hold for hold in timetable.holds if hold.hold != name)
            return replace(timetable, holds=left, since=timetable.since if left else None)
        case DeadlineMoved(was=was):
            return replace(timetable, moved=True, announced_due=timetable.announced_due or was)
        case _:
            assert_never(event)
