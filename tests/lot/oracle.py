"""A small oracle of a lot, told from the law's rows (T10-T17) with numbers and names instead of events."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE, HOUR, SECOND = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
ASKED, PREPARED, COUNTED, OPENED = 5 * MINUTE, 15 * MINUTE, 5 * MINUTE, 30 * MINUTE
OVER = frozenset({"sold", "unsold", "ended"})


@dataclass(frozen=True)
class Frozen:
    """Since when it stands still, whether by a fault of the platform's, and how much was left."""

    at: datetime
    fault: bool
    left: timedelta


@dataclass
class Oracle:
    """A lot in its free phase; `hour` is the latest time that counted, bidders are named by numbers."""

    ends: datetime
    hour: datetime
    start: int
    step: int
    trigger: str
    whole: bool
    counts: bool
    limit: int | None
    reserve: int | None
    holders: frozenset[int]
    admitted: frozenset[int]
    phase: str = "free"
    price: int = 0
    leader: int = 0
    taken: bool = False
    active: dict[int, timedelta] = field(default_factory=dict)
    willing: set[int] = field(default_factory=set)
    barred: set[int] = field(default_factory=set)
    proxies: dict[int, int] = field(default_factory=dict)
    extensions: int = 0
    frozen: Frozen | None = None
    resumes: datetime | None = None

    @property
    def least(self) -> int:
        """T11: the first bid is the start price at least, a later one a step more."""
        return self.price + self.step if self.price else self.start

    def runs(self, at: datetime) -> bool:
        """T17: nothing is taken while it stands still, nor before the hour at which it goes on."""
        return self.phase not in OVER and not self.frozen and (self.resumes is None or at >= self.resumes)

    def late(self, at: datetime) -> bool:
        return at > self.ends if self.counts else at >= self.ends

    def waits(self, at: datetime) -> bool:
        """Whether what arrives is for the phase that is about to begin."""
        follows = self.phase in {"asking", "preparing"} or (self.phase == "free" and self.trigger != "never")
        return self.runs(at) and self.late(at) and follows

    def takes(self, who: int, at: datetime) -> bool:
        """Whether a bid of somebody's is taken at an instant, whatever its price."""
        return self.runs(at) and self.phase in {"free", "timed"} and not self.late(at) and self.may(who)

    def may(self, who: int) -> bool:
        """T13: who was asked and did not answer does not go on; who is barred never does."""
        if who not in self.admitted or who in self.barred:
            return False
        return self.phase != "timed" or not self.willing or who in self.willing

    def is_priced(self, who: int, price: int) -> bool:
        """T11, T10: on the ladder; or the price that leads, for the first holder of a right who takes it."""
        if self.price and price == self.price and who != self.leader:
            return who in self.holders and not self.taken and self.leader not in self.holders
        base = self.price or self.start
        return price >= self.least and not (self.whole and (price - base) % self.step)

    def bid(self, who: int, price: int, at: datetime) -> None:
        """T12, T14: what is recorded leads, and restarts the countdown in full."""
        self.hour = max(self.hour, at)
        self.taken = price == self.price
        self.price, self.leader = price, who
        if self.phase == "free":
            self.active[who] = self.ends - self.hour
        if self.phase == "timed":
            ends = self.hour + COUNTED
            if ends > self.ends and (self.limit is None or self.extensions < self.limit):
                self.ends, self.extensions = ends, self.extensions + 1
        self.answer(at)

    def answer(self, at: datetime) -> None:
        """自动出价: one step over the second highest maximum, of equal ones the one said earlier."""
        tops = {who: self._top(who, most) for who, most in self.proxies.items() if self.may(who)}
        able = {who: top for who, top in tops.items() if top >= self.least}
        if not able.keys() - {self.leader}:
            return
        order = sorted(able, key=lambda who: (-able[who], list(self.proxies).index(who)))
        best = order[0]
        if len(order) == 1:
            self.bid(best, self.least, at)
            return
        over = min(able[order[1]] + self.step, able[best])
        if able[order[1]] + self.step > self.proxies[best]:
            over = able[best]
        beaten = min(able[order[1]], over - self.step)
        if beaten >= self.least:
            self._lead(order[1], beaten, at)
        self._lead(best, over, at)

    @property
    def last_part(self) -> datetime:
        """Since when the platform must be there for the phase of now to end: a third of five minutes, or as long."""
        since = self.ends - {"timed": COUNTED / 3, "asking": ASKED}.get(self.phase, PREPARED)
        return max(since, self.resumes or since)

    def tick(self, at: datetime, *, healthy: bool, down: timedelta = timedelta()) -> None:
        """T13, T14: what follows the end of a phase; nothing ends while the platform was down."""
        if not self.runs(at) or at < self.ends or self.phase == "review":
            return
        if self.phase in {"free", "asking", "timed"} and not healthy:
            self._stand_still(at, fault=True, left=max(PREPARED, self.ends - (at - down)))
        elif self.phase == "free":
            self._after_listing(at)
        elif self.phase == "asking":
            self._timed(at) if self.willing else self._end(at)
        elif self.phase == "preparing":
            self._timed(at)
        elif self.phase == "timed":
            self._end(at)
        else:
            self._stand_still(at, fault=True, left=timedelta())

    def freeze(self, at: datetime, *, fault: bool) -> None:
        """T17: nothing is lost of the time that was left."""
        since = max(self.hour, at, self.resumes or at)
        self._stand_still(at, fault=fault, left=max(timedelta(), self.ends - since))

    def may_thaw(self, at: datetime, resumes: datetime) -> bool:
        """T17: at once after less than an hour of a fault, else a day after it is told."""
        if self.frozen is None or resumes < (at := max(self.hour, at)):
            return False
        return (self.frozen.fault and at - self.frozen.at < HOUR) or resumes >= at + 24 * HOUR

    def thaw(self, resumes: datetime) -> None:
        assert self.frozen is not None
        anew = {"asking": ASKED, "preparing": PREPARED, "timed": PREPARED, "reserve": OPENED}
        left = timedelta(seconds=-(-self.frozen.left // SECOND))
        self.ends = resumes + anew.get(self.phase, left)
        self.phase = "preparing" if self.phase == "timed" else self.phase
        self.frozen, self.resumes = None, resumes

    def open_reserve(self) -> None:
        """T15: the highest bid is at least the reserve, or it is not sold."""
        self.phase = "review" if self.price >= (self.reserve or 0) else "unsold"

    def _top(self, who: int, most: int) -> int:
        """Return the highest price that a maximum reaches on the ladder."""
        return most - (most - self.least) % self.step if self.whole and most >= self.least else most

    def _lead(self, who: int, price: int, at: datetime) -> None:
        proxies, self.proxies = self.proxies, {}
        self.bid(who, price, at)
        self.proxies = proxies

    def _after_listing(self, at: datetime) -> None:
        late = sum(left <= HOUR for left in self.active.values())
        if self.trigger == "asked" and self.price:
            self.phase, self.ends = "asking", at + ASKED
        elif self.trigger == "last_hour" and late >= 2:
            self.phase, self.ends = "preparing", at + PREPARED
        elif self.trigger == "always" or (self.trigger == "automatic" and len(self.active) >= 2):
            self._timed(at)
        else:
            self._end(at)

    def _timed(self, at: datetime) -> None:
        self.hour = max(self.hour, at)
        self.phase, self.ends, self.extensions = "timed", self.hour + COUNTED, 0
        self.answer(at)

    def _end(self, at: datetime) -> None:
        """T10: the highest bid wins, or there is none."""
        if not self.price:
            self.phase = "unsold"
        elif self.reserve is None:
            self.phase = "review"
        else:
            self.phase, self.ends = "reserve", max(self.hour, at) + OPENED

    def _stand_still(self, at: datetime, *, fault: bool, left: timedelta) -> None:
        self.hour = max(self.hour, at)
        self.frozen = Frozen(self.hour, fault, left)
