"""Money that goes back without a contract: for bids that do not stand or are not bound longer, of tenders that end."""

from datetime import datetime

import pytest

from services.bidding.domain.money.messages import (
    RecordFee,
    RefundDue,
)
from services.bidding.domain.remedies.messages import TerminateTender
from services.bidding.domain.result.messages import AnswerValidity, ExtendValidity
from services.bidding.domain.state import Failed
from shared.kernel.errors import BreaksClause
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.money import A_DAY, due_in, keep, warned
from tests.bidding.play import Play


def test_a_deposit_without_a_standing_bid_is_due_at_the_deadline_and_those_with_one_are_not() -> None:
    play = money.closed()
    money.pay(play, make.STORK)

    due = due_in(play.close())

    assert set(due) == {make.STORK.token}
    assert due[make.STORK.token].articles == ("招标投标法实施条例 第三十五条",)


def test_a_deposit_that_comes_when_there_is_no_bid_to_back_goes_back_at_once() -> None:
    play = money.closed()
    play.close()

    (_, due) = money.pay(play, make.STORK, at=make.beijing(22, 10))
    (late,) = money.pay(play, make.CRANE, at=make.beijing(22, 10))

    assert (due.ground, due.due) == ("withdrawn", make.beijing(29))  # the fifth day is Sunday the 27th
    assert late.number == 2


def test_with_too_few_bidders_every_deposit_goes_back_with_interest() -> None:
    play = money.accepting()
    play.bid(make.CRANE)
    money.pay(play, make.CRANE)
    money.pay(play, make.HERON)

    due = due_in(play.close())

    assert play.at(Failed)
    assert {token: one.ground for token, one in due.items()} == {
        make.CRANE.token: "failed",
        make.HERON.token: "withdrawn",
    }
    assert due[make.CRANE.token].interest_fen == 21 * A_DAY  # from 7 to 28 December
    assert due[make.HERON.token].interest_fen == 0


def test_a_bid_not_unsealed_through_another_cause_has_its_deposit_back() -> None:
    play = money.closed()
    play.bid(make.STORK, stage.PRICES[2] + 1)
    money.pay(play, make.STORK)
    play.close()
    play.convene()
    play.witness()
    for bidder in stage.ALL:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal(**{"bid-of-stork": b"what the platform damaged"})
    play.disclose(*stage.ALL)

    due = due_in(play.record[-1].events)

    assert set(due) == {make.STORK.token}
    assert due[make.STORK.token].ground == "not_unsealed"
    with pytest.raises(BreaksClause):
        keep(play, "bid-of-stork", make.beijing(23, 8))


def test_who_refuses_to_be_bound_longer_has_its_deposit_back() -> None:
    play = money.opened(money.closed())
    play.ask(ExtendValidity(days=120, notice="延长投标有效期"), make.BUYER, make.beijing(22, 11))

    events = play.ask(AnswerValidity(number=1, agrees=False), make.EGRET.actor, make.beijing(22, 12))
    agreed = play.ask(AnswerValidity(number=1, agrees=True), make.HERON.actor, make.beijing(22, 12))

    assert due_in(events)[make.EGRET.token].ground == "validity_refused"
    assert due_in(agreed) == {}


def publicised_and_extended(until: datetime) -> Play:
    """Return a publicity whose first candidate gave a guarantee `until` then, and agreed to be bound to 120 days."""
    play = money.closed(make.CRANE, bond=None)
    money.pay(play, make.CRANE, by=money.guarantee(until))
    money.opened(play)
    play.report(at=make.beijing(23, 9))
    play.publicise(at=make.beijing(24, 9))
    play.ask(ExtendValidity(days=120, notice="延长投标有效期"), make.BUYER)
    play.ask(AnswerValidity(number=1, agrees=True), make.CRANE.actor)
    return play


def test_a_guarantee_that_lasts_as_long_as_its_bid_wins_and_one_that_ends_a_microsecond_before_does_not() -> None:
    ends = make.beijing(22, month=4, year=2027)
    lasting, short = publicised_and_extended(ends), publicised_and_extended(ends - make.MICROSECOND)

    lasting.award("bid-of-crane", at=make.beijing(29, 9))
    with pytest.raises(BreaksClause) as refusal:
        short.award("bid-of-crane", at=make.beijing(29, 9))

    assert refusal.value.article == "工程建设项目施工招标投标办法 第二十九条"
    assert "guarantee_short" not in warned(lasting, lasting.now)
    assert warned(short, short.now)["guarantee_short"].article == refusal.value.article


def test_who_extends_its_guarantee_after_agreeing_may_win() -> None:
    play = publicised_and_extended(make.beijing(1, month=4, year=2027))
    later = money.guarantee(make.beijing(22, month=4, year=2027))

    money.pay(play, make.CRANE, by=later, at=make.beijing(25, 9))
    play.award("bid-of-crane", at=make.beijing(29, 9))

    assert "guarantee_short" not in warned(play, play.now)
    assert play.audit() == play.state


def test_a_terminated_tender_returns_deposits_and_fees_at_once_with_interest_on_the_deposits() -> None:
    play = money.closed()
    play.ask(
        RecordFee(token=make.CRANE.token, amount_fen=50_000, received_at=money.PAID, statement=money.STATEMENT),
        money.BANK,
    )

    events = play.ask(TerminateTender(notice="项目取消"), make.BUYER, make.beijing(17, 10))

    due = [event for event in events if isinstance(event, RefundDue)]
    assert [(one.purpose, one.interest_fen) for one in due if one.token == make.CRANE.token] == [
        ("deposit", 10 * A_DAY),
        ("documents", 0),
    ]
    assert len(due) == 4
    assert {one.due for one in due} == {make.beijing(18)}
    assert due[0].articles == ("招标投标法实施条例 第三十一条",)
    assert "refund_overdue" not in warned(play, make.beijing(18) - make.MICROSECOND)
    assert warned(play, make.beijing(18))["refund_overdue"].article == "招标投标法实施条例 第三十一条"
