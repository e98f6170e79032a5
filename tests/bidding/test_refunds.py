"""Money that goes back after the contract: when, with what interest, and what the supervisor is told of."""

import re
from datetime import date

import pytest

from services.bidding.domain.money.messages import (
    ClaimDeposit,
    RecordFee,
    RecordRefund,
    RefundRecorded,
)
from services.bidding.domain.state import Contracted
from shared.kernel.errors import BadInput, BreaksClause, NotFound
from shared.kernel.money import format_yuan
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.money import A_DAY, AMOUNT, SIGNED, contracted, due_in, four_bidders, keep, warned
from tests.bidding.notices import published_year


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

    with pytest.raises(BreaksClause, match=re.escape(format_yuan(owed))):
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


def test_the_documents_cost_what_was_declared() -> None:
    play = money.accepting()
    with pytest.raises(BadInput, match=r"500\.00"):
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
