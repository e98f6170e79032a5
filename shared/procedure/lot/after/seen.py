"""Who sees what of what comes after the hammer: the sale is public, its money and the losers' names are not."""

from shared.kernel.request import Role
from shared.procedure.lot.after.events import (
    DepositTurned,
    IdentitiesDue,
    IdentityNoted,
    PaymentRecorded,
    PriorityDeclared,
    RefundDue,
    RefundRecorded,
)
from shared.procedure.lot.messages import LotEvent

ABOUT = (IdentityNoted, RefundDue, RefundRecorded, DepositTurned, PaymentRecorded)
"""The facts about one bidder: it sees them itself."""

_OFFICE: frozenset[Role] = frozenset({"tenderer", "agency", "operator", "supervisor"})


def visible(event: LotEvent, role: Role, *, over: bool) -> bool:
    """Return whether a role may see a fact of a lot that is over, or is not yet."""
    match event:
        case IdentityNoted(won=True):
            return True
        case IdentityNoted() | IdentitiesDue() | RefundDue() | RefundRecorded() | DepositTurned() | PaymentRecorded():
            return role in _OFFICE
        case PriorityDeclared():
            return over or role in _OFFICE
        case _:
            return True
