"""Objections to the result, within the publicity, and what follows from one that is upheld (E30)."""

import pytest

from services.bidding.domain.remedies.events import (
    EvaluationSetAside,
    ObjectionAnswered,
    ObjectionRaised,
    TenderTerminated,
)
from services.bidding.domain.result.messages import CandidateDropped
from services.bidding.domain.state import Failed, Opened, Publicised
from services.bidding.domain.timetable.messages import TenderResumed, TenderSuspended
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.remedies import answer, object_to


def test_the_result_is_objected_to_within_the_publicity_and_not_after_it() -> None:
    in_time, late = stage.publicised(), stage.publicised()
    ends = in_time.at(Publicised).publicity.ends

    raised, held = object_to(in_time, "result", ends - make.MICROSECOND, make.HERON)
    with pytest.raises(BreaksClause) as no:
        object_to(late, "result", ends, make.HERON)

    assert isinstance(raised, ObjectionRaised)
    assert isinstance(held, TenderSuspended)
    assert no.value.article == "招标投标法实施条例 第五十四条"


def test_while_an_objection_to_the_result_waits_nobody_wins_and_after_the_answer_somebody_may() -> None:
    play = stage.publicised()
    ends = play.at(Publicised).publicity.ends
    object_to(play, "result", make.beijing(25), make.HERON)

    with pytest.raises(OutOfPhase):
        play.award("bid-of-crane", at=ends)
    answer(play, at=ends)

    assert play.award("bid-of-crane", at=ends)


def test_an_upheld_objection_to_the_result_is_never_without_a_correction() -> None:
    play = stage.publicised()
    object_to(play, "result", make.beijing(25), make.HERON)

    for follows in ("correct_documents", "correct_record"):
        with pytest.raises(BadInput):
            answer(play, follows)
    answered, resumed, aside = answer(play, "re_evaluate")

    assert isinstance(answered, ObjectionAnswered)
    assert isinstance(resumed, TenderResumed)
    assert isinstance(aside, EvaluationSetAside)
    assert aside.article == "招标投标法实施条例 第五十四条"
    play.at(Opened)
    with pytest.raises(OutOfPhase):
        play.award("bid-of-crane", at=make.beijing(31))
    play.report(at=make.beijing(26))
    play.publicise(at=make.beijing(26))
    assert play.award("bid-of-crane", at=play.at(Publicised).publicity.ends)


def test_by_an_upheld_objection_a_candidate_falls_away_and_the_next_wins() -> None:
    play = stage.publicised(state_funded=True)
    object_to(play, "result", make.beijing(25), make.HERON)
    with pytest.raises(BadInput):
        answer(play, "next_candidate")

    _, _, dropped = answer(play, "next_candidate", bid="bid-of-crane")

    assert isinstance(dropped, CandidateDropped)
    assert (dropped.ground, dropped.by) == ("unlawful", "tenderer")
    with pytest.raises(BreaksClause):
        play.award("bid-of-crane", at=make.beijing(29))
    assert play.award("bid-of-heron", at=make.beijing(29))


def test_by_an_upheld_objection_the_tender_may_end() -> None:
    early, late = stage.accepting(), stage.publicised()
    object_to(early, "documents", make.beijing(8))
    object_to(late, "result", make.beijing(25), make.HERON)

    first, second = answer(early, "retender"), answer(late, "retender")

    for play, events in ((early, first), (late, second)):
        assert [type(event) for event in events] == [ObjectionAnswered, TenderResumed, TenderTerminated]
        assert play.at(Failed)
