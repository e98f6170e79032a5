"""The registry's evolve: one case an event."""

from typing import assert_never

from services.registry.domain import events
from services.registry.domain.events import RegistryEvent
from services.registry.domain.evolving_library import DrawEvent, ExpertEvent, evolve_library
from services.registry.domain.state import (
    ClosedAccount,
    DisclosedTender,
    LiveAccount,
    PublishedYear,
    RegisteredParty,
    RegistryState,
    Unborn,
)
from services.registry.domain.values import Charge, Suspension
from shared.kernel.decider import expect

RelationEvent = (
    events.PersonInChargeDeclared | events.PersonInChargeErased | events.RelationDeclared | events.RelationEnded
)
PartyEvent = (
    events.PartyRegistered
    | events.IdentifierAdded
    | events.PartyPlaced
    | events.PartySuspended
    | events.SuspensionLifted
    | events.PartyBlacklisted
    | events.BlacklistingLifted
    | RelationEvent
)
AccountEvent = (
    events.AccountOpened
    | events.StaffAccountOpened
    | events.KeyChanged
    | events.KeyRevoked
    | events.PasswordSet
    | events.CertificateBound
    | events.CertificateRevoked
    | events.AccountClosed
    | events.PersonErased
)


def evolve(state: RegistryState, event: RegistryEvent) -> RegistryState:
    """Return the state after an event. Raise BrokenHistory where it cannot follow."""
    if isinstance(event, PartyEvent):
        return _of_party(state, event)
    if isinstance(event, AccountEvent):
        return _of_account(state, event)
    if isinstance(event, ExpertEvent | DrawEvent):
        return evolve_library(state, event)
    match event:
        case events.CredentialsDisclosed() | events.IdentitiesDisclosed():
            expect(state, Unborn, event)
            return DisclosedTender()
        case events.CalendarPublished():
            if not isinstance(state, Unborn):
                expect(state, PublishedYear, event)
            return PublishedYear(revision=event.revision, digest=event.digest)
        case events.RequestRefused():
            return state
        case _:
            assert_never(event)


def _of_party(state: RegistryState, event: PartyEvent) -> RegistryState:  # noqa: PLR0911 - one case an event
    if isinstance(event, events.PartyRegistered):
        expect(state, Unborn, event)
        return RegisteredParty(identifiers=event.identifiers)
    party = expect(state, RegisteredParty, event)
    if isinstance(event, RelationEvent):
        return _related(party, event)
    match event:
        case events.IdentifierAdded():
            return party.model_copy(update={"identifiers": (*party.identifiers, event.identifier)})
        case events.PartyPlaced():
            return party
        case events.PartySuspended():
            suspension = Suspension(reason=event.reason, article=event.article, until=event.until)
            return party.model_copy(update={"suspension": suspension})
        case events.SuspensionLifted():
            return party.model_copy(update={"suspension": None})
        case events.PartyBlacklisted():
            added = (*party.listings, event.listing)
            return party.model_copy(update={"listings": added, "listed": event.listing.number})
        case events.BlacklistingLifted():
            left = tuple(entry for entry in party.listings if entry.number != event.number)
            return party.model_copy(update={"listings": left})
        case _:
            assert_never(event)


def _related(party: RegisteredParty, event: RelationEvent) -> RegisteredParty:
    match event:
        case events.PersonInChargeDeclared():
            added = (*party.charges, Charge(person=event.person, since=event.since))
            return party.model_copy(update={"charges": added})
        case events.PersonInChargeErased():
            left = tuple(
                one.model_copy(update={"person": None}) if one.person == event.person else one for one in party.charges
            )
            return party.model_copy(update={"charges": left})
        case events.RelationDeclared():
            return party.model_copy(update={"relations": (*party.relations, event.relation)})
        case events.RelationEnded():
            ended = tuple(
                one.model_copy(update={"until": event.until}) if one.number == event.number else one
                for one in party.relations
            )
            return party.model_copy(update={"relations": ended})
        case _:
            assert_never(event)


def _of_account(state: RegistryState, event: AccountEvent) -> RegistryState:  # noqa: PLR0911 - one case an event
    match event:
        case events.AccountOpened():
            expect(state, Unborn, event)
            return LiveAccount(account=event.account, role=event.role, public_key=event.public_key)
        case events.StaffAccountOpened():
            expect(state, Unborn, event)
            fields = event.model_dump(include={"account", "role", "public_key", "person"})
            return LiveAccount(**fields)
        case events.PersonErased():
            return expect(state, ClosedAccount, event).model_copy(update={"person": None})
    account = expect(state, LiveAccount, event)
    match event:
        case events.KeyChanged():
            return account.model_copy(update={"public_key": event.public_key})
        case events.KeyRevoked():
            return account.model_copy(update={"public_key": ""})
        case events.PasswordSet():
            return account
        case events.CertificateBound():
            return account.model_copy(update={"certificates": (*account.certificates, event.certificate)})
        case events.CertificateRevoked():
            left = tuple(own for own in account.certificates if own.fingerprint != event.fingerprint)
            return account.model_copy(update={"certificates": left})
        case events.AccountClosed():
            return ClosedAccount(account=account.account, person=account.person)
        case _:
            assert_never(event)
