"""Who is in charge of parties and who controls them: the rows, what the opening is told of them, and the query.

Before an opening none of it goes to anyone but the office and the party's own administrators.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from services.registry import private
from services.registry.domain import events
from services.registry.domain.evolving import RelationEvent
from services.registry.domain.relations import in_charge, reached
from services.registry.domain.rights import OFFICE
from services.registry.domain.values import Charge
from services.registry.finding import administers, staff_of
from services.registry.private import PERSON, Private
from services.registry.tables import account, identifier, person_in_charge, relation
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.message import Identifier, Message
from shared.kernel.record import Record
from shared.platform.door import Query
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools
from shared.seal import marks

CLOSED = "reception-closed"
"""When the reception of a tender's bids was closed, until its tokens are disclosed."""


class OfRelations(Message):
    """Asks for the relations of a party."""

    party: Identifier


@dataclass(frozen=True, slots=True)
class Web:
    """Who controls whom at an instant, as (above, below): registered parties by stream, others as `scheme:id`."""

    edges: tuple[tuple[str, str], ...]
    names: Mapping[str, tuple[str, ...]]

    def around(self, stream: str) -> dict[str, tuple[str, ...]]:
        """Return the `controllers` and the `controlled` of a party through every chain, by all their identifiers."""
        upward = [(below, above) for above, below in self.edges]
        return {
            "controllers": self._named(reached(upward, stream)),
            "controlled": self._named(reached(self.edges, stream)),
        }

    def _named(self, found: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(name for node in found for name in self.names.get(node, (node,))))


def web(connection: Connection, at: datetime) -> Web:
    """Return the relations that are in force at `at`."""
    now = instant(at)
    same = (identifier.c.scheme == relation.c.scheme) & (identifier.c.id == relation.c.id)
    columns = select(relation, identifier.c.stream.label("known")).outerjoin(identifier, same)
    in_force = relation.c.since <= now, or_(relation.c.until.is_(None), relation.c.until > now)
    edges = []
    for row in connection.execute(columns.where(*in_force)).mappings():
        other = row["known"] or f"{row['scheme']}:{row['id']}"
        edges.append((other, row["stream"]) if row["side"] == "controlled_by" else (row["stream"], other))
    return Web(tuple(edges), _names(connection, {node for edge in edges for node in edge}))


def marked(tools: Tools, connection: Connection, tender: str, at: datetime, stream: str) -> dict[str, str]:
    """Return the mark, in a tender, of the `person_in_charge` of a party at `at`; none if not said, or erased."""
    charge = in_charge(_charges(connection, stream), at)
    kept = Private(tools).get(connection, PERSON, charge.person) if charge and charge.person else None
    if kept is None:
        return {}
    return {"person_in_charge": marks.mark(tender, marks.person(kept["name"], kept["identity_number"]))}


def can_be_in_charge(tools: Tools, connection: Connection, person: str) -> bool:
    """Return whether a person is kept with an identity number, and for nothing else."""
    kept = Private(tools).get(connection, PERSON, person)
    return bool(kept and kept["identity_number"].strip()) and not used(connection, person)


def used(connection: Connection, person: str) -> bool:
    """Return whether an account or a party has this digest: each is used once, so that it can be erased."""
    return bool(staff_of(connection, person) or in_charge_of(connection, person))


def in_charge_of(connection: Connection, person: str) -> list[str]:
    """Return the streams of the parties that a person is or was in charge of."""
    query = select(person_in_charge.c.stream).where(person_in_charge.c.person == person)
    return list(connection.execute(query).scalars())


def tied_to_operator(tools: Tools, connection: Connection, stream: str, at: datetime) -> bool:
    """Return whether a party is, or is in a relation of control with, who runs the platform.

    That is who the installation names and every party with an open operator's account (电子招标投标办法 第二十三条).
    """
    running = select(account.c.party).where(account.c.role == "operator", account.c.open, account.c.party.is_not(None))
    streams = set(connection.execute(running).scalars())
    named = {name for names in _names(connection, streams).values() for name in names}
    operators = {*tools.settings.operator_parties, *named}
    if not operators:
        return False
    around = web(connection, at).around(stream)
    own = {*_names(connection, {stream}).get(stream, ()), *around["controllers"], *around["controlled"]}
    return not own.isdisjoint(operators)


def project_relations(connection: Connection, record: Record, event: RelationEvent) -> None:
    """Bring the tables of relations up to an event."""
    match event:
        case events.PersonInChargeDeclared():
            row: dict[str, Any] = {"person": event.person, "since": instant(event.since)}
            where = {"position": record.position, "stream": record.stream}
            connection.execute(insert(person_in_charge).values(**where, **row))
        case events.PersonInChargeErased():
            own = person_in_charge.c.stream == record.stream, person_in_charge.c.person == event.person
            connection.execute(update(person_in_charge).where(*own).values(person=None))
            private.forget(connection, PERSON, event.person)
        case events.RelationDeclared():
            row = event.relation.model_dump(mode="json", exclude={"other"})
            other = event.relation.other.model_dump()
            connection.execute(insert(relation).values(stream=record.stream, **row, **other))
        case events.RelationEnded():
            one = relation.c.stream == record.stream, relation.c.number == event.number
            connection.execute(update(relation).where(*one).values(until=instant(event.until)))


def show_relations(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return who was said to be in charge of a party, by digest, and its relations, ended too; for who keeps them."""
    stream = arguments(OfRelations, query).party
    if query.actor.role not in OFFICE and not administers(connection, query.actor, stream):
        raise nothing_there()
    charges = [charge.model_dump(mode="json") for charge in _charges(connection, stream)]
    rows = connection.execute(select(relation).where(relation.c.stream == stream).order_by(relation.c.number))
    names = ("number", "side", "kind", "since", "until", "by_office")
    listed = [
        {**{name: row[name] for name in names}, "other": {"scheme": row["scheme"], "id": row["id"]}}
        for row in rows.mappings()
    ]
    return {"persons_in_charge": charges, "relations": listed}


def _charges(connection: Connection, stream: str) -> list[Charge]:
    query = select(person_in_charge).where(person_in_charge.c.stream == stream)
    rows = connection.execute(query.order_by(person_in_charge.c.position))
    return [Charge(person=row.person, since=parse_instant(row.since)) for row in rows]


def _names(connection: Connection, streams: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return all identifiers, as `scheme:id`, of those of the streams that are parties."""
    query = select(identifier.c.stream, identifier.c.scheme, identifier.c.id)
    named: dict[str, tuple[str, ...]] = {}
    for stream, scheme, id_ in connection.execute(query.where(identifier.c.stream.in_(list(streams)))):
        named[stream] = (*named.get(stream, ()), f"{scheme}:{id_}")
    return named
