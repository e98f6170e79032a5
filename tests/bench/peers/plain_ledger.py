"""Plain nameko's ledger: an `@event_handler` that appends one hash-chained row a message and commits it.

The last row is locked, as rows must follow each other.
"""

import hashlib
import json
from typing import Any

from nameko.events import event_handler
from nameko.extensions import DependencyProvider
from sqlalchemy import BigInteger, LargeBinary, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

SOURCE = "platform"
EVENT = "recorded"
WORKERS = 10
"""nameko's default; they wait for each other at the lock."""

FIRST = bytes(32)


class Base(DeclarativeBase):
    """The tables of this service."""


class Head(Base):
    """The one row that is locked: how many entries there are, and the hash of the last."""

    __tablename__ = "head"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Entry(Base):
    """One event, with the hash of everything up to it."""

    __tablename__ = "entry"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Sessions(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Gives the methods a maker of sessions."""

    def setup(self) -> None:
        """Connect, and make the tables with the head before the first entry."""
        engine = create_engine(self.container.config["DATABASE_URL"])
        Base.metadata.create_all(engine)
        self._sessions = sessionmaker(engine)
        with self._sessions.begin() as session:
            session.add(Head(id=1, size=0, hash=FIRST))

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return the maker."""
        del worker_ctx
        return self._sessions


class PlainLedger:
    """Keeps every event."""

    name = "plain_ledger"
    sessions = Sessions()

    @event_handler(SOURCE, EVENT)  # type: ignore[untyped-decorator]  # nameko has no types
    def append(self, event: dict[str, Any]) -> None:
        """Append one event to the chain."""
        body = json.dumps(event, sort_keys=True).encode()
        with self.sessions.begin() as session:
            head = session.scalars(select(Head).with_for_update()).one()
            head.hash = hashlib.sha256(head.hash + body).digest()
            head.size += 1
            session.add(Entry(number=head.size, body=body, hash=head.hash))


SERVICE = PlainLedger
