"""What every line with a public list answers alike: the list by pages, its documents, the events told, the rulebook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, delete, insert, select

from shared.kernel.canonical import instant
from shared.kernel.errors import NotFound
from shared.kernel.message import Event, Identifier, Message, Sha256
from shared.kernel.record import Record
from shared.platform.door import Query
from shared.runtime.queries import arguments
from shared.runtime.tools import Tools
from shared.store import rulebooks

PAGE = 50
"""How many procedures one page holds at most."""


class OfProcedure(Message):
    """Asks for something of one procedure."""

    id: Identifier


class OfDocument(Message):
    """Asks about a document by its digest."""

    sha256: Sha256


class OfPage(Message):
    """Asks for a page of the list, after the cursor of the page before."""

    after: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a procedure as one asker may be told it."""

    record: Record
    event: Event


class PublicList:
    """The public list of a line and the documents of what is on it: two query tables, and what they answer.

    `of` is what a procedure of the line is called; `columns` are those that the line shows besides what all show.
    """

    def __init__(self, metadata: MetaData, of: str, columns: Iterable[str]) -> None:
        self.procedure = Table(
            "procedure",
            metadata,
            Column("stream", String, primary_key=True),
            Column("announced_at", String, nullable=False, index=True),
            *(Column(name, String, nullable=False) for name in ("phase", "title", "region", *columns)),
            comment=f"What the public list shows of each announced {of}; rebuilt from the journal.",
        )
        self.document = Table(
            "document",
            metadata,
            Column("sha256", String, primary_key=True),
            Column("stream", String, primary_key=True),
            comment=f"The documents of announced {of}s; rebuilt from the journal.",
        )

    def put(self, connection: Connection, stream: str, row: Mapping[str, str]) -> None:
        """Put a procedure on the list, or anew."""
        connection.execute(delete(self.procedure).where(self.procedure.c.stream == stream))
        connection.execute(insert(self.procedure).values(stream=stream, **row))

    def make_public(self, connection: Connection, stream: str, digests: Iterable[str]) -> None:
        """Let everyone download a procedure's documents, by their digests."""
        of, wanted = self.document.c, set(digests)
        known = select(of.sha256).where(of.stream == stream, of.sha256.in_(wanted))
        new = wanted - set(connection.execute(known).scalars())
        if new:
            connection.execute(insert(self.document), [{"sha256": sha256, "stream": stream} for sha256 in new])

    def page(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return a page of the list, newest first; `after` is the cursor that the page before gave."""
        after, of = arguments(OfPage, query).after, self.procedure.c
        wanted = select(self.procedure).order_by(of.announced_at.desc(), of.stream).limit(PAGE + 1)
        if after is not None:
            at, _, stream = after.partition(" ")
            wanted = wanted.where((of.announced_at < at) | ((of.announced_at == at) & (of.stream > stream)))
        rows = [{str(name): value for name, value in row.items()} for row in connection.execute(wanted).mappings()]
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        return {"procedures": rows[:PAGE], "after": last and f"{last['announced_at']} {last['stream']}"}

    def is_document(self, _tools: Tools, connection: Connection, query: Query) -> dict[str, Any]:
        """Return whether a digest is that of a document of an announced procedure, which anyone may download."""
        of, sha256 = self.document.c, arguments(OfDocument, query).sha256
        found = connection.execute(select(of.sha256).where(of.sha256 == sha256).limit(1)).scalar()
        return {"public": found is not None}


def stream_of(query: Query) -> str:
    """Return the procedure that a query is about. Raise BadInput."""
    return arguments(OfProcedure, query).id


def events_told(told: Iterable[Told]) -> dict[str, Any]:
    """Return events, oldest first, as they are told. Their numbers stay away: gaps would tell of others."""
    return {
        "events": [{"type": item.record.type, "at": instant(item.record.at), "data": item.record.data} for item in told]
    }


def rulebook_text(connection: Connection, rulebook: str | None) -> dict[str, Any]:
    """Return the rulebook of a digest and the calendar files that it pins, as their exact text.

    Raise NotFound without a digest: before a procedure is announced it is held under no rulebook.
    """
    body = None if rulebook is None else rulebooks.body_of(connection, rulebook)
    if body is None:
        raise NotFound("该项目尚未公告", "the procedure is not announced yet")
    return {
        "rulebook": body.decode(),
        "calendars": [year.decode() for year in rulebooks.years_of(connection, body).values()],
    }
