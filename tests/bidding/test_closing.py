"""The close of reception: not before the deadline, not with anything undecided, and three bidders or none."""

import pytest

from services.bidding.domain.events import ReceptionClosed, TenderFailed
from services.bidding.domain.state import Accepting, Closed, Failed
from shared.kernel.errors import NotYet, OutOfPhase
from shared.seal.sealed import Cover, Withdraw
from tests.bidding import factories as make
from tests.bidding.phases import accepting, closed


def test_reception_closes_at_the_deadline_and_not_a_microsecond_before() -> None:
    play = accepting(instant_counts=False)

    with pytest.raises(OutOfPhase):
        play.close(at=make.DUE - make.MICROSECOND)
    play.close(at=make.DUE)

    assert play.at(Failed)


def test_reception_does_not_close_in_the_instant_that_still_counts() -> None:
    play = accepting(instant_counts=True)

    with pytest.raises(OutOfPhase):
        play.close(at=make.DUE)
    play.close(at=make.DUE + make.MICROSECOND)

    assert play.at(Failed)


def test_reception_does_not_close_while_what_arrived_in_time_is_undecided() -> None:
    play = accepting()

    with pytest.raises(NotYet):
        play.close(pending_arrivals=1)

    assert play.at(Accepting)


def test_three_bidders_are_enough_and_two_are_not() -> None:
    enough = closed()
    too_few = accepting()
    for bidder in (make.CRANE, make.HERON):
        too_few.bid(bidder)

    reception, failure = too_few.close()

    assert len(enough.at(Closed).bids) == 3
    assert isinstance(reception, ReceptionClosed)
    assert isinstance(failure, TenderFailed)
    assert failure.cause == "fewer_than_three"
    assert failure.article == "招标投标法 第二十八条、招标投标法实施条例 第四十四条"
    assert "2" in failure.zh


def test_a_withdrawn_bid_does_not_count_towards_three() -> None:
    play = accepting()
    for bidder in (make.CRANE, make.HERON, make.EGRET):
        play.bid(bidder)
    play.deliver(make.EGRET, Withdraw(replaces="bid-of-egret"))

    reception, failure = play.close()

    assert isinstance(reception, ReceptionClosed)
    assert reception.withdrawn == 1
    assert isinstance(failure, TenderFailed)


def test_closing_tells_what_stands_in_the_order_of_arrival_and_releases_the_key() -> None:
    play = accepting()
    play.deliver(make.STORK, Cover())
    play.bid(make.HERON)
    play.bid(make.CRANE)
    play.bid(make.EGRET)
    better = make.HERON.bid(bid="better")
    play.deliver(make.HERON, make.submit(better, replaces="bid-of-heron"))

    (reception,) = play.close()

    assert isinstance(reception, ReceptionClosed)
    assert [(bid.bid, bid.order) for bid in reception.bids] == [("bid-of-crane", 3), ("bid-of-egret", 4), ("better", 5)]
    assert reception.meaning_key == make.KEYS.meaning
    assert (reception.withdrawn, reception.covers) == (0, 1)


def test_two_bidders_who_chose_the_same_name_are_told_apart() -> None:
    play = accepting()
    for bidder in (make.CRANE, make.HERON, make.EGRET):
        play.bid(bidder, bid="our-bid" if bidder is not make.EGRET else "")

    play.close()

    assert [bid.bid for bid in play.at(Closed).bids] == ["bid-1", "bid-2", "bid-3"]


def test_a_timer_that_comes_again_decides_nothing() -> None:
    play = closed()

    assert play.close() == ()
