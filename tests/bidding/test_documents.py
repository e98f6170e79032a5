"""The tender documents after their first issue: questions, clarifications that postpone, and who took them."""

import pytest

from services.bidding.domain.documents.messages import (
    AcknowledgeClarification,
    AskQuestion,
    ClarifyTender,
    DocumentsTaken,
    QuestionAsked,
    TakeDocuments,
    TenderClarified,
)
from services.bidding.domain.events import BidRefused, SealedReceived
from services.bidding.domain.state import Accepting, Closed
from services.bidding.domain.timetable.messages import DeadlineMoved
from services.bidding.domain.values import Document
from services.bidding.domain.visible import visible
from shared.kernel.errors import BadInput, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor, Role
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play

ADDENDUM = Document(name="补遗.pdf", size=2048, sha256="b" * 64)
NEW_FILE = Document(name="招标文件.pdf", size=1025, sha256="c" * 64)


def clarify(play: Play, day: int, hour: int = 10, **changes: object) -> Play:
    body = {"text": "工程量清单第3项更正", "affects_bids": True, **changes}
    play.ask(ClarifyTender.model_validate(body), at=make.beijing(day, hour))
    return play


def test_a_clarification_with_fifteen_whole_days_left_moves_no_deadline() -> None:
    play = clarify(stage.accepting(), 6)  # the 7th to the 21st are fifteen days; bids are due on the 22nd

    assert play.at(Accepting).tender.terms.bids_due == make.DUE
    assert [type(event) for event in play.events[-1:]] == [TenderClarified]


def test_a_clarification_a_day_later_postpones_the_deadline_by_itself() -> None:
    play = clarify(stage.accepting(), 7)

    moved = play.events[-1]

    assert isinstance(moved, DeadlineMoved)
    assert (moved.was, moved.bids_due) == (make.DUE, make.beijing(23, 9))
    assert moved.article == "招标投标法实施条例 第二十一条"
    assert play.at(Accepting).tender.terms.bids_due == make.beijing(23, 9)


def test_a_postponed_deadline_is_never_a_day_off() -> None:
    play = clarify(stage.accepting(), 10)  # fifteen days lead to Saturday the 26th

    assert play.at(Accepting).tender.terms.bids_due == make.beijing(28, 9)


def test_a_clarification_that_does_not_affect_bids_moves_nothing() -> None:
    play = clarify(stage.accepting(), 21, affects_bids=False)

    assert play.at(Accepting).tender.terms.bids_due == make.DUE


def test_bids_are_in_time_until_the_postponed_deadline_and_late_after_it() -> None:
    play = clarify(stage.accepting(), 7)

    (good,) = play.bid(make.CRANE, at=make.beijing(23, 9))
    (late,) = play.bid(make.HERON, at=make.beijing(23, 9) + make.MICROSECOND)

    assert isinstance(good, SealedReceived)
    assert isinstance(late, BidRefused)


def test_the_timer_of_the_old_deadline_closes_nothing() -> None:
    play = clarify(stage.accepting(), 7)
    for bidder in stage.BIDDERS:
        play.bid(bidder)

    assert play.close(at=make.DUE + make.MICROSECOND) == ()
    play.close(at=make.beijing(23, 9) + make.MICROSECOND)

    assert play.at(Closed)


def test_files_of_the_same_name_are_replaced_and_others_added() -> None:
    play = clarify(stage.accepting(), 2, documents=(ADDENDUM, NEW_FILE))

    clarified = next(event for event in play.events if isinstance(event, TenderClarified))

    assert {file.name: file.sha256 for file in clarified.documents} == {
        "招标文件.pdf": "c" * 64,
        "补遗.pdf": "b" * 64,
    }
    assert (clarified.version, play.at(Accepting).beside.documents.version) == (2, 2)


def test_a_clarification_answers_questions_that_were_asked_and_no_others() -> None:
    play = stage.accepting()
    (asked,) = play.ask(AskQuestion(text="第3项工程量是否有误？"), make.CRANE.actor, make.beijing(2, 10))

    with pytest.raises(BadInput):
        clarify(play, 2, 11, answers=(2,))
    clarify(play, 2, 11, answers=(1,))

    assert isinstance(asked, QuestionAsked)
    assert asked.number == 1
    assert make.CRANE.token not in asked.model_dump_json()


def test_only_those_who_run_the_tender_clarify_it_and_only_before_the_deadline() -> None:
    play = stage.accepting()
    other = Actor(account="agency-2", role="agency", region="370500", party="X-AGENCY:2")

    with pytest.raises(NotEntitled):
        play.ask(ClarifyTender(text="更正", affects_bids=True), other, make.beijing(2))
    with pytest.raises(OutOfPhase):
        clarify(play, 22, 10)


def test_taking_the_documents_is_free_noted_once_and_told_to_nobody_before_the_deadline() -> None:
    play = stage.accepting()

    (taken,) = play.ask(TakeDocuments(), make.CRANE.actor, make.beijing(2))
    again = play.ask(TakeDocuments(), make.CRANE.actor, make.beijing(3))

    assert isinstance(taken, DocumentsTaken)
    assert again == ()
    roles: tuple[Role, ...] = (
        "public",
        "bidder",
        "token",
        "tenderer",
        "agency",
        "supervisor",
        "operator",
        "authority",
        "expert",
    )
    assert not any(visible(taken, role, play.state) for role in roles)
    assert visible(taken, "supervisor", stage.closed().state)
    assert not visible(taken, "public", stage.closed().state)


def test_a_clarification_is_confirmed_by_those_who_were_told() -> None:
    play = clarify(stage.accepting(), 2)

    (confirmed,) = play.ask(AcknowledgeClarification(number=1), make.CRANE.actor, make.beijing(3))
    with pytest.raises(NotFound):
        play.ask(AcknowledgeClarification(number=2), make.CRANE.actor, make.beijing(3))

    assert confirmed.type == "bidding.clarification_acknowledged.v1"
    assert play.ask(AcknowledgeClarification(number=1), make.CRANE.actor, make.beijing(3)) == ()


def test_every_decision_of_a_clarified_tender_is_made_again_from_its_record() -> None:
    play = clarify(stage.accepting(), 7, documents=(ADDENDUM,))
    play.bid(make.CRANE, at=make.beijing(23, 9))
    play.close(at=make.beijing(23, 10))

    assert play.audit() == play.state
