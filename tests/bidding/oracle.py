"""A small oracle of a tender: what must come of each step, told with numbers and names instead of events and law."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.bidding.factories import CALENDAR

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BEIJING = timedelta(hours=8)


@dataclass
class Oracle:
    """A tender whose deadline counts to its very instant, with what stands at it."""

    now: datetime
    due: datetime
    phase: str = "accepting"
    holds: set[str] = field(default_factory=set)
    stood_since: datetime | None = None
    standing: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    fallen: set[str] = field(default_factory=set)
    winner: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a bid that arrives now is in time."""
        return self.phase == "accepting" and (bool(self.holds) or self.now <= self.due)

    @property
    def may_stand_still(self) -> bool:
        """Whether it can be suspended: neither between the deadline and its close, nor in the opening, nor ended."""
        return self.is_open or self.phase in {"closed", "opened", "evaluated", "publicised", "awarded"}

    def clarify(self) -> None:
        """Fifteen whole days lie between a clarification and the deadline, or it moves until they do."""
        day, due_day = _date(self.now), _date(self.due)
        if due_day - day >= 16 * DAY:
            return
        self.due += day + 16 * DAY - due_day
        self._to_working_day()

    def hold(self, name: str) -> None:
        """One more reason to stand still."""
        self.holds.add(name)
        self.stood_since = self.stood_since or self.now

    def let_go(self, name: str) -> None:
        """One reason less; with the last, the deadline moves by all the time stood still."""
        self.holds.remove(name)
        if self.holds or self.stood_since is None:
            return
        if self.phase == "accepting" and self.now > self.stood_since:
            self.due += self.now - self.stood_since
            self._to_working_day()
        self.stood_since = None

    def close(self) -> None:
        """Close, if nothing stands against it; three bidders are enough."""
        if self.phase == "accepting" and not self.holds and self.now > self.due:
            self.phase = "closed" if len(self.standing) >= 3 else "failed"

    def ranking(self, prices: dict[str, int]) -> list[str]:
        """Return who is left of the three cheapest, the cheapest first; nobody bids the same."""
        ranked = sorted(self.standing, key=lambda name: prices[name])[:3]
        return [name for name in ranked if name not in self.fallen]

    def _to_working_day(self) -> None:
        while not CALENDAR.is_working_day(_date(self.due).date()):
            self.due += DAY


def _date(moment: datetime) -> datetime:
    local = moment + BEIJING
    return datetime(local.year, local.month, local.day, tzinfo=UTC)
