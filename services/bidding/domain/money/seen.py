"""Who sees what of the money: before the deadline nobody but whose it is and who recorded it."""

from services.bidding.domain.audiences import OFFICE
from services.bidding.domain.money.messages import (
    BidRevoked,
    BondRecorded,
    DepositKept,
    DepositRecorded,
    DepositsExamined,
    FeeRecorded,
    MoneyEvent,
    ReferenceOpened,
    RefundDue,
    RefundRecorded,
)
from services.bidding.domain.state import Ceremony, TenderState, is_secret_who_bids
from shared.kernel.message import Event
from shared.kernel.request import Role


def visible(event: MoneyEvent, role: Role, state: TenderState) -> bool:
    """Return whether a role may see a fact about money: who paid would tell who bids (招标投标法 第二十二条)."""
    if isinstance(event, ReferenceOpened):
        return not isinstance(state, Ceremony)  # 标底 is shown with the results, after all unsealing is finished
    if isinstance(event, DepositsExamined):
        return role in {*OFFICE, "expert"} and not is_secret_who_bids(state)
    return role in OFFICE and not is_secret_who_bids(state)


def concerned(event: Event) -> frozenset[str]:
    """Return the accounts that an event is about, which are told of it at any time."""
    match event:
        case DepositRecorded() | FeeRecorded() | RefundDue() | RefundRecorded():
            return frozenset({event.token, event.recorder})
        case BidRevoked(token=token) | DepositKept(token=token):
            return frozenset({token})
        case BondRecorded() | _:
            return frozenset()
