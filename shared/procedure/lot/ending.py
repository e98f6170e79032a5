"""The end of the bidding: the reserve price is opened, and the lot is sold or not (T10)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from shared.kernel.errors import BadInput, OutOfPhase
from shared.procedure.lot.asking import Events, Ground, LotRequest, check_owner, hour, proxy_secret
from shared.procedure.lot.commands import GiveReserveShare, ReviewWinner
from shared.procedure.lot.endings import (
    BiddingEnded,
    LotSold,
    LotUnsold,
    ReserveOpened,
    ReserveShareGiven,
    ReserveShareRefused,
    WinnerReviewed,
)
from shared.procedure.lot.state import Lot
from shared.procedure.publicity import limit
from shared.seal.faults import NotOpenable
from shared.seal.reserve import open_reserve, share_holds
from shared.seal.wire import SealError, text

ENOUGH = 2
"""How many shares open a reserve."""

_WHY = {
    "no_bidder": ("没有合格的竞买人。", "there was no bidder"),
    "too_few": ("竞买人少于规定数。", "there were too few bidders"),
    "no_bid": ("没有有效报价。", "there was no valid bid"),
    "below_reserve": ("最高报价低于底价。", "the highest bid is below the reserve"),
    "none_fit": ("各投标均不符合文件的实质性要求。", "no offer meets what the documents ask for"),
    "not_qualified": ("最高报价人资格审核未通过。", "the highest bidder does not qualify"),
}

Why = Literal["no_bidder", "too_few", "no_bid", "below_reserve", "not_qualified", "none_fit"]


def end(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """End the bidding: with a reserve the authorities are waited for, without one the highest bid decides."""
    terms = lot.announced.terms
    waits = lot.offer is not None and terms.reserve is not None
    due = hour(request, lot) + timedelta(minutes=terms.reserve_minutes) if waits else None
    ended = BiddingEnded(
        offer=lot.offer,
        reading=request.facts.reading,
        reserve_due=due,
        proxy_secret=proxy_secret(request, lot),
    )
    if lot.offer is None:
        return ended, *unsold("no_bid", hour(request, lot), ground)
    return (ended,) if waits else (ended, *sold(request, lot, ground))


def give_share(request: LotRequest, command: GiveReserveShare, lot: Lot, ground: Ground) -> Events:
    """Take in one authority's share of the reserve; with two good ones it is opened and decides."""
    reserve = lot.announced.terms.reserve
    if lot.phase != "reserve" or lot.frozen is not None or reserve is None:
        raise ground.not_now("reserve", "现在不启封底价", "the reserve is not opened now")
    if request.received_at > lot.times.ends_at:
        raise ground.not_now("reserve", "启封时间已过，标的将中止", "its minutes are over; the lot will stand still")
    if command.authority in lot.shares:
        raise OutOfPhase("该席位的分片已收到", "this seat has given its share", ground.clause("reserve").article)
    if not share_holds(lot.announced.lot, reserve, command.authority, command.share):
        return (ReserveShareRefused(authority=command.authority),)
    given = ReserveShareGiven(authority=command.authority, share=command.share)
    shares = {**lot.shares, command.authority: command.share}
    if len(shares) < ENOUGH:
        return (given,)
    try:
        amount, salt = open_reserve(lot.announced.lot, reserve, shares)
    except (NotOpenable, SealError):
        return (given,)  # what was sealed is not what was promised: the minutes run out and the lot stands still
    opened = ReserveOpened(reserve_fen=amount, salt=text(salt))
    if lot.offer is not None and lot.offer.price_fen >= amount:
        return given, opened, *sold(request, lot, ground)
    return given, opened, *unsold("below_reserve", hour(request, lot), ground)


def review(request: LotRequest, command: ReviewWinner, lot: Lot, ground: Ground) -> Events:
    """Say whether the highest bidder qualifies; if not, the lot is not sold (T10)."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if lot.phase != "review" or lot.offer is None or lot.frozen is not None:
        raise ground.not_now("review", "现在没有待审核的竞得人", "no winner is to be reviewed now")
    reviewed = WinnerReviewed(
        number=lot.offer.number,
        qualified=command.qualified,
        reason=command.reason,
        at=hour(request, lot),
        late=request.received_at >= lot.times.ends_at,
    )
    if command.qualified:
        return (reviewed,)
    return reviewed, *unsold("not_qualified", hour(request, lot), ground)


def unsold(why: Why, at: datetime, ground: Ground, clause_id: str | None = None) -> Sequence[LotUnsold]:
    """Return 不成交 with its reason, by the clause of the outcome or another."""
    zh, en = _WHY[why]
    return (LotUnsold(cause=why, at=at, article=_article(ground, clause_id), zh=zh, en=en),)


def sold(request: LotRequest, lot: Lot, ground: Ground, clause_id: str | None = None) -> Sequence[LotSold]:
    """Return 成交 at the price that leads, by the clause of the outcome or another."""
    offer = lot.offer
    if offer is None:
        raise BadInput("没有报价", "there is no bid")
    at = hour(request, lot)
    due = limit(at, ground.rules.review, ground.law).ends_at
    after = lot.announced.terms.review == "after"
    return (
        LotSold(
            number=offer.number,
            price_fen=offer.price_fen,
            at=at,
            review_due=due if after else None,
            article=_article(ground, clause_id),
        ),
    )


def _article(ground: Ground, clause_id: str | None) -> str:
    return ground.law.rulebook.clause(clause_id or ground.rules.outcome).article
