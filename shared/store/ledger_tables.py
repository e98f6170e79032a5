"""The tables of the audit service: the ledger, its checkpoints, and what was found wrong.

All but `ledger_head` and `waiting` are append-only by the database's own refusal. Never altered after v1.
"""

from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    event,
    insert,
    select,
)

from shared.ledger.merkle import Frontier
from shared.store.tables import Number

metadata = MetaData()

Name = String().with_variant(String(collation="C"), "postgresql")
"""A plain word, in the order of its bytes on every database; comparing by a language's rules is far slower."""

SLOWLY = {"autovacuum_vacuum_cost_delay": 20}
"""How long autovacuum rests, in ms, each time it has done a little (2 where nothing is said).

Nothing here is ever dead, so there is no hurry, and at its usual pace it makes each batch of appends a quarter slower.
"""

entry = Table(
    "entry",
    metadata,
    Column("idx", Number, primary_key=True, autoincrement=False),
    Column("service", Name, nullable=False),
    Column("position", Number, nullable=False),
    Column("stream", Name, nullable=False),
    Column("version", Number, nullable=False),
    Column("type", Name, nullable=False),
    Column("at", Name, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    UniqueConstraint("service", "position"),
    UniqueConstraint("service", "stream", "version"),
    info={"append_only": True},
    comment="Every record with its public leaf, numbered from 0 as in the Merkle tree; `at` is when it was decided.",
    postgresql_with=SLOWLY,
)

tile = Table(
    "tile",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("n", Number, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    info={"append_only": True},
    comment="The full tiles of the tree; `root` is the tile's own root, its hash in the tile above.",
)

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("size", Number, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("positions", LargeBinary, nullable=False),
    comment="One row: the tree's size and right edge, and each service's last position. Locking it orders all writes.",
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
    Column("positions", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    info={"append_only": True},
    comment="Every checkpoint that was signed, with the last position of each service that it covers.",
)

cosignature = Table(
    "cosignature",
    metadata,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("witness", String, primary_key=True),
    Column("line", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    info={"append_only": True},
    comment="What witnesses signed below a checkpoint.",
)

waiting = Table(
    "waiting",
    metadata,
    Column("service", Name, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    comment="Records that came before one that is missing; they enter the ledger after it.",
)

finding = Table(
    "finding",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("code", String, nullable=False),
    Column("service", String),
    Column("first", Number),
    Column("last", Number),
    Column("zh", String, nullable=False),
    Column("en", String, nullable=False),
    Column("at", String, nullable=False),
    Column("leaf", LargeBinary),
    Column("body", LargeBinary),
    info={"append_only": True},
    comment="What broke a rule of the record, each once, with the bytes that show it; told to the supervisor.",
)

APPEND_ONLY = tuple(name for name, table in metadata.tables.items() if table.info.get("append_only"))


@event.listens_for(metadata, "after_create")
def _prepare(_metadata: MetaData, connection: Connection, **_options: Any) -> None:
    """Put the head row in place, each time the tables are asked for."""
    if connection.execute(select(ledger_head.c.id)).first() is None:
        first = {"id": 1, "size": 0, "frontier": Frontier().to_bytes(), "positions": b"{}"}
        connection.execute(insert(ledger_head).values(**first))
