"""The query tables of lots as revisions made them; each line that sells lots calls these from its own revisions."""

from alembic import op
from sqlalchemy import Column, MetaData, String, Table

from shared.store import kernel_revisions

first = MetaData()

Table(
    "procedure",
    first,
    Column("stream", String, primary_key=True),
    Column("announced_at", String, nullable=False, index=True),
    Column("phase", String, nullable=False),
    Column("title", String, nullable=False),
    Column("region", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("way", String, nullable=False),
    Column("seller", String, nullable=False),
    Column("starts_at", String, nullable=False),
    Column("ends_at", String, nullable=False),
    comment="What the public list shows of each announced lot; rebuilt from the journal.",
)

Table(
    "document",
    first,
    Column("sha256", String, primary_key=True),
    Column("stream", String, primary_key=True),
    comment="The documents of announced lots; rebuilt from the journal.",
)

Table(
    "payment",
    first,
    Column("payment", String, primary_key=True),
    Column("stream", String, nullable=False),
    comment="The lot that each payment of a deposit was recorded for first; rebuilt from the journal.",
)


def make_first() -> None:
    """Make the kernel's tables and those of lots."""
    kernel_revisions.make_first()
    first.create_all(op.get_bind())


def drop_first() -> None:
    """Take them away."""
    first.drop_all(op.get_bind())
    kernel_revisions.drop_first()
