"""Plain nameko's sealed-bid intake: one `@rpc` inserts the row with SQLAlchemy, commits, and dispatches an event.

`python -m tests.bench.peers.plain_intake BROKER DATABASE`. It checks no signature and signs no receipt.
"""

import eventlet

eventlet.monkey_patch()

import hashlib
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
from nameko.events import EventDispatcher
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from nameko.runners import ServiceRunner
from sqlalchemy import DateTime, LargeBinary, String, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

NAME = "plain_intake"
WORKERS = 32
DATABASE = "DATABASE_URL"


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


class Sessions(DependencyProvider):
    """Gives each worker a session of its own."""

    def setup(self) -> None:
        """Connect and make the tables."""
        engine = create_engine(self.container.config[DATABASE], pool_size=WORKERS)
        Base.metadata.create_all(engine)
        self._sessions = sessionmaker(engine)
        self._open: dict[Any, Session] = {}

    def get_dependency(self, worker_ctx: Any) -> Session:
        """Return a new session."""
        return self._open.setdefault(worker_ctx, self._sessions())

    def worker_teardown(self, worker_ctx: Any) -> None:
        """Close the worker's session."""
        self._open.pop(worker_ctx).close()


class PlainIntake:
    """Takes deliveries."""

    name = NAME
    session = Sessions()
    dispatch = EventDispatcher()

    @rpc
    def deliver(self, tender: str, token: str, delivered: dict[str, Any]) -> dict[str, str]:
        """Keep a delivery and tell of it."""
        body = orjson.dumps(delivered)
        delivery = Delivery(
            id=uuid4().hex, tender=tender, token=token, received_at=datetime.now(UTC),  # noqa: TID251 - as a plain service would
            digest=hashlib.sha256(body).hexdigest(), body=body,
        )  # fmt: skip
        self.session.add(delivery)
        self.session.commit()
        receipt = {"id": delivery.id, "digest": delivery.digest, "received_at": delivery.received_at.isoformat()}
        self.dispatch("delivered", {**receipt, "tender": tender, "token": token, "delivered": delivered})
        return receipt


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": sys.argv[1], DATABASE: sys.argv[2], "max_workers": WORKERS})
    runner.add_service(PlainIntake)
    runner.start()
    print("service_started", flush=True)
    runner.wait()
