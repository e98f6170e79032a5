"""Registration: numbers that hide, deposits of one's own and in time, reviews in their days (T3, T19, L3, L10)."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.law.clause import Unit
from shared.law.periods import period
from shared.procedure.lot import commands
from shared.procedure.lot.asking import Facts
from shared.procedure.lot.events import (
    Applied,
    BidderAdmitted,
    BidderRefused,
    DepositRecorded,
)
from shared.procedure.lot.seen import concerned, visible
from shared.procedure.lot.values import Conditions
from tests.bidding.factories import CALENDAR
from tests.lot import factories as make
from tests.lot.play import Play, play

MILLISECOND = timedelta(milliseconds=1)
CONDITIONS = Conditions(texts=("具有土地开发经验", "无欠缴土地价款"))


@pytest.fixture
def lot() -> Play:
    """Return an announced lot for which bidder 1 has applied and is to be reviewed beforehand."""
    lot = play(LINE).announce(review="before", conditions=CONDITIONS)
    lot.ask(commands.Apply(), make.bidder(1))
    return lot


def pay(lot: Play, bidder: int = 1, facts: Facts | None = None, **changes: Any) -> DepositRecorded:
    """Record a whole deposit of a bidder."""
    whole = make.deposit(lot.number(bidder), lot.now, lot.lot.announced.terms.deposit_fen)
    recorded: DepositRecorded = lot.ask(whole.model_copy(update=changes), facts=facts)[0]
    return recorded


def test_who_applies_is_known_by_a_number_of_six_digits_and_by_nothing_else(lot: Play) -> None:
    number = lot.number(1)
    assert len(number) == 6
    lot.ask(commands.Apply(), make.bidder(2))
    assert lot.number(2) != number
    (applied,) = (event for event in lot.events if isinstance(event, Applied) and event.number == number)
    assert not visible(applied, "public", lot.state)
    assert not visible(applied, "token", lot.state)
    assert visible(applied, "agency", lot.state)


def test_a_bidder_is_told_of_its_own_admission_and_nobody_elses(lot: Play) -> None:
    pay(lot)
    (admitted,) = lot.ask(commands.AdmitBidder(number=lot.number(1)))
    assert isinstance(admitted, BidderAdmitted)
    assert concerned(admitted) == (make.bidder(1).account,)
    assert not visible(admitted, "token", lot.state)


def test_applications_are_taken_to_the_last_millisecond_and_not_at_the_end(lot: Play) -> None:
    lot.ask(commands.Apply(), make.bidder(2), make.APPLY - MILLISECOND)
    with pytest.raises(OutOfPhase, match="报名已经截止"):
        lot.ask(commands.Apply(), make.bidder(3), make.APPLY)


def test_at_the_very_end_counts_where_the_notice_says_so() -> None:
    generous = play(LINE).announce(instant_counts=True)
    generous.ask(commands.Apply(), make.bidder(1), make.APPLY)
    with pytest.raises(OutOfPhase):
        generous.ask(commands.Apply(), make.bidder(2), make.APPLY + MILLISECOND)


def test_nobody_applies_twice(lot: Play) -> None:
    with pytest.raises(BadInput, match="已报名"):
        lot.ask(commands.Apply(), make.bidder(1))


def test_who_is_not_admitted_does_not_bid(lot: Play) -> None:
    pay(lot)
    lot.tick()
    with pytest.raises((NotEntitled, OutOfPhase, BreaksClause)):
        lot.bid(1, 100_000)
    lot.ask(commands.AdmitBidder(number=lot.number(1)))
    lot.bid(1, 100_000)


def test_a_review_within_two_days_is_in_time_and_one_at_their_end_is_late(lot: Play) -> None:
    pay(lot)
    end = period(lot.now, 2, Unit.DAY, CALENDAR).ends_at
    other = lot.copy()
    (admitted,) = lot.ask(commands.AdmitBidder(number=lot.number(1)), at=end - MILLISECOND)
    assert not admitted.late
    (admitted,) = other.ask(commands.AdmitBidder(number=other.number(1)), at=end)
    assert admitted.late


def test_without_a_whole_deposit_in_time_nobody_is_admitted(lot: Play) -> None:
    pay(lot, amount_fen=make.START_FEN // 5 - 1)
    with pytest.raises(BreaksClause, match="保证金未按时足额到账"):
        lot.ask(commands.AdmitBidder(number=lot.number(1)))
    pay(lot, amount_fen=1, payment=sha256(b"the last fen").hexdigest())
    lot.ask(commands.AdmitBidder(number=lot.number(1)))
    assert lot.audit() == lot.state


def test_a_deposit_a_millisecond_late_does_not_count(lot: Play) -> None:
    lot.now = make.APPLY
    assert not pay(lot, received_at=make.APPLY).counts
    assert pay(lot, received_at=make.APPLY - MILLISECOND, payment=sha256(b"in time").hexdigest()).counts


def test_a_deposit_in_the_bidders_own_name_counts_and_one_in_anothers_does_not(lot: Play) -> None:
    other = lot.copy()
    assert pay(lot).counts
    recorded = pay(other, own_name=False)
    assert not recorded.counts
    assert recorded.article == "无锡市、太仓市网上交易规则 第十七条"


def test_one_account_does_not_pay_for_two_bidders(lot: Play) -> None:
    account = sha256(b"one account").hexdigest()
    lot.ask(commands.Apply(), make.bidder(2))
    assert pay(lot, account=account).counts
    assert not pay(lot, 2, account=account).counts
    with pytest.raises(BreaksClause, match="保证金"):
        lot.ask(commands.AdmitBidder(number=lot.number(2)))
    assert lot.audit() == lot.state


def test_one_payment_is_not_recorded_twice_nor_for_two_lots(lot: Play) -> None:
    payment = sha256(b"one payment").hexdigest()
    with pytest.raises(BreaksClause, match="其他标的") as refused:
        pay(lot, payment=payment, facts=Facts(paid_for="lot-2"))
    assert refused.value.article == "无锡市、太仓市网上交易规则 第十七条"
    assert pay(lot, payment=payment).counts
    with pytest.raises(BreaksClause, match="已经登记"):
        pay(lot, payment=payment)
    assert lot.audit() == lot.state


def test_who_paid_is_refused_on_a_condition_of_the_notice_alone(lot: Play) -> None:
    pay(lot)
    number = lot.number(1)
    with pytest.raises(BreaksClause, match="资格条件") as refused:
        lot.ask(commands.RefuseBidder(number=number, reason="非本地企业"))
    assert refused.value.article == "招标拍卖挂牌出让国有建设用地使用权规定 第十一条"
    with pytest.raises(BadInput, match="没有这一条"):
        lot.ask(commands.RefuseBidder(number=number, reason="无", condition=3))
    (event,) = lot.ask(commands.RefuseBidder(number=number, reason="欠缴价款", condition=2))
    assert isinstance(event, BidderRefused)
    assert event.condition == "无欠缴土地价款"
    assert lot.audit() == lot.state


def test_who_did_not_pay_is_refused_without_a_condition(lot: Play) -> None:
    (event,) = lot.ask(commands.RefuseBidder(number=lot.number(1), reason="未缴保证金"))
    assert event.condition is None


def test_a_barred_number_bids_no_more_and_what_it_bid_stands() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.ask(commands.BarBidder(number=lot.number(1), reason="涉嫌串通"))
    with pytest.raises((NotEntitled, BreaksClause, OutOfPhase)):
        lot.bid(1, 101_000)
    assert lot.price == 100_000_00
