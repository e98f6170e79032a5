"""The audit's tables in the first release.

It makes what is missing, so that tables made before there were revisions are taken over as they are. Edited as long as
there is no release, so that it says what the program needs; never afterwards, but followed by another.
"""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

from shared.store.guards import forbid_rewriting
from shared.store.kernel_revisions import first_row

revision = "r0001_first"
down_revision = None

Number = BigInteger().with_variant(Integer, "sqlite")
Name = String().with_variant(String(collation="C"), "postgresql")

first = MetaData()

Table(
    "entry",
    first,
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
    comment="Every record with its public leaf, numbered from 0 as in the Merkle tree; `at` is when it was decided.",
    postgresql_with={"autovacuum_vacuum_cost_delay": 20},
)

Table(
    "tile",
    first,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("n", Number, primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
    Column("root", LargeBinary, nullable=False),
    comment="The full tiles of the tree; `root` is the tile's own root, its hash in the tile above.",
)

Table(
    "ledger_head",
    first,
    Column("id", Integer, primary_key=True),
    Column("size", Number, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("positions", LargeBinary, nullable=False),
    comment="One row: the tree's size and right edge, and each service's last position. Locking it orders all writes.",
)

Table(
    "checkpoint",
    first,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
    Column("positions", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    comment="Every checkpoint that was signed, with the last position of each service that it covers.",
)

Table(
    "cosignature",
    first,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("witness", String, primary_key=True),
    Column("line", LargeBinary, nullable=False),
    Column("at", String, nullable=False),
    comment="What witnesses signed below a checkpoint.",
)

Table(
    "waiting",
    first,
    Column("service", Name, primary_key=True),
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("record", LargeBinary, nullable=False),
    comment="Records that came before one that is missing; they enter the ledger after it.",
)

Table(
    "finding",
    first,
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
    comment="What broke a rule of the record, each once, with the bytes that show it; told to the supervisor.",
)


APPEND_ONLY = ("entry", "tile", "checkpoint", "cosignature", "finding")


def upgrade() -> None:
    """Make the tables."""
    first.create_all(op.get_bind())
    first_row(first.tables["ledger_head"], id=1, size=0, frontier=bytes(8), positions=b"{}")
    forbid_rewriting(op.get_bind(), APPEND_ONLY)


def downgrade() -> None:
    """Take them away."""
    first.drop_all(op.get_bind())
