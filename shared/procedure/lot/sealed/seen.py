"""Who sees what of a tender, and from when: nothing of prices before the deadline, no price before all are read."""

from shared.kernel.request import Role
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.sealed.events import (
    PriceHandedIn,
    PriceKeyGiven,
    PriceKeyRefused,
    PriceSharesGiven,
    PriceSharesRefused,
)
from shared.procedure.lot.state import Lot, LotState

WATCHING: frozenset[Role] = frozenset({"operator", "supervisor", "authority"})


def visible(event: LotEvent, role: Role, state: LotState) -> bool:
    """Return whether a role may see a fact of a tender; what is one's own doing one's own door shows besides."""
    if not isinstance(state, Lot):
        return False
    match event:
        case PriceHandedIn():
            return state.phase != "tendering"
        case PriceSharesRefused():
            return state.tender.read is not None or role in WATCHING
        case PriceKeyGiven() | PriceKeyRefused() | PriceSharesGiven():
            return state.tender.read is not None
        case _:
            return True
