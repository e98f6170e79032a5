"""一次报价 (苏州): where bids pass a limit, one sealed price each, and the nearest to their mean wins.

An equal price is not refused when it is named: that would tell its bidder that somebody else named it. Of equal prices
the one that arrived earlier goes before, when all are reckoned.
"""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from shared.kernel.errors import BadInput
from shared.procedure.asking import needed
from shared.procedure.evaluation import half_up
from shared.procedure.lot import bidding, ending
from shared.procedure.lot.asking import Events, Ground, LotRequest, hour, proxy_secret
from shared.procedure.lot.named import (
    JoinNaming,
    Named,
    NamePrice,
    NamingJoined,
    NamingOpened,
    NamingReckoned,
    PriceNamed,
)
from shared.procedure.lot.registering import is_late
from shared.procedure.lot.state import Bidder, Lot
from shared.seal.proxy import open_maximum
from shared.seal.wire import SealError

Command = JoinNaming | NamePrice


def decide(request: LotRequest, command: Command, lot: Lot, ground: Ground) -> Events:
    """Decide what a bidder asks where one price decides."""
    bidder = bidding.bidder_of(request, lot, ground)
    bidding.check_running(request.received_at, lot, ground)
    phase = "confirming" if isinstance(command, JoinNaming) else "naming"
    if lot.phase != phase or is_late(request.received_at, lot.times.ends_at, lot):
        raise ground.not_now("once", "现在不是确认参加或者一次报价的时间", "this is not the time for it")
    if isinstance(command, JoinNaming):
        return () if bidder.number in lot.joined else (NamingJoined(number=bidder.number),)
    return _name(request, command, bidder, lot, ground)


def open_naming(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Let those who take part name their prices; where nobody does, the highest bid of the listing decides."""
    if not lot.joined:
        return ending.end(request, lot, ground)
    once = needed(lot.announced.terms.once, "once")
    ends = hour(request, lot) + timedelta(minutes=once.name_minutes)
    return (NamingOpened(above_fen=once.listing_most_fen, most_fen=once.most_fen, ends_at=ends),)


def reckon(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Open all prices together and end the bidding; where none was named, the highest bid of the listing decides."""
    if not lot.named:
        return ending.end(request, lot, ground)
    secret = proxy_secret(request, lot)
    prices = tuple(Named(number=one.number, price_fen=_opened(secret, lot, one)) for one in lot.named.values())
    mean, best = nearest(prices)
    reckoned = NamingReckoned(
        prices=prices,
        mean_fen=mean,
        number=best.number,
        price_fen=best.price_fen,
        article=ground.clause("once").article,
    )
    return reckoned, *ending.end(request, bidding.after(lot, reckoned), ground)


def nearest(prices: Sequence[Named]) -> tuple[int, Named]:
    """Return the mean of prices, to the fen (四舍五入), and the one nearest to it.

    Of two as near the lower, of equal ones the first.
    """
    mean = int(half_up(Fraction(sum(one.price_fen for one in prices), len(prices)), 0))
    return mean, min(prices, key=lambda one: (abs(one.price_fen - mean), one.price_fen))


def _name(request: LotRequest, command: NamePrice, bidder: Bidder, lot: Lot, ground: Ground) -> Sequence[PriceNamed]:
    if bidder.number not in lot.joined:
        raise ground.breaks("once", "未确认参加的，不得报价。", "who did not confirm that it takes part names no price")
    if bidder.number in lot.named:
        raise ground.breaks("once", "只能报价一次，不得撤回或者更改。", "one price is named, and not taken back")
    event = PriceNamed(
        number=bidder.number,
        commitment=command.commitment,
        sealed=command.sealed,
        received_at=hour(request, lot),
    )
    once = needed(lot.announced.terms.once, "once")
    try:
        price = _opened(proxy_secret(request, lot), lot, event)
    except SealError as error:
        raise BadInput("报价未按本标的的密钥密封，请重新密封", "the price is not sealed to this lot's key") from error
    if not once.listing_most_fen < price <= once.most_fen:
        raise ground.breaks("once", "报价不在一次报价的区间内。", "the price is not within what may be named")
    return (event,)


def _opened(secret: str, lot: Lot, named: PriceNamed) -> int:
    return open_maximum(secret, lot.announced.lot, named.number, named.commitment, named.sealed)
