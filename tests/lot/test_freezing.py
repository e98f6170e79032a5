"""Freeze and thaw (T17), the end for good (T18), and what stands idle (濮阳市公共资源交易管理条例 第二十二条)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from shared.law.clause import Unit
from shared.law.periods import period
from shared.procedure.lot import commands
from shared.procedure.lot.endings import LotFrozen, LotTerminated, LotThawed
from shared.procedure.lot.events import TimedStarted
from shared.procedure.lot.idling import IdleReminded
from tests.bidding.factories import CALENDAR
from tests.lot import factories as make
from tests.lot.play import Play, only, play

HOUR, MINUTE, MILLISECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(milliseconds=1)


def freeze(cause: str = "outage") -> commands.Freeze:
    """Return a freeze."""
    return commands.Freeze.model_validate({"cause": cause, "notice": "中止公告"})


def thaw(at: datetime) -> commands.Thaw:
    """Return a thaw."""
    return commands.Thaw(resumes_at=at, notice="恢复公告")


@pytest.mark.parametrize("spare", [timedelta(), timedelta(microseconds=1), timedelta(milliseconds=999)])
def test_a_listing_that_stood_still_ends_later_by_as_much_or_more(lot: Play, spare: timedelta) -> None:
    at = make.STARTS + HOUR + spare
    lot.ask(freeze(), make.OPERATOR, at=at)
    (thawed,) = lot.ask(thaw(at + 30 * MINUTE), at=at + 30 * MINUTE)
    assert isinstance(thawed, LotThawed)
    assert make.ENDS + 30 * MINUTE <= thawed.ends_at < make.ENDS + 30 * MINUTE + timedelta(seconds=1)
    lot.bid(3, 102_000, at=make.ENDS + 29 * MINUTE)
    assert lot.audit() == lot.state


@settings(max_examples=60, deadline=None)
@given(
    before=st.timedeltas(timedelta(microseconds=1), make.ENDS - make.STARTS),
    stands=st.timedeltas(timedelta(), timedelta(days=20)),
    notice=st.timedeltas(24 * HOUR, timedelta(days=3)),
)
def test_however_long_it_stands_a_listing_gets_back_all_that_was_left_and_less_than_a_second_more(
    before: timedelta, stands: timedelta, notice: timedelta
) -> None:
    lot = play(LINE).started()
    at = make.ENDS - before
    lot.ask(freeze("dispute"), at=at)
    resumes = at + stands + notice
    (thawed,) = lot.ask(thaw(resumes), at=at + stands)
    assert before <= thawed.ends_at - resumes < before + timedelta(seconds=1)
    assert lot.audit() == lot.state


def test_frozen_in_the_last_hour_no_more_than_an_hour_is_left(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR, at=make.ENDS - HOUR + MILLISECOND)
    at = make.ENDS + 2 * HOUR
    (thawed,) = lot.ask(thaw(at + 24 * HOUR), at=at)
    assert thawed.phase == "free"
    assert thawed.resumes_at + HOUR - timedelta(seconds=1) < thawed.ends_at <= thawed.resumes_at + HOUR


def test_frozen_again_before_it_goes_on_no_more_is_left_than_before(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR, at=make.ENDS - 30 * MINUTE)
    lot.ask(thaw(lot.now + 25 * HOUR), at=lot.later(hours=1))
    lot.ask(freeze(), make.OPERATOR, at=lot.later(hours=2))
    (thawed,) = lot.ask(thaw(lot.now + 48 * HOUR))
    assert thawed.ends_at == thawed.resumes_at + 30 * MINUTE
    assert lot.audit() == lot.state


def test_frozen_in_the_timed_phase_it_goes_on_with_a_preparation_of_fifteen_minutes(lot: Play) -> None:
    lot.tick()
    lot.bid(3, 102_000)
    lot.ask(freeze(), make.OPERATOR, at=lot.later(minutes=4, seconds=59))
    (thawed,) = lot.ask(thaw(lot.now + 10 * MINUTE), at=lot.later(minutes=10))
    assert (thawed.phase, thawed.ends_at) == ("preparing", thawed.resumes_at + 15 * MINUTE)
    (timed,) = lot.tick()
    assert isinstance(timed, TimedStarted)
    assert timed.from_fen == 102_000_00
    lot.bid(1, 103_000)
    assert lot.audit() == lot.state


def test_frozen_in_the_preparation_it_is_prepared_anew() -> None:
    late = play(LINE).started(trigger="last_hour")
    late.bid(1, 100_000, at=make.ENDS - MINUTE)
    late.bid(2, 101_000)
    late.tick()
    late.ask(freeze(), make.OPERATOR, at=late.later(minutes=14))
    (thawed,) = late.ask(thaw(late.now + MINUTE), at=late.later(minutes=1))
    assert (thawed.phase, thawed.ends_at) == ("preparing", thawed.resumes_at + 15 * MINUTE)


def test_a_fault_mended_within_the_hour_goes_on_at_once(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR)
    at = lot.now + HOUR - MILLISECOND
    (thawed,) = lot.ask(thaw(at), at=at)
    assert thawed.resumes_at == at


def test_a_fault_mended_after_an_hour_is_told_a_day_before(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR)
    at = lot.now + HOUR
    with pytest.raises(BreaksClause, match=r"24小时.*最早可为 2026-03-31 10:00。") as refused:
        lot.ask(thaw(at + 24 * HOUR - MILLISECOND), at=at)
    assert "第五十七条" in refused.value.article
    (thawed,) = lot.ask(thaw(at + 24 * HOUR), at=at)
    assert thawed.resumes_at == at + 24 * HOUR
    assert lot.audit() == lot.state


@pytest.mark.parametrize("halting", [make.AGENCY, make.SUPERVISOR])
def test_neither_seller_nor_office_calls_what_it_halts_a_fault_of_the_platform(lot: Play, halting: Actor) -> None:
    with pytest.raises(NotEntitled, match="运营机构") as refused:
        lot.ask(freeze("outage"), halting)
    assert "第五十四条" in refused.value.article
    assert lot.lot.frozen is None
    (frozen,) = lot.ask(freeze("force_majeure"), halting)
    assert frozen.cause == "force_majeure"
    with pytest.raises(BreaksClause, match="24小时"):
        lot.ask(thaw(lot.now), halting)
    (thawed,) = lot.ask(thaw(lot.now + 24 * HOUR), halting)
    with pytest.raises(OutOfPhase, match="尚未恢复"):
        lot.bid(3, 102_000, at=thawed.resumes_at - MILLISECOND)
    lot.bid(3, 102_000, at=thawed.resumes_at)
    assert lot.audit() == lot.state


def test_what_was_no_fault_does_not_go_on_at_once(lot: Play) -> None:
    lot.ask(freeze("dispute"))
    with pytest.raises(BreaksClause, match="24小时"):
        lot.ask(thaw(lot.now + MINUTE), at=lot.later(minutes=1))


def test_nobody_bids_on_a_lot_that_stands_still_or_has_not_gone_on_yet(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR)
    with pytest.raises(OutOfPhase, match="中止"):
        lot.bid(1, 102_000)
    resumes = lot.now + 10 * MINUTE
    lot.ask(thaw(resumes), at=lot.later(minutes=5))
    with pytest.raises(OutOfPhase, match="尚未恢复"):
        lot.bid(1, 102_000, at=resumes - MILLISECOND)
    lot.bid(1, 102_000, at=resumes)


def test_a_lot_that_stands_still_does_not_end(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR)
    assert lot.tick(make.ENDS + HOUR) == ()
    with pytest.raises(OutOfPhase, match="已中止"):
        lot.ask(freeze(), make.OPERATOR)


def test_registration_that_stood_still_begins_later(lot: Play) -> None:
    waiting = play(LINE).announce()
    waiting.ask(freeze("dispute"), at=waiting.later(hours=1, microseconds=1))
    (thawed,) = waiting.ask(thaw(waiting.now + 48 * HOUR), at=waiting.later(hours=24))
    assert make.STARTS + 48 * HOUR <= thawed.ends_at == waiting.lot.times.starts_at
    assert thawed.applications_due == waiting.lot.times.applications_due >= make.APPLY + 48 * HOUR
    waiting.admit(1)
    waiting.tick()
    assert waiting.lot.phase == "free"
    assert waiting.audit() == waiting.state
    assert lot.lot.phase == "free"


def test_nobody_but_seller_operator_and_supervisor_halts_a_lot(lot: Play) -> None:
    with pytest.raises(NotEntitled):
        lot.ask(freeze("dispute"), make.OTHER)
    (frozen,) = lot.ask(freeze("authority"), make.SUPERVISOR)
    assert isinstance(frozen, LotFrozen)


@pytest.mark.parametrize("cause", ["court", "ownership", "collusion", "policy", "destroyed"])
def test_a_court_a_dispute_collusion_or_policy_ends_it_for_good(lot: Play, cause: str) -> None:
    command = commands.Terminate.model_validate({"cause": cause, "notice": "终止公告"})
    assert only(lot.ask(command), LotTerminated).cause == cause
    assert lot.lot.phase == "ended"
    assert lot.audit() == lot.state
    with pytest.raises(OutOfPhase, match="已经结束"):
        lot.ask(command)
    with pytest.raises(OutOfPhase):
        lot.bid(3, 102_000)


def test_a_seller_does_not_call_its_own_lot_idle(lot: Play) -> None:
    with pytest.raises(BadInput, match="闲置"):
        lot.ask(commands.Terminate(cause="idle", notice="闲置"))


def test_what_stands_still_for_ninety_days_is_reminded_and_ended_after_seven_more(lot: Play) -> None:
    lot.proxy(3, 150_000)
    (frozen,) = lot.ask(freeze("dispute"))
    idle = period(lot.now, 90, Unit.DAY, CALENDAR).ends_at
    assert frozen.idle_at == idle
    assert lot.tick(idle - MILLISECOND) == ()
    (reminded,) = lot.tick(idle)
    assert isinstance(reminded, IdleReminded)
    assert reminded.until == period(idle, 7, Unit.DAY, CALENDAR).ends_at
    assert lot.tick(reminded.until - MILLISECOND) == ()
    ended = only(lot.tick(reminded.until), LotTerminated)
    assert ended.cause == "idle"
    assert ended.proxy_secret is not None
    assert lot.audit() == lot.state


def test_what_goes_on_after_the_reminder_is_not_ended(lot: Play) -> None:
    (frozen,) = lot.ask(freeze("dispute"))
    (reminded,) = lot.tick(frozen.idle_at)
    lot.ask(thaw(lot.now + 24 * HOUR))
    assert lot.lot.reminded_until is None
    assert all(not isinstance(event, LotTerminated) for event in lot.tick(reminded.until))


def test_no_lot_is_ended_because_the_platform_was_down(lot: Play) -> None:
    (frozen,) = lot.ask(freeze(), make.OPERATOR)
    assert frozen.idle_at is None
    assert lot.tick(lot.now + timedelta(days=200)) == ()
