"""Bids: what one more bid may be, in which order it counts, and what proxies answer to it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import BadInput, NotEntitled, NotYet
from shared.kernel.money import format_yuan
from shared.procedure.lot.asking import Events, Ground, LotRequest, check_owner, hour, proxy_secret
from shared.procedure.lot.commands import ChangeStep, PlaceBid, SetProxy
from shared.procedure.lot.events import (
    BidPlaced,
    ProxySet,
    StepChanged,
    WentOn,
)
from shared.procedure.lot.evolving import evolve
from shared.procedure.lot.freezing import notice_of
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.named import ListingStopped
from shared.procedure.lot.pricing import Ladder, Maximum, settle
from shared.procedure.lot.registering import is_late
from shared.procedure.lot.state import BIDDING, Bidder, Lot
from shared.procedure.lot.values import Once
from shared.seal.proxy import open_maximum
from shared.seal.wire import SealError

TAKING = frozenset({"free", "timed", "agreement"})
"""The phases in which bids are taken."""


def place(request: LotRequest, command: PlaceBid, lot: Lot, ground: Ground) -> Events:
    """Record a bid that is in time and on the ladder, and the automatic bids that it calls forth."""
    bidder = bidder_of(request, lot, ground)
    _check_time(request.received_at, lot, ground)
    _check_willing(bidder, lot, ground)
    first = _refused_price(command.price_fen, bidder, lot, ground)
    if (once := lot.announced.terms.once) and command.price_fen > once.listing_most_fen:
        return (_stopped(request, bidder, command.price_fen, once, lot, ground),)
    bid = bid_placed(lot, bidder.number, command.price_fen, hour(request, lot), priority=first)
    return (bid, *answers(request, after(lot, bid)))


def answers(request: LotRequest, lot: Lot) -> Sequence[BidPlaced]:
    """Return what the proxies of a lot answer to the price that leads now, at the same instant."""
    able = [proxy for proxy in lot.proxies.values() if _may_bid(lot.by_number(proxy.number), lot)]
    if not able:
        return ()
    secret = proxy_secret(request, lot)
    maxima = [Maximum(proxy.number, _most(secret, lot, proxy)) for proxy in able]
    leader = lot.offer.number if lot.offer else None
    made: list[BidPlaced] = []
    for number, price in settle(ladder(lot), leader, _capped(maxima, lot)):
        bid = bid_placed(lot, number, price, hour(request, lot), automatic=True)
        made.append(bid)
        lot = after(lot, bid)
    return made


def set_proxy(request: LotRequest, command: SetProxy, lot: Lot, ground: Ground) -> Events:
    """Set or raise a bidder's maximum while bids are taken; what it answers is recorded at once.

    A maximum is a bid for every price up to it, and like a bid it is not taken back: it may be raised, never lowered.
    """
    bidder = bidder_of(request, lot, ground)
    if not lot.announced.terms.proxies:
        raise BadInput("本标的不提供自动出价", "this lot takes no automatic bids")
    _check_time(request.received_at, lot, ground)
    _check_willing(bidder, lot, ground)
    event = ProxySet(number=bidder.number, commitment=command.commitment, sealed=command.sealed)
    before = lot.proxies.get(bidder.number)
    if before is not None and (before.commitment, before.sealed) == (event.commitment, event.sealed):
        return ()
    secret = proxy_secret(request, lot)
    try:
        most = _most(secret, lot, event)
    except SealError as error:
        zh, en = "最高出价未按本标的的密钥密封，请重新设置", "the maximum is not sealed to this lot's key: set it again"
        raise BadInput(zh, en) from error
    leads = lot.offer is not None and lot.offer.number == bidder.number
    least = lot.offer.price_fen if leads and lot.offer else lot.next_fen
    if not least <= most <= _most_automatic(lot):
        raise ground.breaks("step", "最高出价不在可出价的范围内。", "the maximum is not within what may be bid")
    if before is not None and most <= _most(secret, lot, before):
        raise ground.breaks("irrevocable", "自动出价的最高价只能提高。", "a maximum is only ever raised")
    return event, *answers(request, after(lot, event))


def go_on(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[WentOn]:
    """Note that a bidder wants to bid on: only who bid in the listing is asked (T13)."""
    bidder = bidder_of(request, lot, ground)
    check_running(request.received_at, lot, ground)
    if lot.phase != "asking" or is_late(request.received_at, lot.times.ends_at, lot):
        raise ground.not_now("trigger", "现在没有询问是否继续竞价", "nobody is asked now whether to go on")
    if bidder.number not in lot.active:
        raise ground.breaks("trigger", "挂牌期内未报价的，不在询问之列。", "who did not bid is not asked")
    return () if bidder.number in lot.willing else (WentOn(number=bidder.number),)


def change_step(request: LotRequest, command: ChangeStep, lot: Lot, ground: Ground) -> Events:
    """Change the step, as whoever holds the auction may (L5); a maximum that a smaller step brings in reach answers."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    if ground.rules.step_change is None or lot.announced.draft.way not in {"listing", "auction"}:
        raise ground.not_now("step", "增价幅度以公告为准，不能调整", "the step is as announced and is not changed")
    over = lot.phase in BIDDING and is_late(request.received_at, lot.times.ends_at, lot)
    if lot.phase not in {"registration", *BIDDING} or lot.frozen or over:
        raise ground.not_now("step_change", "现在不能调整增价幅度", "the step cannot be changed now")
    event = StepChanged(step_fen=command.step_fen, notice=command.notice)
    lot = after(lot, event)
    if lot.next_fen > _most_taken(lot):
        raise BadInput("增价幅度过大，下一报价将超过上限，请核对", "the step leaves no price to bid; check it")
    return (event, *answers(request, lot)) if lot.phase in TAKING else (event,)


def _most(secret: str, lot: Lot, proxy: ProxySet) -> int:
    return _opened(secret, lot.announced.lot, proxy.number, proxy.commitment, proxy.sealed)


_opened = lru_cache(maxsize=10_000)(open_maximum)
"""Each maximum is opened once and not again for every bid; what was opened is in the memory of this process alone."""


def ladder(lot: Lot) -> Ladder:
    """Return the ladder of prices above the one that leads."""
    terms = lot.announced.terms
    return Ladder(terms.start_fen, lot.step_fen, lot.offer.price_fen if lot.offer else None, terms.whole_steps)


def bid_placed(
    lot: Lot, number: str, price_fen: int, at: datetime, *, automatic: bool = False, priority: bool = False
) -> BidPlaced:
    """Return the fact of a bid. In the timed phase it restarts the countdown in full (T14), up to the hard limit."""
    ends, extensions = lot.times.ends_at, 0
    if lot.countdown is not None:
        timing, extensions = lot.announced.terms.timing, lot.countdown.extensions
        restarted = at + timedelta(minutes=timing.countdown_minutes)
        if restarted > ends and (timing.extensions_most is None or extensions < timing.extensions_most):
            ends, extensions = restarted, extensions + 1  # bids of one instant restart it once
    return BidPlaced(
        number=number,
        price_fen=price_fen,
        received_at=at,
        automatic=automatic,
        priority=priority,
        next_fen=price_fen + lot.step_fen,
        ends_at=ends,
        extensions=extensions,
    )


def bidder_of(request: LotRequest, lot: Lot, ground: Ground) -> Bidder:
    """Return the asker as an admitted bidder that is not barred. Raise NotEntitled."""
    bidder = lot.bidders.get(request.actor.account)
    if bidder is None or not bidder.admitted:
        raise NotEntitled("未取得竞买资格", "you are not admitted to this bidding", ground.clause("number").article)
    if bidder.barred:
        raise NotEntitled("竞买号已被限制", "your number is barred", ground.clause("number").article)
    return bidder


def check_running(at: datetime, lot: Lot, ground: Ground) -> None:
    """Raise a refusal while the lot stands still, or does not go on yet (T17)."""
    if lot.frozen is not None:
        zh, en = notice_of(lot.frozen.notice)
        raise ground.not_now("freeze", f"标的已中止：{zh}", f"the lot stands still: {en}")
    if lot.resumes_at is not None and at < lot.resumes_at:
        raise ground.not_now("freeze", "标的尚未恢复", "the lot does not go on yet")


def _check_time(at: datetime, lot: Lot, ground: Ground) -> None:
    """Raise a refusal unless the last byte reached the platform while bids are taken (T24)."""
    check_running(at, lot, ground)
    late = is_late(at, lot.times.ends_at, lot)
    if lot.phase == "registration":
        if at >= lot.times.ends_at:
            raise NotYet("竞价正在开始，请稍候", "bidding is about to begin; try again")
        raise ground.not_now("server_time", "竞价尚未开始", "bidding has not begun")
    if late and _may_follow(lot):
        raise NotYet("竞价即将进入下一阶段，请稍候", "the next phase is about to begin; try again")
    if lot.phase in {"asking", "preparing"}:
        raise ground.not_now("trigger", "限时竞价尚未开始", "timed bidding has not begun")
    if lot.announced.draft.way == "tender":
        raise ground.not_now("opening", "招标的报价应当密封提交", "in a tender prices are handed in sealed")
    if lot.phase not in TAKING:
        raise ground.not_now("server_time", "竞价已经结束", "bidding is over")
    if late:
        raise ground.not_now("server_time", "报价到达时竞价已经截止", "the bid arrived after the end")


def _may_follow(lot: Lot) -> bool:
    """Whether timed bidding may follow the phase of now, so that a bid after its end is one for that."""
    return lot.phase in {"asking", "preparing"} or (lot.phase == "free" and lot.announced.terms.trigger != "never")


def _refused_price(price: int, bidder: Bidder, lot: Lot, ground: Ground) -> bool:
    """Raise BreaksClause for a price that may not be bid; return whether it takes the lead by first refusal."""
    rungs, offer, leader = ladder(lot), lot.offer, lot.winner
    least = format_yuan(rungs.least)
    if price > _most_taken(lot):
        raise ground.breaks(
            "step", "报价超过公告的最高限价，请核对。", "the price is above the highest taken; check it"
        )
    if offer is not None and price == offer.price_fen and bidder.number != offer.number:
        if bidder.priority and not (offer.priority or (leader and leader.priority)):
            return True
        zh, en = f"同价的，先报者有效，最低应报 {least} 元。", f"the earlier holds: the least is {least} yuan"
        raise ground.breaks("equal", zh, en)
    if price < rungs.least:
        raise ground.breaks("step", f"最低应报 {least} 元。", f"the least is {least} yuan")
    if not rungs.is_rung(price):
        step = format_yuan(rungs.step_fen)
        zh = f"报价应为 {least} 元，或者在其上增加 {step} 元的整数倍。"
        raise ground.breaks("step", zh, f"bid {least} yuan, or that and whole steps of {step} yuan")
    return False


def _may_bid(bidder: Bidder | None, lot: Lot) -> bool:
    if bidder is None or bidder.barred:
        return False
    return lot.phase != "timed" or not lot.willing or bidder.number in lot.willing


def _check_willing(bidder: Bidder, lot: Lot, ground: Ground) -> None:
    if not _may_bid(bidder, lot):
        raise ground.breaks("trigger", "询问时未表示继续竞价的，不参加限时竞价。", "who did not say so does not go on")


def _most_taken(lot: Lot) -> int:
    """Return the highest price taken: as announced, and so that the next one and the whole can still be written."""
    terms = lot.announced.terms
    return min(MAX_INTEGER - lot.step_fen, MAX_INTEGER // terms.units, terms.most_fen or MAX_INTEGER)


def _most_automatic(lot: Lot) -> int:
    """Return the highest price that a proxy bids: none passes the limit at which one price decides."""
    once = lot.announced.terms.once
    return min(_most_taken(lot), once.listing_most_fen) if once else _most_taken(lot)


def _capped(maxima: list[Maximum], lot: Lot) -> list[Maximum]:
    return [Maximum(one.number, min(one.most_fen, _most_automatic(lot))) for one in maxima]


def _stopped(  # noqa: PLR0917 - a fact has so many parts
    request: LotRequest, bidder: Bidder, price: int, once: Once, lot: Lot, ground: Ground
) -> ListingStopped:
    at = hour(request, lot)
    return ListingStopped(
        number=bidder.number,
        price_fen=price,
        at=at,
        ends_at=at + timedelta(minutes=once.confirm_minutes),
        article=ground.clause("once").article,
    )


def after(lot: Lot, event: LotEvent) -> Lot:
    """Return an announced lot as one more fact of it makes it."""
    made = evolve(lot, event)
    if not isinstance(made, Lot):
        raise TypeError("a fact of a lot makes another thing of it")
    return made
