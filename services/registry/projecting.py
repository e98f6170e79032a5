"""Bringing the registry's query tables up to an event."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from services.registry import private
from services.registry.domain import events
from services.registry.domain.evolving import RelationEvent
from services.registry.finding import key_owner
from services.registry.library import project_library
from services.registry.relations import CLOSED, project_relations
from services.registry.tables import (
    account,
    account_key,
    certificate,
    identifier,
    listing,
    party,
    place,
    revoked_key,
    staff,
)
from shared.kernel.canonical import instant
from shared.kernel.codes import USCC, PartyId
from shared.kernel.message import Event
from shared.kernel.record import Record
from shared.store import calendars, work

Keyed = events.AccountOpened | events.StaffAccountOpened | events.KeyChanged


def project(connection: Connection, record: Record, event: Event, _state: object = None) -> None:
    """Bring the tables up to an event; what the state after it is does not matter here."""
    match event:
        case events.PartyRegistered():
            row = {"stream": record.stream, "kind": event.kind, "name": event.name, "position": record.position}
            connection.execute(insert(party).values(**row))
            _add_identifiers(connection, record, event.identifiers)
        case events.IdentifierAdded():
            _add_identifiers(connection, record, (event.identifier,))
        case events.PartySuspended():
            until = instant(event.until)
            _change_party(connection, record, suspended_until=until, reason=event.reason, article=event.article)
        case events.SuspensionLifted():
            _change_party(connection, record, suspended_until=None, reason=None, article=None)
        case events.PartyPlaced():
            connection.execute(insert(place).values(stream=record.stream, region=event.region))
        case events.PartyBlacklisted():
            row = event.listing.model_dump(mode="json")
            connection.execute(insert(listing).values(stream=record.stream, **row))
        case events.BlacklistingLifted():
            lifted = listing.c.stream == record.stream, listing.c.number == event.number
            connection.execute(delete(listing).where(*lifted))
        case events.CredentialsDisclosed():
            work.drop(connection, CLOSED, event.tender)
        case _ if isinstance(event, RelationEvent):
            project_relations(connection, record, event)
        case _:
            _project_account(connection, record, event)


def _project_account(connection: Connection, record: Record, event: Event) -> None:  # noqa: C901 - one case an event
    match event:
        case events.AccountOpened():
            connection.execute(insert(account).values(open=True, **event.model_dump(exclude={"type"})))
            _add_key(connection, record, event)
        case events.StaffAccountOpened():
            row = event.model_dump(exclude={"type", "person", "rights"})
            connection.execute(insert(account).values(open=True, **row))
            rights = " ".join(event.rights)
            connection.execute(insert(staff).values(account=event.account, person=event.person, rights=rights))
            _add_key(connection, record, event)
        case events.KeyChanged():
            _change_account(connection, event.account, public_key=event.public_key)
            _add_key(connection, record, event)
        case events.KeyRevoked():
            _change_account(connection, event.account, public_key="")
            _revoke(connection, event.public_key, event.since)
        case events.CertificateBound():
            _bind(connection, record, event)
        case events.CertificateRevoked():
            own = update(certificate).where(certificate.c.fingerprint == event.fingerprint)
            connection.execute(own.values(revoked_since=instant(event.since)))
            if event.public_key is not None:
                _revoke(connection, event.public_key, event.since)
        case events.PasswordSet():
            private.promote(connection, event.account)
        case events.AccountClosed():
            _close_account(connection, event.account, record.received_at)
        case events.PersonErased():
            private.forget(connection, private.PERSON, event.person)
        case events.CalendarPublished():
            calendars.keep(connection, event.body.encode(), event.revision)
        case _:
            # disclosures and refusals are in the journal; no query needs a table of them
            project_library(connection, record, event)


def _close_account(connection: Connection, closed: str, since: datetime) -> None:
    _change_account(connection, closed, open=False)
    for key in connection.execute(select(account_key.c.public_key).where(account_key.c.account == closed)):
        _revoke(connection, key.public_key, since)
    private.forget(connection, private.PASSWORD, closed)


def _add_identifiers(connection: Connection, record: Record, added: Collection[PartyId]) -> None:
    where = {"stream": record.stream, "position": record.position}
    connection.execute(insert(identifier), [{**where, "scheme": item.scheme, "id": item.id} for item in added])
    for item in added:
        if item.scheme == USCC:
            _change_party(connection, record, uscc=item.id)


def _bind(connection: Connection, record: Record, event: events.CertificateBound) -> None:
    row = event.certificate.model_dump(mode="json")
    connection.execute(insert(certificate).values(account=event.account, **row))
    key = event.certificate.public_key
    if key is not None and key_owner(connection, key) is None:
        row = {"public_key": key, "account": event.account, "position": record.position}
        connection.execute(insert(account_key).values(**row))


def _close(connection: Connection, record: Record, name: str) -> None:
    """Close an account: from then on its keys sign nothing, also not what a pseudonym of its party hands in."""
    _change_account(connection, name, open=False)
    private.forget(connection, private.PASSWORD, name)
    for key in connection.execute(select(account_key.c.public_key).where(account_key.c.account == name)).scalars():
        _revoke(connection, key, record.received_at)


def _revoke(connection: Connection, public_key: str, since: datetime) -> None:
    known = select(revoked_key.c.since).where(revoked_key.c.public_key == public_key)
    if connection.execute(known).first() is None:
        connection.execute(insert(revoked_key).values(public_key=public_key, since=instant(since)))


def _add_key(connection: Connection, record: Record, event: Keyed) -> None:
    row = {"public_key": event.public_key, "account": event.account, "position": record.position}
    connection.execute(insert(account_key).values(**row))


def _change_party(connection: Connection, record: Record, **values: str | None) -> None:
    changed = update(party).where(party.c.stream == record.stream)
    connection.execute(changed.values(position=record.position, **values))


def _change_account(connection: Connection, name: str, **values: str | bool) -> None:
    connection.execute(update(account).where(account.c.account == name).values(**values))
