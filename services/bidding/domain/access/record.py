"""What a tender keeps of who may bid and of what was noted about the bids."""

from dataclasses import dataclass, replace
from typing import assert_never

from services.bidding.domain.access.messages import (
    AccessEvent,
    CollusionNoted,
    PartiesAdmitted,
    QualificationNotified,
)


@dataclass(frozen=True, slots=True)
class Entrants:
    """The parties that alone may bid (null: anyone), and the notes of deemed collusion in their order."""

    admitted: PartiesAdmitted | None = None
    notes: tuple[CollusionNoted, ...] = ()


def evolve(entrants: Entrants, event: AccessEvent) -> Entrants:
    """Return the record after an event; who was told of a qualification is kept in the review."""
    match event:
        case PartiesAdmitted():
            return replace(entrants, admitted=event)
        case CollusionNoted():
            return replace(entrants, notes=(*entrants.notes, event))
        case QualificationNotified():
            return entrants
        case _:
            assert_never(event)
