from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.kernel import canonical
from shared.law.calendar import FOLDER, Calendar, YearUnknown, parse_year
from shared.law.clause import Unit
from shared.law.counting import Reading, Rollover
from shared.law.findings import BEIJING, day_of, end_of
from shared.law.periods import ends_at, last_day, period, recounted

DAY, WORKING, MONTH, YEAR, HOUR = Unit.DAY, Unit.WORKING_DAY, Unit.MONTH, Unit.YEAR, Unit.HOUR


@pytest.mark.parametrize(
    ("start", "n", "unit", "last"),
    [
        # 异议答复 3 日 against 投诉受理 3 工作日, both from Thursday 3 December 2026.
        (date(2026, 12, 3), 3, DAY, date(2026, 12, 7)),  # the 6th is a Sunday
        (date(2026, 12, 3), 3, WORKING, date(2026, 12, 8)),
        # 工程发售 5 日 against 采购提供 5 工作日, from Tuesday 1 December.
        (date(2026, 12, 1), 5, DAY, date(2026, 12, 7)),
        (date(2026, 12, 1), 5, WORKING, date(2026, 12, 8)),
        # 土地挂牌 10 日 against 矿业权挂牌 10 工作日.
        (date(2026, 12, 1), 10, DAY, date(2026, 12, 11)),
        (date(2026, 12, 1), 10, WORKING, date(2026, 12, 15)),
    ],
)
def test_days_and_working_days_end_apart(calendar: Calendar, start: date, n: int, unit: Unit, last: date) -> None:
    assert last_day(start, n, unit, calendar) == last


@pytest.mark.parametrize(
    ("start", "n", "unit", "last"),
    [
        # The day before National Day 2026 (1-7 October off, Saturday the 10th worked).
        (date(2026, 9, 30), 3, DAY, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, WORKING, date(2026, 10, 10)),
        # Across the Spring Festival of 2026 (15-23 February off, the 14th and 28th worked).
        (date(2026, 2, 13), 1, DAY, date(2026, 2, 14)),
        (date(2026, 2, 13), 1, WORKING, date(2026, 2, 14)),
        (date(2026, 2, 13), 5, DAY, date(2026, 2, 24)),
        (date(2026, 2, 13), 5, WORKING, date(2026, 2, 27)),
        (date(2026, 2, 13), 6, WORKING, date(2026, 2, 28)),
        # An act done on a day off: that day is not counted either way.
        (date(2026, 10, 3), 1, WORKING, date(2026, 10, 8)),
    ],
)
def test_holidays_and_worked_weekends_are_counted_as_the_calendar_says(
    calendar: Calendar, start: date, n: int, unit: Unit, last: date
) -> None:
    assert last_day(start, n, unit, calendar) == last


@pytest.mark.parametrize(
    ("rollover_on", "start", "last"),
    [
        # 3 October is named by the measure, the 5th to 7th are arranged; 6 December is a plain Sunday.
        (Rollover.NON_WORKING_DAY, date(2026, 9, 23), date(2026, 10, 8)),
        (Rollover.HOLIDAY, date(2026, 9, 23), date(2026, 10, 8)),
        (Rollover.STATUTORY_HOLIDAY, date(2026, 9, 23), date(2026, 10, 4)),
        (Rollover.NON_WORKING_DAY, date(2026, 11, 26), date(2026, 12, 7)),
        (Rollover.HOLIDAY, date(2026, 11, 26), date(2026, 12, 6)),
        (Rollover.STATUTORY_HOLIDAY, date(2026, 11, 26), date(2026, 12, 6)),
    ],
)
def test_which_last_day_moves_is_a_declared_value(
    calendar: Calendar, rollover_on: Rollover, start: date, last: date
) -> None:
    assert last_day(start, 10, DAY, calendar, reading=Reading(rollover_on=rollover_on)) == last


@pytest.mark.parametrize(
    ("start", "n", "unit", "last"),
    [
        (date(2026, 1, 15), 1, MONTH, date(2026, 2, 24)),  # the 15th lies in the Spring Festival
        (date(2025, 11, 30), 3, MONTH, date(2026, 2, 28)),  # no 30 February; a Saturday, but worked
        (date(2024, 1, 31), 1, MONTH, date(2024, 2, 29)),
        (date(2024, 2, 29), 1, YEAR, date(2025, 2, 28)),
        (date(2025, 3, 10), 12, MONTH, date(2026, 3, 10)),
        (date(2025, 3, 10), 1, YEAR, date(2026, 3, 10)),
        (date(2025, 11, 10), 1, MONTH, date(2025, 12, 10)),
        (date(2025, 12, 10), 1, MONTH, date(2026, 1, 12)),  # the 10th is a Saturday
    ],
)
def test_months_and_years_end_on_the_same_day_or_the_months_end(
    calendar: Calendar, start: date, n: int, unit: Unit, last: date
) -> None:
    assert last_day(start, n, unit, calendar) == last


def test_a_limit_ends_at_24_00_in_beijing(calendar: Calendar) -> None:
    ends = ends_at(date(2026, 12, 1), 20, DAY, calendar)

    assert ends == datetime(2026, 12, 21, 16, tzinfo=UTC)
    assert ends == datetime(2026, 12, 22, 0, tzinfo=BEIJING)
    assert ends.tzinfo is UTC


@pytest.mark.parametrize(
    ("act", "last"),
    [
        (datetime(2026, 12, 1, 15, 59, 59, 999999, tzinfo=UTC), date(2026, 12, 11)),
        (datetime(2026, 12, 1, 16, 0, tzinfo=UTC), date(2026, 12, 14)),  # midnight in Beijing: 2 December
    ],
)
def test_the_day_of_an_act_is_the_day_in_beijing(calendar: Calendar, act: datetime, last: date) -> None:
    assert last_day(act, 10, DAY, calendar) == last


def test_hours_run_from_the_instant_and_move_off_no_holiday(calendar: Calendar) -> None:
    frozen = datetime(2026, 10, 1, 2, 30, tzinfo=UTC)

    limit = period(frozen, 24, HOUR, calendar)

    assert limit.ends_at == frozen + timedelta(hours=24)
    assert limit.years == ()
    assert "自2026-10-01 10:30:00起算24小时，于2026-10-02 10:30:00" in limit.zh
    assert "24 hours from 2026-10-01 10:30:00 end at 2026-10-02 10:30:00" in limit.en


def test_a_limit_says_which_days_off_it_passed_over(calendar: Calendar) -> None:
    moved = period(date(2026, 9, 30), 3, DAY, calendar)
    worked = period(date(2026, 12, 1), 5, WORKING, calendar)

    assert moved.passed_over == tuple(date(2026, 10, day) for day in (3, 4, 5, 6, 7))
    assert moved.counted_to == date(2026, 10, 3)
    assert worked.passed_over == (date(2026, 12, 5), date(2026, 12, 6))


def test_a_limit_explains_itself_in_both_languages(calendar: Calendar) -> None:
    plain = period(date(2026, 12, 1), 20, DAY, calendar)
    moved = period(date(2026, 9, 30), 3, DAY, calendar)
    month = period(date(2025, 11, 10), 1, MONTH, calendar)

    assert plain.zh == (
        "自2026-12-01起算20日（当日不计入），数至2026-12-21，于2026-12-21 24:00（北京时间）届满。"
        "依据：民法典 第二百零一条、民法典 第二百零三条。"
    )
    assert plain.en == (
        "20 calendar days from 2026-12-01 (that day not counted) run to 2026-12-21; the limit ends at 24:00 Beijing "
        "time on 2026-12-21 [民法典 第二百零一条, 民法典 第二百零三条]."
    )
    assert "末日移至2026-10-08，因原末日休假" in moved.zh
    assert "moved to 2026-10-08, as the last day was off" in moved.en
    assert "民法典 第二百零二条" in month.zh
    assert "1 month from" in month.en


def test_a_limit_says_when_a_provisional_year_was_consulted(calendar: Calendar) -> None:
    within = period(date(2026, 12, 1), 20, DAY, calendar)
    beyond = period(date(2026, 12, 20), 20, DAY, calendar)

    assert (within.years, within.provisional) == ((2026,), ())
    assert (beyond.last_day, beyond.years, beyond.provisional) == (date(2027, 1, 11), (2027,), (2027,))
    assert "2027年日历为暂定" in beyond.zh
    assert "2027 is provisional" in beyond.en


def test_a_limit_beyond_the_known_years_is_refused(calendar: Calendar) -> None:
    with pytest.raises(YearUnknown):
        last_day(date(2027, 12, 31), 1, DAY, calendar)
    with pytest.raises(YearUnknown):
        last_day(date(2027, 12, 31), 1, WORKING, calendar)


def publish_2027(calendar: Calendar, *, off: tuple[str, ...] = (), worked: tuple[str, ...] = ()) -> Calendar:
    """Return the calendar with an invented notice for 2027."""
    body = canonical.decode((FOLDER / "2027.json").read_bytes())
    body["provisional"] = False
    body["holidays"] += [{"date": day, "name": "元旦", "statutory": False} for day in off]
    body["workdays"] = [{"date": day, "name": "元旦"} for day in worked]
    return calendar.published(parse_year(canonical.encode(body)))


def test_a_newly_published_year_lengthens_an_open_limit(calendar: Calendar) -> None:
    told = period(date(2026, 12, 24), 20, DAY, calendar)

    counted = recounted(told, publish_2027(calendar, off=("2027-01-13", "2027-01-14")))

    assert told.last_day == date(2027, 1, 13)
    assert (counted.last_day, counted.kept, counted.provisional) == (date(2027, 1, 15), False, ())


def test_a_newly_published_year_never_shortens_an_open_limit(calendar: Calendar) -> None:
    told = period(date(2026, 12, 20), 20, DAY, calendar)

    counted = recounted(told, publish_2027(calendar, worked=("2027-01-09",)))

    assert last_day(date(2026, 12, 20), 20, DAY, publish_2027(calendar, worked=("2027-01-09",))) == date(2027, 1, 9)
    assert counted == replace(told, counted_to=date(2027, 1, 9), passed_over=(), provisional=(), kept=True)
    assert "不短于先前告知的期限" in counted.zh
    assert "not shortened" in counted.en


def test_a_limit_in_hours_is_left_alone_by_a_new_calendar(calendar: Calendar) -> None:
    told = period(datetime(2026, 12, 31, tzinfo=UTC), 48, HOUR, calendar)

    assert recounted(told, publish_2027(calendar)) is told


@pytest.mark.parametrize("n", [0, -1, 36_526])
def test_a_period_of_no_length_or_beyond_a_century_is_refused(calendar: Calendar, n: int) -> None:
    for unit in (DAY, WORKING, MONTH, YEAR):
        with pytest.raises(ValueError, match="units"):
            period(date(2026, 12, 1), n, unit, calendar)
    with pytest.raises(ValueError, match="units"):
        period(datetime(2026, 12, 1, tzinfo=UTC), n, HOUR, calendar)


@pytest.mark.parametrize("unit", [Unit.COUNT, Unit.FEN, Unit.SHARE, Unit.MINUTE, Unit.RULE])
def test_what_is_not_counted_in_days_has_no_last_day(calendar: Calendar, unit: Unit) -> None:
    with pytest.raises(ValueError, match="not a unit of time"):
        last_day(date(2026, 12, 1), 1, unit, calendar)


def test_times_without_a_zone_and_hours_without_an_instant_are_refused(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="zone"):
        day_of(datetime(2026, 12, 1))  # noqa: DTZ001 - the very fault
    with pytest.raises(ValueError, match="aware"):
        period(date(2026, 12, 1), 24, HOUR, calendar)


def test_the_end_of_a_day_is_the_start_of_the_next() -> None:
    assert day_of(end_of(date(2026, 12, 31))) == date(2027, 1, 1)
    assert day_of(end_of(date(2026, 12, 31)) - timedelta(microseconds=1)) == date(2026, 12, 31)
