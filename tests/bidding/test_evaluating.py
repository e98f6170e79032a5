"""Evaluation by hand-worked figures, and what a committee may and may not do."""

from decimal import Decimal
from typing import Any

import pytest

from services.bidding.domain.events import EvaluationReported, TenderFailed
from services.bidding.domain.rows import EvaluatedRow
from services.bidding.domain.state import Evaluated, Failed
from services.bidding.domain.values import Adjustment, Rejection, Score
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled
from shared.kernel.request import Actor
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding.phases import ALL, BIDDERS, opened
from tests.bidding.play import Play

YUAN = 100
NAMES = ("bid-of-crane", "bid-of-heron", "bid-of-egret")


def adjustment(bid: str, fen: int, item: str = "payment") -> Adjustment:
    return Adjustment(bid=bid, item=item, amount_fen=fen)


def rejection(bid: str, cause: Any = "unresponsive") -> Rejection:
    return Rejection(bid=bid, cause=cause, explanation="工期不满足招标文件要求")


def same(bids: tuple[str, ...], plan: str, record: str) -> tuple[Score, ...]:
    """Return the same two scores for every bid."""
    given = (("plan", plan), ("record", record))
    return tuple(Score(bid=bid, factor=factor, score=Decimal(score)) for factor, score in given for bid in bids)


def reported(play: Play, **report: Any) -> dict[str, EvaluatedRow]:
    """Return the report's rows by bid."""
    event, *_ = play.report(**report)
    assert isinstance(event, EvaluationReported)
    return {row.bid: row for row in event.rows}


def test_the_lowest_evaluated_price_is_ranked_first_by_a_single_fen() -> None:
    play = opened(prices=(100_00, 100_00 + 1, 100_00 + 2))

    rows = reported(play, adjustments=(adjustment("bid-of-crane", 2),))

    assert [(row.bid, row.rank, row.evaluated_fen) for row in rows.values()] == [
        ("bid-of-heron", 1, 100_01),
        ("bid-of-crane", 2, 100_02),
        ("bid-of-egret", 3, 100_02),
    ]


def test_equal_results_go_by_lower_price_and_the_tie_is_on_record() -> None:
    play = opened(prices=(100_00, 100_01, 100_02))

    rows = reported(play, adjustments=(adjustment("bid-of-egret", -2),))

    assert (rows["bid-of-crane"].rank, rows["bid-of-egret"].rank) == (1, 2)
    assert rows["bid-of-crane"].tied_with == ("bid-of-egret",)
    assert rows["bid-of-heron"].tied_with == ()


def test_equal_results_and_prices_go_by_earlier_arrival_even_within_one_instant() -> None:
    play = opened(prices=(100_00, 100_00, 100_00))

    rows = reported(play)

    assert [rows[name].rank for name in NAMES] == [1, 2, 3]


def test_weighted_scores_are_exact_and_rounded_only_where_declared() -> None:
    play = opened(method=drafts.WEIGHTED, prices=(100_00, 105_00, 120_00))
    given = same(NAMES, "90", "80.5")

    rows = reported(play, scores=given)

    # 100/105 = 95.238… rounds to 95.24; × 0.6 = 57.144; + 90 × 0.3 + 80.5 × 0.1 = 35.05
    assert rows["bid-of-heron"].price_score == Decimal("95.24")
    assert rows["bid-of-heron"].score == Decimal("92.194")
    assert rows["bid-of-crane"].score == Decimal("95.05")
    assert rows["bid-of-egret"].price_score == Decimal("83.33")
    assert [rows[name].rank for name in NAMES] == [1, 2, 3]


def test_a_dearer_bid_wins_by_a_better_score() -> None:
    play = opened(method=drafts.WEIGHTED, prices=(100_00, 101_00, 102_00))
    given = same(("bid-of-crane", "bid-of-heron"), "70", "70") + same(("bid-of-egret",), "90", "70")

    reported(play, scores=given)

    assert play.at(Evaluated).report.candidates == ("bid-of-egret", "bid-of-crane", "bid-of-heron")


def test_rounding_the_total_leaves_the_price_score_alone() -> None:
    play = opened(method=drafts.WEIGHTED | {"round_at": "total"}, prices=(100_00, 105_00, 120_00))
    given = same(NAMES, "90", "80.5")

    rows = reported(play, scores=given)

    # 100/105 × 100 × 0.6 = 57.142857…; + 35.05 = 92.192857…
    assert rows["bid-of-heron"].score == Decimal("92.19")
    assert rows["bid-of-heron"].price_score is None


def test_a_rejected_bid_is_no_part_of_the_benchmark() -> None:
    play = opened(method=drafts.WEIGHTED, prices=(50_00, 105_00, 120_00))
    left = NAMES[1:]
    given = same(left, "90", "80")

    rows = reported(play, rejections=(rejection("bid-of-crane", "price"),), scores=given)

    assert rows["bid-of-heron"].price_score == Decimal(100)


def test_a_price_a_fen_over_the_ceiling_is_rejected_whatever_the_committee_says() -> None:
    at_ceiling, over = make.CEILING, make.CEILING + 1
    play = opened(bidders=ALL, prices=(over, at_ceiling, 101, 102))

    rows = reported(play)

    assert rows["bid-of-crane"].price_fen == over
    assert rows["bid-of-crane"].rejection is not None
    assert rows["bid-of-crane"].rejection.cause == "price"
    assert rows["bid-of-crane"].rank is None
    assert rows["bid-of-heron"].rejection is None
    assert rows["bid-of-heron"].rank == 3


def test_without_a_ceiling_no_price_is_too_high() -> None:
    play = opened(ceiling_fen=None, prices=(make.CEILING + 1, 101, 102))

    assert reported(play)["bid-of-crane"].rank == 3


def test_there_are_at_most_three_candidates() -> None:
    play = opened(bidders=ALL, prices=(100, 101, 102, 103))

    reported(play)

    assert play.at(Evaluated).report.candidates == NAMES


def test_what_the_tender_file_does_not_declare_may_not_be_used() -> None:
    lowest, weighted = opened(), opened(method=drafts.WEIGHTED)
    good = same(NAMES, "90", "80")
    unknown = (*good[:-1], Score(bid="bid-of-egret", factor="smile", score=Decimal(99)))

    for play, report in (
        (lowest, {"adjustments": (adjustment("bid-of-crane", 1, "smile"),)}),
        (lowest, {"scores": good}),
        (weighted, {"scores": unknown}),
        (weighted, {"scores": good, "adjustments": (adjustment("bid-of-crane", 1),)}),
    ):
        with pytest.raises(BreaksClause) as no:
            play.report(**report)
        assert no.value.article == "招标投标法实施条例 第四十九条"


def test_every_declared_factor_of_every_effective_bid_is_scored_once() -> None:
    play = opened(method=drafts.WEIGHTED)
    good = same(NAMES, "90", "80")

    for wrong in (good[:-1], (*good, good[0]), (*good[:-1], good[-1].model_copy(update={"bid": "bid-of-stork"}))):
        with pytest.raises(BadInput):
            play.report(scores=wrong)
    play.report(scores=good)

    assert play.at(Evaluated)


def test_an_evaluated_price_stays_above_zero() -> None:
    play = opened(prices=(100, 101, 102))

    with pytest.raises(BadInput):
        play.report(adjustments=(adjustment("bid-of-crane", -100),))
    play.report(adjustments=(adjustment("bid-of-crane", -99),))

    assert play.at(Evaluated).report.candidates[0] == "bid-of-crane"


def test_only_unsealed_bids_are_rejected_and_each_once() -> None:
    play = opened()

    for wrong in ((rejection("bid-of-stork"),), (rejection("bid-of-crane"), rejection("bid-of-crane", "unsigned"))):
        with pytest.raises(BadInput):
            play.report(rejections=wrong)


def test_with_every_bid_rejected_the_tender_fails() -> None:
    play = opened()

    report, failure = play.report(rejections=tuple(map(rejection, NAMES)))

    assert isinstance(report, EvaluationReported)
    assert report.candidates == ()
    assert isinstance(failure, TenderFailed)
    assert (failure.cause, failure.article) == ("all_rejected", "招标投标法 第四十二条")
    assert play.at(Failed)


def test_with_one_bid_left_the_tender_goes_on() -> None:
    play = opened()

    play.report(rejections=tuple(map(rejection, NAMES[:2])))

    assert play.at(Evaluated).report.candidates == ("bid-of-egret",)


def test_a_committee_may_reject_all_for_want_of_competition_with_fewer_than_three_effective_bids() -> None:
    three, two = opened(), opened()
    why = "有效投标不足三个且报价明显缺乏竞争"

    with pytest.raises(BreaksClause) as no:
        three.report(no_competition=why)
    two.report(no_competition=why, rejections=(rejection("bid-of-crane"),))

    assert no.value.article == "评标委员会和评标方法暂行规定 第二十七条"
    assert two.at(Failed).failure.cause == "no_competition"


def test_want_of_competition_needs_a_bid_left_and_nothing_evaluated() -> None:
    play = opened()
    two_left = (rejection("bid-of-crane"),)

    with pytest.raises(BreaksClause):
        play.report(no_competition="缺乏竞争", rejections=tuple(map(rejection, NAMES)))
    with pytest.raises(BadInput):
        play.report(no_competition="缺乏竞争", rejections=two_left, adjustments=(adjustment("bid-of-heron", 1),))


def test_only_the_tenders_own_agency_reports() -> None:
    play = opened()

    with pytest.raises(NotEntitled):
        play.ask_report_as(Actor(account="agency-2", role="agency", party="X-AGENCY:2"))
    with pytest.raises(NotEntitled):
        play.ask_report_as(BIDDERS[0].actor)
