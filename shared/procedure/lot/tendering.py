"""A tender by price alone (招标, 价高者得): sealed bids, opened together after the deadline; no committee is needed.

39号令 第十三条: with fewer than three bids it ends, and who is chosen by price needs no 评标小组. 第十四条: what is in
the box is not taken back. Of equal highest prices the one that came first wins, as in a listing.
"""

from collections.abc import Mapping
from datetime import timedelta

from shared.kernel.errors import BadInput, NotEntitled
from shared.kernel.money import format_yuan
from shared.procedure.lot import ending, freezing
from shared.procedure.lot.asking import Events, Ground, LotRequest
from shared.procedure.lot.evolving import evolve
from shared.procedure.lot.registering import is_late
from shared.procedure.lot.sealed import (
    BidSharesGiven,
    GiveBidShares,
    OpeningStarted,
    SealedBidOpened,
    SealedBidTaken,
    SubmitSealedBid,
    bid_name,
)
from shared.procedure.lot.state import Lot
from shared.seal.reserve import ReserveNotOpenable, open_reserve, sealed_to, share_holds
from shared.seal.wire import AUTHORITIES, Authority, SealError, text

Shares = Mapping[Authority, Mapping[str, str]]


def submit(request: LotRequest, command: SubmitSealedBid, lot: Lot, ground: Ground) -> Events:
    """Take in a sealed bid in time, from an admitted bidder, once."""
    bidder = lot.bidders.get(request.actor.account)
    if bidder is None or not bidder.admitted or bidder.barred:
        raise NotEntitled("您未获竞买资格", "you are not admitted", ground.clause("number").article)
    if lot.frozen is not None or lot.phase != "tendering":
        raise ground.not_now("tender", "现在不接受投标", "bids are not taken now")
    if is_late(request.received_at, lot.times.ends_at, lot):
        raise ground.not_now("server_time", "投标到达时已经截止", "the bid arrived after the end")
    if bidder.number in lot.box:
        raise ground.not_now(
            "opening", "标书投入标箱后不可撤回、更换", "what is in the box is not taken back or changed"
        )
    if not sealed_to(bid_name(lot.announced.lot, bidder.number), command.sealed, lot.announced.terms.authorities):
        raise BadInput(
            "报价未按公告的三方密钥密封，请重新密封", "seal the price to the announced keys, for your number"
        )
    at = max(lot.clock, request.received_at)
    return (SealedBidTaken(number=bidder.number, token=bidder.token, sealed=command.sealed, received_at=at),)


def close(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """End the time for bids: with too few of them nothing is opened."""
    least = ground.rules.least_bidders.get("tender")
    if least is not None and len(lot.box) < ground.law.rulebook.figure(least, int):
        return ending.unsold("too_few", request.received_at, ground)
    due = request.received_at + timedelta(minutes=lot.announced.terms.reserve_minutes)
    return (OpeningStarted(bids=len(lot.box), due=due, article=ground.clause("opening").article),)


def give_shares(request: LotRequest, command: GiveBidShares, lot: Lot, ground: Ground) -> Events:
    """Take in one authority's shares; once every bid opens, or all three have given, read them out and decide."""
    if lot.phase != "opening" or lot.frozen is not None:
        raise ground.not_now("opening", "现在不开标", "bids are not opened now")
    if command.authority in lot.box_shares:
        raise ground.not_now("opening", "该席位的分片已收到", "this seat has given its shares")
    good = tuple(one for one in command.shares if _holds(lot, command.authority, one.number, one.share))
    refused = tuple(one.number for one in command.shares if one not in good)
    given = BidSharesGiven(authority=command.authority, shares=good, refused=refused)
    after = _after(lot, given)
    whole = len(after.box_shares) == len(AUTHORITIES)
    if not whole and any(len(_shares(after, number)) < ending.ENOUGH for number in after.box):
        return (given,)
    opened = [_opened(after, bid, ground) for bid in after.box.values()]
    for event in opened:
        after = _after(after, event)
    return given, *opened, *ending.end(request, after, ground)


def not_opened(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Freeze a tender that was not opened in its minutes."""
    notice = "未能按时开标，待各方提交分片。 The bids were not opened in time; nothing is decided without them."
    return freezing.unopened(request, lot, ground, notice)


def _holds(lot: Lot, authority: Authority, number: str, share: str) -> bool:
    bid = lot.box.get(number)
    return bid is not None and share_holds(bid_name(lot.announced.lot, number), bid.sealed, authority, share)


def _shares(lot: Lot, number: str) -> dict[Authority, str]:
    return {name: shares[number] for name, shares in lot.box_shares.items() if number in shares}


def _opened(lot: Lot, bid: SealedBidTaken, ground: Ground) -> SealedBidOpened:
    """Return what a sealed bid held; one that does not open, or names no price that counts, says so."""
    try:
        price, salt = open_reserve(bid_name(lot.announced.lot, bid.number), bid.sealed, _shares(lot, bid.number))
    except (ReserveNotOpenable, SealError) as error:
        return SealedBidOpened(number=bid.number, price_fen=None, salt=None, zh="报价无法解密。", en=str(error))
    zh, en = _fault(price, lot, ground)
    return SealedBidOpened(number=bid.number, price_fen=price, salt=text(salt), zh=zh, en=en)


def _fault(price: int, lot: Lot, ground: Ground) -> tuple[str, str] | tuple[None, None]:
    terms, article = lot.announced.terms, ground.clause("step").article
    if price < terms.start_fen:
        yuan = format_yuan(terms.start_fen)
        return f"低于起始价 {yuan} 元（{article}）。", f"below the start price of {yuan} yuan [{article}]"
    if terms.most_fen is not None and price > terms.most_fen:
        return "高于公告的最高限价。", "above the highest price taken"
    return None, None


def _after(lot: Lot, event: BidSharesGiven | SealedBidOpened) -> Lot:
    after = evolve(lot, event)
    if not isinstance(after, Lot):
        raise TypeError("an opening makes no lot")
    return after
