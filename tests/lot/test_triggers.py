"""How timed bidding follows the free one: the four variants in use, the preparation, the first price (T13, T16)."""

from datetime import timedelta

import pytest

from services.land import LINE
from shared.kernel.errors import BreaksClause, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import BiddingEnded, LotSold, LotUnsold
from shared.procedure.lot.events import AskingStarted, PreparationStarted, TimedStarted
from shared.procedure.lot.values import Timing
from tests.lot import factories as make
from tests.lot.play import Play, only, play

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)


def lot(trigger: str, **timing: object) -> Play:
    """Return a running listing with this trigger."""
    return play(LINE).started(trigger=trigger, timing=Timing.model_validate(timing))


def test_whoever_bid_is_asked_and_who_answers_in_five_minutes_goes_on() -> None:
    asked = lot("asked")
    asked.bid(1, 100_000)
    (asking,) = asked.tick()
    assert isinstance(asking, AskingStarted)
    assert asking.ends_at == make.ENDS + timedelta(minutes=5)
    asked.ask(commands.GoOn(), make.bidder(1), asking.ends_at - MILLISECOND)
    assert isinstance(asked.tick()[0], TimedStarted)
    assert asked.audit() == asked.state


def test_an_answer_at_the_end_of_the_five_minutes_is_too_late_and_the_listing_decides() -> None:
    asked = lot("asked")
    asked.bid(1, 100_000)
    (asking,) = asked.tick()
    with pytest.raises(OutOfPhase, match="询问"):
        asked.ask(commands.GoOn(), make.bidder(1), asking.ends_at)
    ended, sold = asked.tick()
    assert isinstance(ended, BiddingEnded)
    assert isinstance(sold, LotSold)


def test_who_did_not_bid_in_the_listing_is_not_asked() -> None:
    asked = lot("asked")
    asked.bid(1, 100_000)
    asked.tick()
    with pytest.raises(BreaksClause, match="挂牌期内未报价"):
        asked.ask(commands.GoOn(), make.bidder(2))


def test_who_did_not_say_so_does_not_bid_in_the_timed_phase() -> None:
    asked = lot("asked")
    asked.bid(1, 100_000)
    asked.bid(2, 101_000)
    asked.tick()
    asked.ask(commands.GoOn(), make.bidder(1))
    asked.tick()
    asked.bid(1, 102_000)
    with pytest.raises(BreaksClause, match="未表示继续竞价"):
        asked.bid(2, 103_000)


def test_the_asking_comes_before_the_outcome_even_with_one_bid() -> None:
    asked = lot("asked")
    asked.bid(1, 100_000)
    assert [type(event).__name__ for event in asked.tick()] == ["AskingStarted"]


def test_nobody_is_asked_where_nobody_bid() -> None:
    assert only(lot("asked").tick(), LotUnsold).cause == "no_bid"


def test_two_bidders_in_the_last_hour_lead_to_a_preparation_of_fifteen_minutes_for_all() -> None:
    late = lot("last_hour")
    late.bid(1, 100_000, at=make.ENDS - HOUR)
    late.bid(2, 101_000, at=make.ENDS - MILLISECOND)
    (preparing,) = late.tick()
    assert isinstance(preparing, PreparationStarted)
    assert preparing.ends_at == make.ENDS + timedelta(minutes=15)
    assert isinstance(late.tick()[0], TimedStarted)
    late.bid(3, 102_000)
    assert late.audit() == late.state


def test_a_bid_a_millisecond_before_the_last_hour_does_not_count_for_it() -> None:
    late = lot("last_hour")
    late.bid(1, 100_000, at=make.ENDS - HOUR - MILLISECOND)
    late.bid(2, 101_000)
    late.bid(2, 102_000, at=make.ENDS - MILLISECOND)
    ended, sold = late.tick()
    assert isinstance(ended, BiddingEnded)
    assert isinstance(sold, LotSold)


def test_what_two_bid_in_the_last_hour_still_counts_when_the_lot_stood_still_after_it() -> None:
    late = lot("last_hour")
    late.bid(1, 100_000, at=make.ENDS - HOUR)
    late.bid(2, 101_000, at=make.ENDS - HOUR / 2)
    late.ask(commands.Freeze(cause="dispute", notice="中止"), at=make.ENDS - HOUR / 4)
    late.ask(commands.Thaw(resumes_at=make.ENDS + 30 * HOUR, notice="恢复"), at=make.ENDS + HOUR)
    assert late.lot.times.ends_at == make.ENDS + 30 * HOUR + HOUR / 4
    assert isinstance(late.tick()[0], PreparationStarted)
    assert late.audit() == late.state


def test_what_was_bid_before_the_last_hour_does_not_come_into_it_by_standing_still() -> None:
    late = lot("last_hour")
    late.bid(1, 100_000, at=make.ENDS - HOUR - MILLISECOND)
    late.bid(2, 101_000, at=make.ENDS - HOUR / 2)
    late.ask(commands.Freeze(cause="dispute", notice="中止"), at=make.ENDS - HOUR / 4)
    late.ask(commands.Thaw(resumes_at=make.ENDS + 30 * HOUR, notice="恢复"), at=make.ENDS + HOUR)
    assert isinstance(late.tick()[-1], LotSold)


def test_the_bids_of_one_bidder_alone_in_the_last_hour_are_not_two() -> None:
    late = lot("last_hour")
    late.bid(2, 100_000, at=make.ENDS - HOUR)
    late.bid(2, 101_000, at=make.ENDS - MILLISECOND)
    assert isinstance(late.tick()[-1], LotSold)


def test_the_timed_phase_always_follows_where_it_is_announced_so() -> None:
    free = lot("always")
    (timed,) = free.tick()
    assert isinstance(timed, TimedStarted)
    assert timed.from_fen == make.START_FEN
    assert only(free.run_out(), LotUnsold).cause == "no_bid"


def test_with_two_who_bid_the_timed_phase_begins_by_itself() -> None:
    automatic = lot("automatic")
    automatic.bid(1, 100_000)
    automatic.bid(2, 101_000)
    assert isinstance(automatic.tick()[0], TimedStarted)


def test_with_one_who_bid_the_listing_decides() -> None:
    automatic = lot("automatic")
    automatic.bid(1, 100_000)
    automatic.bid(1, 101_000)
    assert isinstance(automatic.tick()[-1], LotSold)


def test_without_a_timed_phase_the_listing_decides() -> None:
    never = lot("never")
    never.bid(1, 100_000)
    never.bid(2, 101_000)
    sold = never.tick()[-1]
    assert isinstance(sold, LotSold)
    assert sold.price_fen == 101_000_00


@pytest.mark.parametrize(("from_next", "yuan"), [(False, 101_000), (True, 102_000)])
def test_the_timed_phase_starts_at_the_highest_listing_bid_or_a_step_above(*, from_next: bool, yuan: int) -> None:
    free = lot("automatic", from_next=from_next)
    free.bid(1, 100_000)
    free.bid(2, 101_000)
    (timed,) = free.tick()
    assert timed.from_fen == yuan * 100
    with pytest.raises(BreaksClause):
        free.bid(1, 101_000)
    free.bid(1, 102_000)
    assert free.audit() == free.state


@pytest.mark.parametrize("minutes", [4, 5])
def test_the_countdown_is_four_or_five_minutes_as_announced(minutes: int) -> None:
    free = lot("always", countdown_minutes=minutes)
    (timed,) = free.tick()
    assert timed.ends_at == make.ENDS + timedelta(minutes=minutes)
    (bid,) = free.bid(1, 100_000, at=timed.ends_at - MILLISECOND)
    assert bid.ends_at == free.now + timedelta(minutes=minutes)


def test_a_first_countdown_without_a_bid_leaves_the_highest_listing_bid() -> None:
    free = lot("automatic")
    free.bid(1, 100_000)
    free.bid(2, 101_000)
    free.tick()
    sold = free.run_out()[-1]
    assert isinstance(sold, LotSold)
    assert (sold.number, sold.price_fen) == (free.number(2), 101_000_00)


def test_a_hard_limit_ends_the_restarting_of_countdowns() -> None:
    free = lot("always", extensions_most=1)
    free.tick()
    (first,) = free.bid(1, 100_000, at=free.later(minutes=1))
    (second,) = free.bid(2, 101_000, at=free.later(minutes=1))
    assert (first.extensions, second.extensions) == (1, 1)
    assert second.ends_at == first.ends_at
