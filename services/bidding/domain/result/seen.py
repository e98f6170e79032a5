"""Who sees what of the result: who falls away is public; answers and reports are the parties' and the watch's."""

from services.bidding.domain.audiences import OFFICE
from services.bidding.domain.result.messages import ResultEvent, SupervisorReported, ValidityAnswered
from shared.kernel.request import Role


def visible(event: ResultEvent, role: Role) -> bool:
    """Return whether a role may see a fact about the result."""
    return role in OFFICE if isinstance(event, ValidityAnswered | SupervisorReported) else True
