"""The till's tables in its first release."""

from alembic import op
from sqlalchemy import Column, Integer, MetaData, String, Table

from shared.store import kernel_revisions

revision = "r0001_first"
down_revision = None

first = MetaData()

Table("till", first, Column("stream", String, primary_key=True), Column("held", Integer, nullable=False))


def upgrade() -> None:
    """Make the tables."""
    kernel_revisions.make_first()
    first.create_all(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    first.drop_all(op.get_bind())
    kernel_revisions.drop_first()
