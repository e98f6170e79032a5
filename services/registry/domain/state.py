"""What a stream of the registry stands at, and the facts that a decision may read besides."""

from services.registry.domain.values import AccountId, AccountRole, Holder, Suspension, TenderId
from shared.kernel.codes import USCC, PartyId
from shared.kernel.message import Identifier, Message, Sha256
from shared.seal.wire import Bytes32


class Unborn(Message):
    """Nothing has happened in this stream."""


class RegisteredParty(Message):
    """A known party; `suspension` is the last one not lifted, in force or over."""

    identifiers: tuple[PartyId, ...]
    suspension: Suspension | None = None

    @property
    def has_uscc(self) -> bool:
        """Whether the party has a 统一社会信用代码."""
        return any(identifier.scheme == USCC for identifier in self.identifiers)


class LiveAccount(Message):
    """An open account."""

    account: AccountId
    role: AccountRole


class ClosedAccount(Message):
    """An account closed for good; its name is never given again."""


class DisclosedTender(Message):
    """A tender whose tokens are disclosed."""


class PublishedYear(Message):
    """A year whose working calendar is published: how often, and the digest of the file that counts."""

    revision: int
    digest: Sha256


RegistryState = Unborn | RegisteredParty | LiveAccount | ClosedAccount | DisclosedTender | PublishedYear


class KnownParty(Message):
    """A party as the registry had it at `position`; `roles` are those of its open accounts."""

    stream: Identifier
    position: int
    has_uscc: bool
    roles: tuple[AccountRole, ...]


class Disclosure(Message):
    """The key of one tender's tokens and every party that holds one of those asked for."""

    tender: TenderId
    tender_key: Bytes32
    holders: tuple[Holder, ...]


class Facts(Message):
    """What the handler found for a command; each command reads only the few that concern it.

    `operators` counts the open operator accounts; `taken` are the identifiers asked for that some party has;
    `key_used` says whether any account has or had the key asked for; `party` is the one named, null if unknown.
    """

    operators: int = 0
    taken: tuple[PartyId, ...] = ()
    key_used: bool = False
    party: KnownParty | None = None
    disclosure: Disclosure | None = None
