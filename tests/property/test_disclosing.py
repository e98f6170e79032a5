"""Disclosure: a first notice where control changes, a notice that stands, extensions, suspensions (S4, S7-S9)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from shared.kernel.errors import BadInput, BreaksClause, NotFound, OutOfPhase
from shared.kernel.record import Record
from shared.law.clause import Unit
from shared.law.periods import ends_at
from shared.procedure.lot import commands
from shared.procedure.lot.disclosing import PreDisclose, PreDisclosed
from shared.procedure.lot.endings import LotUnsold
from shared.procedure.lot.events import RegistrationExtended
from shared.procedure.lot.seen import knows, visible
from shared.procedure.lot.values import Extension, Seller
from shared.runtime.lots.views import document, metadata, page, procedure, project
from tests.bidding.factories import CALENDAR
from tests.lot import factories as lots
from tests.lot.play import Play, only
from tests.property import factories as make
from tests.property.factories import asset, equity

DAY, MILLISECOND = timedelta(days=1), timedelta(milliseconds=1)
CONTROL = {**make.EQUITY, "control_changes": True}
TOLD = lots.beijing("2026-01-26")
"""20 working days lie between this day and the announcement of 2 March: 春节 is 15 to 23 February."""


RECORD = Record(
    service="property",
    position=1,
    stream=lots.STREAM,
    version=2,
    id="event-2",
    type="property.pre_disclosed.v1",
    at=TOLD,
    received_at=TOLD,
    actor={},
    command_id="command-2",
    command_digest="",
    cause=None,
    rulebook=None,
    data={},
    salt="",
    raw=b"",
)


def pre_disclose(lot: Play, at: datetime, approved_at: datetime | None = None) -> PreDisclosed:
    """Draft a transfer of control and pre-disclose it."""
    lot.now = at
    lot.ask(lots.draft(**CONTROL))
    (event,) = lot.ask(PreDisclose(text="预披露", approved_at=approved_at or at))
    assert isinstance(event, PreDisclosed)
    return event


def announce(lot: Play, at: datetime = lots.ANNOUNCED) -> None:
    """Announce what was pre-disclosed."""
    lot.ask(lots.announce(**make.TERMS), at=at)


def test_control_is_sold_twenty_working_days_after_the_first_notice() -> None:
    lot = equity()
    pre_disclose(lot, TOLD)
    announce(lot)
    assert lot.lot.phase == "registration"
    assert lot.audit() == lot.state


def test_a_day_less_between_the_two_notices_is_too_little() -> None:
    lot = equity()
    pre_disclose(lot, TOLD + DAY)
    with pytest.raises(BreaksClause, match="预披露") as refused:
        announce(lot)
    assert refused.value.article == "企业国有资产交易监督管理办法 第十三条"


def test_without_the_first_notice_control_is_not_sold() -> None:
    with pytest.raises(BreaksClause, match="预披露"):
        equity().announce({"control_changes": True})


def test_what_leaves_control_where_it_is_has_no_first_notice() -> None:
    for lot in (equity(), asset()):
        lot.ask(lots.draft(**lot.drafted))
        with pytest.raises(BadInput, match="无需预披露"):
            lot.ask(PreDisclose(text="预披露", approved_at=lots.ANNOUNCED))


def test_the_first_notice_follows_the_approval_within_ten_working_days_and_else_says_so() -> None:
    approved = lots.beijing("2026-01-05")
    end = ends_at(approved, 10, Unit.WORKING_DAY, CALENDAR)
    assert not pre_disclose(equity(), end - MILLISECOND, approved).late
    assert pre_disclose(equity(), end, approved).late


def test_a_draft_is_nobodys_to_see_until_it_is_pre_disclosed() -> None:
    lot = equity()
    lot.ask(lots.draft(**CONTROL))
    assert not knows(lots.OTHER, lot.state)
    event = pre_disclose(equity(), TOLD)
    lot.ask(PreDisclose(text="预披露", approved_at=lot.now))
    assert knows(lots.OTHER, lot.state)
    assert visible(event, "public", lot.state)


def test_the_page_shows_everyone_what_was_pre_disclosed_and_its_own_what_is_drafted_now() -> None:
    lot = equity()
    pre_disclose(lot, TOLD)
    lot.ask(lots.draft(**{**CONTROL, "appraised_fen": lots.START_FEN + 1}))
    assert page(lot.state, lots.OTHER)["phase"] == "pre_disclosed"
    assert page(lot.state, lots.OTHER)["draft"]["appraised_fen"] == lots.START_FEN
    assert page(lot.state, lots.AGENCY)["draft"]["appraised_fen"] == lots.START_FEN + 1


def test_what_was_pre_disclosed_is_on_the_public_list_with_its_documents() -> None:
    lot = equity()
    lot.now = TOLD
    lot.ask(lots.draft(**CONTROL))
    (event,) = lot.ask(PreDisclose(text="预披露", documents=(lots.DOCUMENT,), approved_at=TOLD))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        project(connection, RECORD, event, lot.state)
        (row,) = connection.execute(select(procedure.c.phase, procedure.c.title))
        listed = connection.execute(select(document.c.sha256)).scalars().all()
    assert tuple(row) == ("pre_disclosed", "某公司60%股权")
    assert listed == [lots.DOCUMENT.sha256]


def test_what_was_pre_disclosed_stays_the_same_thing() -> None:
    lot = equity()
    pre_disclose(lot, TOLD)
    lot.ask(lots.draft(**{**CONTROL, "appraised_fen": lots.START_FEN - 1}))
    other = Seller(scheme="CN-USCC", id="91370500MA0000101A", name="另一转让方")
    changes: list[dict[str, Any]] = [{"title": "另一公司股权"}, {"seller": other}, {"control_changes": False}]
    for change in changes:
        with pytest.raises(BadInput, match="不能更换"):
            lot.ask(lots.draft(**{**CONTROL, **change}))
    with pytest.raises(BadInput, match="已经预披露"):
        lot.ask(PreDisclose(text="再次", approved_at=lot.now))
    with pytest.raises(NotFound):
        equity().ask(PreDisclose(text="预披露", approved_at=lots.ANNOUNCED), lots.OTHER)


def test_a_notice_stands_but_for_causes_that_are_not_the_sellers() -> None:
    lot = equity().announce()
    with pytest.raises(BreaksClause, match="不得变更") as refused:
        lot.ask(commands.SupplementNotice(text="转让方改变主意"))
    assert refused.value.article == "企业国有资产交易监督管理办法问答"
    at = lot.later(days=7)
    (event,) = lot.ask(commands.SupplementNotice(text="标的企业涉诉", cause="third_party"), at=at)
    assert event.shifted_seconds > 0
    assert event.applications_due >= ends_at(at, 20, Unit.WORKING_DAY, CALENDAR)
    assert lot.audit() == lot.state


def test_the_step_of_what_is_sold_on_line_stands_too() -> None:
    lot = equity().announce()
    with pytest.raises(OutOfPhase, match="以公告为准"):
        lot.ask(commands.ChangeStep(step_fen=1, notice="调整"))


def test_without_a_taker_it_is_extended_by_five_working_days_as_often_as_was_disclosed() -> None:
    lot = equity().announce(extension=Extension(working_days=5, times=2))
    for times in (1, 2):
        due = lot.lot.times.applications_due
        (extended,) = lot.tick(due)
        assert isinstance(extended, RegistrationExtended)
        assert extended.times == times
        assert extended.applications_due == ends_at(due, 5, Unit.WORKING_DAY, CALENDAR)
        assert extended.article == "企业国有产权交易操作规则 第二十条"
    assert lot.tick(lot.lot.times.applications_due) == ()
    assert isinstance(lot.tick(lot.lot.times.starts_at)[0], LotUnsold)
    assert lot.audit() == lot.state


def test_what_nobody_took_for_twelve_months_is_extended_no_more() -> None:
    lot = equity().announce(extension=Extension(working_days=20, times=50))
    lapses = ends_at(lots.ANNOUNCED, 12, Unit.MONTH, CALENDAR)
    while (due := lot.lot.times.applications_due) < lapses:
        assert isinstance(lot.tick(due)[0], RegistrationExtended)
    assert lot.tick(due) == ()
    assert only(lot.tick(lot.lot.times.starts_at), LotUnsold).cause == "no_bidder"


def test_an_extension_of_four_working_days_is_not_announced() -> None:
    with pytest.raises(BreaksClause, match="不少于5个工作日"):
        equity().announce(extension=Extension(working_days=4, times=1))


def test_with_a_taker_nothing_is_extended() -> None:
    lot = equity().announce(extension=Extension(working_days=5, times=1)).admit(1)
    assert lot.tick(make.DUE) == ()


def test_where_the_only_applicant_was_refused_it_is_extended() -> None:
    lot = equity().announce(extension=Extension(working_days=5, times=1))
    lot.ask(commands.Apply(), lots.bidder(1))
    lot.ask(commands.RefuseBidder(number=lot.number(1), reason="未缴保证金"))
    assert isinstance(lot.tick(make.DUE)[0], RegistrationExtended)


def test_who_applied_and_has_not_paid_in_time_keeps_nothing_from_being_extended() -> None:
    lot = equity().announce(extension=Extension(working_days=5, times=1))
    lot.ask(commands.Apply(), lots.bidder(1))
    lot.ask(lots.deposit(lot.number(1), lot.now, lot.lot.announced.terms.deposit_fen - 1))
    assert isinstance(lot.tick(make.DUE)[0], RegistrationExtended)
    lot.ask(lots.deposit(lot.number(1), lot.now, 1))
    assert lot.tick(lot.lot.times.applications_due) == ()
    assert lot.audit() == lot.state


def test_while_a_deposit_may_still_come_in_it_is_waited_for() -> None:
    lot = equity().announce(extension=Extension(working_days=5, times=1), deposits_due=make.STARTS)
    lot.ask(commands.Apply(), lots.bidder(1))
    assert lot.tick(make.DUE) == ()
    assert isinstance(lot.tick(make.STARTS)[0], RegistrationExtended)


def test_what_was_not_announced_is_not_extended() -> None:
    lot = equity().announce()
    assert lot.tick(make.DUE) == ()
    assert isinstance(lot.tick(make.STARTS)[0], LotUnsold)


def halt(lot: Play, days: int) -> datetime:
    """Halt a disclosure after so many days; return when."""
    lot.ask(commands.Freeze(cause="dispute", notice="中止公告"), at=lot.later(days=days))
    return lot.now


def test_a_disclosure_that_goes_on_near_its_end_lasts_ten_working_days_more() -> None:
    lot = equity().announce()
    at = halt(lot, 28)  # one day is left
    (thawed,) = lot.ask(commands.Thaw(resumes_at=at + 2 * DAY, notice="恢复公告"))
    assert thawed.applications_due >= ends_at(at + 2 * DAY, 10, Unit.WORKING_DAY, CALENDAR)
    assert thawed.applications_due < ends_at(at + 2 * DAY, 11, Unit.WORKING_DAY, CALENDAR) + DAY
    assert lot.audit() == lot.state


def test_a_disclosure_that_goes_on_early_lasts_twenty_working_days_in_all() -> None:
    lot = equity().announce()
    at = halt(lot, 1)  # no whole working day has passed
    resumes = at + 25 * DAY
    (thawed,) = lot.ask(commands.Thaw(resumes_at=resumes, notice="恢复公告"))
    assert thawed.applications_due >= ends_at(resumes, 20, Unit.WORKING_DAY, CALENDAR)


def test_a_disclosure_stands_still_for_a_month_and_no_day_longer() -> None:
    lot = equity().announce()
    end = ends_at(halt(lot, 3), 1, Unit.MONTH, CALENDAR)
    other = lot.copy()
    lot.ask(commands.Thaw(resumes_at=end - MILLISECOND, notice="恢复公告"))
    with pytest.raises(BreaksClause, match="不超过1个月") as refused:
        other.ask(commands.Thaw(resumes_at=end, notice="恢复公告"))
    assert refused.value.article == "企业国有产权交易操作规则 第二十三条"
