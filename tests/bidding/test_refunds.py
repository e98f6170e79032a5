"""Money that goes back: when, with what interest, and what the supervisor is told of."""

from datetime import date, datetime

import pytest

from services.bidding.domain.money.messages import (
    ClaimDeposit,
    RecordFee,
    RecordRefund,
    RefundDue,
    RefundRecorded,
)
from services.bidding.domain.remedies.messages import TerminateTender
from services.bidding.domain.result.messages import AnswerValidity, ExtendValidity
from services.bidding.domain.state import Contracted, Failed
from shared.kernel.errors import BadInput, BreaksClause, NotFound
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.money import A_DAY, AMOUNT, SIGNED, contracted, due_in, four_bidders, keep, warned
from tests.bidding.notices import published_year
from tests.bidding.play import Play


def test_after_the_contract_all_deposits_are_due_in_five_days_with_bank_interest() -> None:
    play = contracted()

    due = due_in(play.record[-1].events)

    assert set(due) == {bidder.token for bidder in stage.BIDDERS}
    one = due[make.CRANE.token]
    assert one.due == make.beijing(5, month=1, year=2027)  # the fifth day, Sunday the 3rd, is a holiday
    assert one.interest_fen == 28 * A_DAY  # from 7 December to 4 January
    assert one.articles == ("招标投标法实施条例 第五十七条",)


def test_the_days_for_deposits_run_from_the_winners_signature_not_from_the_tenderers() -> None:
    play = money.awarded(money.opened(money.closed(bond=None)))

    signed = play.sign(stage.PRICES[0], at=SIGNED)
    countersigned = money.countersign(play, at=SIGNED + make.DAY)

    assert due_in(signed) == {}
    assert {one.since for one in due_in(countersigned).values()} == {SIGNED + make.DAY}
    assert due_in(countersigned)[make.HERON.token].due == make.beijing(5, month=1, year=2027)


def test_a_deposit_that_comes_between_the_signatures_goes_back_with_the_others() -> None:
    play = money.awarded(money.opened(money.closed(bond=None)))
    play.sign(stage.PRICES[0], at=SIGNED)

    before = money.pay(play, make.HERON, at=SIGNED)
    due = due_in(money.countersign(play))
    after = money.pay(play, make.EGRET, at=SIGNED)

    assert due_in(before) == {}
    assert {one.number for one in due.values() if one.token == make.HERON.token} == {2}
    assert due_in(after)[make.EGRET.token].ground == "contract"


def test_a_contract_that_the_winner_has_not_signed_by_its_day_is_overdue() -> None:
    play = money.awarded(money.opened(money.closed(bond=None)))
    play.sign(stage.PRICES[0], at=SIGNED)
    due = play.at(Contracted).award.contract_due

    assert "contract_overdue" not in warned(play, due - make.MICROSECOND)
    assert warned(play, due)["contract_overdue"].since == due
    money.countersign(play)
    assert "contract_overdue" not in warned(play, due)


def test_a_refund_that_runs_is_counted_again_when_a_calendar_is_published_and_never_shortened() -> None:
    longer, shorter, was = contracted(), contracted(), make.beijing(5, month=1, year=2027)

    longer.recount(published_year(off=[date(2027, 1, 4)]))
    shorter.recount(published_year(worked=[date(2027, 1, 3)]))

    day_later = make.beijing(6, month=1, year=2027)
    assert "refund_overdue" not in warned(longer, day_later - make.MICROSECOND)
    assert warned(longer, day_later)["refund_overdue"].since == day_later
    assert warned(shorter, was)["refund_overdue"].since == was
    (paid,) = money.refund(longer, make.CRANE, AMOUNT + 29 * A_DAY, day_later - make.MICROSECOND)
    assert isinstance(paid, RefundRecorded)
    assert not paid.late
    assert longer.audit() == longer.state


def test_a_refund_on_the_last_day_is_in_time_and_the_next_instant_is_late() -> None:
    in_time, late = contracted(), contracted()
    last = make.beijing(5, month=1, year=2027)

    (good,) = money.refund(in_time, make.CRANE, AMOUNT + 28 * A_DAY, last - make.MICROSECOND)
    (bad,) = money.refund(late, make.CRANE, AMOUNT + 29 * A_DAY, last)

    assert isinstance(good, RefundRecorded)
    assert (good.late, bad.late) == (False, True)
    assert "refund_late" not in warned(in_time, last)
    assert warned(late, last)["refund_late"].article == "招标投标法实施条例 第五十七条"


def test_interest_is_paid_to_the_day_of_return_and_a_fen_less_is_refused() -> None:
    play = contracted()
    owed = AMOUNT + 23 * A_DAY  # from 7 to 30 December

    with pytest.raises(BreaksClause, match=str(owed)):
        money.refund(play, make.CRANE, owed - 1, make.beijing(30, 10))
    (paid,) = money.refund(play, make.CRANE, owed, make.beijing(30, 10))

    assert paid.interest_fen == 23 * A_DAY
    with pytest.raises(NotFound):
        money.refund(play, make.CRANE, owed, make.beijing(30, 10))


def test_nothing_is_returned_before_it_is_due_nor_in_the_future() -> None:
    play = contracted()
    with pytest.raises(BadInput, match="before it was due"):
        money.refund(play, make.CRANE, 2 * AMOUNT, SIGNED - make.MICROSECOND)
    command = RecordRefund(
        token=make.CRANE.token,
        number=1,
        paid_fen=2 * AMOUNT,
        paid_at=SIGNED + make.MICROSECOND,
        statement=money.STATEMENT,
    )
    with pytest.raises(BadInput, match="yet to come"):
        play.ask(command, money.BANK, SIGNED)


def test_what_is_not_returned_in_time_is_overdue_until_it_is() -> None:
    play, last = contracted(), make.beijing(5, month=1, year=2027)

    assert "refund_overdue" not in warned(play, last - make.MICROSECOND)
    assert warned(play, last)["refund_overdue"].since == last
    for bidder in stage.BIDDERS:
        money.refund(play, bidder, AMOUNT + 22 * A_DAY, make.beijing(29, 12))
    assert "refund_overdue" not in warned(play, last)


def test_a_guarantee_is_released_without_interest() -> None:
    play = money.closed(make.CRANE, bond=None)
    money.pay(play, make.CRANE, by=money.guarantee(make.beijing(1, month=4, year=2027)))
    contracted(money.opened(play))

    with pytest.raises(BreaksClause):
        money.refund(play, make.CRANE, 1, SIGNED)
    (released,) = money.refund(play, make.CRANE, 0, SIGNED)

    assert (released.paid_fen, released.interest_fen) == (0, 0)


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


def test_the_documents_cost_what_was_declared() -> None:
    play = money.accepting()
    with pytest.raises(BadInput, match="50000"):
        play.ask(
            RecordFee(token=make.CRANE.token, amount_fen=50_001, received_at=money.PAID, statement=money.STATEMENT),
            money.BANK,
            money.PAID,
        )
    free = money.accepting(documents_fen=None)
    with pytest.raises(BadInput, match="ask for no"):
        free.ask(
            RecordFee(token=make.CRANE.token, amount_fen=1, received_at=money.PAID, statement=money.STATEMENT),
            money.BANK,
            money.PAID,
        )


def test_before_the_deadline_an_overdue_refund_is_told_to_nobody_for_it_would_tell_who_withdrew() -> None:
    play = money.accepting()
    money.pay(play, make.CRANE)
    play.ask(ClaimDeposit(), make.CRANE.actor, make.beijing(8, 9))

    assert warned(play, make.beijing(20)) == {}
    play.bid(make.HERON)
    play.close()
    assert "refund_overdue" in warned(play, make.beijing(23))


def test_every_decision_about_money_is_made_again_from_the_record() -> None:
    play = four_bidders(keyless=make.STORK)
    keep(play, "bid-of-stork", make.beijing(23, 8))
    money.awarded(play)
    play.ask(money.bond(), make.BUYER, make.beijing(29, 9))
    play.ask(money.bond(kind="payment"), make.BUYER, make.beijing(29, 9))
    play.sign(stage.PRICES[0], at=SIGNED)
    money.countersign(play)
    money.refund(play, make.CRANE, AMOUNT + 23 * A_DAY, make.beijing(30, 10))

    assert play.audit() == play.state
