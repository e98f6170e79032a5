"""Timed bidding: the countdown that each valid bid restarts in full, its calls, and who wins (T10-T16)."""

from datetime import timedelta

import pytest

from services.land import LINE
from shared.kernel.errors import BreaksClause, OutOfPhase
from shared.procedure.lot.endings import BiddingEnded, LotSold, LotUnsold
from shared.procedure.lot.events import BidPlaced, PriceCalled, TimedStarted
from tests.lot import factories as make
from tests.lot.play import Play, play


def test_the_first_bid_is_at_least_the_start_price_and_the_next_a_step_more() -> None:
    lot = play(LINE).started()
    with pytest.raises(BreaksClause, match="第三十条"):
        lot.bid(1, 99_999)
    lot.bid(1, 100_000)
    with pytest.raises(BreaksClause):
        lot.bid(2, 100_999)
    lot.bid(2, 101_000)
    assert lot.price == 101_000_00
    assert lot.audit() == lot.state


def test_with_two_bidders_timed_bidding_begins_by_itself_and_each_bid_restarts_it_in_full(lot: Play) -> None:
    (started,) = lot.tick()
    assert isinstance(started, TimedStarted)
    assert started.ends_at == make.ENDS + timedelta(minutes=5)
    (bid,) = lot.bid(3, 102_000, at=started.ends_at - timedelta(milliseconds=1))
    assert isinstance(bid, BidPlaced)
    assert bid.ends_at == lot.now + timedelta(minutes=5)
    assert bid.extensions == 1


def test_the_price_is_called_three_times_and_then_the_countdown_is_over(lot: Play) -> None:
    lot.tick()
    first, second = lot.tick()[0], lot.tick()[0]
    assert isinstance(first, PriceCalled)
    assert isinstance(second, PriceCalled)
    assert (first.call, second.call) == (1, 2)
    ended, sold = lot.tick()
    assert isinstance(ended, BiddingEnded)
    assert isinstance(sold, LotSold)
    assert sold.price_fen == 101_000_00
    assert lot.now == make.ENDS + timedelta(minutes=5)
    assert lot.audit() == lot.state


def test_a_bid_one_millisecond_late_is_refused_with_the_article(lot: Play) -> None:
    lot.tick()
    due = lot.lot.times.ends_at
    with pytest.raises(OutOfPhase, match="截止") as refused:
        lot.bid(3, 102_000, at=due + timedelta(milliseconds=1))
    assert "第五十三条" in refused.value.article


def test_without_a_bid_the_listing_ends_unsold() -> None:
    lot = play(LINE).started()
    ended, unsold, *_ = lot.tick()
    assert isinstance(ended, BiddingEnded)
    assert isinstance(unsold, LotUnsold)
    assert unsold.cause == "no_bid"
    assert lot.audit() == lot.state


def test_two_proxies_settle_at_one_step_over_the_lower() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.proxy(2, 150_000)
    assert lot.price == 101_000_00
    lot.proxy(3, 120_500)
    assert lot.price == 121_000_00
    assert lot.lot.offer is not None
    assert lot.lot.offer.number == lot.number(2)
    lot.tick()
    lot.run_out()
    assert lot.lot.phase == "review"
    assert lot.audit() == lot.state
