"""Checkpoints as they were signed, with the cosignatures that came in for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select

from shared.kernel.canonical import encode, instant, parse_instant
from shared.ledger import note
from shared.ledger.checkpoint import with_cosignatures
from shared.store.ledger_read import read_positions
from shared.store.ledger_tables import checkpoint, cosignature


@dataclass(frozen=True, slots=True)
class Sealed:
    """A signed checkpoint: `note` with the cosignatures there are, by witness; what it covers; when it was made."""

    size: int
    note: bytes
    positions: Mapping[str, int]
    at: datetime
    witnesses: tuple[str, ...]


def add(connection: Connection, size: int, signed: bytes, positions: Mapping[str, int], at: datetime) -> None:
    """Keep a signed checkpoint, once."""
    if connection.execute(select(checkpoint.c.size).where(checkpoint.c.size == size)).first() is None:
        row = {"size": size, "note": signed, "positions": encode(dict(positions)), "at": instant(at)}
        connection.execute(insert(checkpoint).values(**row))


def add_cosignatures(connection: Connection, size: int, added: Iterable[note.Signature], at: datetime) -> None:
    """Keep what witnesses signed below a checkpoint, once for each witness."""
    known = set(connection.execute(select(cosignature.c.witness).where(cosignature.c.size == size)).scalars())
    new = {item.name: item.line.encode() for item in added if item.name not in known}
    rows = [{"size": size, "witness": name, "line": line, "at": instant(at)} for name, line in new.items()]
    if rows:
        connection.execute(insert(cosignature), rows)


def of_size(connection: Connection, size: int) -> Sealed:
    """Return the checkpoint of a size that is known to be signed."""
    row = connection.execute(select(checkpoint).where(checkpoint.c.size == size)).one()
    return _with_cosignatures(connection, row)


def newest(connection: Connection) -> Sealed | None:
    """Return the newest checkpoint."""
    return _sealed(connection, checkpoint.c.size == select(func.max(checkpoint.c.size)).scalar_subquery())


def newest_witnessed(connection: Connection, needed: int) -> Sealed | None:
    """Return the newest checkpoint that `needed` witnesses have cosigned, at least one in any case."""
    enough = select(cosignature.c.size).group_by(cosignature.c.size).having(func.count() >= max(needed, 1))
    newest_of = enough.order_by(cosignature.c.size.desc()).limit(1)
    return _sealed(connection, checkpoint.c.size == newest_of.scalar_subquery())


def oldest_from(connection: Connection, size: int) -> Sealed | None:
    """Return the first checkpoint that covers `size` leaves."""
    first = select(func.min(checkpoint.c.size)).where(checkpoint.c.size >= size)
    return _sealed(connection, checkpoint.c.size == first.scalar_subquery())


def last_size_of(connection: Connection, witness: str) -> int:
    """Return the size that a witness last cosigned as far as is known here; 0 if none."""
    query = select(func.max(cosignature.c.size)).where(cosignature.c.witness == witness)
    return int(connection.execute(query).scalar() or 0)


def _sealed(connection: Connection, which: ColumnElement[bool]) -> Sealed | None:
    row = connection.execute(select(checkpoint).where(which)).first()
    return None if row is None else _with_cosignatures(connection, row)


def _with_cosignatures(connection: Connection, row: Row[Any]) -> Sealed:
    size, signed, positions, at = row.size, row.note, row.positions, row.at
    query = select(cosignature.c.witness, cosignature.c.line).where(cosignature.c.size == size)
    lines = {
        witness: bytes(line).decode() for witness, line in connection.execute(query.order_by(cosignature.c.witness))
    }
    added = [note.parse_signature(line.removesuffix("\n")) for line in lines.values()]
    signed = with_cosignatures(bytes(signed), added)
    return Sealed(int(size), signed, read_positions(bytes(positions)), parse_instant(at), tuple(lines))
