"""Invented notices: calendar years as they might be published, with more days off and weekend days worked."""

from collections.abc import Sequence
from datetime import date

from shared.kernel.canonical import decode, encode
from shared.law.calendar import CalendarYear, packaged, parse_year


def published_file(year: int = 2027, *, off: Sequence[date] = (), worked: Sequence[date] = ()) -> bytes:
    """Return the file of a year as an invented notice arranges it: what is known, with more days off and worked."""
    body = decode(next(data for data in packaged() if parse_year(data).year == year))
    rows = [{"date": day.isoformat(), "name": "元旦", "statutory": False} for day in off]
    body["holidays"] = sorted(body["holidays"] + rows, key=lambda row: str(row["date"]))
    body["workdays"] += [{"date": day.isoformat(), "name": "元旦"} for day in sorted(worked)]
    return encode({**body, "provisional": False})


def published_year(year: int = 2027, *, off: Sequence[date] = (), worked: Sequence[date] = ()) -> CalendarYear:
    """Return a year as an invented notice arranges it."""
    return parse_year(published_file(year, off=off, worked=worked))
