"""The registry's query tables: what they hold of each event. No table holds a token, nor anything of a person."""

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table

from shared.store.tables import Number

metadata = MetaData()

party = Table(
    "party",
    metadata,
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

identifier = Table(
    "identifier",
    metadata,
    Column("scheme", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("stream", String, nullable=False, index=True),
    Column("position", Number, nullable=False),
    comment="The identifiers of parties; each belongs to one.",
)

account = Table(
    "account",
    metadata,
    Column("account", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("region", String, nullable=False),
    Column("party", String, index=True),
    Column("public_key", String, nullable=False),
    Column("open", Boolean, nullable=False),
    comment="Accounts with the key that each signs with now.",
)

account_key = Table(
    "account_key",
    metadata,
    Column("public_key", String, primary_key=True),
    Column("account", String, nullable=False, index=True),
    Column("position", Number, nullable=False),
    comment="Every key that any account has or had; none is ever used again.",
)

# What came later stands in tables of its own, so that an installation that has the others need only add these.

place = Table(
    "party_place",
    metadata,
    Column("stream", String, primary_key=True),
    Column("region", String, nullable=False),
    comment="Where parties are looked after, if that was said.",
)

listing = Table(
    "listing",
    metadata,
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

staff = Table(
    "staff",
    metadata,
    Column("account", String, primary_key=True),
    Column("person", String, nullable=False),
    Column("rights", String, nullable=False),
    comment="The accounts of members of staff: the digest of who it is, and the rights, with spaces between.",
)

revoked_key = Table(
    "revoked_key",
    metadata,
    Column("public_key", String, primary_key=True),
    Column("since", String, nullable=False),
    comment="Keys that were reported lost, from when on they sign nothing.",
)

certificate = Table(
    "certificate",
    metadata,
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

person_in_charge = Table(
    "person_in_charge",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("stream", String, nullable=False, index=True),
    Column("person", String, index=True),
    Column("since", String, nullable=False),
    comment="Who was said to be in charge of parties: the digest of who it is, null once erased.",
)

relation = Table(
    "relation",
    metadata,
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

expert = Table(
    "expert",
    metadata,
    Column("expert", String, primary_key=True),
    Column("qualification", String, nullable=False),
    Column("standing", String, nullable=False),
    comment="The expert library, by pseudonym: canonical JSON of what makes each an expert.",
)

tie = Table(
    "expert_tie",
    metadata,
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("expert", String, nullable=False, index=True),
    Column("tied_to", String, nullable=False),
    Column("ground", String, nullable=False),
    Column("ended", String),
    comment="Relations of experts to parties that are on file.",
)

draw = Table(
    "draw",
    metadata,
    Column("stream", String, primary_key=True),
    Column("tender", String, nullable=False, index=True),
    comment="Which tender each draw is for.",
)
