"""What stood against a party at an instant that is past: what was lifted later stood then."""

from collections.abc import Iterable
from datetime import datetime

from services.registry.domain import events
from services.registry.domain.values import Listing, Sanction
from shared.kernel.message import Event


def sanctions(told: Iterable[tuple[datetime, Event]], at: datetime) -> tuple[Sanction, ...]:
    """Return the suspension, then the entries of the blacklist by number, that were in force at `at`.

    `told` are the party's events, oldest first, each with when it arrived. A suspension and whatever is lifted count
    from then; an entry from its own `since`, whenever it was entered. What ends at `at` is no longer in force.
    """
    suspensions: list[Sanction] = []
    entries: dict[int, Listing] = {}
    for arrived, event in told:
        match event:
            case events.PartySuspended(article=article, until=until) if arrived <= at:
                suspensions = [Sanction(cause="suspended", article=article, since=arrived, until=until)]
            case events.SuspensionLifted() if arrived <= at:
                suspensions = []
            case events.PartyBlacklisted(listing=entry):
                entries[entry.number] = entry
            case events.BlacklistingLifted(number=number) if arrived <= at:
                entries.pop(number)
    listed = [
        Sanction(cause=entry.kind, article=entry.article, since=entry.since, until=entry.until)
        for entry in entries.values()
    ]
    return tuple(one for one in (*suspensions, *listed) if one.since <= at < one.until)
