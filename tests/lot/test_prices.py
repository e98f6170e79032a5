"""Prices: steps, equal prices, no way back, the sealed reserve in both phases, priority (T5, T9-T12, T15, T24, S18)."""

from datetime import timedelta

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import (
    BiddingEnded,
    LotFrozen,
    LotSold,
    LotUnsold,
    ReserveOpened,
    ReserveShareGiven,
    ReserveShareRefused,
)
from shared.procedure.lot.line import ENTITLED
from shared.procedure.lot.seen import visible
from shared.procedure.lot.values import Timing
from shared.seal.reserve import SealedReserve, open_reserve_share, seal_reserve
from shared.seal.wire import Authority
from tests.lot import factories as make
from tests.lot.play import Play, only, play

MILLISECOND = timedelta(milliseconds=1)


def reserve(yuan: int, lot: str = make.STREAM) -> SealedReserve:
    """Return a reserve of whole yuan, sealed to the three authorities of the tests."""
    sealed, _ = seal_reserve(lot, yuan * 100, make.AUTHORITIES, lambda size: bytes(range(size)))
    return sealed


def share(lot: Play, name: Authority) -> commands.GiveReserveShare:
    """Return the share that an authority opens on its own machine."""
    sealed = lot.lot.announced.terms.reserve
    assert sealed is not None
    return commands.GiveReserveShare(
        authority=name, share=open_reserve_share(make.SEATS[name], make.STREAM, sealed, name)
    )


def open_reserve(lot: Play) -> list[object]:
    """Let two authorities give their shares; return what the second leads to."""
    lot.ask(share(lot, "agency"), make.authority("agency"))
    return list(lot.ask(share(lot, "supervisor"), make.authority("supervisor")))


def ended(yuan: int, bid: int, trigger: str = "never") -> Play:
    """Return a lot with this reserve whose bidding ended at this price."""
    lot = play(LINE).started(reserve=reserve(yuan), trigger=trigger)
    lot.bid(1, bid)
    lot.tick()
    if lot.lot.phase == "timed":
        lot.run_out()
    return lot


@pytest.mark.parametrize("trigger", ["never", "always"])
def test_a_price_of_just_the_reserve_sells_in_both_phases(trigger: str) -> None:
    lot = ended(120_000, 120_000, trigger)
    given, opened, sold = open_reserve(lot)
    assert isinstance(given, ReserveShareGiven)
    assert isinstance(opened, ReserveOpened)
    assert opened.reserve_fen == 120_000_00
    assert isinstance(sold, LotSold)
    assert lot.audit() == lot.state


@pytest.mark.parametrize("trigger", ["never", "always"])
def test_a_price_a_step_below_the_reserve_does_not(trigger: str) -> None:
    lot = ended(120_000, 119_000, trigger)
    unsold = only(open_reserve(lot), LotUnsold)
    assert unsold.cause == "below_reserve"
    assert lot.audit() == lot.state


def test_a_reserve_a_fen_above_the_price_is_not_reached() -> None:
    sealed, _ = seal_reserve(make.STREAM, 120_000_01, make.AUTHORITIES, lambda size: bytes(range(size)))
    lot = play(LINE).started(reserve=sealed, trigger="never")
    lot.bid(1, 120_000)
    lot.tick()
    assert only(open_reserve(lot), LotUnsold).cause == "below_reserve"


def test_nobody_sees_the_reserve_before_it_is_opened_nor_opens_it_before_the_end() -> None:
    lot = play(LINE).started(reserve=reserve(120_000))
    assert b"12000000" not in b"".join(event.canonical() for event in lot.events)
    with pytest.raises(OutOfPhase, match="不启封"):
        lot.ask(share(lot, "agency"), make.authority("agency"))


def test_a_share_is_seen_by_no_bidder_before_the_lot_is_over() -> None:
    lot = ended(120_000, 130_000)
    (given,) = lot.ask(share(lot, "agency"), make.authority("agency"))
    assert not visible(given, "public", lot.state)
    assert not visible(given, "token", lot.state)


def test_a_share_that_was_not_committed_to_is_refused_and_opens_nothing() -> None:
    lot = ended(120_000, 130_000)
    wrong = share(lot, "agency").model_copy(update={"authority": "platform"})
    (refused,) = lot.ask(wrong, make.authority("platform"))
    assert isinstance(refused, ReserveShareRefused)
    assert lot.lot.phase == "reserve"


def test_a_reserve_that_does_not_open_in_its_minutes_halts_the_lot_and_is_never_nought() -> None:
    lot = ended(120_000, 130_000)
    lot.ask(share(lot, "agency"), make.authority("agency"))
    (frozen,) = lot.tick()
    assert isinstance(frozen, LotFrozen)
    assert frozen.cause == "reserve_not_opened"
    lot.ask(commands.Thaw(resumes_at=lot.now, notice="恢复启封"))
    assert isinstance(lot.ask(share(lot, "platform"), make.authority("platform"))[-1], LotSold)
    assert lot.audit() == lot.state


def test_a_reserve_for_another_lot_is_not_announced() -> None:
    with pytest.raises(BadInput, match="底价"):
        play(LINE).announce(reserve=reserve(120_000, "lot-2"))


def test_of_equal_prices_the_earlier_wins_and_the_later_is_refused() -> None:
    lot = play(LINE).started(trigger="never")
    lot.bid(1, 100_000)
    with pytest.raises(BreaksClause, match="先报者") as refused:
        lot.bid(2, 100_000)
    assert "第十九条" in refused.value.article
    sold = lot.tick()[-1]
    assert isinstance(sold, LotSold)
    assert sold.number == lot.number(1)


def test_at_one_instant_the_order_of_the_record_decides() -> None:
    lot = play(LINE).started(trigger="never")
    at = lot.later(minutes=1)
    lot.bid(2, 100_000, at=at)
    lot.bid(1, 101_000, at=at)
    with pytest.raises(BreaksClause):
        lot.bid(3, 101_000, at=at)
    assert lot.lot.offer is not None
    assert lot.lot.offer.number == lot.number(1)
    assert lot.audit() == lot.state


@pytest.mark.parametrize(("yuan", "whole", "holds"), [(101_500, False, True), (101_500, True, False)])
def test_whole_steps_are_asked_where_the_notice_asks_them(yuan: int, *, whole: bool, holds: bool) -> None:
    lot = play(LINE).started(whole_steps=whole)
    lot.bid(1, 100_000)
    if holds:
        lot.bid(2, yuan)
        assert lot.price == yuan * 100
        return
    with pytest.raises(BreaksClause, match="整数倍"):
        lot.bid(2, yuan)


def test_a_price_a_fen_under_the_step_is_refused() -> None:
    lot = play(LINE).started(whole_steps=False)
    lot.bid(1, 100_000)
    with pytest.raises(BreaksClause, match="101000"):
        lot.ask(commands.PlaceBid(price_fen=101_000_00 - 1), make.bidder(2))
    lot.ask(commands.PlaceBid(price_fen=101_000_00), make.bidder(2))


def test_a_price_above_the_highest_taken_is_refused_as_a_slip() -> None:
    lot = play(LINE).started(most_fen=200_000_00)
    with pytest.raises(BreaksClause, match="最高限价"):
        lot.bid(1, 201_000)
    lot.bid(1, 200_000)


def test_no_command_takes_a_bid_back() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.ask(commands.BarBidder(number=lot.number(1), reason="涉嫌串通"))
    assert lot.price == 100_000_00
    assert {kind.NAME for kind, roles in ENTITLED.items() if "token" in roles} >= {"apply", "place_bid"}
    assert not [kind.NAME for kind in ENTITLED if "withdraw" in kind.NAME or "revoke" in kind.NAME]


def test_the_host_changes_the_step_from_the_next_bid_on() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.ask(commands.ChangeStep(step_fen=5_000_00, notice="调整增价幅度"))
    with pytest.raises(BreaksClause):
        lot.bid(2, 101_000)
    lot.bid(2, 105_000)
    assert lot.audit() == lot.state


def test_the_recorded_time_counts_and_restarts_the_countdown() -> None:
    lot = play(LINE).started(trigger="always", timing=Timing(countdown_minutes=4))
    (timed,) = lot.tick()
    at = timed.ends_at - MILLISECOND
    (bid,) = lot.bid(1, 100_000, at=at)
    assert bid.received_at == at
    assert bid.ends_at == at + timedelta(minutes=4)
    with pytest.raises(OutOfPhase) as refused:
        lot.bid(2, 101_000, at=bid.ends_at)
    assert "第五十三条" in refused.value.article


@pytest.mark.parametrize("counts", [True, False])
def test_whether_a_bid_at_the_very_end_counts_the_notice_says(*, counts: bool) -> None:
    lot = play(LINE).started(trigger="never", instant_counts=counts)
    if counts:
        lot.bid(1, 100_000, at=make.ENDS)
        assert lot.price == 100_000_00
    else:
        with pytest.raises(OutOfPhase, match="截止"):
            lot.bid(1, 100_000, at=make.ENDS)
    with pytest.raises(OutOfPhase, match="截止"):
        lot.bid(2, 101_000, at=make.ENDS + MILLISECOND)


def test_within_a_lot_time_never_goes_back() -> None:
    lot = play(LINE).started()
    (first,) = lot.bid(1, 100_000, at=lot.later(hours=2))
    (second,) = lot.bid(2, 101_000, at=lot.now - timedelta(hours=1))
    assert second.received_at == first.received_at
    assert lot.audit() == lot.state


def test_the_outcome_waits_for_the_review_and_who_does_not_qualify_does_not_win() -> None:
    lot = play(LINE).started(trigger="never")
    lot.bid(1, 100_000)
    ending, sold = lot.tick()
    assert isinstance(ending, BiddingEnded)
    assert isinstance(sold, LotSold)
    assert lot.lot.phase == "review"
    unsold = only(lot.ask(commands.ReviewWinner(qualified=False, reason="材料不实")), LotUnsold)
    assert unsold.cause == "not_qualified"
    assert lot.audit() == lot.state
