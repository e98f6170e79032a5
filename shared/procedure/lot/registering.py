"""Registration: applications under a pseudonym, deposits in time, admission under a bidder number (竞买号)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from shared.kernel.errors import BadInput, NotFound
from shared.procedure.asking import needed
from shared.procedure.lot.after.preferring import check_confirmed
from shared.procedure.lot.asking import Ground, LotRequest, check_owner
from shared.procedure.lot.commands import AdmitBidder, Apply, BarBidder, RecordDeposit, RefuseBidder
from shared.procedure.lot.events import (
    Applied,
    BidderAdmitted,
    BidderBarred,
    BidderRefused,
    DepositRecorded,
)
from shared.procedure.lot.state import APPLYING, OVER, Bidder, Lot
from shared.procedure.publicity import limit
from shared.seal.wire import raw

NUMBERS = 900_000
"""How many bidder numbers there are: 100000 to 999999."""


def is_late(at: datetime, due: datetime, lot: Lot) -> bool:
    """Whether what arrives at an instant is too late; whether the very instant counts, the notice says.

    While a lot stands still nothing becomes late that was not: what was to come moves on with it.
    """
    if lot.frozen is not None and due > lot.frozen.stopped_at:
        return False
    return at > due if lot.announced.terms.instant_counts else at >= due


def apply(request: LotRequest, command: Apply, lot: Lot, ground: Ground) -> Sequence[Applied]:
    """Take in an application in time; it is known by its number from here on."""
    if lot.frozen is not None:
        raise ground.not_now("freeze", "标的已中止，暂不接受报名", "the lot stands still and takes no applications")
    late = is_late(request.received_at, lot.times.applications_due, lot)
    if late or lot.phase not in APPLYING:
        raise ground.not_now("announced", "报名已经截止", "the time for applications is over")
    if request.actor.account in lot.bidders:
        raise BadInput("您已报名，无需重复提交", "you have applied already")
    number = new_number(raw(needed(request.facts.random, "random")), lot)
    return (
        Applied(
            number=number,
            token=request.actor.account,
            documents=command.documents,
            priority=command.priority,
            received_at=request.received_at,
        ),
    )


def new_number(random: bytes, lot: Lot) -> str:
    """Return a number that nobody has in this lot, from random bytes: it tells nothing of who applied before whom."""
    taken = {bidder.number for bidder in lot.bidders.values()}
    first = int.from_bytes(hashlib.sha256(random).digest()) % NUMBERS
    return next(number for n in range(NUMBERS) if (number := str(100_000 + (first + n) % NUMBERS)) not in taken)


def record_deposit(
    request: LotRequest, command: RecordDeposit, lot: Lot, ground: Ground
) -> Sequence[DepositRecorded | BidderAdmitted]:
    """Record a deposit: it counts in time, from the bidder's own account, and one payment is for one lot (L10).

    Where the review comes after the bidding, a whole deposit in time admits by itself.
    """
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    bidder = found(lot, command.number)
    if command.received_at > request.received_at:
        raise BadInput("到账时间晚于当前时间", "the deposit would have come in the future")
    if command.received_at < lot.announced.announced_at:
        raise BadInput("到账时间早于公告，请核对到账时间", "the deposit came before the lot was announced: check when")
    if command.payment in lot.payments:
        raise ground.breaks("deposit_own", "该笔款项已经登记。", "this payment is recorded already")
    if request.facts.paid_for is not None:
        raise ground.breaks("deposit_own", "该笔款项已经登记给其他标的。", "this payment is recorded for another lot")
    own = command.own_name and lot.payers.get(command.account, command.number) == command.number
    counts = own and not is_late(command.received_at, lot.times.deposits_due, lot)
    if lot.phase == "sold" and bidder == lot.winner:
        raise BadInput("竞得人付款请记为价款", "what the winner pays now is a payment of the price")
    recorded = DepositRecorded(
        number=command.number,
        token=bidder.token,
        amount_fen=command.amount_fen,
        received_at=command.received_at,
        account=command.account,
        payment=command.payment,
        own_name=command.own_name,
        counts=counts,
        article=None if own else ground.clause("deposit_own").article,
    )
    whole = bidder.deposit_fen + command.amount_fen >= lot.announced.terms.deposit_fen
    goes_in = counts and whole and not (bidder.admitted or bidder.refused) and lot.phase not in OVER
    if lot.announced.terms.review == "before" or not goes_in:
        return (recorded,)
    admitted = BidderAdmitted(number=bidder.number, token=bidder.token, priority=False, late=False)
    return recorded, admitted


def admit(request: LotRequest, command: AdmitBidder, lot: Lot, ground: Ground) -> Sequence[BidderAdmitted]:
    """Admit an applicant whose deposit is in, or confirm the right of first refusal of one who is."""
    bidder = _to_review(request, command.number, lot, ground)
    if bidder.deposit_fen < lot.announced.terms.deposit_fen:
        raise ground.breaks("number", "保证金未按时足额到账。", "the deposit is not in, whole and in time")
    if command.priority and not bidder.claims_priority:
        raise BadInput("该竞买人未主张优先购买权", "this bidder claims no right of first refusal")
    if command.priority and not bidder.priority:
        check_confirmed(lot, ground)
    late = _is_late_review(request, bidder, ground)
    return (BidderAdmitted(number=bidder.number, token=bidder.token, priority=command.priority, late=late),)


def refuse(request: LotRequest, command: RefuseBidder, lot: Lot, ground: Ground) -> Sequence[BidderRefused]:
    """Refuse an applicant; a late refusal is recorded as late, for the supervisor.

    One whose deposit is in is refused on a condition of the notice alone: there are no others (L3).
    """
    bidder = _to_review(request, command.number, lot, ground)
    if bidder.admitted:
        raise BadInput("该竞买人已获准竞买，如需停止其竞价请予限制", "it is admitted already; bar it instead")
    condition = _condition(command, lot)
    if condition is None and bidder.deposit_fen >= lot.announced.terms.deposit_fen:
        zh, en = "拒绝应当指明公告的资格条件。", "say which condition of the notice it does not meet"
        raise ground.breaks("admission", zh, en)
    late = _is_late_review(request, bidder, ground)
    said = {"number": bidder.number, "token": bidder.token, "reason": command.reason}
    return (BidderRefused(**said, condition=condition, late=late),)


def bar(request: LotRequest, command: BarBidder, lot: Lot, ground: Ground) -> Sequence[BidderBarred]:
    """Bar a bidder from bidding on (冻结竞买号)."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    bidder = found(lot, command.number)
    if not bidder.admitted or bidder.barred or lot.phase in OVER:
        raise ground.not_now("number", "该竞买号不能限制", "this number cannot be barred now")
    return (BidderBarred(number=bidder.number, token=bidder.token, reason=command.reason),)


def found(lot: Lot, number: str) -> Bidder:
    """Return the bidder of a number. Raise NotFound."""
    bidder = lot.by_number(number)
    if bidder is None:
        raise NotFound("没有这个竞买号", "there is no such bidder number")
    return bidder


def _to_review(request: LotRequest, number: str, lot: Lot, ground: Ground) -> Bidder:
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    bidder = found(lot, number)
    if bidder.refused or lot.phase not in {"registration", "free", "asking", "preparing", "tendering"}:
        raise ground.not_now("review", "资格审核已经结束", "the review of applicants is over")
    return bidder


def _condition(command: RefuseBidder, lot: Lot) -> str | None:
    """Return the condition that a refusal names, in the words of the notice. Raise BadInput if it has none such."""
    conditions = lot.announced.terms.conditions
    texts = conditions.texts if conditions else ()
    if command.condition is None:
        return None
    if command.condition > len(texts):
        raise BadInput("公告没有这一条资格条件", "the notice has no such condition")
    return texts[command.condition - 1]


def _is_late_review(request: LotRequest, bidder: Bidder, ground: Ground) -> bool:
    return request.received_at >= limit(bidder.applied_at, ground.rules.review, ground.law).ends_at
