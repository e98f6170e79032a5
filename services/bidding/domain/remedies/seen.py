"""Who sees what of remedies: who objects concerns who answers for the tender, who complains the supervisor alone.

The alias of who objects is made of its token, and from the opening on anybody can make every token again.
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
from shared.kernel.request import Role


def visible(event: RemediesEvent, role: Role) -> bool:
    """Return whether a role may see a fact about remedies; answers, acceptance and decisions are public."""
    match event:
        case ObjectionRaised() | ObjectionWithdrawn():
            return role in ANSWERABLE
        case ComplaintMade() | ObjectionRepeated():
            return role == "supervisor"
        case InterestDeclared() | ComplaintPaused() | ComplaintResumed() | ComplaintWithdrawn():
            return role in ANSWERABLE
        case _:
            return True
