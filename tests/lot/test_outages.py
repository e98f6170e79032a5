"""No lot is closed because the platform was down: each phase ends only after its last part was whole (决定 0021)."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from services.land import LINE
from shared.kernel.errors import OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import BiddingEnded, LotFrozen, LotThawed
from shared.procedure.lot.events import TimedStarted
from shared.procedure.lot.freezing import NOTICES, notice_of
from shared.procedure.lot.live import standstill
from shared.procedure.lot.values import Reading
from tests.lot import factories as make
from tests.lot.play import HEALTHY, Play, only, play
from tests.lot.test_freezing import thaw

MICROSECOND, SECOND, MINUTE = timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=1)


def mended(at: datetime, since: datetime) -> Reading:
    """Return a reading taken after a fault that lasted from one instant to another."""
    return Reading(age_ms=300, mended_at=at, down_since=since)


def free() -> Play:
    """Return a listing with two bidders' bids, which timed bidding follows."""
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    return lot


def asking() -> Play:
    lot = play(LINE).started(trigger="asked")
    lot.bid(1, 100_000)
    lot.tick()
    return lot


def timed() -> Play:
    """Return a lot in its countdown, two of its three calls made."""
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    for _ in ("timed", "call", "call"):
        lot.tick()
    return lot


LAST_PARTS = [(free, 15 * MINUTE), (asking, 5 * MINUTE), (timed, 100 * SECOND)]


@pytest.mark.parametrize(("begun", "part"), LAST_PARTS)
def test_a_phase_ends_if_the_way_was_whole_for_its_last_part(begun: Callable[[], Play], part: timedelta) -> None:
    lot = begun()
    ends = lot.lot.times.ends_at
    lot.reading = mended(ends - part, ends - part - MINUTE)
    assert isinstance(lot.tick(ends)[0], TimedStarted | BiddingEnded)
    assert lot.audit() == lot.state


@pytest.mark.parametrize(("begun", "part"), LAST_PARTS)
def test_what_was_mended_any_later_freezes_the_lot_by_itself(begun: Callable[[], Play], part: timedelta) -> None:
    lot = begun()
    ends = lot.lot.times.ends_at
    lot.reading = mended(ends - part + MICROSECOND, ends - part - MINUTE)
    frozen = only(lot.tick(ends), LotFrozen)
    assert (frozen.cause, frozen.reading) == ("outage", lot.reading)
    assert "第五十四条" in frozen.article
    assert lot.audit() == lot.state


def test_all_that_a_fault_took_of_a_listing_is_given_back() -> None:
    lot = free()
    lot.reading = mended(make.ENDS - SECOND, make.ENDS - 40 * MINUTE)
    frozen = only(lot.tick(), LotFrozen)
    (thawed,) = lot.ask(thaw(lot.later(minutes=1)), at=lot.later(minutes=1))
    assert frozen.left_seconds == 40 * 60
    assert thawed.ends_at == thawed.resumes_at + 40 * MINUTE
    lot.bid(1, 102_000, at=thawed.ends_at - MICROSECOND)
    lot.tick()
    assert lot.lot.phase == "timed"
    assert lot.audit() == lot.state


def test_while_it_is_still_down_the_time_counts_since_it_went_down() -> None:
    lot = free()
    lot.reading = Reading(age_ms=30 * 60_000, mended_at=make.STARTS, down_since=make.ENDS - 30 * MINUTE)
    assert only(lot.tick(), LotFrozen).left_seconds == 30 * 60


def test_a_countdown_that_a_fault_cut_short_begins_again_with_its_preparation() -> None:
    lot = timed()
    ends = lot.lot.times.ends_at
    lot.reading = mended(ends - SECOND, ends - 90 * SECOND)
    lot.tick(ends)
    with pytest.raises(OutOfPhase, match="中止"):
        lot.bid(1, 102_000)
    at = lot.later(minutes=2)
    thawed = only(lot.ask(thaw(at), at=at), LotThawed)
    assert (thawed.phase, thawed.ends_at) == ("preparing", at + 15 * MINUTE)
    assert only(lot.tick(), TimedStarted).from_fen == 101_000_00
    lot.bid(1, 102_000)
    ended = only(lot.run_out(), BiddingEnded)
    assert ended.reading == lot.reading
    assert lot.audit() == lot.state


def test_a_phase_that_goes_on_for_less_than_its_last_part_must_be_whole_since_it_goes_on() -> None:
    lot = free()
    at = make.ENDS - MINUTE
    lot.ask(commands.Freeze(cause="authority", notice="中止"), make.SUPERVISOR, at)
    lot.ask(thaw(at + timedelta(days=1)), make.SUPERVISOR)
    just, late = lot.copy(), lot.copy()
    ends = lot.lot.times.ends_at
    assert ends == at + timedelta(days=1) + MINUTE
    just.reading = mended(ends - MINUTE, ends - 5 * MINUTE)
    late.reading = mended(ends - MINUTE + MICROSECOND, ends - 5 * MINUTE)
    assert isinstance(just.tick()[0], TimedStarted)
    assert isinstance(late.tick()[0], LotFrozen)


def test_a_bid_in_the_last_part_begins_it_anew() -> None:
    lot = timed()
    fault = lot.lot.times.ends_at - SECOND
    lot.bid(1, 102_000, at=fault)
    lot.reading = mended(fault + 2 * SECOND, fault)
    ended = only(lot.run_out(), BiddingEnded)
    assert ended.offer is not None
    assert ended.offer.price_fen == 102_000_00
    lot.reading = HEALTHY
    assert lot.audit() == lot.state


def test_why_the_platform_halted_a_lot_is_said_once_in_each_language_and_recorded_in_one_text() -> None:
    lot = timed()
    lot.reading = Reading(age_ms=9_000)
    frozen = only(lot.tick(), LotFrozen)

    with pytest.raises(OutOfPhase) as refused:
        lot.bid(1, 105_000)

    zh, en = NOTICES["outage"]
    assert frozen.notice == f"{zh} {en}"
    assert (refused.value.zh, refused.value.en) == (f"标的已中止：{zh}", f"the lot stands still: {en}")
    shown = standstill(lot.lot)
    assert shown is not None
    assert (shown["zh"], shown["en"], shown["cause"]) == (zh, en, "outage")


def test_what_people_wrote_when_they_halted_a_lot_is_shown_as_they_wrote_it() -> None:
    lot = timed()
    lot.ask(commands.Freeze(cause="dispute", notice="权属争议，中止。"))

    assert lot.lot.frozen is not None
    assert notice_of(lot.lot.frozen.notice) == ("权属争议，中止。", "权属争议，中止。")
