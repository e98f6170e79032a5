"""The bidding's tables in the first release.

It makes what is missing, so that tables made before there were revisions are taken over as they are. Edited as long as
there is no release, so that it says what the program needs; never afterwards, but followed by another.
"""

from alembic import op
from sqlalchemy import Column, MetaData, String, Table

from shared.store import kernel_revisions

revision = "r0001_first"
down_revision = None


first = MetaData()

Table(
    "link",
    first,
    Column("stream", String, primary_key=True),
    Column("how", String, primary_key=True),
    Column("target", String, primary_key=True, index=True),
    comment="What each announced tender names: its project, or another procedure; rebuilt from the journal.",
)

Table(
    "procedure",
    first,
    Column("stream", String, primary_key=True),
    Column("announced_at", String, nullable=False, index=True),
    Column("phase", String, nullable=False),
    Column("title", String, nullable=False),
    Column("region", String, nullable=False),
    Column("category", String, nullable=False),
    Column("buyer", String, nullable=False),
    Column("bids_due", String, nullable=False),
    comment="What the public list shows of each announced tender; rebuilt from the journal.",
)

Table(
    "document",
    first,
    Column("sha256", String, primary_key=True),
    Column("stream", String, primary_key=True),
    comment="The documents of announced tenders; rebuilt from the journal.",
)


def upgrade() -> None:
    """Make the tables."""
    kernel_revisions.make_first()
    first.create_all(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    first.drop_all(op.get_bind())
    kernel_revisions.drop_first()
