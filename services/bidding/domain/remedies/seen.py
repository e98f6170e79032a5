"""Who sees what of remedies: who objects is nobody's to know before the deadline, who complains the supervisor's."""

from services.bidding.domain.remedies.events import (
    ComplaintMade,
    ComplaintPaused,
    ComplaintResumed,
    ComplaintWithdrawn,
    ObjectionRaised,
    ObjectionWithdrawn,
    RemediesEvent,
)
from services.bidding.domain.state import TenderState, is_secret_who_bids
from shared.kernel.request import Role

ANSWERING: frozenset[Role] = frozenset({"tenderer", "agency", "supervisor"})
"""Who must have an objection at once, under its token: who answers it and who watches that."""


def visible(event: RemediesEvent, role: Role, state: TenderState) -> bool:
    """Return whether a role may see a fact about remedies; answers, acceptance and decisions are public."""
    match event:
        case ObjectionRaised() | ObjectionWithdrawn():
            return role in ANSWERING or not is_secret_who_bids(state)
        case ComplaintMade():
            return role == "supervisor"
        case ComplaintPaused() | ComplaintResumed() | ComplaintWithdrawn():
            return role in ANSWERING
        case _:
            return True
