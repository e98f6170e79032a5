"""The registry's tables in the first release.

It makes what is missing, so that tables made before there were revisions are taken over as they are. Edited as long as
there is no release, so that it says what the program needs; never afterwards, but followed by another.
"""

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table

from shared.store import kernel_revisions

revision = "r0001_first"
down_revision = None

Number = BigInteger().with_variant(Integer, "sqlite")

first = MetaData()

Table(
    "party",
    first,
    Column("stream", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("uscc", String, unique=True),
    Column("position", Number, nullable=False),
    Column("suspended_until", String),
    Column("reason", String),
    Column("article", String),
    comment="Parties as of `position`; the last three columns are the suspension that was not lifted, or null.",
)

Table(
    "identifier",
    first,
    Column("scheme", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("stream", String, nullable=False, index=True),
    Column("position", Number, nullable=False),
    comment="The identifiers of parties; each belongs to one.",
)

Table(
    "account",
    first,
    Column("account", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("region", String, nullable=False),
    Column("party", String, index=True),
    Column("public_key", String, nullable=False),
    Column("open", Boolean, nullable=False),
    comment="Accounts with the key that each signs with now.",
)

Table(
    "account_key",
    first,
    Column("public_key", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("position", Number, nullable=False),
    comment="Every key that any account has or had; none is ever used again.",
)

Table(
    "party_place",
    first,
    Column("stream", String, primary_key=True),
    Column("region", String, nullable=False),
    comment="Where parties are looked after, if that was said.",
)

Table(
    "listing",
    first,
    Column("stream", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("article", String, nullable=False),
    Column("authority", String, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String, nullable=False),
    comment="The blacklist: entries that were not lifted.",
)

Table(
    "staff",
    first,
    Column("account", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("rights", String, nullable=False),
    comment="The accounts of members of staff: the digest of who it is, and the rights, with spaces between.",
)

Table(
    "revoked_key",
    first,
    Column("public_key", String, primary_key=True),
    Column("since", String, nullable=False),
    comment="Keys that were reported lost, from when on they sign nothing.",
)

Table(
    "certificate",
    first,
    Column("fingerprint", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("serial", String, nullable=False),
    Column("issuer", String, nullable=False),
    Column("organisation", String, nullable=False),
    Column("identifier", String, nullable=False),
    Column("algorithm", String, nullable=False),
    Column("public_key", String),
    Column("not_before", String, nullable=False),
    Column("not_after", String, nullable=False),
    Column("revoked_since", String),
    comment="Every certificate that stands or stood for an account.",
)

Table(
    "person_in_charge",
    first,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False, index=True),
    Column("person", String, index=True),
    Column("since", String, nullable=False),
    comment="Who was said to be in charge of parties: the digest of who it is, null once erased.",
)

Table(
    "relation",
    first,
    Column("stream", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("side", String, nullable=False),
    Column("scheme", String, nullable=False),
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
    Column("by_office", Boolean, nullable=False),
    comment="Relations of control between parties, each with the party that it was declared for.",
)

Table(
    "expert",
    first,
    Column("expert", String, primary_key=True),
    Column("qualification", String, nullable=False),
    Column("standing", String, nullable=False),
    comment="The expert library, by pseudonym: canonical JSON of what makes each an expert.",
)

Table(
    "expert_tie",
    first,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("expert", String, nullable=False, index=True),
    Column("tied_to", String, nullable=False),
    Column("ground", String, nullable=False),
    Column("ended", String),
    comment="Relations of experts to parties that are on file.",
)

Table(
    "draw",
    first,
    Column("stream", String, primary_key=True),
    Column("tender", String, nullable=False, index=True),
    comment="Which tender each draw is for.",
)


def upgrade() -> None:
    """Make the tables."""
    kernel_revisions.make_first()
    first.create_all(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    first.drop_all(op.get_bind())
    kernel_revisions.drop_first()
