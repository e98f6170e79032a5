"""一次报价 (L13): where the listing stops, who takes part, one sealed price each, and the nearest to their mean."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import (
    BiddingEnded,
    LotFrozen,
    LotSold,
    LotUnsold,
)
from shared.procedure.lot.named import (
    JoinNaming,
    ListingStopped,
    Named,
    NamePrice,
    NamingOpened,
    NamingReckoned,
    PriceNamed,
)
from shared.procedure.lot.once import nearest
from shared.procedure.lot.seen import visible
from shared.procedure.lot.values import Once
from tests.lot import factories as make
from tests.lot.play import Play, only, play
from tests.lot.test_freezing import freeze, thaw
from tests.property.factories import equity

MINUTE, MICROSECOND = timedelta(minutes=1), timedelta(microseconds=1)
ONCE = Once(guide_fen=100_000_00, listing_percent=25, most_percent=50, confirm_minutes=10, name_minutes=20)
PASSED = 126_000


@pytest.fixture
def lot() -> Play:
    """Return a listing in which bidder 1 leads with 110,000 yuan; it stops above 125,000."""
    lot = play(LINE).started(once=ONCE)
    lot.bid(1, 110_000)
    return lot


def join(lot: Play, *bidders: int) -> Play:
    """Let the listing stop, bidders confirm, and the time for that pass."""
    lot.bid(3, PASSED)
    for bidder in bidders:
        lot.ask(JoinNaming(), make.bidder(bidder))
    lot.tick()
    return lot


def name(lot: Play, bidder: int, fen: int) -> Sequence[Any]:
    """Name a price in fen."""
    return lot.ask(NamePrice(**dict(lot.sealed(bidder, fen))), make.bidder(bidder))


def test_a_bid_at_the_limit_counts_and_one_above_it_stops_the_listing(lot: Play) -> None:
    lot.bid(2, 125_000)
    (stopped,) = lot.bid(3, PASSED)
    assert isinstance(stopped, ListingStopped)
    assert "苏州" in stopped.article
    assert stopped.ends_at == lot.now + 10 * MINUTE
    assert (lot.price, lot.lot.phase) == (125_000_00, "confirming")
    with pytest.raises(OutOfPhase):
        lot.bid(1, 127_000)


def test_no_proxy_passes_the_limit(lot: Play) -> None:
    with pytest.raises(BreaksClause, match="最高出价"):
        lot.proxy(2, PASSED)
    lot.proxy(2, 125_000)
    lot.bid(1, 124_000)
    assert (lot.price, lot.lot.phase) == (125_000_00, "free")


def test_who_does_not_confirm_in_time_names_no_price(lot: Play) -> None:
    (stopped,) = lot.bid(3, PASSED)
    lot.ask(JoinNaming(), make.bidder(1), stopped.ends_at - MICROSECOND)
    with pytest.raises(OutOfPhase):
        lot.ask(JoinNaming(), make.bidder(2), stopped.ends_at)
    (opened,) = lot.tick()
    assert isinstance(opened, NamingOpened)
    assert (opened.above_fen, opened.most_fen) == (125_000_00, 150_000_00)
    with pytest.raises(BreaksClause, match="未确认参加"):
        name(lot, 2, 130_000_00)


def test_a_price_lies_above_the_limit_and_at_most_at_the_second(lot: Play) -> None:
    join(lot, 1, 2)
    for outside in (125_000_00, 150_000_01):
        with pytest.raises(BreaksClause, match="区间"):
            name(lot, 1, outside)
    name(lot, 1, 125_000_01)
    name(lot, 2, 150_000_00)


def test_a_price_is_named_once_and_never_later(lot: Play) -> None:
    join(lot, 1, 2)
    name(lot, 1, 130_000_00)
    with pytest.raises(BreaksClause, match="只能报价一次"):
        name(lot, 1, 140_000_00)
    lot.now = lot.lot.times.ends_at
    with pytest.raises(OutOfPhase):
        name(lot, 2, 140_000_00)


def test_what_is_not_sealed_to_the_lot_is_refused(lot: Play) -> None:
    join(lot, 1, 2)
    anothers = NamePrice(**dict(lot.sealed(2, 130_000_00)))
    with pytest.raises(BadInput, match="密封"):
        lot.ask(anothers, make.bidder(1))


def test_an_equal_price_is_taken_in_silence_and_the_earlier_goes_before_it(lot: Play) -> None:
    join(lot, 1, 2, 3)
    for bidder, fen in ((2, 130_000_00), (3, 130_000_00), (1, 140_000_00)):
        (named,) = name(lot, bidder, fen)
        assert isinstance(named, PriceNamed)
        assert not visible(named, "token", lot.state)
        assert not visible(named, "supervisor", lot.state)
    reckoned, ended, sold = lot.tick()
    assert isinstance(reckoned, NamingReckoned)
    assert (reckoned.mean_fen, reckoned.price_fen) == (133_333_33, 130_000_00)
    assert reckoned.number == lot.number(2)
    assert isinstance(ended, BiddingEnded)
    assert ended.proxy_secret == make.PROXY_KEY
    assert isinstance(sold, LotSold)
    assert sold.number == lot.number(2)
    assert lot.audit() == lot.state


def test_where_nobody_confirms_the_highest_bid_of_the_listing_wins(lot: Play) -> None:
    join(lot)
    assert only(lot.events, LotSold).price_fen == 110_000_00
    assert lot.audit() == lot.state


def test_where_nobody_names_a_price_the_highest_bid_of_the_listing_wins(lot: Play) -> None:
    join(lot, 1, 2)
    lot.tick()
    assert only(lot.events, LotSold).number == lot.number(1)
    assert lot.audit() == lot.state


def test_without_a_bid_within_the_limit_and_without_a_price_it_is_not_sold() -> None:
    lot = play(LINE).started(once=ONCE)
    join(lot)
    assert only(lot.events, LotUnsold).cause == "no_bid"


def test_it_does_not_end_while_the_platform_is_down_and_begins_its_minutes_anew(lot: Play) -> None:
    join(lot, 1, 2)
    name(lot, 1, 130_000_00)
    lot.reading = None
    assert isinstance(lot.tick()[0], LotFrozen)
    with pytest.raises(OutOfPhase, match="中止"):
        name(lot, 2, 140_000_00)
    (thawed,) = lot.ask(thaw(lot.now + MINUTE), at=lot.later(minutes=1))
    assert (thawed.phase, thawed.ends_at) == ("naming", thawed.resumes_at + 20 * MINUTE)
    name(lot, 2, 140_000_00)
    assert isinstance(lot.tick(lot.now), tuple)


def test_a_lot_that_is_ended_while_prices_are_named_discloses_them(lot: Play) -> None:
    join(lot, 1, 2)
    name(lot, 1, 130_000_00)
    lot.ask(freeze("dispute"))
    (ended, *_) = lot.ask(commands.Terminate(cause="court", notice="终止公告"))
    assert ended.proxy_secret == make.PROXY_KEY
    assert lot.audit() == lot.state


@pytest.mark.parametrize(
    "once",
    [
        {"most_percent": 25},
        {"guide_fen": 79_999_00},
    ],
)
def test_limits_without_room_between_them_are_not_announced(once: dict[str, int]) -> None:
    with pytest.raises(BadInput, match="区间"):
        play(LINE).announce(once=ONCE.model_copy(update=once))


def test_only_a_listing_of_land_ends_so() -> None:
    with pytest.raises(BadInput, match="一次报价"):
        equity().announce(once=ONCE)


@pytest.mark.parametrize(
    ("fen", "mean", "winner"),
    [
        ((130, 131), 131, 1),  # 130.5 is rounded up
        ((130, 132), 131, 0),  # as near: the lower
        ((132, 130), 131, 1),
        ((130, 130, 133), 131, 0),
        ((126, 127, 150), 134, 1),
        ((140,), 140, 0),
    ],
)
def test_the_nearest_to_the_mean_wins(fen: tuple[int, ...], mean: int, winner: int) -> None:
    prices = [Named(number=str(100_000 + place), price_fen=price) for place, price in enumerate(fen)]
    assert nearest(prices) == (mean, prices[winner])


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=20))
def test_no_price_is_nearer_and_none_as_near_is_lower_or_earlier(fen: list[int]) -> None:
    prices = [Named(number=str(100_000 + place), price_fen=price) for place, price in enumerate(fen)]
    mean, best = nearest(prices)
    assert -len(fen) <= 2 * (sum(fen) - mean * len(fen)) < len(fen)
    far = abs(best.price_fen - mean)
    for place, one in enumerate(prices):
        assert abs(one.price_fen - mean) >= far
        if abs(one.price_fen - mean) == far:
            assert (one.price_fen, place) >= (best.price_fen, prices.index(best))
