"""Which deposits back a bid (投标保证金): what is short, late, from another account or claimed back rejects it."""

from typing import Any

import pytest

from services.bidding.domain.access.messages import CollusionNoted, ScreenBids
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.money.backing import same_account
from services.bidding.domain.money.messages import ClaimDeposit
from services.bidding.domain.state import Announced, Evaluated, Opened
from services.bidding.domain.values import Rejection
from shared.kernel.errors import OutOfPhase
from shared.kernel.request import SYSTEM
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.play import Play


def rejections(play: Play, **report: Any) -> dict[str, Rejection]:
    """Return the rejections of a report, by bid; of a committee's, where one is declared."""
    if play.at(Opened).tender.terms.committee:
        sit.form(play)
    reported = play.report(at=make.beijing(23, 9), **report)[0]
    assert isinstance(reported, EvaluationReported)
    return {row.bid: row.rejection for row in reported.rows if row.rejection}


def test_bids_with_whole_deposits_are_all_evaluated() -> None:
    assert rejections(money.opened(money.closed())) == {}


def test_a_deposit_a_fen_short_rejects_its_bid_and_says_why() -> None:
    play = money.closed(make.CRANE)
    money.pay(play, make.CRANE, money.AMOUNT - 1)

    found = rejections(money.opened(play))

    assert set(found) == {"bid-of-crane"}
    assert found["bid-of-crane"].cause == "unresponsive"
    assert "尚缺0.01元" in found["bid-of-crane"].explanation
    assert "评标委员会和评标方法暂行规定 第二十五条" in found["bid-of-crane"].explanation


def test_members_who_sit_on_the_platform_have_no_choice_either() -> None:
    play = money.closed(make.CRANE, committee=sit.COMMITTEE)
    money.pay(play, make.CRANE, money.AMOUNT - 1)
    money.opened(play)
    sit.form(play)

    sit.report(play)

    report = play.at(Evaluated).report
    assert report.candidates == ("bid-of-heron", "bid-of-egret")
    assert [row.bid for row in report.rows if row.rejection] == ["bid-of-crane"]


def test_a_deposit_that_came_in_time_and_is_recorded_after_the_opening_is_looked_at_again() -> None:
    play = money.opened(money.closed(make.CRANE))
    late = play.copy()

    play.ask(money.record(make.CRANE, at=make.DUE), money.BANK, make.beijing(22, 12))
    late.ask(money.record(make.CRANE, at=make.DUE + make.MICROSECOND), money.BANK, make.beijing(22, 12))

    assert rejections(play) == {}
    assert set(rejections(late)) == {"bid-of-crane"}


def test_what_was_missing_may_follow_until_the_deadline() -> None:
    play = money.closed(make.CRANE)
    money.pay(play, make.CRANE, money.AMOUNT - 1)
    money.pay(play, make.CRANE, 1, at=make.DUE)

    assert rejections(money.opened(play)) == {}


def test_a_deposit_a_microsecond_late_rejects_its_bid() -> None:
    play = money.closed(make.CRANE)
    money.pay(play, make.CRANE, at=make.DUE + make.MICROSECOND)

    assert set(rejections(money.opened(play))) == {"bid-of-crane"}


@pytest.mark.parametrize(
    ("paid", "does"),
    [
        (money.account("crane", basic=False), True),  # a transfer is neither cash nor cheque
        (money.account("crane", kind="cheque"), True),
        (money.account("crane", kind="cheque", basic=False), False),
        (money.account("crane", kind="cheque", basic=False, domestic=False), True),
        (money.account("crane", kind="cash"), False),  # not among the declared means
        (money.guarantee(make.beijing(23, month=3, year=2027)), True),
        (money.guarantee(make.beijing(23, month=3, year=2027) - make.MICROSECOND), False),
        (money.guarantee(make.beijing(23, month=3, year=2027), verified=False), False),
    ],
)
def test_a_deposit_does_by_its_means_its_account_and_its_validity(paid: Any, does: bool) -> None:
    play = money.closed(make.CRANE, draft={"estimate_fen": 4_000_000_00}, committee=sit.COMMITTEE)
    money.pay(play, make.CRANE, by=paid)

    assert (set(rejections(money.opened(play))) == set()) == does


@pytest.mark.parametrize(("estimate_fen", "does"), [(399_999_999, True), (400_000_000, False)])
def test_the_basic_account_binds_no_project_that_need_not_be_tendered(estimate_fen: int, does: bool) -> None:
    play = stage.drafted(estimate_fen=estimate_fen)
    play.publish(money={"deposit": {**money.DEPOSIT, "amount_fen": 100}}, committee=sit.COMMITTEE)
    for bidder, price in zip(stage.BIDDERS, stage.PRICES, strict=True):
        play.bid(bidder, price)
        money.pay(play, bidder, 100, by=money.account(bidder.name, kind="cheque", basic=bidder != make.CRANE))

    assert (rejections(money.opened(play)) == {}) == does


def test_bids_that_one_account_paid_for_are_found() -> None:
    apart, together = money.closed(), money.closed(make.HERON)
    money.pay(together, make.HERON, by=money.account("crane"))
    for play in (apart, together):
        play.close()

    assert same_account(apart.at(Announced)) == ()
    assert same_account(together.at(Announced)) == (("bid-of-crane", "bid-of-heron"),)
    money.opened(apart)
    money.opened(together)
    noted = [
        [one for one in play.ask(ScreenBids(), SYSTEM) if isinstance(one, CollusionNoted)] for play in (apart, together)
    ]
    found = [[(one.bids, one.level) for one in notes if one.item == "same_account"] for notes in noted]
    assert found == [[], [(("bid-of-crane", "bid-of-heron"), "warning")]]


def test_what_was_claimed_back_backs_no_bid_and_after_the_deadline_nothing_is_claimed() -> None:
    play = money.closed()
    play.ask(ClaimDeposit(), make.CRANE.actor, make.beijing(8, 9))
    with pytest.raises(OutOfPhase):
        play.ask(ClaimDeposit(), make.HERON.actor, make.DUE + make.MICROSECOND)

    assert set(rejections(money.opened(play))) == {"bid-of-crane"}
