"""A tender by price: sealed bids that nobody sees, opened together from three on, the highest wins (T6, L4, M4)."""

from datetime import timedelta
from typing import Any

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, NotEntitled, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.events import LotFrozen, LotSold, LotUnsold
from shared.procedure.lot.sealed import (
    BidShare,
    BidSharesGiven,
    GiveBidShares,
    OpeningStarted,
    SealedBidOpened,
    SealedBidTaken,
    SubmitSealedBid,
    TenderingStarted,
    bid_name,
)
from shared.procedure.lot.seen import visible
from shared.seal.reserve import open_reserve_share, seal_reserve
from shared.seal.wire import Authority
from tests.bidding.factories import dice
from tests.lot import factories as make
from tests.lot.play import Play, only, play

MILLISECOND = timedelta(milliseconds=1)


def tender(*bidders: int, **terms: Any) -> Play:
    """Return a tender that takes bids from these bidders."""
    lot = play(LINE, {"way": "tender"}, {"trigger": "never"}).announce(**terms).admit(*bidders)
    (started,) = lot.tick()
    assert isinstance(started, TenderingStarted)
    return lot


def sealed(lot: Play, bidder: int, fen: int, of: str | None = None) -> SubmitSealedBid:
    """Return a price that a bidder has sealed on its own machine."""
    name = of or bid_name(make.STREAM, lot.number(bidder))
    return SubmitSealedBid(sealed=seal_reserve(name, fen, make.AUTHORITIES, dice((name, fen)))[0])


def bid(lot: Play, bidder: int, yuan: int, **when: Any) -> SealedBidTaken:
    """Hand in a sealed price of whole yuan."""
    (taken,) = lot.ask(sealed(lot, bidder, yuan * 100), make.bidder(bidder), **when)
    assert isinstance(taken, SealedBidTaken)
    return taken


def shares(lot: Play, name: Authority, *left_out: str) -> GiveBidShares:
    """Return the shares that an authority opens on its own machine, but for the numbers left out."""
    given = tuple(
        BidShare(number=number, share=open_reserve_share(make.SEATS[name], taken.sealed.procedure, taken.sealed, name))
        for number, taken in lot.lot.box.items()
        if number not in left_out
    )
    return GiveBidShares(authority=name, shares=given)


def opened(lot: Play) -> list[Any]:
    """Let time run out and two authorities open what is in the box; return what the second leads to."""
    lot.tick()
    lot.ask(shares(lot, "agency"), make.authority("agency"))
    return list(lot.ask(shares(lot, "platform"), make.authority("platform")))


def test_three_bids_are_opened_and_the_highest_wins() -> None:
    lot = tender(1, 2, 3)
    for bidder, yuan in ((1, 110_000), (2, 130_000), (3, 120_000)):
        bid(lot, bidder, yuan)
    (opening,) = lot.tick()
    assert isinstance(opening, OpeningStarted)
    assert opening.bids == 3
    assert opening.article == "招标拍卖挂牌出让国有建设用地使用权规定 第十四条"
    (given,) = lot.ask(shares(lot, "agency"), make.authority("agency"))
    assert isinstance(given, BidSharesGiven)
    events = lot.ask(shares(lot, "supervisor"), make.authority("supervisor"))
    read_out = [event.price_fen for event in events if isinstance(event, SealedBidOpened)]
    assert read_out == [110_000_00, 130_000_00, 120_000_00]
    sold = only(events, LotSold)
    assert (sold.number, sold.price_fen) == (lot.number(2), 130_000_00)
    assert lot.audit() == lot.state


def test_with_two_bids_the_tender_ends_and_nothing_is_opened() -> None:
    lot = tender(1, 2, 3)
    bid(lot, 1, 110_000)
    bid(lot, 2, 120_000)
    assert only(lot.tick(), LotUnsold).cause == "too_few"
    with pytest.raises(OutOfPhase, match="不开标"):
        lot.ask(shares(lot, "agency"), make.authority("agency"))
    assert lot.audit() == lot.state


def test_nobody_is_told_of_a_bid_before_the_deadline() -> None:
    lot = tender(1, 2, 3)
    taken = bid(lot, 1, 110_000)
    assert not any(visible(taken, role, lot.state) for role in ("public", "token", "agency", "supervisor", "operator"))
    with pytest.raises(OutOfPhase, match="不开标"):
        lot.ask(shares(lot, "agency"), make.authority("agency"))
    bid(lot, 2, 120_000)
    bid(lot, 3, 130_000)
    lot.tick()
    assert visible(taken, "public", lot.state)


def test_what_is_in_the_box_is_not_taken_back_or_changed() -> None:
    lot = tender(1, 2, 3)
    bid(lot, 1, 110_000)
    with pytest.raises(OutOfPhase, match="不可撤回"):
        bid(lot, 1, 150_000)


def test_a_bid_a_millisecond_before_the_deadline_counts_and_one_at_it_does_not() -> None:
    lot = tender(1, 2, 3)
    bid(lot, 1, 110_000, at=make.ENDS - MILLISECOND)
    with pytest.raises(OutOfPhase, match="截止"):
        bid(lot, 2, 120_000, at=make.ENDS)


def test_of_equal_highest_prices_the_one_that_came_first_wins() -> None:
    lot = tender(1, 2, 3)
    for bidder in (3, 1, 2):
        bid(lot, bidder, 120_000, at=lot.later(minutes=1))
    assert only(opened(lot), LotSold).number == lot.number(3)


@pytest.mark.parametrize(("fen", "counts"), [(make.START_FEN, True), (make.START_FEN - 1, False)])
def test_a_price_below_the_start_price_is_read_out_and_does_not_count(fen: int, *, counts: bool) -> None:
    lot = tender(1, 2, 3)
    for bidder in (1, 2, 3):
        lot.ask(sealed(lot, bidder, fen), make.bidder(bidder))
    events = opened(lot)
    assert {event.price_fen for event in events if isinstance(event, SealedBidOpened)} == {fen}
    assert any(isinstance(event, LotSold) for event in events) is counts
    assert any(isinstance(event, LotUnsold) for event in events) is not counts


def test_a_bid_sealed_for_another_number_is_not_taken() -> None:
    lot = tender(1, 2, 3)
    stolen = sealed(lot, 1, 110_000_00)
    with pytest.raises(BadInput, match="重新密封"):
        lot.ask(stolen, make.bidder(2))


def test_who_is_not_admitted_hands_in_nothing() -> None:
    lot = tender(1, 2, 3)
    with pytest.raises(NotEntitled):
        lot.ask(sealed(lot, 1, 110_000_00), make.bidder(4))


def test_a_tender_takes_no_open_price() -> None:
    lot = tender(1, 2, 3)
    with pytest.raises(OutOfPhase, match="密封"):
        lot.bid(1, 100_000)


def test_a_bid_that_no_two_can_open_is_read_out_as_such_once_all_three_have_given() -> None:
    lot = tender(1, 2, 3, 4)
    for bidder, yuan in ((1, 110_000), (2, 190_000), (3, 120_000)):
        bid(lot, bidder, yuan)
    lot.tick()
    missing = lot.number(2)
    for name in ("agency", "supervisor"):
        lot.ask(shares(lot, name, missing), make.authority(name))
        assert lot.lot.phase == "opening"
    events = lot.ask(shares(lot, "platform", missing), make.authority("platform"))
    assert [event.price_fen for event in events if isinstance(event, SealedBidOpened)] == [
        110_000_00,
        None,
        120_000_00,
    ]
    assert only(events, LotSold).number == lot.number(3)
    assert lot.audit() == lot.state


def test_a_share_of_another_bid_is_refused() -> None:
    lot = tender(1, 2, 3)
    for bidder, yuan in ((1, 110_000), (2, 130_000), (3, 120_000)):
        bid(lot, bidder, yuan)
    lot.tick()
    good = shares(lot, "agency")
    swapped = (BidShare(number=good.shares[0].number, share=good.shares[1].share), *good.shares[1:])
    (given,) = lot.ask(GiveBidShares(authority="agency", shares=swapped), make.authority("agency"))
    assert isinstance(given, BidSharesGiven)
    assert given.refused == (lot.number(1),)


def test_a_tender_that_is_not_opened_in_its_minutes_stands_still_and_goes_on() -> None:
    lot = tender(1, 2, 3)
    for bidder in (1, 2, 3):
        bid(lot, bidder, 120_000)
    lot.tick()
    frozen = only(lot.tick(), LotFrozen)
    assert "开标" in frozen.notice
    lot.ask(commands.Thaw(resumes_at=lot.now, notice="恢复开标"))
    lot.ask(shares(lot, "agency"), make.authority("agency"))
    assert only(lot.ask(shares(lot, "platform"), make.authority("platform")), LotSold).price_fen == 120_000_00
    assert lot.audit() == lot.state


def test_an_outage_over_the_deadline_halts_the_tender() -> None:
    lot = tender(1, 2, 3)
    lot.reading = None
    assert only(lot.tick(), LotFrozen).cause == "outage"


def test_a_tender_has_no_timed_bidding() -> None:
    with pytest.raises(BadInput, match="没有限时竞价"):
        play(LINE, {"way": "tender"}).announce(trigger="automatic")
