"""What actors may ask of the registry: each command holds only what the actor itself may say."""

from typing import Annotated, Literal

from pydantic import Field

from services.registry.domain import expert_commands
from services.registry.domain.values import (
    AccountId,
    AccountRole,
    Article,
    BodyName,
    CalendarText,
    Kind,
    ListingKind,
    Name,
    Region,
    RelationKind,
    RelationSide,
    Rights,
    TenderId,
)
from shared.kernel.codes import PartyId
from shared.kernel.message import Command, Identifier, Instant, Sha256, Text
from shared.seal.wire import Bytes32


class RegisterParty(Command):
    """Register a party in the stream of its first identifier; `region` is where it is looked after."""

    type: Literal["registry.register_party"] = "registry.register_party"
    identifier: PartyId
    additional: Annotated[tuple[PartyId, ...], Field(max_length=15)] = ()
    name: Name
    kind: Kind
    region: Region = Field(default="", exclude_if=lambda region: not region)


class AddIdentifier(Command):
    """Add an identifier to the party of this stream."""

    type: Literal["registry.add_identifier"] = "registry.add_identifier"
    identifier: PartyId


class SuspendParty(Command):
    """Suspend the party of this stream from bidding."""

    type: Literal["registry.suspend_party"] = "registry.suspend_party"
    reason: Text
    article: Article
    until: Instant


class LiftSuspension(Command):
    """Lift the suspension that is in force."""

    type: Literal["registry.lift_suspension"] = "registry.lift_suspension"
    reason: Text
    article: Article


class BlacklistParty(Command):
    """Enter the party of this stream in the blacklist (失信、禁入)."""

    type: Literal["registry.blacklist_party"] = "registry.blacklist_party"
    kind: ListingKind
    reason: Text
    article: Article
    authority: BodyName
    since: Instant
    until: Instant


class LiftBlacklisting(Command):
    """Take an entry of the party of this stream off the blacklist before its time."""

    type: Literal["registry.lift_blacklisting"] = "registry.lift_blacklisting"
    number: int
    reason: Text
    article: Article


class DeclarePersonInCharge(Command):
    """Declare who is in charge (单位负责人) of the party of this stream, from `since` on or, left out, from now on.

    `person` is the digest under which the registry keeps who that is.
    """

    type: Literal["registry.declare_person_in_charge"] = "registry.declare_person_in_charge"
    person: Sha256
    since: Instant | None = None


class ErasePersonInCharge(Command):
    """Erase who was in charge of the party of this stream; the digest alone stays."""

    type: Literal["registry.erase_person_in_charge"] = "registry.erase_person_in_charge"
    person: Sha256


class DeclareRelation(Command):
    """Declare that another party controls, holds or manages that of this stream, or is controlled by it."""

    type: Literal["registry.declare_relation"] = "registry.declare_relation"
    side: RelationSide
    other: PartyId
    kind: RelationKind
    since: Instant
    until: Instant | None = None


class EndRelation(Command):
    """Declare that a relation ends, at `until` or, left out, now."""

    type: Literal["registry.end_relation"] = "registry.end_relation"
    number: int
    reason: Text
    until: Instant | None = None


class OpenAccount(Command):
    """Open an account that signs with `public_key` (Ed25519); `party` is the stream of whom it acts for."""

    type: Literal["registry.open_account"] = "registry.open_account"
    account: AccountId
    role: AccountRole
    region: Region = ""
    party: Identifier | None = None
    public_key: Bytes32


class BootstrapOperator(Command):
    """Open the first operator's account; only while there is none."""

    type: Literal["registry.bootstrap_operator"] = "registry.bootstrap_operator"
    account: AccountId
    region: Region = ""
    public_key: Bytes32


class OpenStaffAccount(Command):
    """Open an account of one member of staff; `person` is the digest under which the registry keeps who that is."""

    type: Literal["registry.open_staff_account"] = "registry.open_staff_account"
    account: AccountId
    role: AccountRole
    region: Region = ""
    party: Identifier | None = None
    public_key: Bytes32
    person: Sha256
    rights: Rights


class SetPassword(Command):
    """Let the password that the registry keeps for the account of this stream count from now on."""

    type: Literal["registry.set_password"] = "registry.set_password"


class ReportKeyLost(Command):
    """Report that the key of the account of this stream is lost: it signs nothing from now on."""

    type: Literal["registry.report_key_lost"] = "registry.report_key_lost"
    reason: Text


class BindCertificate(Command):
    """Let a certificate that the registry keeps stand for the account of this stream, beside earlier ones."""

    type: Literal["registry.bind_certificate"] = "registry.bind_certificate"
    fingerprint: Sha256


class RevokeCertificate(Command):
    """Report a certificate of the account of this stream as lost: it stands for nothing from now on."""

    type: Literal["registry.revoke_certificate"] = "registry.revoke_certificate"
    fingerprint: Sha256
    reason: Text


class ErasePerson(Command):
    """Erase who the closed account of this stream belonged to; the digest alone stays."""

    type: Literal["registry.erase_person"] = "registry.erase_person"


class ChangeKey(Command):
    """Let the account of this stream sign with another key from now on."""

    type: Literal["registry.change_key"] = "registry.change_key"
    public_key: Bytes32


class CloseAccount(Command):
    """Close the account of this stream for good."""

    type: Literal["registry.close_account"] = "registry.close_account"


class DiscloseCredentials(Command):
    """Disclose who holds these tokens of a tender whose keys have been collected.

    `as_of` is when its bids were last to be handed in: who was in charge, and in control, then, and what
    sanctions stood against whom.
    """

    type: Literal["registry.disclose_credentials"] = "registry.disclose_credentials"
    tender: TenderId
    tokens: tuple[Sha256, ...]
    as_of: Instant | None = Field(default=None, exclude_if=lambda at: at is None)


class DiscloseIdentities(Command):
    """Tell the offices who holds these tokens of a lot that is over; `line` is the service that sells it."""

    type: Literal["registry.disclose_identities"] = "registry.disclose_identities"
    line: Identifier
    lot: TenderId
    tokens: tuple[Sha256, ...]


class PublishCalendar(Command):
    """Publish a year's working calendar (工作日历), or its correction: the canonical bytes of its file, as text."""

    type: Literal["registry.publish_calendar"] = "registry.publish_calendar"
    body: CalendarText


RegistryCommand = Annotated[
    RegisterParty
    | AddIdentifier
    | SuspendParty
    | LiftSuspension
    | OpenAccount
    | BootstrapOperator
    | ChangeKey
    | CloseAccount
    | BlacklistParty
    | LiftBlacklisting
    | DeclarePersonInCharge
    | ErasePersonInCharge
    | DeclareRelation
    | EndRelation
    | OpenStaffAccount
    | SetPassword
    | ReportKeyLost
    | BindCertificate
    | RevokeCertificate
    | ErasePerson
    | expert_commands.EnrolExpert
    | expert_commands.ChangeExpert
    | expert_commands.TieExpert
    | expert_commands.SetExpertStanding
    | expert_commands.RequestDraw
    | expert_commands.CommitDraw
    | expert_commands.RevealDraw
    | expert_commands.BindDraw
    | expert_commands.ExpireDraw
    | expert_commands.DeclineSeat
    | expert_commands.AnnounceDraw
    | DiscloseCredentials
    | DiscloseIdentities
    | PublishCalendar,
    Field(discriminator="type"),
]
