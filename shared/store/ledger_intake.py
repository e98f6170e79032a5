"""What the audit keeps beside the ledger: records that must wait for one that is missing, and findings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, tuple_

from shared.kernel.canonical import instant, parse_instant
from shared.store.ledger_entry import Entry, Finding, entry_of
from shared.store.ledger_tables import finding, waiting

KEPT_BYTES = 65_535
"""How much of a message that shows a fault is kept."""

Key = tuple[str, int]
"""A service and one of its positions."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its number, in the order of finding, and when it was found."""

    number: int
    at: datetime
    finding: Finding


def waiting_near(connection: Connection, positions: Mapping[str, int], most: int, keys: Iterable[Key]) -> list[Entry]:
    """Return the waiting records next in line, up to `most` positions ahead of each service, and those at `keys`."""
    services = list(lowest_waiting(connection))
    if not services:
        return []
    ahead = [and_(waiting.c.service == name, waiting.c.position <= positions.get(name, 0) + most) for name in services]
    at_keys = tuple_(waiting.c.service, waiting.c.position).in_(list(keys))
    rows = connection.execute(select(waiting.c.record, waiting.c.leaf).where(or_(*ahead, at_keys)))
    return [entry_of(bytes(record), bytes(leaf)) for record, leaf in rows]


def lowest_waiting(connection: Connection) -> dict[str, int]:
    """Return for each service that has waiting records the position of the first."""
    query = select(waiting.c.service, func.min(waiting.c.position)).group_by(waiting.c.service)
    return {service: int(position) for service, position in connection.execute(query)}


def hold(connection: Connection, entries: Sequence[Entry]) -> None:
    """Keep records that are not waiting yet."""
    rows = [
        {"service": item.service, "position": item.position, "leaf": item.leaf, "record": item.record}
        for item in entries
    ]
    if rows:
        connection.execute(insert(waiting), rows)


def release(connection: Connection, keys: Iterable[Key]) -> None:
    """Let go of waiting records at the given positions."""
    if wanted := list(keys):
        connection.execute(delete(waiting).where(tuple_(waiting.c.service, waiting.c.position).in_(wanted)))


def report(connection: Connection, found: Iterable[Finding], at: datetime) -> list[Finding]:
    """Keep findings and return those that are new."""
    by_id = {item.id: item for item in found}
    known = set(connection.execute(select(finding.c.id).where(finding.c.id.in_(by_id))).scalars()) if by_id else set()
    new = [item for id_, item in by_id.items() if id_ not in known]
    if new:
        connection.execute(insert(finding), [_row(item, at) for item in new])
    return new


def findings(connection: Connection, after: int, limit: int) -> list[Found]:
    """Return findings by number, from behind `after`."""
    query = select(finding).where(finding.c.number > after).order_by(finding.c.number).limit(limit)
    return [
        Found(
            row["number"],
            parse_instant(row["at"]),
            Finding(
                code=row["code"],
                zh=row["zh"],
                en=row["en"],
                service=row["service"],
                first=row["first"],
                last=row["last"],
                leaf=bytes(row["leaf"]),
                body=bytes(row["body"]),
            ),
        )
        for row in connection.execute(query).mappings()
    ]


def _row(item: Finding, at: datetime) -> dict[str, object]:
    return {
        "id": item.id,
        "code": item.code,
        "service": item.service,
        "first": item.first,
        "last": item.last,
        "zh": item.zh,
        "en": item.en,
        "at": instant(at),
        "leaf": item.leaf[:KEPT_BYTES],
        "body": item.body[:KEPT_BYTES],
    }
