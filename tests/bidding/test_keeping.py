"""Deposits that are not returned (不予退还): only for what the law names, by the tenderer's decision."""

import pytest

from services.bidding.domain.money.messages import (
    BidRevoked,
    KeepDeposit,
    RevokeBid,
)
from services.bidding.domain.result.messages import DropCandidate
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.money import AMOUNT, SIGNED, contracted, due_in, four_bidders, keep, warned


def test_a_bid_not_unsealed_through_its_bidders_own_fault_may_lose_its_deposit() -> None:
    play = four_bidders(keyless=make.STORK, bond=None)

    (revoked,) = [event for event in play.events if isinstance(event, BidRevoked)]
    assert (revoked.bid, revoked.cause) == ("bid-of-stork", "own_fault_unsealing")
    assert due_in(play.events) == {}
    kept = keep(play, "bid-of-stork", make.beijing(23, 8))

    assert kept.articles == ("招标投标法实施条例 第三十五条", "电子招标投标办法 第三十一条")
    assert kept.fine_at_most_fen is None
    assert make.STORK.token not in due_in(contracted(play).record[-1].events)
    assert warned(play, SIGNED)["deposit_kept"].since == make.beijing(23, 8)


def test_a_deposit_that_nobody_decides_to_keep_goes_back_with_the_others() -> None:
    play = contracted(four_bidders(keyless=make.STORK, bond=None))

    assert make.STORK.token in due_in(play.record[-1].events)


def test_a_bid_revoked_after_the_deadline_is_not_evaluated_and_its_deposit_may_be_kept() -> None:
    play = money.opened(money.closed())
    revoke = RevokeBid(explanation="报价有误")

    (revoked,) = play.ask(revoke, make.EGRET.actor)
    with pytest.raises(NotFound):
        play.ask(revoke, make.EGRET.actor)
    kept = keep(play, "bid-of-egret", make.beijing(22, 15))
    play.report(at=make.beijing(23, 9))

    assert isinstance(revoked, BidRevoked)
    assert (kept.ground, kept.amount_fen) == ("own_word", AMOUNT)
    assert kept.articles == ("招标投标法实施条例 第三十五条",)
    with pytest.raises(OutOfPhase):
        play.ask(revoke, make.HERON.actor)


def test_a_bid_is_not_revoked_before_the_deadline_nor_a_deposit_kept_without_a_reason() -> None:
    early, play = money.closed(), money.opened(money.closed())

    with pytest.raises(OutOfPhase):
        early.ask(RevokeBid(explanation="改变主意"), make.CRANE.actor, money.PAID)
    with pytest.raises(BreaksClause):
        keep(play, "bid-of-crane", make.beijing(23, 9))
    with pytest.raises(NotEntitled):
        play.ask(KeepDeposit(bid="bid-of-crane", explanation="无"), Actor(account="x", role="tenderer"))


def test_a_winner_that_refuses_the_contract_loses_its_deposit_and_the_supervisor_reads_the_fine() -> None:
    play = money.awarded(money.opened(money.closed()))
    play.ask(DropCandidate(bid="bid-of-crane", ground="refused_contract", explanation="拒签"), make.BUYER, SIGNED)

    kept = keep(play, "bid-of-crane", SIGNED)

    assert (kept.ground, kept.fine_at_most_fen) == ("contract_refused", stage.PRICES[0] // 100)
    assert kept.articles == ("招标投标法实施条例 第七十四条",)
    with pytest.raises(NotFound):
        keep(play, "bid-of-crane", SIGNED)


def test_the_deposit_of_a_winner_to_blame_does_not_go_back_with_the_others() -> None:
    play = money.awarded(money.opened(money.closed(bond=None)))
    play.ask(DropCandidate(bid="bid-of-crane", ground="added_conditions", explanation="附加条件"), make.BUYER, SIGNED)
    play.award("bid-of-heron", at=SIGNED)

    play.sign(stage.PRICES[1], at=SIGNED)

    due = due_in(money.countersign(play, make.HERON))

    assert set(due) == {make.HERON.token, make.EGRET.token}


def test_a_candidate_that_falls_away_without_blame_loses_no_deposit() -> None:
    play = money.awarded(money.opened(money.closed()))
    play.ask(DropCandidate(bid="bid-of-crane", ground="force_majeure", explanation="地震"), make.BUYER, SIGNED)

    with pytest.raises(BreaksClause):
        keep(play, "bid-of-crane", SIGNED)
