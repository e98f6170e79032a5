"""What the registry's commands need besides themselves: facts from its tables, holders of tokens, and projection."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from services.registry import views
from services.registry.domain.commands import (
    AddIdentifier,
    BootstrapOperator,
    ChangeKey,
    CloseAccount,
    DiscloseCredentials,
    OpenAccount,
    RegisterParty,
)
from services.registry.domain.state import Disclosure, Facts
from services.registry.domain.values import Holder, disclosure_stream
from shared.kernel.message import Command, Event
from shared.kernel.record import Record
from shared.kernel.request import Arrival
from shared.platform import keys
from shared.seal.credential import tender_key, token_of
from shared.seal.wire import text

if TYPE_CHECKING:
    from shared.runtime.handling import Tools

KEYS_COLLECTED = "bidding.keys_collected.v1"
"""From this event on nobody can bid in the tender any more, and its tokens are disclosed."""


class RegistryPort:
    """The registry's side of the handler."""

    def __init__(self, tools: "Tools") -> None:
        self._tools = tools

    def facts(self, connection: Any, arrival: Arrival, command: Command, state: Any) -> tuple[Facts, None]:
        """Return what the registry's own tables say that concerns the command; there are no secrets to use."""
        del arrival, state
        return self._found(connection, command), None

    def project(self, connection: Any, record: Record, event: Event, state: Any) -> None:
        """Bring the query tables up to an event."""
        del state
        views.project(connection, record, event)

    def receipts(self, record: Record, event: Event) -> Sequence[dict[str, Any]]:
        """Return nothing: the registry hands out no receipts."""
        del record, event
        return ()

    def learn(self, connection: Any, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return the disclosure of a tender's tokens once its keys have been collected."""
        del connection
        if record.type != KEYS_COLLECTED:
            return
        tender = record.stream
        tokens = list(dict.fromkeys(bid["token"] for bid in record.data["bids"]))
        yield disclosure_stream(tender), {"type": "registry.disclose_credentials", "tender": tender, "tokens": tokens}

    def hear(self, connection: Any, key: str, said: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any]]]:
        """Return nothing: the registry acts on records alone."""
        del connection, key, said
        return ()

    def _found(self, connection: Any, command: Command) -> Facts:
        match command:
            case RegisterParty(identifier=first, additional=more):
                return Facts(taken=views.taken(connection, (first, *more)))
            case AddIdentifier(identifier=identifier):
                return Facts(taken=views.taken(connection, (identifier,)))
            case OpenAccount() | BootstrapOperator() | ChangeKey() | CloseAccount():
                return _of_account(connection, command)
            case DiscloseCredentials():
                return Facts(disclosure=self._disclosure(connection, command))
            case _:
                return Facts()

    def _disclosure(self, connection: Any, command: DiscloseCredentials) -> Disclosure:
        """Compute the token of every party and keep those asked for: no table says who holds which."""
        key = tender_key(self._tools.keyring.secret(keys.TOKENS), command.tender)
        asked = set(command.tokens)
        parties = ((stream, party, token_of(key, party)) for stream, party in views.parties_with_uscc(connection))
        holders = tuple(
            Holder(
                token=token,
                scheme=party.scheme,
                id=party.id,
                name=party.name,
                account_keys=views.bidder_keys(connection, stream),
            )
            for stream, party, token in parties
            if token in asked
        )
        return Disclosure(tender=command.tender, tender_key=text(key), holders=holders)


def _of_account(connection: Any, command: OpenAccount | BootstrapOperator | ChangeKey | CloseAccount) -> Facts:
    party = command.party if isinstance(command, OpenAccount) else None
    return Facts(
        operators=views.operators(connection),
        key_used=not isinstance(command, CloseAccount) and views.key_used(connection, command.public_key),
        party=views.known_party(connection, party) if party else None,
    )
