"""What the registry's decisions and queries read of its tables."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, RowMapping, select, tuple_

from services.registry.domain.state import KnownParty
from services.registry.domain.values import ALL_RIGHTS, Certificate, Listing, RevokedKey, Suspension
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
from shared.kernel.canonical import parse_instant
from shared.kernel.codes import USCC, PartyId, covers, standard_regions
from shared.kernel.request import Actor
from shared.seal.statement import Party


def operators(connection: Connection) -> int:
    """Return how many operator accounts are open."""
    query = select(account.c.account).where(account.c.role == "operator", account.c.open)
    return len(connection.execute(query).all())


def taken(connection: Connection, identifiers: Collection[PartyId]) -> tuple[PartyId, ...]:
    """Return those of the identifiers that a party has."""
    pairs = [(item.scheme, item.id) for item in identifiers]
    query = select(identifier.c.scheme, identifier.c.id)
    rows = connection.execute(query.where(tuple_(identifier.c.scheme, identifier.c.id).in_(pairs)))
    found = {(scheme, id_) for scheme, id_ in rows}
    return tuple(item for item in identifiers if (item.scheme, item.id) in found)


def key_owner(connection: Connection, public_key: str) -> str | None:
    """Return the account that has or had this key, or None."""
    query = select(account_key.c.account).where(account_key.c.public_key == public_key)
    return connection.execute(query).scalar()


def certificate_used(connection: Connection, found: Certificate, name: str) -> bool:
    """Return whether a certificate or its key is another account's, or was revoked."""
    query = select(certificate.c.account, certificate.c.revoked_since)
    row = connection.execute(query.where(certificate.c.fingerprint == found.fingerprint)).first()
    if row is not None and (row.account != name or row.revoked_since is not None):
        return True
    if found.public_key is None:
        return False
    lost = select(revoked_key.c.since).where(revoked_key.c.public_key == found.public_key)
    owner = key_owner(connection, found.public_key)
    return owner not in {None, name} or connection.execute(lost).first() is not None


def known_party(connection: Connection, stream: str, *, codes: bool = False) -> KnownParty | None:
    """Return what a decision may know of a party, or None if there is none; `codes` are told only where needed."""
    row = connection.execute(select(party.c.position, party.c.uscc).where(party.c.stream == stream)).first()
    if row is None:
        return None
    known = {"stream": stream, "position": row.position, "has_uscc": row.uscc is not None}
    return KnownParty(**known, roles=roles_of(connection, stream), codes=(row.uscc,) if codes and row.uscc else ())


def parties_with_uscc(connection: Connection) -> list[tuple[str, Party]]:
    """Return every party that could hold a token, with its stream."""
    query = select(party.c.stream, party.c.uscc, party.c.name).where(party.c.uscc.is_not(None))
    rows = connection.execute(query.order_by(party.c.stream))
    return [(stream, Party(scheme=USCC, id=uscc, name=name)) for stream, uscc, name in rows]


def bidder_keys(connection: Connection, stream: str) -> tuple[str, ...]:
    """Return every key that the party's bidder accounts that may act for it have had, oldest first."""
    query = select(account_key.c.public_key, account.c.account).join(
        account, account.c.account == account_key.c.account
    )
    own = query.where(account.c.party == stream, account.c.role == "bidder").order_by(account_key.c.position)
    return tuple(key for key, name in connection.execute(own).all() if "act" in rights_of(connection, name))


def revoked_keys(connection: Connection, keys: Collection[str]) -> tuple[RevokedKey, ...]:
    """Return those of the keys that were reported lost, or whose account was closed, with since when; in that order."""
    query = select(revoked_key.c.public_key, revoked_key.c.since).where(revoked_key.c.public_key.in_(list(keys)))
    since = {key: parse_instant(at) for key, at in connection.execute(query)}
    return tuple(RevokedKey(public_key=key, since=since[key]) for key in keys if key in since)


def rights_of(connection: Connection, name: str) -> tuple[Any, ...]:
    """Return what an account may do for its party."""
    said = connection.execute(select(staff.c.rights).where(staff.c.account == name)).scalar()
    return ALL_RIGHTS if said is None else tuple(said.split())


def administers(connection: Connection, actor: Actor, stream: str | None) -> bool:
    """Return whether an actor is an open account that may open and close those of this party."""
    query = select(account.c.party).where(account.c.account == actor.account, account.c.open)
    own = connection.execute(query).scalar()
    return own is not None and own == stream and "administer" in rights_of(connection, actor.account)


def listings(connection: Connection, stream: str) -> tuple[Listing, ...]:
    """Return a party's entries in the blacklist that were not lifted."""
    rows = connection.execute(select(listing).where(listing.c.stream == stream).order_by(listing.c.number)).mappings()
    return tuple(listing_of(row) for row in rows)


def listing_of(row: RowMapping) -> Listing:
    """Return the entry of the blacklist in a row."""
    return Listing.model_validate({name: row[name] for name in Listing.model_fields})


def party_region(connection: Connection, stream: str, installation: str) -> str:
    """Return the region that looks after a party: the one named, else that of its code, else the installation's."""
    said = connection.execute(select(place.c.region).where(place.c.stream == stream)).scalar()
    if said is not None:
        return str(said)
    uscc = connection.execute(select(party.c.uscc).where(party.c.stream == stream)).scalar()
    registered = uscc[2:8] if uscc else ""  # GB 32100-2015: places 3 to 8 are the region of the registering authority
    inside = standard_regions().get(registered) is not None and covers(installation, registered)
    return registered if inside else installation


def account_row(connection: Connection, name: str) -> RowMapping | None:
    """Return an account's row with that of its party, if it has one."""
    columns = [column for column in party.columns if column.name not in account.columns]
    query = select(account, *columns).outerjoin(party, party.c.stream == account.c.party)
    return connection.execute(query.where(account.c.account == name)).mappings().first()


def roles_of(connection: Connection, stream: str) -> tuple[Any, ...]:
    """Return the roles of a party's open accounts."""
    query = select(account.c.role).where(account.c.party == stream, account.c.open).distinct()
    return tuple(connection.execute(query.order_by(account.c.role)).scalars())


def suspension_of(row: RowMapping) -> Suspension | None:
    """Return the suspension in a party's row that was not lifted, or None."""
    if row["suspended_until"] is None:
        return None
    return Suspension(reason=row["reason"], article=row["article"], until=parse_instant(row["suspended_until"]))


def staff_of(connection: Connection, person: str) -> list[tuple[str, str | None]]:
    """Return the accounts of a person with the party of each."""
    query = select(account.c.account, account.c.party).join(staff, staff.c.account == account.c.account)
    return [(name, own) for name, own in connection.execute(query.where(staff.c.person == person))]


def bound(connection: Connection, name: str) -> set[str]:
    """Return the fingerprints of the certificates that stand for an account."""
    query = select(certificate.c.fingerprint).where(
        certificate.c.account == name, certificate.c.revoked_since.is_(None)
    )
    return set(connection.execute(query).scalars())
