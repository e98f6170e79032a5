"""What a stream of the registry stands at, and the facts that a decision may read besides."""

from typing import Any

from pydantic import Field

from services.registry.domain.expert_events import DrawPooled
from services.registry.domain.expert_values import Anchor, Considered, Stage, Standing
from services.registry.domain.values import (
    AccountId,
    AccountRole,
    Certificate,
    Charge,
    Holder,
    Identity,
    Listing,
    Region,
    Relation,
    Suspension,
    TenderId,
)
from shared.kernel.codes import USCC, PartyId
from shared.kernel.message import Identifier, Instant, Message, Sha256
from shared.procedure.draw import Commitment, Nonce, Reveal
from shared.seal.wire import Bytes32


def _absent(value: Any) -> bool:
    """Whether a fact is not there: what was stored before there was such a fact does not have it."""
    return value is None or value is False


class Unborn(Message):
    """Nothing has happened in this stream."""


class RegisteredParty(Message):
    """A known party; `suspension` and `listings` are those not lifted, in force or over; `listed` counts all.

    `charges` and `relations` are all that were declared, in that order.
    """

    identifiers: tuple[PartyId, ...]
    suspension: Suspension | None = None
    listings: tuple[Listing, ...] = ()
    listed: int = 0
    charges: tuple[Charge, ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def has_uscc(self) -> bool:
        """Whether the party has a 统一社会信用代码."""
        return any(identifier.scheme == USCC for identifier in self.identifiers)


class LiveAccount(Message):
    """An open account; `public_key` is empty once it was reported lost. `certificates` are those not revoked."""

    account: AccountId
    role: AccountRole
    public_key: str = ""
    person: Sha256 | None = None
    certificates: tuple[Certificate, ...] = ()


class ClosedAccount(Message):
    """An account closed for good; its name is never given again. `person` is kept until it is erased."""

    account: AccountId = ""
    person: Sha256 | None = None


class DisclosedTender(Message):
    """A tender or a lot whose tokens are disclosed."""


class PublishedYear(Message):
    """A year whose working calendar is published: how often, and the digest of the file that counts."""

    revision: int
    digest: Sha256


class EnrolledExpert(Message):
    """An expert of the library."""

    expert: AccountId
    standing: Standing = "available"


class Drawing(Message):
    """A draw at its latest attempt; `called` are all whom the scores name, `declined` those who do not come."""

    pooled: DrawPooled
    stage: Stage = "committing"
    commitments: tuple[Commitment, ...] = ()
    waits_until: Instant
    root: str = ""
    anchor: Anchor | None = None
    reveals: tuple[Reveal, ...] = ()
    called: tuple[Identifier, ...] = ()
    chosen: tuple[Identifier, ...] = ()
    declined: tuple[Identifier, ...] = ()
    announced: bool = False


RegistryState = (
    Unborn | RegisteredParty | LiveAccount | ClosedAccount | DisclosedTender | PublishedYear | EnrolledExpert | Drawing
)


class KnownParty(Message):
    """A party as the registry had it at `position`; `roles` are those of its open accounts.

    `codes` are its 统一社会信用代码, looked up only where a certificate must name one of them.
    """

    stream: Identifier
    position: int
    has_uscc: bool
    roles: tuple[AccountRole, ...]
    codes: tuple[str, ...] = Field(default=(), exclude_if=lambda codes: not codes)


class Disclosure(Message):
    """The key of one tender's tokens and every party that holds one of those asked for."""

    tender: TenderId
    tender_key: Bytes32
    holders: tuple[Holder, ...]


class Shown(Message):
    """A certificate that the registry keeps, as it was found: `fault` says, in both languages, why it is not trusted.

    `possessed` tells whether its key signed for this account, `used` whether another account has or had it.
    """

    certificate: Certificate | None
    fault: tuple[str, str] | None = None
    possessed: bool
    used: bool


class Facts(Message):
    """What the handler found for a command; each command reads only the few that concern it.

    `operators` counts the open operator accounts; `taken` are the identifiers asked for that some party has;
    `key_used` says whether any account has or had the key asked for; `party` is the one named, null if unknown.
    `jurisdiction` is the region of what is acted on, null in what was decided before offices had regions;
    `administers` says whether the actor is an account that may open and close those of the same party;
    `person_known` (of who is in charge, with an identity number) and `password_waiting` whether the registry keeps
    them; `shown` is the certificate asked for.
    `expert_account` says whether an expert has an account; `considered` is the library for a draw, `anchor` the
    witnessed checkpoint over it; the platform's commitment is there for an attempt that begins, its nonce for the
    last reveal alone.
    """

    operators: int = 0
    taken: tuple[PartyId, ...] = ()
    key_used: bool = False
    party: KnownParty | None = None
    disclosure: Disclosure | None = None
    identities: tuple[Identity, ...] | None = Field(default=None, exclude_if=_absent)
    jurisdiction: Region | None = Field(default=None, exclude_if=_absent)
    administers: bool = Field(default=False, exclude_if=_absent)
    person_known: bool = Field(default=False, exclude_if=_absent)
    password_waiting: bool = Field(default=False, exclude_if=_absent)
    shown: Shown | None = Field(default=None, exclude_if=_absent)
    expert_account: bool = Field(default=False, exclude_if=_absent)
    considered: Considered | None = Field(default=None, exclude_if=_absent)
    anchor: Anchor | None = Field(default=None, exclude_if=_absent)
    platform_commitment: Sha256 | None = Field(default=None, exclude_if=_absent)
    platform_nonce: Nonce | None = Field(default=None, exclude_if=_absent)
