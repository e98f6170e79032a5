"""What a committee's members find by vote and score alone."""

from decimal import Decimal

import pytest

from services.bidding.domain.access.messages import NoteCollusion
from services.bidding.domain.committee.events import BidsScored, FindingVoted
from services.bidding.domain.committee.values import Adjusting, Discarding
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.state import Evaluated, Opened
from services.bidding.domain.visible import visible
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding.committee import rows
from tests.bidding.play import Play

HERON = "bid-of-heron"
CRANE, EGRET = "bid-of-crane", "bid-of-egret"


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


def scored_but_for_crane() -> Play:
    """Return a tender whose members have scored every bid but one, which had no deposit, and now has it after all."""
    play = sit.sitting(method=sit.WEIGHTED, money={"deposit": money.DEPOSIT})
    for bidder in (make.HERON, make.EGRET):
        play.ask(money.record(bidder), money.BANK)
    sit.all_score(play, bids=(HERON, EGRET))
    play.ask(money.record(make.CRANE, at=make.DUE), money.BANK)
    return play


def test_scores_that_lack_a_bid_that_came_to_stand_since_do_not_count_and_are_given_again() -> None:
    play = scored_but_for_crane()

    for sitter in sit.SEATED:
        with pytest.raises(OutOfPhase):
            sit.report(play)
        with pytest.raises(BadInput):
            sit.score(play, sitter, sit.sheet("90", bids=(HERON, EGRET)))
        sit.score(play, sitter, sit.sheet("90"))
        with pytest.raises(OutOfPhase):
            sit.score(play, sitter, sit.sheet("90"))

    assert rows(play)[CRANE].rank == 1
    assert play.audit() == play.at(Evaluated)


def test_scores_that_are_given_again_are_shown_to_nobody_before_all_are_in_again() -> None:
    play, seen = scored_but_for_crane(), []

    for sitter in sit.SEATED:
        sit.score(play, sitter, sit.sheet("90"))
        (*_, last) = (event for event in play.events if isinstance(event, BidsScored))
        seen.append(visible(last, "expert", play.state))

    assert seen == [False, False, False, False, True]


def test_a_bid_whose_rejection_lost_a_replaced_members_vote_is_scored_by_all_before_the_report() -> None:
    play, gone = sit.sitting(method=sit.WEIGHTED), sit.EXPERTS[0]
    successor = sit.Sitter(sit.NEXT.chosen[-1])
    sit.reject(play, CRANE)
    sit.all_score(play, bids=(HERON, EGRET))
    sit.replace(play, gone.name)
    sit.vote(play, 1, successor, *sit.SEATED[3:], in_favour=False)
    sit.score(play, successor, sit.sheet("90"))

    with pytest.raises(OutOfPhase):
        sit.report(play)
    for sitter in sit.SEATED[1:]:
        sit.score(play, sitter, sit.sheet("90"))

    assert rows(play)[CRANE].rank == 1


def test_where_every_bid_is_rejected_nothing_is_left_to_score_and_it_is_reported() -> None:
    play = sit.sitting(method=sit.WEIGHTED)
    for bid in sit.NAMES:
        sit.reject(play, bid)

    assert all(row.rejection for row in rows(play).values())
