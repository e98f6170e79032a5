"""Plain nameko's sealed-bid intake: one `@rpc` inserts the row with SQLAlchemy, commits, and dispatches an event.

It checks no signature and signs no receipt.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from nameko.events import EventDispatcher
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from sqlalchemy import DateTime, LargeBinary, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

WORKERS = 10
"""nameko's default."""


class Base(DeclarativeBase):
    """The tables of this service."""


class Delivery(Base):
    """One sealed bid as it was delivered."""

    __tablename__ = "delivery"

    id: Mapped[str] = mapped_column(String, primary_key=True)
    tender: Mapped[str] = mapped_column(String, index=True)
    token: Mapped[str] = mapped_column(String)
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    digest: Mapped[str] = mapped_column(String)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class Sessions(DependencyProvider):  # type: ignore[misc]  # nameko has no types
    """Gives each worker a session of its own."""

    def setup(self) -> None:
        """Connect and make the tables."""
        engine = create_engine(self.container.config["DATABASE_URL"], pool_size=WORKERS)
        Base.metadata.create_all(engine)
        self._make = sessionmaker(engine)
        self._open: dict[Any, Session] = {}

    def get_dependency(self, worker_ctx: Any) -> Session:
        """Return a new session."""
        return self._open.setdefault(worker_ctx, self._make())

    def worker_teardown(self, worker_ctx: Any) -> None:
        """Close the worker's session."""
        self._open.pop(worker_ctx).close()


class PlainIntake:
    """Takes deliveries."""

    name = "plain_intake"
    session = Sessions()
    dispatch = EventDispatcher()

    @rpc  # type: ignore[untyped-decorator]  # nameko has no types
    def deliver(self, tender: str, token: str, delivered: dict[str, Any]) -> dict[str, str]:
        """Keep a delivery and tell of it."""
        body = orjson.dumps(delivered)
        now = datetime.now(UTC)  # noqa: TID251 - as a plain service reads it
        digest = hashlib.sha256(body).hexdigest()
        row = Delivery(id=uuid4().hex, tender=tender, token=token, received_at=now, digest=digest, body=body)
        receipt = {"id": row.id, "digest": digest, "received_at": now.isoformat()}
        self.session.add(row)
        self.session.commit()
        self.dispatch("delivered", {**receipt, "tender": tender, "token": token, "delivered": delivered})
        return receipt


SERVICE = PlainIntake
