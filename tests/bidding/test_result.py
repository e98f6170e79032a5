"""After the candidates are public: who falls away, how long bids bind, the report, both signatures."""

from datetime import datetime

import pytest

from services.bidding.domain.events import TenderAwarded
from services.bidding.domain.result.messages import (
    AnswerValidity,
    CandidateDropped,
    CountersignContract,
    DropCandidate,
    ExtendValidity,
    GiveUp,
    HoldAgain,
    ReportToSupervisor,
    SupervisorReported,
    TenderToBeHeldAgain,
    ValidityAnswered,
    ValidityExtended,
)
from services.bidding.domain.state import Awarded, Contracted, Failed, Publicised
from services.bidding.domain.timetable.messages import SuspendTender
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.phases import PRICES
from tests.bidding.play import Play

WHY = "因自身原因不能履行"
SHORT = 10
"""Days of a validity that counts to a holiday, 1 January 2027, and so ends with the next working day, the 4th."""
FIRST_END = make.beijing(5, month=1, year=2027)


def over(play: Play) -> datetime:
    """Return when the publicity is over."""
    return play.at(Publicised).publicity.ends


def test_the_next_candidate_wins_when_the_first_gives_up() -> None:
    play = stage.publicised(state_funded=True)
    at = over(play)
    with pytest.raises(BreaksClause):
        play.award("bid-of-heron", at=at)

    (dropped,) = play.ask(GiveUp(explanation=WHY), make.CRANE.actor, at)
    (awarded,) = play.award("bid-of-heron", at=at)

    assert isinstance(dropped, CandidateDropped)
    assert (dropped.ground, dropped.by, dropped.was_winner) == ("gave_up", "bidder", False)
    assert dropped.articles == ("招标投标法实施条例 第五十五条",)
    assert isinstance(awarded, TenderAwarded)
    assert awarded.bid == "bid-of-heron"


def test_who_fell_away_wins_no_more_and_falls_away_once() -> None:
    play = stage.publicised()
    at = over(play)
    play.ask(GiveUp(explanation=WHY), make.CRANE.actor, at)

    with pytest.raises(BreaksClause):
        play.award("bid-of-crane", at=at)
    with pytest.raises(NotFound):
        play.ask(GiveUp(explanation=WHY), make.CRANE.actor, at)


def test_a_winner_who_refuses_the_contract_loses_the_award_and_the_fine_is_at_most_ten_per_mille() -> None:
    play = stage.awarded()

    (dropped,) = play.ask(DropCandidate(bid="bid-of-crane", ground="refused_contract", explanation=WHY))
    play.award("bid-of-heron", at=play.now)

    assert isinstance(dropped, CandidateDropped)
    assert dropped.fine_at_most_fen == PRICES[0] // 100
    assert "招标投标法实施条例 第七十四条" in dropped.articles
    assert play.at(Awarded).award.bid == "bid-of-heron"


def test_only_a_winner_can_refuse_a_contract() -> None:
    play = stage.awarded()

    with pytest.raises(BreaksClause) as no:
        play.ask(DropCandidate(bid="bid-of-heron", ground="no_performance_bond", explanation=WHY))

    assert no.value.article == "招标投标法实施条例 第七十四条"


def test_a_candidate_behind_the_winner_may_give_up_without_undoing_the_award() -> None:
    play = stage.awarded()

    play.ask(GiveUp(explanation=WHY), make.HERON.actor)

    assert play.at(Awarded).award.bid == "bid-of-crane"


def test_who_is_no_candidate_gives_nothing_up() -> None:
    with pytest.raises(NotEntitled):
        stage.publicised().ask(GiveUp(explanation=WHY), make.STORK.actor)
    with pytest.raises(OutOfPhase):
        stage.opened().ask(GiveUp(explanation=WHY), make.CRANE.actor)


def test_the_tender_is_held_again_only_when_a_candidate_fell_away() -> None:
    play = stage.publicised()
    with pytest.raises(BreaksClause) as no:
        play.ask(HoldAgain(explanation="重新招标"))
    play.ask(GiveUp(explanation=WHY), make.CRANE.actor)

    (ended,) = play.ask(HoldAgain(explanation="重新招标"))

    assert no.value.article == "招标投标法实施条例 第五十五条"
    assert isinstance(ended, TenderToBeHeldAgain)
    assert not ended.none_left
    assert play.at(Failed).failure == ended


def test_the_winner_is_decided_while_the_bid_binds() -> None:
    in_time, late = stage.publicised(validity_days=SHORT), stage.publicised(validity_days=SHORT)

    in_time.award("bid-of-crane", at=FIRST_END - make.MICROSECOND)
    with pytest.raises(BreaksClause) as no:
        late.award("bid-of-crane", at=FIRST_END)

    assert in_time.at(Awarded)
    assert no.value.article == "工程建设项目施工招标投标办法 第二十九条"


def test_who_agrees_is_bound_longer_and_who_refuses_or_is_silent_is_free() -> None:
    play = stage.publicised(validity_days=SHORT)
    (extended,) = play.ask(ExtendValidity(days=30, notice="评标需要更多时间"))
    assert isinstance(extended, ValidityExtended)
    assert extended.binds_until == FIRST_END

    (no,) = play.ask(AnswerValidity(number=1, agrees=False), make.CRANE.actor)
    play.ask(AnswerValidity(number=1, agrees=True), make.HERON.actor)

    assert isinstance(no, ValidityAnswered)
    for bid in ("bid-of-crane", "bid-of-egret"):
        with pytest.raises(BreaksClause):
            play.award(bid, at=FIRST_END)
    play.award("bid-of-heron", at=extended.until - make.MICROSECOND)


def test_an_answer_comes_once_and_while_the_bid_still_binds() -> None:
    play = stage.publicised(validity_days=SHORT)
    play.ask(ExtendValidity(days=30, notice="评标需要更多时间"))
    play.ask(AnswerValidity(number=1, agrees=True), make.CRANE.actor)

    assert play.ask(AnswerValidity(number=1, agrees=True), make.CRANE.actor) == ()
    with pytest.raises(OutOfPhase):
        play.ask(AnswerValidity(number=1, agrees=False), make.CRANE.actor)
    with pytest.raises(OutOfPhase):
        play.ask(AnswerValidity(number=1, agrees=True), make.HERON.actor, FIRST_END)
    with pytest.raises(NotFound):
        play.ask(AnswerValidity(number=2, agrees=True), make.HERON.actor)
    with pytest.raises(NotEntitled):
        play.ask(AnswerValidity(number=1, agrees=True), make.STORK.actor)


def test_validity_is_only_made_longer_and_only_before_it_ends() -> None:
    play = stage.publicised(validity_days=SHORT)

    with pytest.raises(BadInput):
        play.ask(ExtendValidity(days=SHORT, notice="不变"))
    play.copy().ask(ExtendValidity(days=SHORT + 4, notice="延长"), at=FIRST_END - make.MICROSECOND)
    with pytest.raises(OutOfPhase):
        play.ask(ExtendValidity(days=SHORT + 4, notice="延长"), at=FIRST_END)


def test_the_report_is_due_fifteen_days_after_the_award_or_recorded_as_late() -> None:
    in_time, late = stage.awarded(), stage.awarded()
    due = make.beijing(14, month=1, year=2027)  # awarded on 29 December; the fifteenth day is Wednesday 13 January

    (good,) = in_time.ask(ReportToSupervisor(report_sha256="d" * 64), at=due - make.MICROSECOND)
    (bad,) = late.ask(ReportToSupervisor(report_sha256="d" * 64), at=due)

    assert isinstance(good, SupervisorReported)
    assert isinstance(bad, SupervisorReported)
    assert (good.due, good.late, bad.late) == (due, False, True)
    assert good.article == "工程建设项目施工招标投标办法 第六十五条"


def test_the_report_is_handed_in_once() -> None:
    play = stage.awarded()
    play.ask(ReportToSupervisor(report_sha256="d" * 64))

    with pytest.raises(OutOfPhase):
        play.ask(ReportToSupervisor(report_sha256="e" * 64))


def test_the_winner_signs_the_text_that_the_tenderer_signed_and_nobody_else_does() -> None:
    play = stage.awarded()
    play.sign(PRICES[0])

    with pytest.raises(NotEntitled):
        play.ask(CountersignContract(contract_sha256="c" * 64), make.HERON.actor)
    with pytest.raises(BadInput):
        play.ask(CountersignContract(contract_sha256="d" * 64), make.CRANE.actor)
    play.ask(CountersignContract(contract_sha256="c" * 64), make.CRANE.actor)

    assert play.at(Contracted).beside.result.countersigned == "c" * 64
    assert play.ask(CountersignContract(contract_sha256="c" * 64), make.CRANE.actor) == ()


def test_a_winner_who_does_not_sign_too_falls_away_and_one_who_has_signed_does_not() -> None:
    play = stage.awarded()
    play.sign(PRICES[0])
    signed = play.copy()
    signed.ask(CountersignContract(contract_sha256="c" * 64), make.CRANE.actor)

    (dropped,) = play.ask(DropCandidate(bid="bid-of-crane", ground="refused_contract", explanation=WHY))
    play.award("bid-of-heron", at=play.now)
    with pytest.raises(OutOfPhase):
        signed.ask(DropCandidate(bid="bid-of-crane", ground="refused_contract", explanation=WHY))

    assert isinstance(dropped, CandidateDropped)
    assert dropped.was_winner
    assert play.at(Awarded).award.bid == "bid-of-heron"


def test_what_keeps_time_goes_on_while_the_tender_stands_still() -> None:
    play = stage.publicised(validity_days=SHORT)
    stop = SuspendTender(cause="supervision", notice="责令暂停")
    play.ask(stop, Actor(account="supervisor-1", role="supervisor", region="370500"))

    play.ask(ExtendValidity(days=30, notice="延长"))
    (answered,) = play.ask(AnswerValidity(number=1, agrees=True), make.CRANE.actor)
    with pytest.raises(OutOfPhase):
        play.ask(DropCandidate(bid="bid-of-crane", ground="gave_up", explanation=WHY))

    assert isinstance(answered, ValidityAnswered)


def test_every_decision_about_a_result_is_made_again_from_its_record() -> None:
    play = stage.awarded()
    play.ask(DropCandidate(bid="bid-of-crane", ground="force_majeure", explanation=WHY))
    play.award("bid-of-heron", at=play.now)
    play.ask(ReportToSupervisor(report_sha256="d" * 64))

    assert play.audit() == play.at(Awarded)
