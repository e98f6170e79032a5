"""Who sees what of remedies: who objects is nobody's to know before the deadline, who complains the supervisor's.

That two objections are of one bidder is the supervisor's too: it would tell those who answer them about that bidder.
"""

from services.bidding.domain.audiences import ANSWERABLE
from services.bidding.domain.remedies.events import (
    ComplaintMade,
    ComplaintPaused,
    ComplaintResumed,
    ComplaintWithdrawn,
    InterestDeclared,
    ObjectionRaised,
    ObjectionRepeated,
    ObjectionWithdrawn,
    RemediesEvent,
)
from services.bidding.domain.state import TenderState, is_secret_who_bids
from shared.kernel.request import Role


def visible(event: RemediesEvent, role: Role, state: TenderState) -> bool:
    """Return whether a role may see a fact about remedies; answers, acceptance and decisions are public."""
    match event:
        case ObjectionRaised() | ObjectionWithdrawn():
            return role in ANSWERABLE or not is_secret_who_bids(state)
        case ComplaintMade() | ObjectionRepeated():
            return role == "supervisor"
        case InterestDeclared() | ComplaintPaused() | ComplaintResumed() | ComplaintWithdrawn():
            return role in ANSWERABLE
        case _:
            return True
