"""Property's tables in the first release: those of every line that sells lots."""

from shared.store import lot_revisions

revision = "r0001_first"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    lot_revisions.make_first()


def downgrade() -> None:
    """Take them away."""
    lot_revisions.drop_first()
