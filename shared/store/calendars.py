"""The calendar years that were ever used here, by digest, and which of each year's files counts now."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from shared.law.calendar import Calendar, CalendarYear, calendar_of, packaged, parse_year
from shared.store.tables import calendar_year as table

INSTALLED = 0
"""The revision of a file that came with the installation; published ones have 1 and up."""


def keep(connection: Connection, body: bytes, revision: int) -> CalendarYear:
    """Keep the file of a year, once."""
    year = parse_year(body)
    row = {"year": year.year, "revision": revision, "digest": year.digest}
    same = [table.c[name] == value for name, value in row.items()]
    if connection.execute(select(table.c.year).where(*same)).first() is None:
        connection.execute(insert(table).values(**row, body=body))
    return year


def seed(connection: Connection) -> None:
    """Keep the files of this installation, so that what they were is still known after its next upgrade."""
    for body in packaged():
        keep(connection, body, INSTALLED)


def standing(connection: Connection) -> dict[int, tuple[int, bytes]]:
    """Return the file that counts of each year, with its revision: the last published, else the installed one."""
    files = {parse_year(body).year: (INSTALLED, body) for body in packaged()}
    published = select(table.c.year, table.c.revision, table.c.body).where(table.c.revision > INSTALLED)
    for year, revision, body in connection.execute(published.order_by(table.c.year, table.c.revision)):
        files[year] = (revision, bytes(body))
    return dict(sorted(files.items()))


def current(connection: Connection) -> Calendar:
    """Return the calendar that procedures announced now are held under."""
    return calendar_of(parse_year(body) for _, body in standing(connection).values())


def bodies(connection: Connection, digests: Iterable[str]) -> dict[str, bytes]:
    """Return those files that are kept, by digest."""
    rows = connection.execute(select(table.c.digest, table.c.body).where(table.c.digest.in_(list(digests))))
    return {digest: bytes(body) for digest, body in rows}
