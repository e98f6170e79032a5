"""The tender's reception as an aggregate of the library `eventsourcing`, on its SQLite recorder."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event


class Tender(Aggregate):
    """A tender that receives sealed messages."""

    @event("Announced")
    def __init__(self, announcement: dict[str, Any]) -> None:
        self.announcement = announcement
        self.received: list[tuple[str, str, str, str, datetime]] = []

    @event("Received")
    def receive(self, token: str, one_time_key: str, sealed: str, digest: str, received_at: datetime) -> None:
        """Keep a sealed message."""
        self.received.append((token, one_time_key, sealed, digest, received_at))


class Tenders(Application[UUID]):
    """The application on one file."""

    def __init__(self, path: Path) -> None:
        super().__init__(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})

    def keep(self, announcement: dict[str, Any], received: Iterable[dict[str, Any]]) -> UUID:
        """Record a tender with what it received and return its id."""
        tender = Tender(announcement)
        for message in received:
            tender.receive(**message)
        self.save(tender)
        return tender.id

    def replay(self, tender_id: UUID) -> Tender:
        """Return the tender, folded from its events."""
        tender: Tender = self.repository.get(tender_id)
        return tender
