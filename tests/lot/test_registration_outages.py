"""Registration ends by its time only if the platform was there for its last part (决定 0021)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.land import LINE
from shared.kernel.errors import OutOfPhase
from shared.law.clause import Unit
from shared.law.periods import ends_at
from shared.procedure.lot import commands
from shared.procedure.lot.endings import LotFrozen, LotTerminated, LotThawed, LotUnsold
from shared.procedure.lot.events import BiddingStarted, RegistrationExtended, TimedStarted
from shared.procedure.lot.freezing import notice_of
from shared.procedure.lot.idling import IdleReminded
from shared.procedure.lot.timers import moments
from shared.procedure.lot.values import Extension, Reading
from tests.bidding.factories import CALENDAR
from tests.lot import factories as make
from tests.lot.play import HEALTHY, Play, only, play
from tests.lot.test_freezing import freeze, thaw
from tests.lot.test_outages import mended
from tests.property import factories as property_
from tests.property.factories import equity

MICROSECOND, SECOND, MINUTE = timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PART = 15 * MINUTE
"""As long as is given to prepare for bidding."""
DUE = make.APPLY
"""Applications for the listing of land end while it lasts."""


def went_on(lot: Play, at: datetime) -> LotThawed:
    """Let a lot go on at once."""
    lot.reading = HEALTHY
    return only(lot.ask(thaw(at), at=at), LotThawed)


def timed(**terms: Any) -> Play:
    """Return a transfer of shares whose bidding is timed from the start."""
    return equity().announce(bidding_ends=property_.STARTS, **terms)


def test_who_could_not_apply_in_the_last_part_applies_when_the_lot_goes_on() -> None:
    lot = play(LINE).started()
    lot.reading = mended(DUE - SECOND, DUE - 40 * MINUTE)
    frozen = only(lot.tick(DUE), LotFrozen)
    assert (frozen.cause, frozen.phase, frozen.since) == ("outage", "free", DUE - 40 * MINUTE)
    assert "第五十四条" in frozen.article
    assert notice_of(frozen.notice)[0].startswith("平台故障，报名中止")
    with pytest.raises(OutOfPhase, match="中止"):
        lot.ask(commands.Apply(), make.bidder(4))
    at = lot.later(minutes=10)
    thawed = went_on(lot, at)
    assert thawed.applications_due == at + 40 * MINUTE
    assert thawed.ends_at == make.ENDS + 50 * MINUTE
    assert set(moments(thawed)) == {thawed.applications_due, thawed.ends_at}
    lot.ask(commands.Apply(), make.bidder(4), at=thawed.applications_due - MICROSECOND)
    with pytest.raises(OutOfPhase, match="报名已经截止"):
        lot.ask(commands.Apply(), make.bidder(5), at=thawed.applications_due)
    assert lot.tick(thawed.applications_due) == ()
    assert lot.audit() == lot.state


@settings(max_examples=60, deadline=None)
@given(
    due=st.sampled_from((make.STARTS - DAY, make.STARTS, make.APPLY)),
    before=st.timedeltas(MICROSECOND, 5 * DAY),
    lasted=st.timedeltas(timedelta(), 9 * DAY),
    stands=st.timedeltas(timedelta(), 59 * MINUTE),
)
def test_whatever_a_fault_took_of_registration_is_given_back_and_less_than_a_second_more(
    due: datetime, before: timedelta, lasted: timedelta, stands: timedelta
) -> None:
    lot = play(LINE).announce(applications_due=due, deposits_due=due)
    if due > make.STARTS:
        lot.tick()
    starts, end = lot.lot.times.starts_at, lot.lot.times.free_ends
    lot.reading = mended(max(due - before + lasted, due - PART + MICROSECOND), due - before)
    only(lot.tick(max(due, due - before + lasted)), LotFrozen)
    at = lot.now + stands
    thawed, taken = went_on(lot, at), max(before, PART)
    assert thawed.applications_due is not None
    assert taken <= thawed.applications_due - at < taken + SECOND
    moved = thawed.applications_due - due
    assert lot.lot.times.free_ends - end == moved
    assert lot.lot.times.starts_at - starts == (moved if due <= make.STARTS else timedelta())
    assert lot.audit() == lot.state


def test_what_was_mended_before_the_last_part_ends_registration_by_its_time() -> None:
    lot = play(LINE).started()
    just, late = lot.copy(), lot.copy()
    just.reading = mended(DUE - PART, DUE - DAY)
    late.reading = mended(DUE - PART + MICROSECOND, DUE - DAY)
    assert just.tick(DUE) == ()
    assert only(late.tick(DUE), LotFrozen).since == DUE - DAY


def test_a_fault_that_began_after_the_end_of_registration_gives_nothing_back_of_it() -> None:
    lot = play(LINE).started()
    before, after = lot.copy(), lot.copy()
    before.reading = mended(DUE + DAY, DUE - MICROSECOND)
    after.reading = mended(DUE + DAY, DUE)
    assert only(before.tick(DUE + DAY), LotFrozen).since == DUE - PART
    assert after.tick(DUE + DAY) == ()
    after.reading = Reading(age_ms=30_000, mended_at=make.ANNOUNCED, down_since=make.ENDS - SECOND)
    assert only(after.tick(make.ENDS), LotFrozen).since is None


def test_a_fault_of_unknown_beginning_counts_unless_the_lot_has_gone_on_since() -> None:
    quiet = play(LINE).started()
    bidden = quiet.copy()
    bidden.bid(1, 100_000, at=DUE + MINUTE)
    for lot in (quiet, bidden):
        lot.reading = Reading(age_ms=300, mended_at=DUE + DAY)
    assert only(quiet.tick(DUE + 2 * DAY), LotFrozen).since == DUE - PART
    assert bidden.tick(DUE + 2 * DAY) == ()


def test_while_it_is_still_down_nothing_begins_without_who_could_not_apply() -> None:
    lot = timed(applications_due=property_.STARTS, deposits_due=property_.STARTS).admit(1, 2)
    starts = property_.STARTS
    lot.reading = Reading(age_ms=60_000, mended_at=make.ANNOUNCED, down_since=starts - 20 * MINUTE)
    frozen = only(lot.tick(starts + MINUTE), LotFrozen)
    assert (frozen.phase, frozen.since) == ("registration", starts - 20 * MINUTE)
    assert lot.audit() == lot.state


def test_no_lot_lapses_for_want_of_bidders_who_could_not_come() -> None:
    lot = timed(applications_due=property_.STARTS, deposits_due=property_.STARTS)
    lot.reading = mended(property_.STARTS - SECOND, property_.STARTS - 20 * MINUTE)
    only(lot.tick(), LotFrozen)
    thawed = went_on(lot, lot.later(minutes=5))
    assert thawed.applications_due is not None
    lot.admit(1, 2)
    assert isinstance(lot.tick(thawed.ends_at)[0], TimedStarted)
    assert lot.audit() == lot.state


def test_a_disclosure_that_a_fault_cut_short_goes_on_for_ten_working_days_more() -> None:
    lot = equity().announce()
    lot.reading = mended(property_.DUE - SECOND, property_.DUE - 20 * MINUTE)
    only(lot.tick(property_.DUE), LotFrozen)
    at = lot.later(minutes=5)
    thawed = went_on(lot, at)
    assert thawed.applications_due is not None
    assert thawed.applications_due >= ends_at(at, 10, Unit.WORKING_DAY, CALENDAR) - DAY
    assert thawed.ends_at - thawed.applications_due == property_.STARTS - property_.DUE
    assert lot.audit() == lot.state


def test_a_deposit_that_came_while_the_lot_stood_still_is_in_time() -> None:
    lot = play(LINE).started()
    lot.ask(commands.Apply(), make.bidder(4))
    lot.reading = mended(DUE - SECOND, DUE - 20 * MINUTE)
    lot.tick(DUE)
    paid = lot.later(minutes=1)
    recorded, admitted = lot.ask(make.deposit(lot.number(4), paid, make.START_FEN // 5), at=paid)
    assert recorded.counts
    assert admitted.number == lot.number(4)
    assert lot.audit() == lot.state


@pytest.mark.parametrize("admitted", [(), (1,), (1, 2)])
def test_nobody_is_shut_out_of_timed_bidding_because_a_deposit_could_not_be_recorded(admitted: tuple[int, ...]) -> None:
    lot = timed().admit(*admitted)
    starts = property_.STARTS
    lot.ask(commands.Apply(), make.bidder(3))
    lot.reading = mended(starts - PART + MICROSECOND, starts - HOUR)
    frozen = only(lot.tick(), LotFrozen)
    assert (frozen.phase, frozen.since) == ("registration", starts - HOUR)
    thawed = went_on(lot, lot.later(minutes=1))
    assert (thawed.applications_due, thawed.ends_at) == (None, lot.now + HOUR)
    lot.ask(make.deposit(lot.number(3), property_.DUE - SECOND, make.START_FEN * 3 // 10))
    assert lot.lot.admitted == len(admitted) + 1
    assert lot.audit() == lot.state


def test_the_last_part_before_timed_bidding_was_whole() -> None:
    lot = timed().admit(1, 2)
    lot.reading = mended(property_.STARTS - PART, property_.STARTS - HOUR)
    assert isinstance(lot.tick()[0], TimedStarted)


def test_free_bidding_begins_whatever_the_way_is_like_because_it_shuts_nobody_out() -> None:
    lot = play(LINE).announce().admit(1)
    lot.reading = Reading(age_ms=60_000, mended_at=make.ANNOUNCED, down_since=make.STARTS - HOUR)
    assert isinstance(lot.tick()[0], BiddingStarted)


def test_a_disclosure_that_is_extended_anyway_stands_not_still() -> None:
    lot = equity().announce(extension=Extension(working_days=5, times=1))
    lot.reading = mended(property_.DUE - SECOND, property_.DUE - 20 * MINUTE)
    extended = only(lot.tick(property_.DUE), RegistrationExtended)
    lot.reading = HEALTHY
    assert lot.tick(extended.applications_due) == ()
    assert isinstance(lot.tick(extended.starts_at)[0], LotUnsold)


def test_what_stands_idle_is_not_ended_while_nobody_could_let_it_go_on() -> None:
    lot = play(LINE).started()
    lot.ask(freeze("dispute"))
    idle_at = lot.lot.frozen.idle_at if lot.lot.frozen else None
    until = only(lot.tick(idle_at), IdleReminded).until
    lot.reading = mended(until - PART + MICROSECOND, until - DAY)
    again = only(lot.tick(until), IdleReminded)
    assert again.until > until
    lot.reading = mended(again.until - PART, again.until - DAY)
    assert only(lot.tick(again.until), LotTerminated).cause == "idle"
    assert lot.audit() == lot.state
