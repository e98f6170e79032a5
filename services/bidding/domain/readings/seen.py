"""Who sees who looked: those who watch the tender."""

from services.bidding.domain.audiences import WATCH
from shared.kernel.request import Role


def visible(role: Role) -> bool:
    """Return whether a role may see who looked at what."""
    return role in WATCH
