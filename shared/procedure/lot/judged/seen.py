"""Who sees what of judging: members are named, and what each gave is told, to others only with the result."""

from shared.kernel.request import Role
from shared.procedure.lot.judged.events import CommitteeSeated, MemberLeft, MemberReplaced, OffersScored
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.state import OVER, Lot, LotState

FORMED_BY: frozenset[Role] = frozenset({"tenderer", "agency", "supervisor", "expert"})
"""Who knows the members from the start: who seats them, who watches, and they themselves."""


def visible(event: LotEvent, role: Role, state: LotState) -> bool:
    """Return whether a role may see a fact of judging; what is one's own doing one's own door shows besides."""
    if not isinstance(state, Lot):
        return False
    told = state.judged.report is not None or state.phase in OVER
    match event:
        case CommitteeSeated() | MemberLeft() | MemberReplaced():
            return told or role in FORMED_BY
        case OffersScored():
            return told
        case _:
            return True


def read_out(number: str, state: LotState) -> bool:
    """Whether the name behind a number is everyone's: it was read out with its price (开标逐一宣布)."""
    return (
        isinstance(state, Lot)
        and state.judged.opened is not None
        and any(price.number == number for price in state.tender.prices)
    )


def reads_offers(role: Role, state: LotState) -> bool:
    """Whether a role is given the documents of the offers: who judges, sells or supervises, once they are opened."""
    return role in FORMED_BY and isinstance(state, Lot) and state.judged.opened is not None
