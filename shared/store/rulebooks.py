"""The rulebooks that procedures were announced under, kept by digest for as long as there are procedures."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from shared.law.calendar import Calendar
from shared.law.rulebook import Rulebook, parse
from shared.procedure.books import Books, NoSuchBook, pinned
from shared.store import calendars
from shared.store.tables import rulebook


def keep(connection: Connection, books: Books, made: Rulebook, calendar: Calendar) -> tuple[str, str]:
    """Keep a rulebook and put it on the shelf; return its digest and its calendar's, whose years are kept already."""
    names = books.put(made, calendar)
    known = connection.execute(select(rulebook.c.digest).where(rulebook.c.digest == names[0])).scalar()
    if known is None:
        connection.execute(insert(rulebook).values(digest=names[0], calendar=names[1], body=made.canonical()))
    return names


def shelve(connection: Connection, books: Books, name: str, published: Sequence[str] = ()) -> None:
    """Put on the shelf what a procedure is held under: its rulebook, the years that it pins, those published since.

    So every process of a service has it, whichever announced the procedure, under whatever files were installed then.
    Raise NoSuchBook where the rulebook is not kept; a year that is not kept is missed by who needs it.
    """
    if books.has(name, published):
        return
    body = body_of(connection, name)
    if body is None:
        raise NoSuchBook(f"no rulebook with digest {name}")
    books.shelve(body, years_of(connection, body, published).values())


def years_of(connection: Connection, body: bytes, published: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the files, by digest, of the years that a rulebook pins and of those published since."""
    return calendars.bodies(connection, [*pinned(parse(body)), *published])


def body_of(connection: Connection, name: str) -> bytes | None:
    """Return a rulebook's canonical bytes by its digest, or None."""
    body = connection.execute(select(rulebook.c.body).where(rulebook.c.digest == name)).scalar()
    return None if body is None else bytes(body)
