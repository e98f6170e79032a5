"""A service's database: SQLite or PostgreSQL behind one pair of transactions, `write` and `read`."""

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, InterfaceError, OperationalError

__all__ = ["Connection", "Database", "is_fault"]

PAGE_BYTES = 16_384
"""SQLite's pages of a new file: a record with a sealed message takes 6 KB, and is read faster from one page."""

RESTED = 1.0
"""Seconds after which a kept connection is tried before it is used; one in use until just now is believed."""

_FREE = text(
    "SELECT name FROM unnest(CAST(:names AS text[])) AS given (name)"
    " WHERE pg_try_advisory_xact_lock_shared(hashtextextended(name, 0))"
)

FAULTS = (OperationalError, InterfaceError)
"""What a database raises when it is away or in trouble, not when it is asked for something wrong."""


class Database:
    """One service's database.

    On SQLite one lock per file stands around each write transaction, and nothing inside it yields.
    """

    def __init__(self, url: str, schema: str = "") -> None:
        self.sqlite = url.startswith("sqlite")
        self.engine = _sqlite(url) if self.sqlite else _postgres(url, schema)
        self._lock = threading.Lock()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a write transaction, committed at the end, rolled back on any exception."""
        if not self.sqlite:
            with self.engine.begin() as connection:
                yield connection
            return
        with self._lock, self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for reading one consistent state."""
        with self.engine.connect() as connection:
            if self.sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def gate(self, connection: Connection, name: str, *, shared: bool) -> None:
        """Hold the gate `name` until the transaction ends; shared holders exclude an exclusive one.

        SQLite's write transactions exclude each other already.
        """
        if not self.sqlite:
            mode = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
            connection.execute(text(f"SELECT {mode}(hashtextextended(:name, 0))"), {"name": name})

    def share_gates(self, connection: Connection, names: Collection[str], *, wait: bool) -> Collection[str]:
        """Hold gates together with other shared holders until the transaction ends; return those that are held.

        Without `wait`, one that somebody holds or wants alone is not held: who holds several waits for none.
        """
        if self.sqlite:
            return names
        if wait:
            for name in sorted(names):
                self.gate(connection, name, shared=True)
            return names
        return set(connection.execute(_FREE, {"names": list(names)}).scalars())

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def is_fault(error: BaseException) -> bool:
    """Whether the database itself is away or in trouble, so that the same work is worth another try."""
    return isinstance(error, FAULTS) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def _postgres(url: str, schema: str) -> Engine:
    # Sealed bytes are hardly made smaller by either, and lz4 takes a third of the time that pglz, the default, takes.
    settings = {"default_toast_compression": "lz4"} | ({"search_path": schema} if schema else {})
    options = " ".join(f"-c{name}={value}" for name, value in settings.items())
    engine = create_engine(
        url, connect_args={"options": options, "connect_timeout": 5}, pool_size=8, hide_parameters=True
    )

    @event.listens_for(engine, "checkin")
    def _keep(_connection: Any, record: Any) -> None:
        record.info["rests"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _try(connection: Any, record: Any, _proxy: Any) -> None:
        if monotonic() - record.info.get("rests", inf) > RESTED:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, connect_args={"timeout": 20, "check_same_thread": False}, pool_size=8, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in (f"page_size={PAGE_BYTES}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
