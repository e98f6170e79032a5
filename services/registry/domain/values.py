"""The values that the registry is made of, as commands bring them and events keep them."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.codes import PartyId
from shared.kernel.message import Instant, Message, Sha256, Text
from shared.seal.wire import Bytes32

Kind = Literal["enterprise", "public_body"]

AccountRole = Literal["bidder", "tenderer", "agency", "expert", "supervisor", "authority", "operator"]
"""The roles that an account may have; `public`, `token` and `system` belong to nobody."""

Region = Annotated[str, Field(pattern=r"^(\d{6})?$")]
"""Six digits of GB/T 2260, or empty where the account is bound to no region."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
"""The name that a party is registered under; no space at its ends."""

AccountId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,56}$")]
"""An account's name, short enough for its stream's; it names no person."""

TenderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,53}$")]
"""A tender's stream, short enough for the name of its disclosure's."""

Article = Annotated[str, Field(min_length=1, max_length=200)]
"""The article that an act of the supervisor rests on."""


Right = Literal["act", "administer", "read"]
"""What an account may do for its party: act in procedures, open and close its further accounts, or look on."""

ALL_RIGHTS: tuple[Right, ...] = ("act", "administer", "read")
"""What an account may do that was opened without saying it."""

Rights = Annotated[tuple[Right, ...], Field(min_length=1, max_length=3)]

ListingKind = Literal["discredited", "banned"]
"""失信 (a discredited party's record) or 禁入 (a ban on taking part)."""

RelationKind = Literal["holding", "management"]
"""控股 or 管理: what one party has over another."""

RelationSide = Literal["controlled_by", "controls"]
"""Which way a relation goes, seen from the party that it is kept with."""

BodyName = Annotated[str, Field(min_length=1, max_length=200)]
"""The name of an authority or organisation; never that of a person."""

CalendarText = Annotated[str, Field(min_length=1, max_length=65_536)]
"""A calendar year's file: canonical JSON as text."""


class Suspension(Message):
    """暂停: the party gets no credential until `until`; why, and by which article."""

    reason: Text
    article: Article
    until: Instant


class Listing(Message):
    """An entry of the blacklist (失信、禁入): numbered per party from 1, in force from `since` until `until`."""

    number: int
    kind: ListingKind
    reason: Text
    article: Article
    authority: BodyName
    since: Instant
    until: Instant


class Sanction(Message):
    """What stood against a party at the close of reception: 暂停, or an entry of the blacklist (失信、禁入).

    `since` and `until` are as they were said then, `article` is what it rests on.
    """

    cause: Literal["suspended"] | ListingKind
    article: Article
    since: Instant
    until: Instant


class Charge(Message):
    """Who is in charge (单位负责人) from `since` on, by the salted digest of that person; null once it is erased."""

    person: Sha256 | None
    since: Instant


class Relation(Message):
    """A relation of control (控股、管理关系): numbered per party from 1, in force from `since` until `until`.

    `by_office` tells whether an office said so; then the party does not end it by itself.
    """

    number: int
    side: RelationSide
    other: PartyId
    kind: RelationKind
    since: Instant
    until: Instant | None
    by_office: bool


class RevokedKey(Message):
    """A key that was lost: what was signed before `since` stays valid, what is signed from then on does not."""

    public_key: Bytes32
    since: Instant


class Holder(Message):
    """The party behind a token, with every key that its bidder accounts have had, oldest first.

    `revoked` are those of them that were reported lost; `person_in_charge` is the mark (`shared.seal.marks`) of who is
    in charge; `controllers` and `controlled` are, as `scheme:id`, those in a chain of control above and below it;
    `sanctions` are the suspension and the entries of the blacklist in force. Each is left out where there is none.
    """

    token: Sha256
    scheme: str
    id: str
    name: Name
    account_keys: tuple[Bytes32, ...] = ()
    revoked: tuple[RevokedKey, ...] = Field(default=(), exclude_if=lambda keys: not keys)
    person_in_charge: Sha256 | None = Field(default=None, exclude_if=lambda person: person is None)
    controllers: tuple[str, ...] = Field(default=(), exclude_if=lambda names: not names)
    controlled: tuple[str, ...] = Field(default=(), exclude_if=lambda names: not names)
    sanctions: tuple[Sanction, ...] = Field(default=(), exclude_if=lambda stood: not stood)


class Identity(Message):
    """The party behind a token of a lot; the lot's key is disclosed to nobody, for it would name every other token."""

    token: Sha256
    scheme: str
    id: str
    name: Name


class Certificate(Message):
    """What is recorded of an X.509 certificate: nothing of it names a person.

    `fingerprint` is the SHA-256 of its DER, `serial` in hexadecimal, `identifier` the 统一社会信用代码 in its subject,
    `public_key` that of an Ed25519 certificate, null for the other algorithms.
    """

    fingerprint: Sha256
    serial: str
    issuer: str
    organisation: str
    identifier: str
    algorithm: Literal["ed25519", "ecdsa-p256", "rsa"]
    public_key: Bytes32 | None
    not_before: Instant
    not_after: Instant


def account_stream(account: str) -> str:
    """Return the account's stream."""
    return f"account-{account}"


def calendar_stream(year: int | str) -> str:
    """Return the stream in which a year's working calendar is published."""
    return f"calendar-{year}"


def identities_stream(line: str, lot: str) -> str:
    """Return the stream in which the offices are told who holds the tokens of a line's lot."""
    return f"identities-{line}-{lot}"


def disclosure_stream(tender: str) -> str:
    """Return the stream in which the holders of a tender's tokens are disclosed."""
    return f"disclosure-{tender}"
