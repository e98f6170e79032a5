"""What a tender keeps of outages: which fell on its deadline, and until when."""

from collections.abc import Mapping
from datetime import datetime

from services.bidding.domain.outages.messages import OutageNoted

Outages = Mapping[str, datetime]


def evolve(noted: Outages, event: OutageNoted) -> Outages:
    """Return the outages after one was noted."""
    return {**noted, event.outage: event.until}
