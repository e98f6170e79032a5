"""The official working calendar as a value: one dated file a year, which days are worked, and how sure that is.

A year is published (the State Council's notice is out) or provisional (weekends and the fixed days of
全国年节及纪念日放假办法 alone). Nothing here reads a file while a decision is made: load once, pass the value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from shared.kernel import canonical
from shared.kernel.errors import Refusal

FOLDER = Path(__file__).parent / "calendars"
SATURDAY = 5
DAY = timedelta(days=1)
FILE = {"year": int, "provisional": bool, "origin": dict, "holidays": list, "workdays": list}
HOLIDAY = {"date": str, "name": str, "statutory": bool}
WORKDAY = {"date": str, "name": str}
"""What a calendar file holds, and its rows."""


class YearUnknown(Refusal, LookupError):
    """A day lies in a year whose calendar this installation does not have."""

    code = "calendar_year_unknown"


class BadCalendar(ValueError):
    """A calendar file contradicts itself; the message names the day."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off of the year's notice. `statutory`: named by 全国年节及纪念日放假办法 itself, not only arranged."""

    day: date
    name: str
    statutory: bool


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year: its days off, the weekend days worked instead (调休), where they come from, its file's SHA-256."""

    year: int
    provisional: bool
    origin: Mapping[str, Any]
    holidays: Mapping[date, Holiday]
    workdays: frozenset[date]
    digest: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The years an installation knows."""

    years: Mapping[int, CalendarYear]

    def is_working_day(self, day: date) -> bool:
        """Return whether `day` is a 工作日: a 调休 weekend day is, a day off of the notice is not."""
        year = self._year(day)
        return day in year.workdays or (day.weekday() < SATURDAY and day not in year.holidays)

    def is_holiday(self, day: date) -> bool:
        """Return whether `day` is off by the year's holiday notice (放假), arranged days included."""
        return self.holiday(day) is not None

    def is_statutory_holiday(self, day: date) -> bool:
        """Return whether 全国年节及纪念日放假办法 itself names `day` as a day off (法定休假日, narrow reading)."""
        holiday = self.holiday(day)
        return holiday is not None and holiday.statutory

    def holiday(self, day: date) -> Holiday | None:
        """Return the holiday that `day` belongs to, or None on other days."""
        return self._year(day).holidays.get(day)

    def next_working_day(self, day: date) -> date:
        """Return `day` itself if it is worked, else the first working day after it."""
        while not self.is_working_day(day):
            day += DAY
        return day

    def provisional(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years from `first` to `last` whose calendar is provisional."""
        return tuple(y for y in range(first.year, last.year + 1) if y in self.years and self.years[y].provisional)

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical list of the years' digests."""
        years = [{"year": year, "digest": self.years[year].digest} for year in sorted(self.years)]
        return canonical.digest(canonical.encode(years))

    def published(self, year: CalendarYear) -> "Calendar":
        """Return the calendar with `year` added, or in the place of what was known of it.

        Raise BadCalendar for a provisional file where the year is published already.
        """
        known = self.years.get(year.year)
        if known and year.provisional and not known.provisional:
            raise BadCalendar(
                f"{year.year} is published; a provisional file cannot replace it",
                f"{year.year}年的日历已公布，不能换成暂定的",
            )
        return Calendar({**self.years, year.year: year})

    def _year(self, day: date) -> CalendarYear:
        try:
            return self.years[day.year]
        except KeyError:
            known = f"{min(self.years)}-{max(self.years)}" if self.years else "-"
            raise YearUnknown(
                f"没有{day.year}年的工作日历（现有{known}），无法计算涉及{day.isoformat()}的期间",
                f"there is no working calendar for {day.year} (known: {known}), needed for {day.isoformat()}",
            ) from None


def days_of(first: date, last: date) -> list[date]:
    """Return the days from the first to the last, both included."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def calendar_of(years: Iterable[CalendarYear]) -> Calendar:
    """Return the calendar made of these years."""
    return Calendar({year.year: year for year in years})


@lru_cache(maxsize=64)  # the same few years are asked for again and again
def parse_year(data: bytes) -> CalendarYear:
    """Return the year that a calendar file's canonical bytes hold. Raise BadCalendar or NotCanonical."""
    body = _checked(canonical.decode(data))
    rows = [Holiday(_day(row), row["name"], row["statutory"]) for row in body["holidays"]]
    worked = [_day(row) for row in body["workdays"]]
    holidays = {holiday.day: holiday for holiday in rows}
    if len(holidays) != len(rows) or len(set(worked)) != len(worked):
        raise BadCalendar(f"{body['year']}: a day stands twice", f"{body['year']}年：有重复的日子")
    for day in (*holidays, *worked):
        if day.year != body["year"]:
            raise BadCalendar(f"{day} is not in {body['year']}", f"{day} 不在 {body['year']} 年")
    for day in worked:
        if day in holidays or day.weekday() < SATURDAY:
            raise BadCalendar(
                f"{day} is worked instead of a weekend day, yet it is a holiday or a weekday",
                f"{day} 列为调休上班，却是放假日或者平日",
            )
    return CalendarYear(
        body["year"], body["provisional"], body["origin"], holidays, frozenset(worked), canonical.digest(data)
    )


@cache
def packaged(folder: Path = FOLDER) -> tuple[bytes, ...]:
    """Return the canonical bytes of every year's file of `folder`; read once, never while deciding."""
    return tuple(path.read_bytes() for path in sorted(folder.glob("[0-9]*.json")))


def load_calendar(folder: Path = FOLDER) -> Calendar:
    """Return the calendar that came with this installation."""
    return calendar_of(map(parse_year, packaged(folder)))


def _checked(body: Any) -> dict[str, Any]:
    """Return the body of a calendar file. Raise BadCalendar where it has not the shape of one."""
    _require(body, FILE, "a calendar file", "日历文件")
    year, notices = body["year"], body["origin"].get("notices")
    if not isinstance(notices, list) or not any(isinstance(one, dict) and one.get("name") for one in notices):
        raise BadCalendar(f"{year}: the origin names no notice", f"{year}年：来源没有列明通知")
    for row in body["holidays"]:
        _require(row, HOLIDAY, f"{year}: a row of holidays", f"{year}年放假日一行")
    for row in body["workdays"]:
        _require(row, WORKDAY, f"{year}: a row of workdays", f"{year}年调休上班日一行")
    found: dict[str, Any] = body
    return found


def _require(value: Any, fields: Mapping[str, type], what: str, zh: str) -> None:
    if not isinstance(value, dict) or {name: type(item) for name, item in value.items()} != fields:
        names = ", ".join(fields)
        raise BadCalendar(f"{what} holds {names}, each of its kind, and nothing else", f"{zh}应有且只有 {names}")


def _day(row: dict[str, Any]) -> date:
    try:
        day = date.fromisoformat(row["date"])
    except ValueError as error:
        raise BadCalendar(f"not a day: {row['date']}", f"{row['date']} 不是日期") from error
    if day.isoformat() != row["date"]:
        raise BadCalendar(f"not a day as YYYY-MM-DD: {row['date']}", f"{row['date']} 应写作 YYYY-MM-DD")
    return day
