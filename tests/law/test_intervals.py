from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.law.calendar import Calendar, YearUnknown, load_calendar
from shared.law.clause import Unit
from shared.law.counting import GENEROUS, SAFE, Reading
from shared.law.findings import BEIJING
from shared.law.periods import earliest_target_day, holds, interval, latest_act_day, period

CALENDAR = load_calendar()
DAY, WORKING, HOUR = Unit.DAY, Unit.WORKING_DAY, Unit.HOUR

days = st.dates(date(2020, 5, 1), date(2027, 9, 30))  # the calendars reach from 2020 to 2027
lengths = st.integers(1, 40)
day_units = st.sampled_from([DAY, WORKING])
readings = st.sampled_from([SAFE, GENEROUS])
thorough = settings(max_examples=1_500, deadline=None)


def counted_by_hand(act: date, target: date, unit: Unit, reading: Reading) -> int:
    """Return how many days lie between two acts, counted one by one."""
    last = target if reading.target_day_counts else target - timedelta(1)
    between = (act + timedelta(n) for n in range(1, (last - act).days + 1))
    return sum(unit is DAY or CALENDAR.is_working_day(day) for day in between)


@thorough
@given(days, st.integers(-5, 70), lengths, day_units, readings)
def test_an_interval_holds_exactly_when_enough_days_lie_between(
    act: date, distance: int, n: int, unit: Unit, reading: Reading
) -> None:
    target = act + timedelta(distance)

    found = interval(act, target, n, unit, CALENDAR, reading=reading)

    between = counted_by_hand(act, target, unit, reading)
    assert found.holds == (between >= n)
    assert found.lacking == max(0, n - between)


@thorough
@given(days, lengths, day_units, readings)
def test_the_latest_day_for_an_act_holds_and_the_next_day_does_not(
    target: date, n: int, unit: Unit, reading: Reading
) -> None:
    latest = latest_act_day(target, n, unit, CALENDAR, reading=reading)

    assert holds(latest, target, n, unit, CALENDAR, reading=reading)
    assert not holds(latest + timedelta(1), target, n, unit, CALENDAR, reading=reading)


@thorough
@given(days, lengths, day_units, readings)
def test_the_earliest_day_for_the_later_act_holds_and_the_day_before_does_not(
    act: date, n: int, unit: Unit, reading: Reading
) -> None:
    earliest = earliest_target_day(act, n, unit, CALENDAR, reading=reading)

    assert holds(act, earliest, n, unit, CALENDAR, reading=reading)
    assert not holds(act, earliest - timedelta(1), n, unit, CALENDAR, reading=reading)


@thorough
@given(days, st.integers(-5, 70), lengths, day_units, readings)
def test_forward_and_backward_are_one_count(act: date, distance: int, n: int, unit: Unit, reading: Reading) -> None:
    target = act + timedelta(distance)

    forward = earliest_target_day(act, n, unit, CALENDAR, reading=reading) <= target
    backward = act <= latest_act_day(target, n, unit, CALENDAR, reading=reading)

    assert forward == backward == holds(act, target, n, unit, CALENDAR, reading=reading)


@thorough
@given(days, lengths, day_units)
def test_an_interval_is_over_when_the_unmoved_time_limit_is(act: date, n: int, unit: Unit) -> None:
    limit = period(act, n, unit, CALENDAR)

    assert earliest_target_day(act, n, unit, CALENDAR) == limit.counted_to + timedelta(1)
    assert limit.last_day >= limit.counted_to
    assert CALENDAR.is_working_day(limit.last_day)
    assert not any(CALENDAR.is_working_day(day) for day in limit.passed_over)


@pytest.mark.parametrize(
    ("deadline", "lawful"),
    [
        (datetime(2026, 12, 20, 9, 30, tzinfo=BEIJING), False),
        (datetime(2026, 12, 21, 23, 59, 59, 999999, tzinfo=BEIJING), False),
        (datetime(2026, 12, 22, 0, 0, tzinfo=BEIJING), True),  # 24:00 of the 21st: twenty whole days
        (datetime(2026, 12, 22, 9, 30, tzinfo=BEIJING), True),
    ],
)
def test_bid_time_of_twenty_days_is_one_day_short_or_just_enough(deadline: datetime, *, lawful: bool) -> None:
    issued = datetime(2026, 12, 1, 0, 0, tzinfo=BEIJING)

    assert holds(issued, deadline, 20, DAY, CALENDAR) == lawful
    assert holds(issued + timedelta(hours=23, minutes=59), deadline, 20, DAY, CALENDAR) == lawful


def test_a_clarification_of_fourteen_days_before_moves_the_deadline_by_two() -> None:
    deadline, clarified = date(2026, 12, 30), date(2026, 12, 15)

    assert latest_act_day(deadline, 15, DAY, CALENDAR) == date(2026, 12, 14)
    assert interval(clarified, deadline, 15, DAY, CALENDAR).lacking == 1
    assert earliest_target_day(clarified, 15, DAY, CALENDAR) == date(2026, 12, 31)


def test_a_right_that_lapses_before_a_day_lasts_one_day_longer_in_the_generous_reading() -> None:
    deadline = date(2026, 12, 30)

    assert latest_act_day(deadline, 10, DAY, CALENDAR) == date(2026, 12, 19)
    assert latest_act_day(deadline, 10, DAY, CALENDAR, reading=GENEROUS) == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("unit", "latest"),
    [(DAY, date(2026, 2, 23)), (WORKING, date(2026, 2, 12))],
)
def test_backward_over_the_spring_festival_days_and_working_days_part(unit: Unit, latest: date) -> None:
    # Off 15-23 February; Saturdays the 14th and 28th are worked.
    target = date(2026, 2, 27)

    assert latest_act_day(target, 3, DAY, CALENDAR) == date(2026, 2, 23)
    assert latest_act_day(target, {DAY: 3, WORKING: 5}[unit], unit, CALENDAR) == latest


def test_nothing_moves_off_a_holiday_when_counting_backwards() -> None:
    assert latest_act_day(date(2026, 10, 20), 15, DAY, CALENDAR) == date(2026, 10, 4)


def test_days_off_do_not_make_a_plain_interval_consult_the_calendar() -> None:
    found = interval(date(2030, 1, 1), date(2030, 2, 1), 20, DAY, CALENDAR)

    assert (found.holds, found.years) == (True, ())


def test_working_days_beyond_the_known_years_are_refused() -> None:
    with pytest.raises(YearUnknown):
        holds(date(2027, 12, 28), date(2028, 2, 1), 10, WORKING, CALENDAR)


def test_an_interval_in_working_days_of_2027_says_that_it_is_provisional() -> None:
    found = interval(date(2026, 12, 28), date(2027, 1, 20), 10, WORKING, CALENDAR)

    assert (found.years, found.provisional) == ((2026, 2027), (2027,))
    assert "2027年日历为暂定" in found.zh


@pytest.mark.parametrize(("minutes", "lacking"), [(0, 0), (60, 0), (-1, 1), (-60, 1), (-61, 2), (-24 * 60, 24)])
def test_hours_lie_between_to_the_instant(minutes: int, lacking: int) -> None:
    notice = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)

    found = interval(notice, notice + timedelta(hours=24, minutes=minutes), 24, HOUR, CALENDAR)

    assert (found.holds, found.lacking) == (lacking == 0, lacking)


@pytest.mark.parametrize(
    ("target", "kept"), [(date(2026, 3, 10), False), (date(2026, 3, 11), True), (date(2025, 3, 9), False)]
)
def test_twelve_months_between_end_on_the_same_day(target: date, *, kept: bool) -> None:
    found = interval(date(2025, 3, 10), target, 12, Unit.MONTH, CALENDAR)

    assert found.holds == kept
    assert found.lacking == (0 if kept else None)
    assert earliest_target_day(date(2025, 3, 10), 1, Unit.YEAR, CALENDAR) == date(2026, 3, 11)


def test_an_interval_explains_itself_in_both_languages() -> None:
    short = interval(date(2026, 12, 1), date(2026, 12, 21), 20, DAY, CALENDAR)
    enough = interval(date(2026, 12, 1), date(2026, 12, 21), 20, DAY, CALENDAR, reading=GENEROUS)

    assert short.zh == (
        "自2026-12-01起算20日（当日不计入）数至2026-12-21，届至日2026-12-21不计入：短于最短间隔，尚缺1日。"
        "依据：民法典 第二百零一条、平台规则 最短间隔。"
    )
    assert short.en == (
        "20 calendar days from 2026-12-01 (that day not counted) run to 2026-12-21; 2026-12-21 is not counted: "
        "the least interval is not kept, 1 calendar day short [民法典 第二百零一条, 平台规则 最短间隔]."
    )
    assert "届至日2026-12-21计入：满足最短间隔。" in enough.zh
    assert "2026-12-21 is counted: the least interval is kept" in enough.en


@pytest.mark.parametrize("unit", [HOUR, Unit.MONTH, Unit.YEAR, Unit.COUNT])
def test_only_days_are_counted_backwards(calendar: Calendar, unit: Unit) -> None:
    with pytest.raises(ValueError, match="not counted backwards"):
        latest_act_day(date(2026, 12, 1), 1, unit, calendar)


def test_the_earliest_instant_in_hours_is_a_time_limit(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="ends_at"):
        earliest_target_day(date(2026, 12, 1), 1, HOUR, calendar)
