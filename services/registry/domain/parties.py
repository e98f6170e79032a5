"""Decisions about parties: registered, suspended, blacklisted."""

from collections.abc import Sequence

from services.registry.domain import law
from services.registry.domain.asking import Asked, require_jurisdiction, require_stream
from services.registry.domain.commands import (
    AddIdentifier,
    BlacklistParty,
    LiftBlacklisting,
    LiftSuspension,
    RegisterParty,
    SuspendParty,
)
from services.registry.domain.events import (
    BlacklistingLifted,
    IdentifierAdded,
    PartyBlacklisted,
    PartyPlaced,
    PartyRegistered,
    PartySuspended,
    RegistryEvent,
    SuspensionLifted,
)
from services.registry.domain.state import RegisteredParty
from services.registry.domain.values import Listing
from shared.kernel.codes import party_stream
from shared.kernel.errors import BadInput, NotFound, OutOfPhase


def register_party(request: Asked, command: RegisterParty) -> Sequence[RegistryEvent]:
    """Register a party under identifiers that no other has, and place it in a region if one is named."""
    identifiers = (command.identifier, *command.additional)
    require_stream(request, party_stream(command.identifier))
    require_jurisdiction(request)
    for identifier in identifiers:
        law.require_body(identifier)
    law.require_one_code(identifiers)
    law.require_free(request.facts.taken)
    registered = PartyRegistered(kind=command.kind, name=command.name, identifiers=identifiers)
    return (registered, PartyPlaced(region=command.region)) if command.region else (registered,)


def add_identifier(request: Asked, command: AddIdentifier, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """Add an identifier, as the 统一社会信用代码 that a party of another scheme needs to log in and bid."""
    require_jurisdiction(request)
    law.require_body(command.identifier)
    law.require_one_code((*party.identifiers, command.identifier))
    law.require_free(request.facts.taken)
    return (IdentifierAdded(identifier=command.identifier),)


def suspend_party(request: Asked, command: SuspendParty, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """Suspend a party, once at a time."""
    require_jurisdiction(request)
    if command.until <= request.received_at:
        raise BadInput("暂停的截止时间须晚于现在", "a suspension must end later than now")
    if law.in_force(party.suspension, request.received_at):
        raise OutOfPhase("该主体已在暂停期内，请先解除", "a suspension is in force; lift it first")
    return (PartySuspended(reason=command.reason, article=command.article, until=command.until),)


def lift_suspension(request: Asked, command: LiftSuspension, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """Lift the suspension in force."""
    require_jurisdiction(request)
    if not law.in_force(party.suspension, request.received_at):
        raise OutOfPhase("该主体不在暂停期内", "no suspension is in force")
    return (SuspensionLifted(reason=command.reason, article=command.article),)


def blacklist_party(request: Asked, command: BlacklistParty, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """Enter a party in the blacklist; several authorities may, each by its own article."""
    require_jurisdiction(request)
    if not command.since < command.until or command.until <= request.received_at:
        raise BadInput("禁入期限须起止有序且尚未届满", "an entry begins before it ends, and ends later than now")
    fields = command.model_dump(exclude={"type"})
    return (PartyBlacklisted(listing=Listing(number=party.listed + 1, **fields)),)


def lift_blacklisting(request: Asked, command: LiftBlacklisting, party: RegisteredParty) -> Sequence[RegistryEvent]:
    """Take an entry that is not over off the blacklist."""
    require_jurisdiction(request)
    entry = next((entry for entry in party.listings if entry.number == command.number), None)
    if entry is None:
        raise NotFound(f"没有第 {command.number} 号记录", f"there is no entry {command.number}")
    if entry.until <= request.received_at:
        raise OutOfPhase("该记录已届满", "this entry is over")
    return (BlacklistingLifted(number=command.number, reason=command.reason, article=command.article),)
