"""A committee's report: made of the record, its ten contents, signed, dissented from or agreed to by silence."""

from decimal import Decimal
from typing import Any

import pytest

from services.bidding import BOOKS, LINE
from services.bidding.domain.alarms import alarms
from services.bidding.domain.commands import AwardTender
from services.bidding.domain.committee.commands import EndSigning, SignReport
from services.bidding.domain.committee.contents import Contents, contents
from services.bidding.domain.committee.events import CoefficientDrawn, ReportSigned, SigningEnded
from services.bidding.domain.events import EvaluationReported, TenderFailed
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import Awarded, Contracted, Evaluated, Failed, Opened, Publicised
from services.bidding.domain.timetable.messages import SuspendTender
from services.bidding.domain.visible import standing, visible
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.procedure.asking import needed
from shared.procedure.evaluation import definition, lot
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play, but_publication
from tests.bidding.remedies import SUPERVISOR, answer, object_to

SIGN_UNTIL = sit.BEGINS + make.DAY / 12
BENCHMARK: dict[str, Any] = sit.WEIGHTED | {
    "formula": "benchmark_deviation",
    "definition": definition("benchmark_deviation", 1),
    "parameters": [{"name": "above", "value": "1"}, {"name": "below", "value": "0.5"}],
    "drawn": [{"name": "k", "values": ["0.01", "0.02", "0.03"]}],
}


def reported(**terms: Any) -> Play:
    play = sit.sitting(**terms)
    sit.report(play)
    return play


def ten(play: Play) -> Contents:
    state = play.at(Evaluated)
    return contents(state.tender, state.rows, state.report)


def test_the_report_is_made_of_the_record_and_takes_nothing_from_the_agency() -> None:
    play = sit.sitting()

    with pytest.raises(BadInput):
        sit.report(play, rejections=(sit.rejecting("bid-of-crane"),))
    with pytest.raises(BadInput):
        sit.report(play, no_competition="缺乏竞争")
    sit.report(play)

    assert play.at(Evaluated).report.candidates == sit.NAMES


def test_its_members_see_the_report_that_they_are_to_sign() -> None:
    play = reported()
    (event,) = (event for event in play.events if isinstance(event, EvaluationReported))
    member, stranger = (standing(one, play.state) for one in (sit.SEATED[0].actor, sit.Sitter("e99").actor))

    assert visible(event, member, play.state)
    assert not visible(event, stranger, play.state)


def test_without_a_committee_that_sits_nothing_is_reported() -> None:
    with pytest.raises(OutOfPhase):
        sit.report(sit.opened())


def test_the_report_has_its_ten_contents_and_its_digest_is_theirs() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    sit.answer(play, make.CRANE, sit.ask(play, "bid-of-crane", "unclear"))
    sit.reject(play, "bid-of-egret")
    left = sit.NAMES[:2]
    sit.all_score(play, bids=left)
    sit.report(play, before_contract="核实项目经理在岗情况")

    found = ten(play)

    assert len(Contents.model_fields) == 10
    assert found.basics.effective == 2
    assert [one.member for one in found.members] == [sitter.name for sitter in sit.SEATED]
    assert [row.bid for row in found.opening] == list(sit.NAMES)
    assert found.qualified == left
    assert [(one.bid, len(found.rejected.matters[0].votes)) for one in found.rejected.rejections] == [
        ("bid-of-egret", 3)
    ]
    assert found.standards.method == play.at(Evaluated).tender.terms.method
    assert [len(one.scores) for one in found.comparison.scores] == [4] * 5
    assert found.ranking == left
    assert (found.recommended.candidates, found.recommended.before_contract) == (left, "核实项目经理在岗情况")
    assert [one.answer is not None for one in found.clarifications] == [True]
    assert play.at(Evaluated).report.contents_sha256 == found.digest()


def test_candidates_are_publicised_once_the_last_member_has_signed() -> None:
    play = reported()

    sit.sign_all(play, *sit.SEATED[:-1])
    with pytest.raises(BreaksClause) as no:
        play.publicise()
    sit.sign_all(play, sit.SEATED[-1])
    play.publicise()

    assert no.value.article == "招标投标法实施条例 第五十三条"
    assert play.at(Publicised)


def test_a_signature_is_the_members_own_over_this_report_and_its_dissent() -> None:
    play = reported()
    one, other = sit.SEATED[:2]
    dissent = "第二名的施工组织设计不可行"

    for wrong in (
        sit.signature(play, other),
        sit.signature(play, one, dissent).model_copy(update={"dissent": None}),
        SignReport(dissent=dissent, signature=sit.signature(play, one).signature),
    ):
        with pytest.raises(NotEntitled):
            play.ask(wrong, one.actor)
    (signed,) = play.ask(sit.signature(play, one, dissent), one.actor)
    with pytest.raises(OutOfPhase):
        play.ask(sit.signature(play, one), one.actor)

    assert isinstance(signed, ReportSigned)
    assert signed.dissent == dissent


def test_who_is_silent_until_the_declared_time_agrees_and_a_microsecond_earlier_may_still_sign() -> None:
    play = reported()
    sit.sign_all(play, *sit.SEATED[:3])

    assert sit.end_signing(play, SIGN_UNTIL - make.MICROSECOND) == ()
    (ended,) = sit.end_signing(play, SIGN_UNTIL)
    with pytest.raises(OutOfPhase):
        sit.sign_all(play, sit.SEATED[3])
    play.publicise()

    assert isinstance(ended, SigningEnded)
    assert ended.silent == (sit.SEATED[3].name, sit.SEATED[4].name)


def test_the_time_for_signing_ends_itself_and_comes_to_nothing_when_all_have_signed() -> None:
    play = reported()
    (event,) = (event for event in play.events if isinstance(event, EvaluationReported))

    assert [(timer.due_at, timer.command) for timer in LINE.timers(event)] == [(SIGN_UNTIL, EndSigning())]
    sit.sign_all(play)
    assert sit.end_signing(play, SIGN_UNTIL) == ()


def test_with_every_bid_rejected_the_tender_fails_once_its_report_is_signed() -> None:
    play = sit.sitting()
    for bid in sit.NAMES:
        sit.reject(play, bid)
    sit.report(play)

    assert play.at(Evaluated).report.candidates == ()
    sit.sign_all(play)

    failure = play.events[-1]
    assert isinstance(failure, TenderFailed)
    assert (failure.cause, failure.article) == ("all_rejected", "招标投标法 第四十二条")
    assert play.at(Failed)


def test_a_supervisor_is_warned_of_dissent_and_of_an_evaluation_that_takes_too_long() -> None:
    play = sit.sitting()
    law = law_of(play.at(Opened), BOOKS)

    assert [one.code for one in but_publication(alarms([], play.state, law, sit.UNTIL))] == ["evaluation_overdue"]
    assert but_publication(alarms([], play.state, law, sit.UNTIL - make.MICROSECOND)) == []
    sit.report(play)
    (signed,) = play.ask(sit.signature(play, sit.SEATED[0], "报价评审有误"), sit.SEATED[0].actor)
    assert [one.code for one in but_publication(alarms([(play.now, signed)], play.state, law, play.now))] == [
        "report_dissented"
    ]


def test_the_coefficient_is_drawn_at_the_opening_by_what_all_bids_said_for_everyone_to_draw_again() -> None:
    play = sit.sitting(method=BENCHMARK)
    (drawn,) = (event for event in play.events if isinstance(event, CoefficientDrawn))
    said = {row.bid: needed(row.statement_sha256, "digest") for row in play.at(Opened).rows}

    again = lot(make.STREAM, "k", said, 3)

    assert (drawn.seed, drawn.value) == (again.seed, (Decimal("0.01"), Decimal("0.02"), Decimal("0.03"))[again.place])
    sit.all_score(play)
    sit.report(play)
    (used,) = needed(play.at(Evaluated).report.minutes, "minutes").coefficients
    assert (used.name, used.value) == ("k", drawn.value)


def test_a_tender_file_is_bound_to_the_very_formula_that_its_digest_names() -> None:
    declared: dict[str, Any] = {"committee": sit.COMMITTEE}
    other = sit.WEIGHTED | {"definition": definition("mean_deviation", 1)}
    unbound = {name: value for name, value in sit.WEIGHTED.items() if name != "definition"}

    stage.accepting(method=sit.WEIGHTED, **declared)
    stage.accepting(method=unbound)
    for wrong in (other, unbound, sit.WEIGHTED | {"round_at": "price_score"}):
        with pytest.raises(BreaksClause) as no:
            stage.accepting(method=wrong, **declared)
        assert no.value.article == "招标投标法实施条例 第四十九条"


def test_a_figure_is_declared_or_drawn_not_both_and_a_coefficient_stays_below_one() -> None:
    twice = BENCHMARK | {"parameters": [*BENCHMARK["parameters"], {"name": "k", "value": "0.01"}]}
    whole = BENCHMARK | {"drawn": [{"name": "k", "values": ["0.01", "1"]}]}

    for wrong in (twice, whole, BENCHMARK | {"drawn": []}):
        with pytest.raises(BreaksClause):
            stage.accepting(method=wrong)
    stage.accepting(method=BENCHMARK)


RULE = "候选人中由定标委员会票决"


def test_where_the_tenderer_decides_candidates_are_not_ranked_and_it_says_why() -> None:
    play = reported(committee={"decided_by": RULE})
    sit.sign_all(play)
    play.publicise()
    ends = play.at(Publicised).publicity.ends

    assert play.at(Publicised).report.candidates == tuple(sorted(sit.NAMES))
    assert {one.rank for one in play.at(Publicised).publicity.candidates} == {None}
    with pytest.raises(BreaksClause):
        play.award("bid-of-egret", at=ends)
    play.ask(AwardTender(bid="bid-of-egret", reasons="票决五票中四票"), make.BUYER, ends)

    assert play.at(Awarded).award.reasons == "票决五票中四票"


def test_ranked_candidates_are_chosen_from_for_no_other_reasons() -> None:
    play = stage.publicised()

    with pytest.raises(BadInput):
        play.ask(AwardTender(bid="bid-of-crane", reasons="更信得过"), make.BUYER, play.at(Publicised).publicity.ends)


def whole() -> Play:
    """Return a tender with a committee from its draft to its contract, with all that may happen on the way."""
    play = sit.sitting(method=BENCHMARK)
    sit.answer(play, make.CRANE, sit.ask(play, "bid-of-crane", "low_price"))
    sit.answer(play, make.HERON, sit.ask(play, "bid-of-heron", "minor_deviation", item="schedule"), accepts=False)
    sit.reject(play, "bid-of-egret")
    sit.all_score(play, bids=sit.NAMES[:2])
    sit.report(play)
    sit.sign_all(play, *sit.SEATED[:4])
    sit.end_signing(play, SIGN_UNTIL)
    play.publicise()
    best = play.at(Publicised).publicity.candidates[0]
    play.award(best.bid, at=play.at(Publicised).publicity.ends)
    play.sign(best.price_fen)
    return play


def test_every_decision_of_a_committee_is_made_again_from_the_record() -> None:
    play = whole()

    assert play.audit() == play.at(Contracted)


def test_every_event_of_a_committee_is_read_back_as_it_was_written() -> None:
    for event in whole().events:
        assert LINE.events.validate_json(event.canonical()) == event


def test_when_a_report_is_set_aside_the_committee_starts_anew_and_its_signatures_are_gone() -> None:
    play = reported()
    sit.sign_all(play)
    play.publicise(at=make.beijing(23, 9))
    object_to(play, "result", make.beijing(24), make.HERON)
    answer(play, "re_evaluate")

    assert play.at(Opened).beside.committee.seats
    sit.report(play)
    with pytest.raises(BreaksClause):
        play.publicise()
    sit.sign_all(play)
    play.publicise()

    assert play.audit() == play.at(Publicised)


def test_while_a_tender_stands_still_a_committee_waits_but_bidders_still_answer() -> None:
    play = sit.sitting()
    number = sit.ask(play, "bid-of-crane", "low_price")
    play.ask(SuspendTender(cause="supervision", notice="责令暂停"), SUPERVISOR)

    with pytest.raises(OutOfPhase):
        sit.propose(play, sit.SEATED[0], sit.rejecting("bid-of-crane"))
    sit.answer(play, make.CRANE, number)

    assert play.at(Opened).beside.committee.questions[0].answer
