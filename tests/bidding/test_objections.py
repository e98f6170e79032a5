"""Objections to documents, opening and result: in time or refused, answered in time or late, and what follows."""

from datetime import timedelta
from typing import get_args

import pytest

from services.bidding.domain.commands import SignIn
from services.bidding.domain.documents.messages import ClarifyTender
from services.bidding.domain.remedies.events import (
    ObjectionAnswered,
    ObjectionRaised,
)
from services.bidding.domain.remedies.messages import ConfirmOpening, RaiseObjection, WithdrawObjection
from services.bidding.domain.state import Accepting, Closed, Opened
from services.bidding.domain.timetable.messages import DeadlineMoved, ResumeTender, TenderResumed, TenderSuspended
from services.bidding.domain.visible import visible
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.remedies import SUPERVISOR, answer, object_to, opened_from, warned

LAST = make.beijing(13) - make.MICROSECOND
"""The last instant ten days before the 22nd."""


def test_documents_may_be_objected_to_until_ten_days_before_the_deadline() -> None:
    in_time, late = stage.accepting(), stage.accepting()

    raised, held = object_to(in_time, "documents", LAST)
    with pytest.raises(BreaksClause) as no:
        object_to(late, "documents", make.beijing(13))

    assert isinstance(raised, ObjectionRaised)
    assert raised.answer_due == make.beijing(16)  # three days after the 12th
    assert raised.articles == ("招标投标法实施条例 第二十二条", "电子招标投标办法 第三十九条")
    assert isinstance(held, TenderSuspended)
    assert (held.hold, held.cause) == ("objection-1", "objection")
    assert no.value.article == "招标投标法实施条例 第二十二条"


def test_prequalification_documents_may_be_objected_to_until_two_days_before_the_deadline() -> None:
    in_time, late = stage.accepting(**stage.APPLYING), stage.accepting(**stage.APPLYING)

    object_to(in_time, "documents", make.beijing(21) - make.MICROSECOND)
    with pytest.raises(BreaksClause) as no:
        object_to(late, "documents", make.beijing(21))

    assert no.value.article == "招标投标法实施条例 第二十二条"


def test_while_the_tender_stands_still_the_ten_days_do_not_run_out() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(12, 9))

    (raised, _) = object_to(play, "documents", make.beijing(13, 9), make.HERON)

    assert isinstance(raised, ObjectionRaised)


def test_until_the_answer_the_tender_stands_still_and_its_deadline_moves_by_that_time() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8, 9))

    assert play.at(Accepting).beside.timetable.suspended
    answered, resumed, moved = answer(play, at=make.beijing(9, 9))

    assert isinstance(answered, ObjectionAnswered)
    assert isinstance(resumed, TenderResumed)
    assert isinstance(moved, DeadlineMoved)
    assert moved.bids_due == make.DUE + make.DAY


def test_what_an_objection_holds_nobody_lets_go_of_but_by_answering() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8))

    for actor in (make.AGENCY, SUPERVISOR, make.OPERATOR):
        with pytest.raises(OutOfPhase):
            play.ask(ResumeTender(hold="objection-1", notice="恢复"), actor)


def test_an_answer_on_the_third_day_is_in_time_and_on_the_fourth_recorded_as_late() -> None:
    in_time, late = stage.accepting(), stage.accepting()
    for play in (in_time, late):
        object_to(play, "documents", make.beijing(8, 9))

    good = answer(in_time, at=make.beijing(12) - make.MICROSECOND)[0]
    assert "answer_overdue" not in warned(late, make.beijing(12) - make.MICROSECOND)
    assert warned(late, make.beijing(12))["answer_overdue"].article == "招标投标法实施条例 第二十二条"
    bad = answer(late, at=make.beijing(12))[0]

    assert isinstance(good, ObjectionAnswered)
    assert isinstance(bad, ObjectionAnswered)
    assert (good.late, bad.late) == (False, True)
    assert "answer_late" not in warned(in_time)
    assert set(warned(late)) == {"answer_late"}


def test_an_upheld_objection_to_the_documents_wants_a_clarification_before_the_deadline() -> None:
    corrected, forgotten = stage.accepting(), stage.accepting()
    for play in (corrected, forgotten):
        object_to(play, "documents", make.beijing(2, 9))
        answer(play, "correct_documents", make.beijing(2, 10))
        for bidder in stage.BIDDERS:
            play.bid(bidder, at=make.beijing(3))
    corrected.ask(ClarifyTender(text="更正", affects_bids=False), at=make.beijing(3))
    for play in (corrected, forgotten):
        play.close(at=make.beijing(22, 11))

    assert corrected.at(Closed)
    assert "documents_uncorrected" not in warned(corrected)
    assert "documents_uncorrected" in warned(forgotten)


def test_an_objection_is_answered_once_by_the_tenders_own_and_withdrawn_by_who_raised_it() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8))
    with pytest.raises(BadInput):
        object_to(play, "documents", make.beijing(8))
    with pytest.raises(NotEntitled):
        play.ask(WithdrawObjection(number=1), make.HERON.actor)

    play.ask(WithdrawObjection(number=1), make.CRANE.actor, make.beijing(8, 12))

    assert not play.at(Accepting).beside.timetable.suspended
    with pytest.raises(NotFound):
        answer(play)
    object_to(play, "documents", make.beijing(9))
    answer(play, number=2)
    with pytest.raises(NotFound):
        answer(play, number=2)


def test_two_objections_hold_the_tender_until_both_are_answered() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8, 9))
    object_to(play, "documents", make.beijing(8, 12), make.HERON)

    answer(play, at=make.beijing(9, 9))
    assert play.at(Accepting).beside.timetable.suspended
    answer(play, number=2, at=make.beijing(9, 10))

    assert play.at(Accepting).tender.terms.bids_due == make.DUE + timedelta(hours=25)


def test_who_objects_is_known_by_an_alias_to_who_must_answer_and_to_nobody_else() -> None:
    play = stage.accepting()
    raised, held = object_to(play, "documents", make.beijing(8))

    for state in (play.state, stage.closed().state, stage.awarded().state):
        seen = {role for role in get_args(Role) if visible(raised, role, state)}
        assert seen == {"tenderer", "agency", "supervisor", "system"}
    assert visible(held, "public", play.state)


def test_an_objection_is_raised_in_its_own_phase_alone() -> None:
    for play, about in ((stage.accepting(), "opening"), (stage.accepting(), "result"), (stage.closed(), "documents")):
        with pytest.raises(OutOfPhase) as no:
            play.ask(RaiseObjection.model_validate({"about": about, "text": "异议"}), make.CRANE.actor)
        assert no.value.article.startswith("招标投标法实施条例 第")


def test_every_decision_about_objections_is_made_again_from_the_record() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8))
    answer(play, at=make.beijing(8, 1))
    for bidder in stage.BIDDERS:
        play.bid(bidder, at=make.beijing(9))
    play.close(at=make.beijing(22, 12))
    play.convene()
    play.witness()
    play.ask(SignIn(), make.CRANE.actor)
    object_to(opened_from(play), "opening")
    answer(play, "correct_record", number=2)
    play.ask(ConfirmOpening(), make.CRANE.actor)
    play.report(at=make.beijing(23, 9))
    play.publicise(at=make.beijing(24, 9))
    object_to(play, "result", make.beijing(25))
    answer(play, "re_evaluate", number=3)

    assert play.audit() == play.at(Opened)
