"""Who sees what of the committee: its names are secret until the result, and each one's scores until all are in."""

from datetime import UTC, datetime

from services.bidding.domain.committee.events import (
    BidsScored,
    CoefficientDrawn,
    CommitteeEvent,
    CommitteeFormed,
    MemberRecused,
    MemberReplaced,
)
from services.bidding.domain.committee.sitting import yet_to_score
from services.bidding.domain.state import AnnouncedState, Evaluated, Opened, Publicised, TenderState
from shared.kernel.request import Actor, Role

FORMED_BY: frozenset[Role] = frozenset({"tenderer", "agency", "supervisor", "expert"})
"""Who knows the members from the start: who forms the committee, who watches it, and itself."""

AT_WORK: frozenset[Role] = frozenset({"expert", "supervisor"})
"""Who knows what goes on in it: itself, and who watches it (实施条例 第四十九条 forbids telling others)."""

WHEN_ALL_IS_SETTLED = datetime.max.replace(tzinfo=UTC)
"""When no bidder has time to answer any more: nothing is scored before."""

REPORTED_TO: frozenset[Role] = AT_WORK | {"tenderer", "agency"}


def visible(event: CommitteeEvent, role: Role, state: TenderState) -> bool:
    """Return whether a role may see a fact of the committee; a question is its bidder's too (`addressee`)."""
    match event:
        case CoefficientDrawn():
            return True
        case CommitteeFormed() | MemberRecused() | MemberReplaced():
            return role in FORMED_BY or not is_secret(state)
        case BidsScored() if isinstance(state, Opened):
            return role in AT_WORK and not yet_to_score(state, WHEN_ALL_IS_SETTLED)
        case _:
            return role in (AT_WORK if isinstance(state, Opened) else REPORTED_TO) or not is_secret(state)


def is_secret(state: TenderState) -> bool:
    """Whether who sits is not everyone's to know yet, until the result is determined (招标投标法 第三十七条)."""
    return isinstance(state, Opened | Evaluated | Publicised)


def withholds(state: TenderState) -> bool:
    """Whether nobody is given the whole stream, for it holds what members do alone: while the committee works."""
    return isinstance(state, Opened | Evaluated) and state.tender.terms.committee is not None


def is_stranger(actor: Actor, state: AnnouncedState) -> bool:
    """Whether an expert is none of this tender's committee, where it declares one."""
    declared = state.tender.terms.committee is not None
    return actor.role == "expert" and declared and state.beside.committee.seat_of(actor.account) is None
