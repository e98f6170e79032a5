"""Complaints: within ten days and after an objection, examined and decided in working days, and orders carried out."""

from typing import get_args

import pytest

from services.bidding.domain.remedies.events import (
    ComplaintDecided,
    ComplaintExamined,
    ComplaintMade,
)
from services.bidding.domain.remedies.messages import (
    ExamineComplaint,
    PauseComplaint,
    ResumeComplaint,
    SuspendForComplaint,
    WithdrawComplaint,
    WithdrawObjection,
)
from services.bidding.domain.state import Accepting, Opened
from services.bidding.domain.timetable.messages import DeadlineMoved, ResumeTender, TenderResumed, TenderSuspended
from services.bidding.domain.visible import visible
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.bidding.remedies import (
    ELSEWHERE,
    NEIGHBOUR,
    SUPERVISOR,
    accept,
    accepted_on_the_result,
    answer,
    complain,
    complained,
    decide,
    object_to,
    warned,
)

ARTICLE = "招标投标法实施条例 第六十条"


def test_a_complaint_is_made_within_ten_days_of_knowing() -> None:
    in_time, late = stage.accepting(), stage.accepting()

    (made,) = complain(in_time, at=make.beijing(12) - make.MICROSECOND, knew_at=make.beijing(1, 10), by=NEIGHBOUR)
    with pytest.raises(BreaksClause) as no:
        # the tenth day, the 11th, is a Friday
        complain(late, at=make.beijing(12), knew_at=make.beijing(1, 10), by=NEIGHBOUR)

    assert isinstance(made, ComplaintMade)
    assert made.acceptance_due == make.beijing(17)  # three working days from Friday the 11th: Monday to Wednesday
    assert no.value.article == ARTICLE
    with pytest.raises(BadInput):
        complain(in_time, knew_at=in_time.now + make.MICROSECOND)


def test_about_documents_opening_and_result_one_first_objects() -> None:
    play = stage.publicised()
    knew = make.beijing(24, 9)

    with pytest.raises(BreaksClause) as no:
        complain(play, "result", make.beijing(25), knew_at=knew)
    object_to(play, "result", make.beijing(25))
    with pytest.raises(BreaksClause):
        complain(play, "result", knew_at=knew, objection=1, by=make.HERON.actor)  # another's
    with pytest.raises(BreaksClause):
        complain(play, "opening", knew_at=knew, objection=1)  # about something else
    with pytest.raises(OutOfPhase):
        complain(play, "result", knew_at=knew, objection=1)  # not answered yet
    answer(play, at=make.beijing(26))

    assert no.value.article == ARTICLE
    assert complain(play, "result", knew_at=knew, objection=1)


def test_an_objection_that_was_withdrawn_opens_no_complaint() -> None:
    play = stage.publicised()
    object_to(play, "result", make.beijing(25))
    play.ask(WithdrawObjection(number=1), make.CRANE.actor, make.beijing(25, 1))

    with pytest.raises(BreaksClause):
        complain(play, "result", knew_at=make.beijing(24), objection=1)


def test_the_days_until_the_objection_is_answered_do_not_count() -> None:
    in_time, late = stage.accepting(), stage.accepting()
    for play in (in_time, late):
        object_to(play, "documents", make.beijing(2, 9))
        answer(play, at=make.beijing(4, 9))  # three days are left out: the ten end on Monday the 14th
    end = make.beijing(15)

    complain(in_time, "documents", end - make.MICROSECOND, knew_at=make.ANNOUNCED, objection=1)
    with pytest.raises(BreaksClause):
        complain(late, "documents", end, knew_at=make.ANNOUNCED, objection=1)


def test_an_objection_that_nobody_answered_in_time_may_be_complained_about() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8))

    with pytest.raises(OutOfPhase):
        complain(play, "documents", make.beijing(12) - make.MICROSECOND, knew_at=make.beijing(7), objection=1)
    assert complain(play, "documents", make.beijing(12), knew_at=make.beijing(7), objection=1)


def test_acceptance_is_decided_within_three_working_days_or_recorded_as_late() -> None:
    in_time, late = complained(), complained()
    due = make.beijing(8)  # from Wednesday the 2nd: Thursday, Friday, Monday

    (good,) = accept(in_time, due - make.MICROSECOND)
    assert warned(late, due)["complaint_examination_overdue"].article == "招标投标法实施条例 第六十一条"
    assert warned(late, due - make.MICROSECOND) == {}
    (bad,) = accept(late, due)

    assert isinstance(good, ComplaintExamined)
    assert isinstance(bad, ComplaintExamined)
    assert (good.late, bad.late) == (False, True)
    assert set(warned(late)) == {"complaint_examined_late"}


def test_what_is_not_accepted_is_ended() -> None:
    play = complained()
    play.ask(ExamineComplaint(number=1, accepted=False, ground="不是利害关系人"), SUPERVISOR)

    with pytest.raises(NotFound):
        decide(play)
    assert warned(play, make.beijing(31)) == {}


def test_a_decision_comes_within_thirty_working_days_or_is_recorded_as_late() -> None:
    in_time, late = complained(), complained()
    for play in (in_time, late):
        with pytest.raises(OutOfPhase):
            decide(play)
        accept(play, make.beijing(2, 10))
    due = make.beijing(15, month=1, year=2027)  # the thirtieth working day is Thursday 14 January

    (good,) = decide(in_time, at=due - make.MICROSECOND)
    assert warned(late, due)["complaint_decision_overdue"].since == due
    (bad,) = decide(late, at=due)

    assert isinstance(good, ComplaintDecided)
    assert isinstance(bad, ComplaintDecided)
    assert (good.late, bad.late) == (False, True)
    assert set(warned(late)) == {"complaint_decided_late"}


def appraised() -> Play:
    """Return a tender with a complaint, something about which was appraised from a Thursday to a Monday."""
    play = complained()
    accept(play, make.beijing(2, 10))
    with pytest.raises(OutOfPhase):
        play.ask(ResumeComplaint(number=1), SUPERVISOR)
    play.ask(PauseComplaint(number=1, cause="appraisal"), SUPERVISOR, make.beijing(3, 9))
    with pytest.raises(OutOfPhase):
        play.ask(PauseComplaint(number=1, cause="testing"), SUPERVISOR)
    play.ask(ResumeComplaint(number=1), SUPERVISOR, make.beijing(7, 9))
    return play


def test_the_days_of_an_appraisal_do_not_count() -> None:
    due = make.beijing(20, month=1, year=2027)  # the 15th, the 18th and the 19th for the three days left out

    (good,) = decide(appraised(), at=due - make.MICROSECOND)
    (bad,) = decide(appraised(), at=due)

    assert isinstance(good, ComplaintDecided)
    assert isinstance(bad, ComplaintDecided)
    assert (good.late, bad.late) == (False, True)


def test_the_supervisor_may_suspend_until_it_decides() -> None:
    play = complained()
    (held,) = play.ask(SuspendForComplaint(number=1, notice="责令暂停"), SUPERVISOR, make.beijing(3, 9))
    with pytest.raises(OutOfPhase):
        play.ask(SuspendForComplaint(number=1, notice="责令暂停"), SUPERVISOR)
    with pytest.raises(OutOfPhase):
        play.ask(ResumeTender(hold="complaint-1", notice="恢复"), SUPERVISOR)
    accept(play, make.beijing(3, 10))

    decided, resumed, moved = decide(play, at=make.beijing(4, 9))

    assert isinstance(held, TenderSuspended)
    assert (held.hold, held.cause) == ("complaint-1", "complaint")
    assert isinstance(decided, ComplaintDecided)
    assert isinstance(resumed, TenderResumed)
    assert isinstance(moved, DeadlineMoved)
    assert moved.bids_due == make.DUE + make.DAY


def test_a_suspension_of_more_than_thirty_days_is_told() -> None:
    play = complained()
    play.ask(SuspendForComplaint(number=1, notice="责令暂停"), SUPERVISOR, make.beijing(3, 9))
    long = make.beijing(5, month=1, year=2027)  # the thirtieth day, 2 January, is off until Monday the 4th

    assert "suspended_long" not in warned(play, long - make.MICROSECOND)
    assert warned(play, long)["suspended_long"].since == long


def test_only_the_supervisor_of_the_place_deals_with_a_complaint() -> None:
    play = complained()

    with pytest.raises(NotEntitled):
        play.ask(ExamineComplaint(number=1, accepted=True, ground="受理"), ELSEWHERE)


def test_a_complaint_is_withdrawn_by_who_made_it_and_what_it_held_goes_on() -> None:
    play = complained()
    play.ask(SuspendForComplaint(number=1, notice="责令暂停"), SUPERVISOR, make.beijing(3, 9))

    with pytest.raises(NotEntitled):
        play.ask(WithdrawComplaint(number=1), make.HERON.actor)
    play.ask(WithdrawComplaint(number=1), make.CRANE.actor, make.beijing(4, 9))

    assert not play.at(Accepting).beside.timetable.suspended
    with pytest.raises(NotFound):
        accept(play)


def test_who_complains_only_the_supervisor_knows_and_what_is_decided_everyone() -> None:
    play = complained()
    made = play.events[-1]
    accept(play)
    decided = decide(play)[0]

    assert {role for role in get_args(Role) if visible(made, role, play.state)} == {"supervisor", "system"}
    assert all(visible(decided, role, play.state) for role in get_args(Role))


def test_every_decision_about_complaints_is_made_again_from_the_record() -> None:
    play = accepted_on_the_result()
    play.ask(SuspendForComplaint(number=1, notice="责令暂停"), SUPERVISOR)
    play.ask(PauseComplaint(number=1, cause="expert_review"), SUPERVISOR, make.beijing(26))
    play.ask(ResumeComplaint(number=1), SUPERVISOR, make.beijing(28))
    decide(play, "re_evaluate", make.beijing(29))

    assert play.audit() == play.at(Opened)
