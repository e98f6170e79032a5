from datetime import date, timedelta

import chinese_calendar
import pytest

from shared.kernel import canonical
from shared.kernel.errors import Refusal
from shared.law.calendar import FOLDER, BadCalendar, Calendar, YearUnknown, load_calendar, parse_year
from shared.law.calendars import make

PUBLISHED = range(2020, 2027)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(n) for n in range(365 + (year % 4 == 0))]


@pytest.mark.parametrize("year", make.YEARS)
def test_every_file_is_what_its_script_makes(year: int) -> None:
    assert (FOLDER / f"{year}.json").read_bytes() == make.build(year)


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_published_year_agrees_with_the_package_day_by_day(calendar: Calendar, year: int) -> None:
    for day in days_of(year):
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day


@pytest.mark.parametrize("year", make.YEARS)
def test_the_measure_names_eleven_days_until_2024_and_thirteen_from_2025(calendar: Calendar, year: int) -> None:
    named = [day for day in days_of(year) if calendar.is_statutory_holiday(day)]

    # 2020: 国庆节 and 中秋节 share 1 October.
    assert len(named) == (13 if year >= 2025 else 11) - (year == 2020)


def test_a_weekend_day_worked_in_exchange_is_a_working_day(calendar: Calendar) -> None:
    saturday, sunday = date(2026, 10, 10), date(2026, 9, 20)

    assert (saturday.weekday(), sunday.weekday()) == (5, 6)
    assert calendar.is_working_day(saturday)
    assert calendar.is_working_day(sunday)
    assert not calendar.is_holiday(saturday)


def test_an_arranged_day_off_is_a_holiday_but_not_one_that_the_measure_names(calendar: Calendar) -> None:
    named, arranged = date(2026, 10, 1), date(2026, 10, 7)

    assert calendar.is_statutory_holiday(named)
    assert calendar.is_holiday(arranged)
    assert not calendar.is_statutory_holiday(arranged)
    assert not calendar.is_working_day(arranged)


def test_a_plain_weekend_is_neither_worked_nor_a_holiday(calendar: Calendar) -> None:
    assert not calendar.is_working_day(date(2026, 12, 5))
    assert not calendar.is_holiday(date(2026, 12, 5))


def test_the_first_working_day_after_the_spring_festival_of_2026_is_the_24th(calendar: Calendar) -> None:
    assert calendar.next_working_day(date(2026, 2, 15)) == date(2026, 2, 24)
    assert calendar.next_working_day(date(2026, 2, 14)) == date(2026, 2, 14)


def test_only_2027_is_provisional_and_has_the_thirteen_named_days(calendar: Calendar) -> None:
    named = [day for day in days_of(2027) if calendar.is_holiday(day)]

    assert calendar.provisional(date(2020, 1, 1), date(2027, 12, 31)) == (2027,)
    assert named == [
        date(2027, 1, 1),
        *(date(2027, 2, day) for day in (5, 6, 7, 8)),
        date(2027, 4, 5),
        *(date(2027, 5, day) for day in (1, 2)),
        date(2027, 6, 9),
        date(2027, 9, 15),
        *(date(2027, 10, day) for day in (1, 2, 3)),
    ]


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2028, 1, 1)])
def test_a_day_outside_the_known_years_is_refused_in_both_languages(calendar: Calendar, day: date) -> None:
    with pytest.raises(YearUnknown) as refused:
        calendar.is_working_day(day)

    assert isinstance(refused.value, Refusal)
    assert isinstance(refused.value, LookupError)
    assert str(day.year) in refused.value.zh
    assert "2020-2027" in refused.value.en


def test_every_published_file_names_the_notice_it_rests_on(calendar: Calendar) -> None:
    for year in PUBLISHED:
        notice = calendar.years[year].origin["notices"][0]
        assert notice["name"] == f"国务院办公厅关于{year}年部分节假日安排的通知"
        assert notice["number"].startswith(f"国办发明电〔{year - 1}〕")


def test_the_digest_is_of_the_files_bytes_and_changes_with_any_year(calendar: Calendar) -> None:
    without_2027 = Calendar({year: known for year, known in calendar.years.items() if year != 2027})

    assert calendar.years[2026].digest == canonical.digest((FOLDER / "2026.json").read_bytes())
    assert without_2027.digest != calendar.digest
    assert load_calendar().digest == calendar.digest


def test_a_published_year_takes_the_place_of_a_provisional_one_and_never_the_reverse(calendar: Calendar) -> None:
    provisional = calendar.years[2027]
    body = canonical.decode((FOLDER / "2027.json").read_bytes())
    published = parse_year(canonical.encode({**body, "provisional": False}))

    after = calendar.published(published)

    assert after.provisional(date(2027, 1, 1), date(2027, 12, 31)) == ()
    assert after.digest != calendar.digest
    with pytest.raises(BadCalendar, match="published"):
        after.published(provisional)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"workdays": [{"date": "2027-03-01", "name": "春节"}]}, "weekday"),
        ({"workdays": [{"date": "2027-02-06", "name": "春节"}]}, "holiday"),
        ({"workdays": [{"date": "2026-02-14", "name": "春节"}]}, "not in 2027"),
        ({"workdays": [{"date": "2027-02-20", "name": "春节"}] * 2}, "twice"),
        ({"holidays": [{"date": "2027-01-01", "name": "元旦", "statutory": True}] * 2}, "twice"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: dict[str, object], says: str) -> None:
    body = canonical.decode((FOLDER / "2027.json").read_bytes())

    with pytest.raises(BadCalendar, match=says):
        parse_year(canonical.encode({**body, **change}))


def test_a_file_in_another_spelling_is_refused() -> None:
    data = (FOLDER / "2027.json").read_bytes()

    with pytest.raises(canonical.NotCanonical):
        parse_year(data + b"\n")
