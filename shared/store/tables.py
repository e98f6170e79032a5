"""The tables that every service has; its own query tables stand in its `views.py`.

Append-only by the database's own refusal: journal, command, stream. Never altered after v1.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

metadata = MetaData()

Number = BigInteger().with_variant(Integer, "sqlite")

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Number, nullable=False),
    comment="One row: the last position of the journal. Locking it orders the service's writes.",
)

relayed = Table(
    "relayed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Number, nullable=False),
    comment="One row: the last position that the relay has given to the broker; a row of its own, so it never waits.",
)

health = Table(
    "health",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("echo", String, nullable=False),
    Column("came_round", String),
    Column("came_at", String),
    Column("down_since", String),
    Column("mended_at", String),
    comment="One row: the echo that is to be told, the last that came round, the last gap, and since when none is.",
)

stream = Table(
    "stream",
    metadata,
    Column("stream", String, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    comment="The key of each stream's tags in the public log.",
)

journal = Table(
    "journal",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False),
    Column("version", Number, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version"),
    comment="Every record and its public leaf, in commit order, without a gap.",
)

command = Table(
    "command",
    metadata,
    Column("actor", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("body_digest", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("version", Number, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    comment="Every decided request with all that the decision read, its first version, and the answer given, for ever.",
)

timer = Table(
    "timer",
    metadata,
    Column("id", String, primary_key=True),
    Column("due_at", String, nullable=False),
    Column("claimed_until", String, nullable=False),
    Column("stream", String, nullable=False),
    Column("command", LargeBinary, nullable=False),
    Index("timer_due", "due_at"),
    comment="Commands that the platform will give itself; times are canonical text, so they sort.",
)

arrival = Table(
    "arrival",
    metadata,
    Column("actor", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("stream", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("arrival_stream", "stream", "received_at"),
    Index("arrival_received", "received_at"),
    comment="What the door has received in full, committed before it is sent on; `sealed` is under the door's key.",
)

inbox = Table(
    "inbox",
    metadata,
    Column("service", String, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    comment="Events of other services that have had their effect here.",
)

aside = Table(
    "aside",
    metadata,
    Column("service", String, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("cause", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    comment="Events of other services whose effect kept failing here: set aside, and tried again from time to time.",
)

secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    comment="What only the running service may use, under its vault key.",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("stream", String, primary_key=True),
    Column("reason", String, nullable=False),
    comment="Streams whose history does not fold; they take no commands.",
)

rulebook = Table(
    "rulebook",
    metadata,
    Column("digest", String, primary_key=True),
    Column("calendar", String, nullable=False),
    Column("body", LargeBinary, nullable=False),
    comment="The rulebooks that procedures are pinned to, by digest, with the calendar that each was made with.",
)

calendar_year = Table(
    "calendar_year",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("digest", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    comment="Every file of a calendar year that was ever used here: as published, from revision 1; as installed, 0.",
)

work = Table(
    "work",
    metadata,
    Column("kind", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    comment="What the service still has to do, or has brought together for its next decision, per stream.",
)

APPEND_ONLY = ("journal", "command", "stream", "rulebook", "calendar_year")
