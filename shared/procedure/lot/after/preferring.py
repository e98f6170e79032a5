"""Rights of first refusal (优先购买权, S18): who has one is in the notice, and what each holder says is recorded."""

from collections.abc import Sequence

from shared.kernel.errors import NotFound
from shared.procedure.lot.after.commands import DeclarePriority
from shared.procedure.lot.after.events import PriorityDeclared
from shared.procedure.lot.asking import Ground, LotRequest, check_owner
from shared.procedure.lot.state import BIDDING, Lot


def declare(request: LotRequest, command: DeclarePriority, lot: Lot, ground: Ground) -> Sequence[PriorityDeclared]:
    """Record that a holder named in the notice exercises its right or waives it, while there is bidding to come."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if command.holder not in lot.announced.terms.priority:
        raise NotFound("公告中没有这个优先购买权人", "the notice names no such holder of a right of first refusal")
    if lot.phase not in {"registration", "agreement", *BIDDING}:
        raise ground.not_now("priority", "竞价已经结束", "bidding is over")
    if lot.after.rights.get(command.holder) is False:
        raise ground.breaks("priority", "已经放弃，不得反悔。", "it was waived, and is not taken back")
    return (
        PriorityDeclared(
            holder=command.holder,
            exercises=command.exercises,
            letter=command.letter,
            article=ground.clause("priority").article,
        ),
    )


def check_confirmed(lot: Lot, ground: Ground) -> None:
    """Raise BreaksClause for one more right of first refusal than holders in the notice who have not waived theirs."""
    standing = sum(lot.after.rights.get(holder) is not False for holder in lot.announced.terms.priority)
    if sum(bidder.priority for bidder in lot.bidders.values()) < standing:
        return
    zh, en = (
        "公告的优先购买权人均已放弃或者均已确认。",
        "each holder in the notice has waived its right or is confirmed",
    )
    raise ground.breaks("number" if ground.rules.priority is None else "priority", zh, en)
