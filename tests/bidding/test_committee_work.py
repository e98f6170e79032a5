"""What a committee's members find by vote, ask bidders in writing, and score alone."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.bidding.domain.access.messages import NoteCollusion
from services.bidding.domain.committee.events import BidderAsked, BidsScored, FindingVoted
from services.bidding.domain.committee.values import Adjusting, Discarding
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.rows import EvaluatedRow
from services.bidding.domain.state import Evaluated, Opened
from services.bidding.domain.visible import visible
from services.bidding.views import Told, may_see
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role
from shared.procedure.arithmetic import BillLine
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding.play import Play

HOUR = make.DAY / 24
HERON = "bid-of-heron"
CRANE, EGRET = "bid-of-crane", "bid-of-egret"


def rows(play: Play, **changes: Any) -> dict[str, EvaluatedRow]:
    """Report, and return the rows by bid."""
    (reported,) = sit.report(play, **changes)
    assert isinstance(reported, EvaluationReported)
    return {row.bid: row for row in reported.rows}


def test_three_of_five_reject_a_bid_and_two_do_not() -> None:
    three, two = sit.sitting(), sit.sitting()
    sit.reject(three, CRANE)
    sit.vote(two, sit.propose(two, sit.SEATED[0], sit.rejecting(CRANE)), sit.SEATED[1])
    sit.vote(two, 1, *sit.SEATED[2:], in_favour=False)

    rejected, kept = rows(three)[CRANE], rows(two)[CRANE]

    assert rejected.rejection is not None
    assert (rejected.rejection.cause, rejected.rejection.explanation) == ("unqualified", "资质证书已失效")
    assert kept.rejection is None
    assert kept.rank == 1


def test_nothing_is_reported_or_scored_while_a_vote_is_open() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    sit.propose(play, sit.SEATED[0], sit.rejecting(CRANE))

    with pytest.raises(OutOfPhase):
        sit.score(play, sit.SEATED[0], sit.sheet("90"))
    with pytest.raises(OutOfPhase):
        sit.report(play)


def test_a_member_votes_once_and_on_what_is_open() -> None:
    play = sit.sitting()
    number = sit.propose(play, sit.SEATED[0], sit.rejecting(CRANE))

    with pytest.raises(OutOfPhase):
        sit.vote(play, number, sit.SEATED[0])
    with pytest.raises(NotFound):
        sit.vote(play, number + 1, sit.SEATED[1])
    sit.vote(play, number, *sit.SEATED[1:3])
    with pytest.raises(OutOfPhase):
        sit.vote(play, number, sit.SEATED[3])


def test_what_is_rejected_or_before_the_committee_is_not_proposed_again_but_what_was_lost_is() -> None:
    play = sit.sitting()
    number = sit.propose(play, sit.SEATED[0], sit.rejecting(CRANE))

    with pytest.raises(OutOfPhase):
        sit.propose(play, sit.SEATED[1], sit.rejecting(CRANE, "unsigned"))
    sit.vote(play, number, *sit.SEATED[1:4], in_favour=False)
    again = sit.propose(play, sit.SEATED[1], sit.rejecting(CRANE, "unsigned"))
    sit.vote(play, again, *sit.SEATED[2:4])
    with pytest.raises(OutOfPhase):
        sit.propose(play, sit.SEATED[1], sit.rejecting(CRANE))
    with pytest.raises(BadInput):
        sit.propose(play, sit.SEATED[1], sit.rejecting("bid-of-stork"))


def test_a_rejection_for_collusion_cites_what_a_member_noted() -> None:
    play = sit.sitting()
    finding = sit.rejecting(CRANE, "collusion")
    note = NoteCollusion(item="same_staff", bids=(CRANE, HERON), evidence="两份投标载明的项目经理为同一人")

    with pytest.raises(BreaksClause) as no:
        sit.propose(play, sit.SEATED[0], finding)
    with pytest.raises(NotEntitled):
        play.ask(note, make.AGENCY)
    play.ask(note, sit.SEATED[0].actor)
    number = play.at(Opened).beside.entrants.notes[-1].number
    cited = finding.model_copy(update={"notes": (number,)})
    sit.vote(play, sit.propose(play, sit.SEATED[0], cited), *sit.SEATED[1:3])

    rejection = rows(play)[CRANE].rejection
    assert rejection is not None
    assert rejection.notes == (number,)
    assert no.value.article == "招标投标法实施条例 第四十条"


def test_a_low_price_is_rejected_only_after_it_was_asked_about_in_writing() -> None:
    play = sit.sitting()

    with pytest.raises(BreaksClause) as no:
        sit.propose(play, sit.SEATED[0], sit.rejecting(CRANE, "price"))
    number = sit.ask(play, CRANE, "low_price")
    with pytest.raises(BreaksClause):
        sit.propose(play, sit.SEATED[0], sit.rejecting(CRANE, "price"))
    sit.answer(play, make.CRANE, number)
    sit.reject(play, CRANE, "price")

    assert no.value.article == "评标委员会和评标方法暂行规定 第二十一条"
    assert rows(play)[CRANE].rejection is not None


def test_a_low_price_that_is_explained_and_accepted_stands() -> None:
    play = sit.sitting()
    sit.answer(play, make.CRANE, sit.ask(play, CRANE, "low_price"))

    assert rows(play)[CRANE].rank == 1


def test_a_low_price_not_explained_in_its_hour_is_below_cost_and_a_microsecond_earlier_nothing_is_reported() -> None:
    play = sit.sitting()
    sit.ask(play, CRANE, "low_price")

    play.now = sit.BEGINS + HOUR - make.MICROSECOND
    with pytest.raises(OutOfPhase):
        sit.report(play)
    play.now = sit.BEGINS + HOUR
    rejection = rows(play)[CRANE].rejection

    assert rejection is not None
    assert rejection.cause == "price"


def test_a_bidder_answers_in_time_what_it_was_asked_and_volunteers_nothing() -> None:
    play = sit.sitting()
    with pytest.raises(BreaksClause) as no:
        sit.answer(play, make.CRANE, 1)
    sit.ask(play, CRANE, "unclear")
    with pytest.raises(BreaksClause):
        sit.answer(play, make.HERON, 1)
    late = play.copy()
    with pytest.raises(OutOfPhase):
        sit.answer(late, make.CRANE, 1, at=sit.BEGINS + HOUR)
    sit.answer(play, make.CRANE, 1, at=sit.BEGINS + HOUR - make.MICROSECOND)
    with pytest.raises(OutOfPhase):
        sit.answer(play, make.CRANE, 1)

    assert no.value.article == "招标投标法实施条例 第五十二条"


def test_a_clarification_changes_no_price_and_its_refusal_rejects_nobody() -> None:
    play = sit.sitting()
    sit.answer(play, make.CRANE, sit.ask(play, CRANE, "unclear"), accepts=False)

    row = rows(play)[CRANE]

    assert (row.price_fen, row.rank) == (100_000_000_00, 1)


def test_a_question_is_seen_by_its_bidder_by_the_committee_and_by_who_watches_it() -> None:
    play = sit.sitting()
    sit.ask(play, CRANE, "unclear")
    (asked,) = (event for event in play.events if isinstance(event, BidderAsked))
    roles: tuple[Role, ...] = ("public", "bidder", "token", "expert", "tenderer", "agency", "supervisor", "operator")

    assert {role for role in roles if visible(asked, role, play.state)} == {"expert", "supervisor"}
    record: Any = SimpleNamespace(actor={"account": sit.SEATED[0].actor.account})
    assert may_see(Told(record, asked), make.CRANE.actor, play.state)
    assert not may_see(Told(record, asked), make.HERON.actor, play.state)


def deviation(play: Play, bid: str = CRANE) -> int:
    return sit.ask(play, bid, "minor_deviation", item="schedule")


def test_a_minor_deviation_that_is_mended_costs_nothing_and_one_that_is_not_costs_what_is_declared() -> None:
    mended, refused = sit.sitting(), sit.sitting()
    sit.answer(mended, make.CRANE, deviation(mended))
    sit.answer(refused, make.CRANE, deviation(refused), accepts=False)

    assert rows(mended)[CRANE].evaluated_fen == 100_000_000_00
    assert rows(refused)[CRANE].evaluated_fen == 100_000_000_00 + 100_000


def test_marks_for_a_deviation_come_off_the_total() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    sit.answer(play, make.CRANE, deviation(play), accepts=False)
    sit.all_score(play)

    assert rows(play)[CRANE].score == Decimal("94.50")  # 60 + 90 × 0.3 + 80 × 0.1 less 0.5


def test_only_a_deviation_that_the_tender_file_quantifies_is_asked_about() -> None:
    play = sit.sitting()

    with pytest.raises(BreaksClause) as no:
        sit.ask(play, CRANE, "minor_deviation", item="colour")
    for wrong in ({"about": "minor_deviation"}, {"about": "low_price", "item": "schedule"}):
        with pytest.raises(BadInput):
            sit.ask(play, CRANE, **wrong)
    deviation(play)
    with pytest.raises(OutOfPhase):
        deviation(play)

    assert no.value.article == "招标投标法实施条例 第四十九条"


def check(play: Play, capitals: str | None = None, *bill: BillLine) -> int:
    return sit.ask(play, CRANE, "arithmetic", capitals=capitals, bill=bill)


def test_figures_that_agree_ask_nothing() -> None:
    with pytest.raises(BadInput):
        check(sit.sitting(), "壹亿元整")


def test_what_a_bid_may_fall_by_is_asked_by_three_of_five_and_not_by_two() -> None:
    play = sit.sitting()
    number = sit.propose(play, sit.SEATED[0], sit.inquiry(CRANE, "low_price"))

    sit.vote(play, number, sit.SEATED[1])
    two = play.at(Opened).beside.committee.questions
    sit.vote(play, number, sit.SEATED[2])

    assert two == ()
    assert [one.matter for one in play.at(Opened).beside.committee.questions] == [number]


def test_nobody_is_asked_about_a_bid_that_was_rejected_while_the_votes_were_cast() -> None:
    play = sit.sitting()
    number = sit.propose(play, sit.SEATED[0], sit.inquiry(CRANE, "low_price"))
    sit.vote(play, number, sit.SEATED[1])
    sit.reject(play, CRANE)

    sit.vote(play, number, sit.SEATED[2])

    assert play.at(Opened).beside.committee.questions == ()


def test_a_price_corrected_by_a_fen_counts_once_its_bidder_confirms_it() -> None:
    play = sit.sitting()
    check(play, "壹亿元零壹分")
    with pytest.raises(OutOfPhase):
        sit.report(play)
    sit.answer(play, make.CRANE, 1)

    row = rows(play)[CRANE]

    assert (row.price_fen, row.evaluated_fen) == (100_000_000_01, 100_000_000_01)


def test_a_corrected_price_that_is_refused_or_not_confirmed_in_time_is_rejected() -> None:
    refused, silent = sit.sitting(), sit.sitting()
    for play in (refused, silent):
        check(play, "壹亿元零壹分")
    sit.answer(refused, make.CRANE, 1, accepts=False)
    silent.now = sit.BEGINS + HOUR

    for play in (refused, silent):
        rejection = rows(play)[CRANE].rejection
        assert rejection is not None
        assert rejection.cause == "unresponsive"


def test_a_bill_that_adds_up_to_another_price_is_asked_about_with_what_is_wrong() -> None:
    play = sit.sitting()
    bill = BillLine(item="earth", unit_price_fen=50_00, quantity=Decimal(2_000_001), total_fen=100_000_000_00)

    check(play, None, bill)
    asked = next(event for event in play.events if isinstance(event, BidderAsked))

    assert asked.question.corrected_fen == 100_000_050_00
    assert [one.kind for one in asked.question.amendments] == ["line", "sum"]
    assert asked.article == "评标委员会和评标方法暂行规定 第十九条"


def test_a_price_corrected_over_the_ceiling_is_rejected() -> None:
    play = sit.sitting()
    check(play, "壹亿贰仟万元零壹分")
    sit.answer(play, make.CRANE, 1)

    rejection = rows(play)[CRANE].rejection

    assert rejection is not None
    assert rejection.cause == "price"


def test_a_declared_deviation_becomes_money_by_vote_and_an_undeclared_one_does_not() -> None:
    play = sit.sitting()
    money = Adjusting(bid=CRANE, item="payment", amount_fen=3_000_000_00)

    sit.vote(play, sit.propose(play, sit.SEATED[0], money), *sit.SEATED[1:3])
    with pytest.raises(BreaksClause):
        sit.propose(play, sit.SEATED[0], money.model_copy(update={"item": "smile"}))

    row = rows(play)[CRANE]
    assert (row.evaluated_fen, row.rank) == (103_000_000_00, 3)


def test_each_member_scores_every_bid_and_factor_once_and_alone() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    whole = sit.sheet("90")

    for wrong in (whole[:-1], (*whole, whole[0]), (*whole[:-1], whole[-1].model_copy(update={"factor": "smile"}))):
        with pytest.raises(BadInput):
            sit.score(play, sit.SEATED[0], wrong)
    sit.score(play, sit.SEATED[0], whole)
    with pytest.raises(OutOfPhase):
        sit.score(play, sit.SEATED[0], whole)
    with pytest.raises(BadInput):
        sit.score(sit.sitting(), sit.SEATED[0], whole)


def test_nobody_sees_anothers_scores_before_all_are_in() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    roles: tuple[Role, ...] = ("public", "token", "expert", "tenderer", "agency", "supervisor", "operator")
    seen = []

    for sitter in sit.SEATED:
        sit.score(play, sitter, sit.sheet("90"))
        (first, *_) = (event for event in play.events if isinstance(event, BidsScored))
        seen.append({role for role in roles if visible(first, role, play.state)})

    assert seen == [set(), set(), set(), set(), {"expert", "supervisor"}]
    assert play.at(Opened)


def given(how: str) -> Play:
    """Return a tender whose members gave 60, 80, 80, 80 and 100 for the plan."""
    play = sit.sitting(method=sit.WEIGHTED, prices=(100_00, 105_00, 120_00), committee={"combine": how})
    for sitter, plan in zip(sit.SEATED, ("60", "80", "80", "80", "98"), strict=True):
        sit.score(play, sitter, sit.sheet(plan))
    return play


def test_the_total_is_the_mean_of_the_members_own_marks_rounded_at_the_total_alone() -> None:
    # 100/105 × 60 = 57.142857…; plan (60 + 80 + 80 + 80 + 98) / 5 = 79.6; × 0.3 = 23.88; + 80 × 0.1
    assert rows(given("mean"))[HERON].score == Decimal("89.02")


def test_a_highest_and_a_lowest_are_left_out_where_that_is_declared() -> None:
    assert rows(given("mean_without_extremes"))[HERON].score == Decimal("89.14")  # 57.142857… + 80 × 0.3 + 8


def test_the_report_waits_for_the_last_member() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    for sitter in sit.SEATED[:-1]:
        sit.score(play, sitter, sit.sheet("90"))

    with pytest.raises(OutOfPhase):
        sit.report(play)
    sit.score(play, sit.SEATED[-1], sit.sheet("90"))
    sit.report(play)

    assert play.at(Evaluated)


def test_a_bid_rejected_after_it_was_scored_drops_out() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    sit.all_score(play)
    sit.reject(play, CRANE, "unsigned")

    found = rows(play)

    assert found[CRANE].rank is None
    assert found[HERON].score == Decimal("95.00")


def test_members_with_fewer_than_three_effective_bids_may_find_that_there_is_no_competition() -> None:
    three, two = sit.sitting(), sit.sitting()
    finding = Discarding(explanation="有效投标不足三个且明显缺乏竞争")
    with pytest.raises(BreaksClause) as no:
        sit.propose(three, sit.SEATED[0], finding)
    sit.reject(two, CRANE)
    sit.vote(two, sit.propose(two, sit.SEATED[0], finding), *sit.SEATED[1:3])

    (reported,) = sit.report(two)

    assert no.value.article == "评标委员会和评标方法暂行规定 第二十七条"
    assert isinstance(reported, EvaluationReported)
    assert reported.candidates == ()
    assert reported.no_competition == finding.explanation


def test_a_vote_keeps_its_words() -> None:
    play = sit.sitting()
    sit.reject(play, EGRET)

    words = [event.words for event in play.events if isinstance(event, FindingVoted)]

    assert words == ["同意", "同意"]
