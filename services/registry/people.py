"""Who accounts belong to: natural persons' data, kept erasable; the record holds a salted digest (个人信息保护法)."""

import hashlib
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection

from services.registry.domain.rights import OFFICE
from services.registry.finding import administers, staff_of
from services.registry.private import PERSON, Private
from services.registry.relations import in_charge_of
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Message, Sha256
from shared.platform.door import Query
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools

SALT_BYTES = 32


class Person(Message):
    """A natural person, as far as the platform must know one."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    phone: Annotated[str, Field(max_length=32)] = ""
    identity_number: Annotated[str, Field(max_length=64)] = ""


class OfPerson(Message):
    """Asks for a person by the digest in the record."""

    person: Sha256


def keep_person(tools: Tools, connection: Connection, query: Query) -> Any:
    """Keep a person and return the salted digest for the record; for who may open accounts."""
    own = query.actor.party or None
    if query.actor.role != "operator" and not administers(connection, query.actor, own):
        raise NotEntitled("仅限运营机构和主体的管理员", "for the operator and a party's administrators only")
    person = arguments(Person, query)
    salt = tools.random_bytes(SALT_BYTES)
    digest = hashlib.sha256(salt + person.canonical()).hexdigest()
    with tools.database.write() as written:
        kept = {"salt": salt.hex(), "by": query.actor.party, **person.model_dump()}
        Private(tools).put(written, PERSON, digest, kept)
    return {"person": digest}


def show_person(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return who stands behind a digest, with its salt; to the office, that person and its party's administrators.

    `accounts` are those of a member of staff; who is in charge of a party has none by that.
    """
    digest = arguments(OfPerson, query).person
    kept = Private(tools).get(connection, PERSON, digest)
    accounts = staff_of(connection, digest)
    parties = {*in_charge_of(connection, digest), *(party for _, party in accounts)}
    own = any(name == query.actor.account for name, _ in accounts)
    own = own or any(administers(connection, query.actor, party) for party in parties)
    if kept is None or not (query.actor.role in OFFICE or own):
        raise nothing_there()
    return {"person": digest, "accounts": [name for name, _ in accounts], **kept}
