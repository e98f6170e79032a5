"""Periods: time limits counted forwards, and minimum intervals between two acts, counted either way.

`shared.law.counting` says which reading is taken and why. Days are those of Beijing time; instants are aware.
"""

import calendar as gregorian
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from shared.law.calendar import DAY, Calendar, days_of
from shared.law.clause import Unit
from shared.law.counting import SAFE, Reading, Rollover
from shared.law.findings import Interval, Period, day_of, end_of

LONGEST = 36_525
"""No period is longer than this many units: a hundred years of days."""


def period(start: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE) -> Period:
    """Return the time limit of `n` units from an act at `start`. Hours need an instant and move off no day.

    Raise YearUnknown where a day must be looked up in a year without a calendar.
    """
    if unit is Unit.HOUR:
        return _hours(_instant(start), n, reading)
    act = day_of(start)
    counted_to = last = _count(act, n, unit, calendar)
    while _moves(last, calendar, reading.rollover_on):
        last += DAY
    limit = Period(
        start=act, n=n, unit=unit, reading=reading, counted_to=counted_to, last_day=last, ends_at=end_of(last)
    )
    first = act + DAY if unit is Unit.WORKING_DAY else counted_to
    years, provisional = _consulted(first, last, calendar)
    passed = _days_off(first, last, calendar) if unit is Unit.WORKING_DAY else tuple(days_of(first, last - DAY))
    return replace(limit, passed_over=passed, years=years, provisional=provisional)


def last_day(start: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE) -> date:
    """Return the last day of a time limit."""
    return period(start, n, unit, calendar, reading=reading).last_day


def ends_at(start: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE) -> datetime:
    """Return the instant, in UTC, at which a time limit ends."""
    return period(start, n, unit, calendar, reading=reading).ends_at


def recounted(old: Period, calendar: Calendar) -> Period:
    """Return a time limit counted again after a year's calendar was published; it never ends earlier than before."""
    if old.unit is Unit.HOUR:
        return old
    return not_before(period(old.start, old.n, old.unit, calendar, reading=old.reading), old.ends_at)


def not_before(limit: Period, told: datetime) -> Period:
    """Return a time limit in days that ends at `told`, the end of a day that was told before, unless it ends later."""
    if limit.ends_at >= told:
        return limit
    return replace(limit, last_day=day_of(told) - DAY, ends_at=told, kept=True)


def interval(
    start: date | datetime, end: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE
) -> Interval:
    """Return whether at least `n` units lie between an act at `start` and one at `end`, in the reading taken."""
    act, target = day_of(start), day_of(end)
    last = target if reading.target_day_counts else target - DAY
    if unit is Unit.HOUR:
        counted_to, lacking = _hours_between(_instant(start), _instant(end), n)
    else:
        counted_to = _count(act, n, unit, calendar)
        lacking = 0 if counted_to <= last else _lacking(act, last, n, unit, calendar)
    found = Interval(
        act_day=act, target_day=target, n=n, unit=unit, reading=reading, counted_to=counted_to, lacking=lacking
    )
    if unit is not Unit.WORKING_DAY:
        return found
    years, provisional = _consulted(act + DAY, counted_to, calendar)
    return replace(found, years=years, provisional=provisional)


def holds(
    start: date | datetime, end: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE
) -> bool:
    """Return whether at least `n` units lie between two acts, as 招标投标法 第二十四条 asks of 发出 and 投标截止."""
    return interval(start, end, n, unit, calendar, reading=reading).holds


def latest_act_day(target: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE) -> date:
    """Return the last day on which an act still lies `n` 日 or 工作日 before `target`: the dual of `holds`."""
    day = day_of(target) - DAY * (not reading.target_day_counts)
    if unit is Unit.DAY:
        return day - DAY * _checked(n)
    if unit is not Unit.WORKING_DAY:
        raise ValueError(f"periods in {unit.value} are not counted backwards")
    left = _checked(n)
    while left := left - calendar.is_working_day(day):
        day -= DAY
    return day - DAY


def earliest_target_day(
    start: date | datetime, n: int, unit: Unit, calendar: Calendar, *, reading: Reading = SAFE
) -> date:
    """Return the first day on which a later act lies at least `n` units after `start`; 顺延 a deadline to it."""
    if unit is Unit.HOUR:
        raise ValueError("in hours the earliest instant is `ends_at`")
    return _count(day_of(start), n, unit, calendar) + DAY * (not reading.target_day_counts)


def _count(act: date, n: int, unit: Unit, calendar: Calendar) -> date:
    """Return the n-th day after an act, that day not counted (民法典 第二百零一条, 第二百零二条)."""
    match unit:
        case Unit.DAY:
            return act + DAY * _checked(n)
        case Unit.MONTH | Unit.YEAR:
            return _months_later(act, _checked(n) * (12 if unit is Unit.YEAR else 1))
        case Unit.WORKING_DAY:
            day, left = act, _checked(n)
            while left:
                day += DAY
                left -= calendar.is_working_day(day)
            return day
        case _:
            raise ValueError(f"{unit.value} is not a unit of time that days are counted in")


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _moves(day: date, calendar: Calendar, rollover_on: Rollover) -> bool:
    match rollover_on:
        case Rollover.NON_WORKING_DAY:
            return not calendar.is_working_day(day)
        case Rollover.HOLIDAY:
            return calendar.is_holiday(day)
        case Rollover.STATUTORY_HOLIDAY:
            return calendar.is_statutory_holiday(day)


def _hours(start: datetime, n: int, reading: Reading) -> Period:
    end = (start + timedelta(hours=_checked(n))).astimezone(UTC)
    last = day_of(end)
    return Period(
        start=day_of(start), n=n, unit=Unit.HOUR, reading=reading, counted_to=last, last_day=last, ends_at=end
    )


def _hours_between(start: datetime, end: datetime, n: int) -> tuple[date, int | None]:
    """Return the day on which the hours are over, and how many hours, begun ones included, are missing."""
    due = start + timedelta(hours=_checked(n))
    return day_of(due), max(0, -((end - due) // timedelta(hours=1)))


def _lacking(act: date, last: date, n: int, unit: Unit, calendar: Calendar) -> int | None:
    """Return how many days are missing where the n-th day after an act lies after `last`."""
    if unit is Unit.DAY:
        return n - max(0, (last - act).days)
    if unit is Unit.WORKING_DAY:
        return n - sum(calendar.is_working_day(day) for day in days_of(act + DAY, last))
    return None


def _consulted(first: date, last: date, calendar: Calendar) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return tuple(range(first.year, last.year + 1)), calendar.provisional(first, last)


def _days_off(first: date, last: date, calendar: Calendar) -> tuple[date, ...]:
    return tuple(day for day in days_of(first, last) if not calendar.is_working_day(day))


def _instant(moment: date | datetime) -> datetime:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment
    raise ValueError("a period in hours is counted from an aware time")


def _checked(n: int) -> int:
    if not 1 <= n <= LONGEST:
        raise ValueError(f"a period has 1 to {LONGEST} units, not {n}")
    return n
