"""Work rows: what a service still has to do, or has brought together for a decision, kept until it is done."""

from sqlalchemy import Connection, delete, insert, select

from shared.store.tables import work


def put(connection: Connection, kind: str, stream: str, body: bytes = b"") -> None:
    """Keep `body` for a stream, in place of what was kept of that kind."""
    drop(connection, kind, stream)
    connection.execute(insert(work).values(kind=kind, stream=stream, body=body))


def get(connection: Connection, kind: str, stream: str) -> bytes | None:
    """Return what is kept of a kind for a stream, or None."""
    body = connection.execute(select(work.c.body).where(work.c.kind == kind, work.c.stream == stream)).scalar()
    return None if body is None else bytes(body)


def of_kind(connection: Connection, kind: str) -> dict[str, bytes]:
    """Return everything kept of a kind, by stream."""
    rows = connection.execute(select(work.c.stream, work.c.body).where(work.c.kind == kind).order_by(work.c.stream))
    return {stream: bytes(body) for stream, body in rows}


def drop(connection: Connection, kind: str, stream: str) -> None:
    """Forget what is kept of a kind for a stream."""
    connection.execute(delete(work).where(work.c.kind == kind, work.c.stream == stream))
