"""A tender's times: it stands still, goes on, and its deadline moves, never to an earlier hour."""

from datetime import timedelta

import pytest

from services.bidding import LINE
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.events import BidRefused, SealedReceived
from services.bidding.domain.state import Accepting, Closed, Evaluated, Publicised
from services.bidding.domain.timetable.messages import (
    DeadlineMoved,
    ExtendDeadline,
    ResumeTender,
    SuspendTender,
    TenderResumed,
    TenderSuspended,
)
from services.bidding.domain.visible import standing
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play

SUPERVISOR = Actor(account="supervisor-1", role="supervisor", region="370500")
STOP = SuspendTender(cause="supervision", notice="监督部门责令暂停")
GO_ON = ResumeTender(hold="supervision-1", notice="已核实，恢复")


def suspended(play: Play, day: int, hour: int = 9) -> Play:
    play.ask(STOP, SUPERVISOR, make.beijing(day, hour))
    return play


def test_the_deadline_moves_by_the_time_suspended_to_the_instant() -> None:
    play = suspended(stage.accepting(), 14)

    resumed, moved = play.ask(GO_ON, SUPERVISOR, make.beijing(15, 10, 30))

    assert isinstance(resumed, TenderResumed)
    assert resumed.goes_on
    assert isinstance(moved, DeadlineMoved)
    assert moved.bids_due == make.DUE + timedelta(hours=25, minutes=30)
    assert [(timer.due_at, timer.command) for timer in LINE.timers(moved)] == [
        (moved.bids_due + make.MICROSECOND, CloseReception())
    ]


def test_a_deadline_moved_to_a_day_off_goes_to_the_next_working_day() -> None:
    play = suspended(stage.accepting(), 10)

    play.ask(GO_ON, SUPERVISOR, make.beijing(14, 9))  # four days: from Tuesday the 22nd to Saturday the 26th

    assert play.at(Accepting).tender.terms.bids_due == make.beijing(28, 9)


def test_while_suspended_the_deadline_does_not_pass_and_bids_are_taken() -> None:
    play = suspended(stage.accepting(), 21)

    assert play.close(at=make.DUE + make.MICROSECOND) == ()
    (received,) = play.bid(make.CRANE, at=make.DUE + make.DAY)

    assert isinstance(received, SealedReceived)


def test_after_the_moved_deadline_a_bid_is_late() -> None:
    play = suspended(stage.accepting(), 21)
    play.ask(GO_ON, SUPERVISOR, make.beijing(22, 9))

    (refused,) = play.bid(make.CRANE, at=make.DUE + make.DAY + make.MICROSECOND)

    assert isinstance(refused, BidRefused)


def test_two_holds_go_on_only_when_both_are_let_go_of() -> None:
    play = suspended(stage.accepting(), 14)
    play.ask(SuspendTender(cause="outage", notice="平台故障"), make.OPERATOR, make.beijing(14, 12))

    first = play.ask(GO_ON, SUPERVISOR, make.beijing(15, 9))
    assert [type(event) for event in first] == [TenderResumed]
    second = play.ask(ResumeTender(hold="outage-2", notice="已修复"), make.OPERATOR, make.beijing(16, 9))

    assert [type(event) for event in second] == [TenderResumed, DeadlineMoved]
    assert play.at(Accepting).tender.terms.bids_due == make.beijing(24, 9)


def test_nothing_goes_on_after_the_deadline_while_suspended() -> None:
    evaluated = suspended(stage.evaluated(), 23, 12)

    with pytest.raises(OutOfPhase) as no:
        evaluated.publicise(at=make.beijing(24, 9))
    events = evaluated.ask(GO_ON, SUPERVISOR, make.beijing(24, 10))
    evaluated.publicise(at=make.beijing(24, 11))

    assert "监督部门责令暂停" in no.value.zh
    assert [type(event) for event in events] == [TenderResumed]
    assert evaluated.at(Publicised)


def test_an_opening_that_has_begun_is_not_suspended() -> None:
    with pytest.raises(OutOfPhase):
        suspended(stage.collecting(), 22, 10)
    assert suspended(stage.closed(), 22, 10).at(Closed).beside.timetable.suspended


def test_a_tender_is_suspended_until_the_deadline_and_then_once_it_is_closed() -> None:
    in_time, late = stage.accepting(), stage.accepting()

    in_time.ask(STOP, SUPERVISOR, make.DUE)
    with pytest.raises(OutOfPhase):
        late.ask(STOP, SUPERVISOR, make.DUE + make.MICROSECOND)
    (refused,) = late.bid(make.CRANE, at=make.DUE + 2 * make.MICROSECOND)

    assert in_time.at(Accepting).beside.timetable.suspended
    assert isinstance(refused, BidRefused)


def test_the_supervisor_lets_go_of_what_others_hold_up() -> None:
    play = stage.accepting()
    play.ask(SuspendTender(cause="force_majeure", notice="洪水"), make.AGENCY, make.beijing(2))

    resumed, *_ = play.ask(ResumeTender(hold="force-majeure-1", notice="已无必要"), SUPERVISOR, make.beijing(3))

    assert isinstance(resumed, TenderResumed)


@pytest.mark.parametrize(("region", "may"), [("", True), ("370500", True), ("370502", True), ("370503", False)])
def test_the_operator_of_a_county_acts_on_its_own_county_alone(region: str, may: bool) -> None:
    play, actor = stage.accepting(), make.OPERATOR.model_copy(update={"region": region})
    command = SuspendTender(cause="outage", notice="平台故障")

    if may:
        assert play.ask(command, actor, make.beijing(2))
    else:
        with pytest.raises(NotEntitled):
            play.ask(command, actor, make.beijing(2))


def test_each_cause_has_its_own_who_suspends_and_lets_go() -> None:
    play = stage.accepting()
    with pytest.raises(NotEntitled):
        play.ask(STOP, make.AGENCY, make.beijing(2))
    with pytest.raises(NotEntitled):
        play.ask(SuspendTender(cause="force_majeure", notice="洪水"), make.OPERATOR, make.beijing(2))
    (hold,) = play.ask(SuspendTender(cause="force_majeure", notice="洪水"), make.AGENCY, make.beijing(2))
    assert isinstance(hold, TenderSuspended)

    with pytest.raises(NotEntitled):
        play.ask(ResumeTender(hold=hold.hold, notice="恢复"), make.OPERATOR, make.beijing(3))
    with pytest.raises(NotFound):
        play.ask(ResumeTender(hold="force-majeure-9", notice="恢复"), make.AGENCY, make.beijing(3))


def test_a_deadline_is_only_made_later_and_only_before_it() -> None:
    play = stage.accepting()
    with pytest.raises(BreaksClause):
        play.ask(ExtendDeadline(bids_due=make.DUE, notice="不变"), at=make.beijing(2))
    play.ask(ExtendDeadline(bids_due=make.DUE + make.MICROSECOND, notice="延长"), at=make.beijing(2))
    with pytest.raises(OutOfPhase):
        play.ask(ExtendDeadline(bids_due=make.beijing(30), notice="再延长"), at=make.DUE + 2 * make.MICROSECOND)

    assert play.at(Accepting).tender.terms.bids_due == make.DUE + make.MICROSECOND


def test_every_decision_of_a_suspended_tender_is_made_again_from_its_record() -> None:
    play = suspended(stage.evaluated(), 23, 12)
    play.ask(GO_ON, SUPERVISOR, make.beijing(24, 10))

    assert play.audit() == play.at(Evaluated)


@pytest.mark.parametrize(("region", "may"), [("370500", True), ("370502", True), ("370503", False), ("370000", True)])
def test_a_supervisor_acts_in_its_own_region_alone(region: str, may: bool) -> None:
    play, actor = stage.accepting(), Actor(account="supervisor-2", role="supervisor", region=region)

    if may:
        assert play.ask(STOP, actor, make.beijing(2))
    else:
        with pytest.raises(NotEntitled):
            play.ask(STOP, actor, make.beijing(2))
    assert (standing(actor, play.state) == "supervisor") is may
