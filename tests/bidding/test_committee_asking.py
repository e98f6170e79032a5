"""What a committee asks bidders in writing, and what comes of their answers and their silence."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from services.bidding.domain.committee.events import BidderAsked
from services.bidding.domain.state import Opened
from services.bidding.domain.visible import visible
from services.bidding.views import may_see
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.kernel.request import Role
from shared.procedure.arithmetic import BillLine
from shared.runtime.listed import Told
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding.committee import rows
from tests.bidding.play import Play

HOUR = make.DAY / 24
CRANE = "bid-of-crane"


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


@pytest.mark.parametrize(
    ("about", "more"), [("low_price", {}), ("arithmetic", {"capitals": "壹亿元零壹分"})], ids=["price", "arithmetic"]
)
def test_nothing_is_scored_while_a_bid_may_fall_by_a_question_and_still_has_a_microsecond(
    about: str, more: dict[str, Any]
) -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    number = sit.ask(play, CRANE, about, **more)
    silent = play.copy()

    with pytest.raises(OutOfPhase) as no:
        sit.score(play, sit.SEATED[0], sit.sheet("90"))
    sit.answer(play, make.CRANE, number)
    sit.all_score(play)
    silent.now = sit.BEGINS + HOUR - make.MICROSECOND
    with pytest.raises(OutOfPhase):
        sit.score(silent, sit.SEATED[0], sit.sheet("90"))
    silent.now = sit.BEGINS + HOUR
    sit.all_score(silent, bids=sit.NAMES[1:])

    assert no.value.article == "招标投标法实施条例 第五十二条"
    assert rows(play)[CRANE].rejection is None
    assert rows(silent)[CRANE].rejection is not None


def test_while_a_question_waits_by_which_no_bid_falls_members_score() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    sit.ask(play, CRANE, "unclear")
    deviation(play)

    sit.all_score(play)

    with pytest.raises(OutOfPhase):
        sit.report(play)
