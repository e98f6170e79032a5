"""The facts of the registry. Append-only: add v2, never edit v1. No natural person's data stands in any of them."""

from typing import Annotated, Literal

from pydantic import Field

from services.registry.domain import expert_events
from services.registry.domain.values import (
    AccountId,
    AccountRole,
    Article,
    CalendarText,
    Certificate,
    Holder,
    Identity,
    Kind,
    Listing,
    Name,
    Region,
    Relation,
    Rights,
    TenderId,
)
from shared.kernel.codes import PartyId
from shared.kernel.message import Event, Identifier, Instant, Sha256, Text
from shared.seal.wire import Bytes32


class PartyRegistered(Event):
    """A party is known; the first of its identifiers names its stream."""

    type: Literal["registry.party_registered.v1"] = "registry.party_registered.v1"
    kind: Kind
    name: Name
    identifiers: Annotated[tuple[PartyId, ...], Field(min_length=1)]


class IdentifierAdded(Event):
    """The party has one more identifier."""

    type: Literal["registry.identifier_added.v1"] = "registry.identifier_added.v1"
    identifier: PartyId


class PartySuspended(Event):
    """The party gets no credential until `until`."""

    type: Literal["registry.party_suspended.v1"] = "registry.party_suspended.v1"
    reason: Text
    article: Article
    until: Instant


class SuspensionLifted(Event):
    """The suspension ended early."""

    type: Literal["registry.suspension_lifted.v1"] = "registry.suspension_lifted.v1"
    reason: Text
    article: Article


class PartyPlaced(Event):
    """The party is looked after in this region."""

    type: Literal["registry.party_placed.v1"] = "registry.party_placed.v1"
    region: Region


class PartyBlacklisted(Event):
    """The party is on the blacklist: it gets no credential while the entry is in force."""

    type: Literal["registry.party_blacklisted.v1"] = "registry.party_blacklisted.v1"
    listing: Listing


class BlacklistingLifted(Event):
    """An entry of the party's is off the blacklist."""

    type: Literal["registry.blacklisting_lifted.v1"] = "registry.blacklisting_lifted.v1"
    number: int
    reason: Text
    article: Article


class PersonInChargeDeclared(Event):
    """Who is in charge of the party from `since` on: `person` is the salted digest of who that is."""

    type: Literal["registry.person_in_charge_declared.v1"] = "registry.person_in_charge_declared.v1"
    person: Sha256
    since: Instant


class PersonInChargeErased(Event):
    """Who was in charge is no longer kept anywhere."""

    type: Literal["registry.person_in_charge_erased.v1"] = "registry.person_in_charge_erased.v1"
    person: Sha256


class RelationDeclared(Event):
    """The party is in a relation of control with another."""

    type: Literal["registry.relation_declared.v1"] = "registry.relation_declared.v1"
    relation: Relation


class RelationEnded(Event):
    """A relation of the party's is in force until `until` alone."""

    type: Literal["registry.relation_ended.v1"] = "registry.relation_ended.v1"
    number: int
    until: Instant
    reason: Text


class AccountOpened(Event):
    """An account is open and signs with `public_key`."""

    type: Literal["registry.account_opened.v1"] = "registry.account_opened.v1"
    account: AccountId
    role: AccountRole
    region: Region
    party: Identifier | None
    public_key: Bytes32


class StaffAccountOpened(Event):
    """An account of one member of staff is open: `person` is the salted digest of who that is."""

    type: Literal["registry.staff_account_opened.v1"] = "registry.staff_account_opened.v1"
    account: AccountId
    role: AccountRole
    region: Region
    party: Identifier | None
    public_key: Bytes32
    person: Sha256
    rights: Rights


class PasswordSet(Event):
    """The account has a password; nothing of it stands here or travels."""

    type: Literal["registry.password_set.v1"] = "registry.password_set.v1"
    account: AccountId


class KeyRevoked(Event):
    """A key was reported lost: what it signs from `since` on is no signature of the account's."""

    type: Literal["registry.key_revoked.v1"] = "registry.key_revoked.v1"
    account: AccountId
    public_key: Bytes32
    since: Instant
    reason: Text


class CertificateBound(Event):
    """A certificate stands for the account."""

    type: Literal["registry.certificate_bound.v1"] = "registry.certificate_bound.v1"
    account: AccountId
    certificate: Certificate


class CertificateRevoked(Event):
    """A certificate stands for the account no longer, from `since` on."""

    type: Literal["registry.certificate_revoked.v1"] = "registry.certificate_revoked.v1"
    account: AccountId
    fingerprint: Sha256
    public_key: Bytes32 | None
    since: Instant
    reason: Text


class PersonErased(Event):
    """Who the account belonged to is no longer kept anywhere."""

    type: Literal["registry.person_erased.v1"] = "registry.person_erased.v1"
    account: AccountId
    person: Sha256


class KeyChanged(Event):
    """The account signs with another key."""

    type: Literal["registry.key_changed.v1"] = "registry.key_changed.v1"
    account: AccountId
    public_key: Bytes32


class AccountClosed(Event):
    """The account is closed for good."""

    type: Literal["registry.account_closed.v1"] = "registry.account_closed.v1"
    account: AccountId


class CredentialsDisclosed(Event):
    """Who holds which token of a tender; with `tender_key` anyone can compute the tokens again.

    `unknown` are the tokens asked for that belong to no party registered.
    """

    type: Literal["registry.credentials_disclosed.v1"] = "registry.credentials_disclosed.v1"
    tender: TenderId
    tender_key: Bytes32
    holders: tuple[Holder, ...]
    unknown: tuple[Sha256, ...]


class IdentitiesDisclosed(Event):
    """Who holds which token of a lot that is over; `unknown` are tokens that belong to no party registered."""

    type: Literal["registry.identities_disclosed.v1"] = "registry.identities_disclosed.v1"
    line: Identifier
    lot: TenderId
    holders: tuple[Identity, ...]
    unknown: tuple[Sha256, ...]


class CalendarPublished(Event):
    """A year's working calendar is out, or corrected: `revision` counts from 1, `digest` is the SHA-256 of `body`."""

    type: Literal["registry.calendar_published.v1"] = "registry.calendar_published.v1"
    year: int
    revision: int
    digest: Sha256
    body: CalendarText


class RequestRefused(Event):
    """A request was refused: what came, by digest, and why."""

    type: Literal["registry.request_refused.v1"] = "registry.request_refused.v1"
    command_type: str
    command_digest: Sha256
    code: str
    article: str


RegistryEvent = Annotated[
    PartyRegistered
    | IdentifierAdded
    | PartySuspended
    | SuspensionLifted
    | AccountOpened
    | KeyChanged
    | AccountClosed
    | PartyPlaced
    | PartyBlacklisted
    | BlacklistingLifted
    | PersonInChargeDeclared
    | PersonInChargeErased
    | RelationDeclared
    | RelationEnded
    | StaffAccountOpened
    | PasswordSet
    | KeyRevoked
    | CertificateBound
    | CertificateRevoked
    | PersonErased
    | expert_events.ExpertEnrolled
    | expert_events.ExpertChanged
    | expert_events.ExpertTied
    | expert_events.ExpertStandingSet
    | expert_events.DrawPooled
    | expert_events.DrawCommitted
    | expert_events.DrawBound
    | expert_events.DrawRevealed
    | expert_events.ExpertsDrawn
    | expert_events.DrawLapsed
    | expert_events.SeatDeclined
    | expert_events.DrawAnnounced
    | CredentialsDisclosed
    | IdentitiesDisclosed
    | CalendarPublished
    | RequestRefused,
    Field(discriminator="type"),
]
