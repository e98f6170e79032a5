"""The kernel's tables as revisions made them; each line's own revisions call these. What a release has is never edited.

A kernel table that changes gets a function here, and each line a revision that calls it. No function but `make_first`
may touch the append-only tables.
"""

from typing import Any

from alembic import op
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

from shared.store.guards import forbid_rewriting

Number = BigInteger().with_variant(Integer, "sqlite")

first = MetaData()

Table(
    "head",
    first,
    Column("id", Integer, primary_key=True),
    Column("position", Number, nullable=False),
    comment="One row: the last position of the journal. Locking it orders the service's writes.",
)

Table(
    "relayed",
    first,
    Column("id", Integer, primary_key=True),
    Column("position", Number, nullable=False),
    comment="One row: the last position that the relay has given to the broker; a row of its own, so it never waits.",
)

Table(
    "health",
    first,
    Column("id", Integer, primary_key=True),
    Column("echo", String, nullable=False),
    Column("came_round", String),
    Column("came_at", String),
    Column("down_since", String),
    Column("mended_at", String),
    comment="One row: the echo that is to be told, the last that came round, the last gap, and since when none is.",
)

Table(
    "stream",
    first,
    Column("stream", String, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    comment="The key of each stream's tags in the public log.",
)

Table(
    "journal",
    first,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False),
    Column("version", Number, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version"),
    comment="Every record and its public leaf, in commit order, without a gap.",
)

Table(
    "command",
    first,
    Column("actor", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("body_digest", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("version", Number, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    comment="Every decided request with all that the decision read, its first version, and the answer given, for ever.",
)

Table(
    "timer",
    first,
    Column("id", String, primary_key=True),
    Column("due_at", String, nullable=False),
    Column("claimed_until", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("command", LargeBinary, nullable=False),
    Index("timer_due", "due_at"),
    comment="Commands that the platform will give itself; times are canonical text, so they sort.",
)

Table(
    "arrival",
    first,
    Column("actor", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("stream", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("arrival_stream", "stream", "received_at"),
    Index("arrival_received", "received_at"),
    comment="What the door has received in full, committed before it is sent on; `sealed` is under the door's key.",
)

Table(
    "inbox",
    first,
    Column("service", String, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    comment="Events of other services that have had their effect here.",
)

Table(
    "aside",
    first,
    Column("service", String, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    comment="Events of other services whose effect kept failing here: set aside, and tried again from time to time.",
)

Table(
    "secret",
    first,
    Column("name", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    comment="What only the running service may use, under its vault key.",
)

Table(
    "quarantine",
    first,
    Column("stream", String, primary_key=True),
    Column("reason", String, nullable=False),
    comment="Streams whose history does not fold; they take no commands.",
)

Table(
    "rulebook",
    first,
    Column("digest", String, primary_key=True),
    Column("calendar", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    comment="The rulebooks that procedures are pinned to, by digest, with the calendar that each was made with.",
)

Table(
    "calendar_year",
    first,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("digest", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    comment="Every file of a calendar year that was ever used here: as published, from revision 1; as installed, 0.",
)

Table(
    "work",
    first,
    Column("kind", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    comment="What the service still has to do, or has brought together for its next decision, per stream.",
)

APPEND_ONLY = ("journal", "command", "stream", "rulebook", "calendar_year")


def make_first() -> None:
    """Make what is missing of the first release's tables, with their triggers and counters."""
    first.create_all(op.get_bind())
    for counter in ("head", "relayed"):
        first_row(first.tables[counter], id=1, position=0)
    first_row(first.tables["health"], id=1, echo="")
    forbid_rewriting(op.get_bind(), APPEND_ONLY)


def drop_first() -> None:
    """Take the first release's tables away."""
    first.drop_all(op.get_bind())


def first_row(counter: Table, **values: Any) -> None:
    """Put the one row of a counter into it, if it has none."""
    connection = op.get_bind()
    if connection.execute(counter.select()).first() is None:
        connection.execute(counter.insert().values(**values))
