"""What a count found: a time limit or an interval, each able to explain itself in Chinese and in English."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from shared.law.clause import Unit
from shared.law.counting import DAY_OF_ACT, LAST_DAY_OFF, SAME_DAY_OF_MONTH, WHOLE_DAYS_BETWEEN, Reading

# Mainland China keeps UTC+8 without summer time since 1992; a fixed offset needs no time zone files.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

_ENGLISH = {
    Unit.DAY: "calendar day",
    Unit.WORKING_DAY: "working day",
    Unit.MONTH: "month",
    Unit.YEAR: "year",
    Unit.HOUR: "hour",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time limit of `n` units from an act on day `start`, and why it ends when it does.

    `counted_to` is the n-th day; `last_day` is that day or the one it moved to; `ends_at` is its 24:00, in UTC.
    `passed_over` are the days off that were not counted or moved from. `years` are the calendar years consulted and
    `provisional` those of them not yet published. `kept` says that an earlier, longer promise was kept.
    """

    start: date
    n: int
    unit: Unit
    reading: Reading
    counted_to: date
    last_day: date
    ends_at: datetime
    passed_over: tuple[date, ...] = ()
    years: tuple[int, ...] = ()
    provisional: tuple[int, ...] = ()
    kept: bool = False

    @property
    def zh(self) -> str:
        """The count in Chinese."""
        if self.unit is Unit.HOUR:
            start, end = (f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}" for at in self._hours())
            return f"自{start}起算{self.n}小时，于{end}（北京时间）届满。依据：{DAY_OF_ACT.article}。"
        text = f"自{self.start}起算{self.n}{self.unit.value}（当日不计入），数至{self.counted_to}"
        if self.last_day != self.counted_to:
            text += f"；末日移至{self.last_day}" + ("，不短于先前告知的期限" if self.kept else "，因原末日休假")
        text += f"，于{self.last_day} 24:00（北京时间）届满。依据：{'、'.join(self._articles())}。"
        return text + _provisional_zh(self.provisional)

    @property
    def en(self) -> str:
        """The count in English."""
        if self.unit is Unit.HOUR:
            start, end = (f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}" for at in self._hours())
            return f"{amount(self.n, self.unit)} from {start} end at {end} Beijing time [{DAY_OF_ACT.article}]."
        text = f"{amount(self.n, self.unit)} from {self.start} (that day not counted) run to {self.counted_to}"
        if self.last_day != self.counted_to:
            why = "a limit once told is not shortened" if self.kept else "the last day was off"
            text += f"; moved to {self.last_day}, as {why}"
        text += f"; the limit ends at 24:00 Beijing time on {self.last_day} [{', '.join(self._articles())}]."
        return text + _provisional_en(self.provisional)

    def _hours(self) -> tuple[datetime, datetime]:
        return self.ends_at - timedelta(hours=self.n), self.ends_at

    def _articles(self) -> list[str]:
        clauses = [DAY_OF_ACT, LAST_DAY_OFF]
        if self.unit in (Unit.MONTH, Unit.YEAR):
            clauses.insert(1, SAME_DAY_OF_MONTH)
        return [clause.article for clause in clauses]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Whether at least `n` units lie between an act and a later one, and why.

    `counted_to` is the n-th day after the act (in hours, the day on which they are over); it must lie before
    `target_day`, or on it where the reading counts that day. `lacking` is how many units are missing: 0 when the
    interval is kept, None when months or years are.
    """

    act_day: date
    target_day: date
    n: int
    unit: Unit
    reading: Reading
    counted_to: date
    lacking: int | None
    years: tuple[int, ...] = ()
    provisional: tuple[int, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the interval is kept."""
        return self.lacking == 0

    @property
    def zh(self) -> str:
        """The count in Chinese."""
        counted = "计入" if self.reading.target_day_counts else "不计入"
        text = f"自{self.act_day}起算{self.n}{self.unit.value}"
        if self.unit is not Unit.HOUR:
            text += f"（当日不计入）数至{self.counted_to}，届至日{self.target_day}{counted}"
        text += "：满足最短间隔" if self.holds else "：短于最短间隔"
        if self.lacking:
            text += f"，尚缺{self.lacking}{self.unit.value}"
        return f"{text}。依据：{DAY_OF_ACT.article}、{WHOLE_DAYS_BETWEEN.article}。" + _provisional_zh(self.provisional)

    @property
    def en(self) -> str:
        """The count in English."""
        counted = "counted" if self.reading.target_day_counts else "not counted"
        text = f"{amount(self.n, self.unit)} from {self.act_day}"
        if self.unit is not Unit.HOUR:
            text += f" (that day not counted) run to {self.counted_to}; {self.target_day} is {counted}"
        text += ": the least interval is kept" if self.holds else ": the least interval is not kept"
        if self.lacking:
            text += f", {amount(self.lacking, self.unit)} short"
        return f"{text} [{DAY_OF_ACT.article}, {WHOLE_DAYS_BETWEEN.article}]." + _provisional_en(self.provisional)


def amount(n: int, unit: Unit) -> str:
    """Return a number of units in English, as `1 working day`."""
    return f"{n} {_ENGLISH[unit]}{'' if n == 1 else 's'}"


def day_of(moment: date | datetime) -> date:
    """Return the day in Beijing of an aware instant; a date as it is."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a time without a zone has no day")
    return moment.astimezone(BEIJING).date()


def end_of(day: date) -> datetime:
    """Return 24:00 Beijing time of `day`, in UTC (民法典 第二百零三条)."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), BEIJING).astimezone(UTC)


def _provisional_zh(years: Sequence[int]) -> str:
    return f"其中{'、'.join(map(str, years))}年日历为暂定，国务院通知公布后重新计算。" if years else ""


def _provisional_en(years: Sequence[int]) -> str:
    listed = ", ".join(map(str, years))
    return f" The calendar of {listed} is provisional; it is counted again once the notice is out." if years else ""
