"""The rulebooks that procedures were announced under, kept by digest for as long as there are procedures."""

from sqlalchemy import Connection, insert, select

from shared.law.calendar import Calendar
from shared.law.rulebook import Rulebook, parse
from shared.procedure.books import Books
from shared.store.tables import rulebook


def keep(connection: Connection, books: Books, made: Rulebook, calendar: Calendar) -> tuple[str, str]:
    """Keep a rulebook and put it on the shelf; return its digest and its calendar's."""
    names = books.put(made, calendar)
    known = connection.execute(select(rulebook.c.digest).where(rulebook.c.digest == names[0])).scalar()
    if known is None:
        connection.execute(insert(rulebook).values(digest=names[0], calendar=names[1], body=made.canonical()))
    return names


def shelve(connection: Connection, books: Books, calendar: Calendar) -> None:
    """Put every kept rulebook that was made with `calendar` on the shelf, as a service does when it starts."""
    for body in connection.execute(select(rulebook.c.body).where(rulebook.c.calendar == calendar.digest)).scalars():
        books.put(parse(bytes(body)), calendar)


def body_of(connection: Connection, name: str) -> bytes | None:
    """Return a rulebook's canonical bytes by its digest, or None."""
    body = connection.execute(select(rulebook.c.body).where(rulebook.c.digest == name)).scalar()
    return None if body is None else bytes(body)
