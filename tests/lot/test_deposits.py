"""Deposits: back to all but the winner, whole and without interest; lost by a winner in breach (T21, S17, T25)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import DepositTurned, IdentitiesDue, LotDefaulted, RefundDue, RefundRecorded
from shared.procedure.lot.after.values import Breach
from shared.procedure.lot.commands import Apply, ReviewWinner, Terminate
from tests.lot import factories as make
from tests.lot.after import (
    CONTRACT,
    confirmed,
    contracted,
    drawn_up,
    just_before,
    last,
    paid,
    sold,
    struck,
    winner,
)
from tests.lot.play import Play, play

FIVE_WORKING_DAYS = datetime(2026, 4, 20, 16, tzinfo=UTC)
TEN_WORKING_DAYS = datetime(2026, 4, 27, 16, tzinfo=UTC)
DEPOSIT = make.START_FEN // 5


def refunds(lot: Play) -> dict[str, int]:
    """Return what was said to be due, by number."""
    return {event.number: event.amount_fen for event in lot.events if isinstance(event, RefundDue)}


def returned(lot: Play, bidder: int, at: datetime, fen: int = DEPOSIT) -> RefundRecorded:
    command = commands.RecordRefund(number=lot.number(bidder), paid_fen=fen, paid_at=at)
    (event,) = lot.ask(command, at=max(at, lot.now))
    assert isinstance(event, RefundRecorded)
    return event


def breach(lot: Play, ground: Breach, at: datetime | None = None) -> LotDefaulted:
    (event,) = lot.ask(commands.DeclareDefault(breach=ground, explanation="未履行"), at=at)
    assert isinstance(event, LotDefaulted)
    return event


def test_a_sale_makes_the_losers_deposits_due_and_asks_for_names() -> None:
    lot = struck()
    assert refunds(lot) == {}
    lot.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    assert refunds(lot) == {lot.number(1): DEPOSIT, lot.number(3): DEPOSIT}
    assert last(lot, RefundDue).due == FIVE_WORKING_DAYS
    assert set(last(lot, IdentitiesDue).tokens) == set(lot.lot.bidders)
    assert lot.audit() == lot.state


@pytest.mark.parametrize(("at", "late"), [(just_before(FIVE_WORKING_DAYS), False), (FIVE_WORKING_DAYS, True)])
def test_a_deposit_comes_back_within_five_working_days(at: datetime, late: bool) -> None:
    lot = sold()
    assert returned(lot, 1, at).late is late
    with pytest.raises(OutOfPhase):
        returned(lot, 1, at)
    assert lot.audit() == lot.state


@pytest.mark.parametrize("fen", [DEPOSIT - 1, DEPOSIT + 1])
def test_neither_a_part_of_it_nor_interest_comes_back(fen: int) -> None:
    lot = sold()
    with pytest.raises(BreaksClause, match="不计利息") as refused:
        returned(lot, 1, lot.now, fen)
    assert "第四十六条" in refused.value.article


def test_the_winners_deposit_does_not_come_back() -> None:
    lot = sold()
    with pytest.raises(OutOfPhase):
        returned(lot, 2, lot.now)


def test_no_deposit_came_before_the_lot_was_announced() -> None:
    lot = play(LINE).announce()
    lot.ask(Apply(), make.bidder(4))
    announced = lot.lot.announced.announced_at
    with pytest.raises(BadInput, match="早于公告"):
        lot.ask(make.deposit(lot.number(4), announced - timedelta(microseconds=1), DEPOSIT))
    lot.ask(make.deposit(lot.number(4), announced, DEPOSIT))
    assert lot.lot.bidders[make.bidder(4).account].deposit_fen == DEPOSIT


def test_a_deposit_that_came_too_late_to_count_comes_back_too() -> None:
    lot = play(LINE).announce().admit(1, 2)
    lot.ask(Apply(), make.bidder(4))
    lot.ask(make.deposit(lot.number(4), make.APPLY, DEPOSIT), at=make.APPLY)
    assert lot.lot.bidders[make.bidder(4).account].deposit_fen == 0
    lot.tick()
    lot.tick()
    assert refunds(lot)[lot.number(4)] == DEPOSIT
    assert lot.audit() == lot.state


def test_a_deposit_recorded_after_the_end_is_due_from_then_on_and_the_winner_pays_the_price_instead() -> None:
    lot = sold()
    now = lot.later(days=1)
    lot.ask(make.deposit(lot.number(3), now, 1_00), at=now)
    again = last(lot, RefundDue)
    assert (again.number, again.amount_fen, again.since) == (lot.number(3), DEPOSIT + 1_00, now)
    returned(lot, 3, now, DEPOSIT + 1_00)
    lot.ask(make.deposit(lot.number(3), lot.later(seconds=-1), 2_00))
    assert last(lot, RefundDue).amount_fen == 2_00
    assert lot.audit() == lot.state
    with pytest.raises(BadInput, match="价款"):
        lot.ask(make.deposit(lot.number(2), now, 1_00))


def test_all_deposits_come_back_from_a_lot_that_is_not_sold_or_ended() -> None:
    unsold = play(LINE).announce().admit(1, 2)
    unsold.tick()
    unsold.tick()
    ended = play(LINE).announce().admit(1, 2)
    ended.ask(Terminate(cause="policy", notice="政策调整"))
    unfit = struck()
    unfit.ask(ReviewWinner(qualified=False, reason="不符合条件"))
    for lot in (unsold, ended, unfit):
        assert set(refunds(lot)) == {bidder.number for bidder in lot.lot.bidders.values()}
        assert lot.audit() == lot.state


def test_what_a_deposit_is_more_than_the_price_comes_back() -> None:
    lot = sold(deposit_fen=103_000_00)
    confirmed(lot)
    assert last(lot, DepositTurned).amount_fen == 102_000_00
    assert refunds(lot)[lot.number(2)] == 1_000_00
    contracted(lot)
    assert lot.lot.after.paid_at == lot.now
    assert lot.audit() == lot.state


def test_a_winner_who_does_not_sign_the_confirmation_loses_its_deposit_once_the_day_is_over() -> None:
    lot = drawn_up(sold())
    with pytest.raises(BreaksClause, match="尚未违约"):
        breach(lot, "confirmation_refused", just_before(FIVE_WORKING_DAYS))
    lost = breach(lot, "confirmation_refused", FIVE_WORKING_DAYS)
    assert (lost.forfeited_fen, lost.number) == (DEPOSIT, lot.number(2))
    assert "第四十八条" in lost.article
    assert lot.lot.phase == "defaulted"
    returned(lot, 1, lot.now)
    with pytest.raises(OutOfPhase):
        returned(lot, 2, lot.now)
    assert lot.audit() == lot.state


def test_a_seller_who_has_drawn_up_nothing_blames_nobody() -> None:
    lot = sold()
    with pytest.raises(BreaksClause):
        breach(lot, "confirmation_refused", FIVE_WORKING_DAYS)


def test_a_winner_who_signs_no_proof_in_a_day_is_in_breach() -> None:
    lot = sold(confirmation="proof")
    tomorrow = datetime(2026, 4, 14, 16, tzinfo=UTC)
    with pytest.raises(BreaksClause):
        breach(lot, "confirmation_refused", just_before(tomorrow))
    breach(lot, "confirmation_refused", tomorrow)


def test_a_winner_who_does_not_sign_the_contract_is_in_breach_once_the_seller_has_and_the_day_is_over() -> None:
    lot = sold()
    confirmed(lot)
    with pytest.raises(BreaksClause):
        breach(lot, "contract_refused", TEN_WORKING_DAYS)
    lot.ask(commands.SignContract(contract=CONTRACT))
    breach(lot, "contract_refused")
    assert lot.audit() == lot.state


def test_the_day_for_the_contract_is_the_winners_to_its_end() -> None:
    lot = sold()
    confirmed(lot)
    lot.ask(commands.SignContract(contract=CONTRACT))
    with pytest.raises(BreaksClause):
        breach(lot, "contract_refused", just_before(TEN_WORKING_DAYS))


def test_a_price_that_is_not_paid_in_its_month_is_a_breach_and_one_that_is_paid_is_none() -> None:
    month = datetime(2026, 5, 13, 16, tzinfo=UTC)
    lot = sold()
    confirmed(lot)
    contracted(lot)
    with pytest.raises(BreaksClause):
        breach(lot, "unpaid", just_before(month))
    whole = lot.copy()
    breach(lot, "unpaid", month)
    paid(whole, 82_000)
    with pytest.raises(OutOfPhase):
        breach(whole, "unpaid", month)


def test_a_winner_gives_up_itself_and_nobody_for_it() -> None:
    lot = sold()
    gives_up = commands.DeclareDefault(breach="gave_up", explanation="资金不足")
    with pytest.raises(BadInput):
        lot.ask(gives_up)
    with pytest.raises(NotEntitled):
        lot.ask(gives_up, make.bidder(1))
    (lost,) = lot.ask(gives_up, winner(lot))
    assert isinstance(lost, LotDefaulted)
    assert (lost.by, lost.forfeited_fen) == ("winner", DEPOSIT)
    with pytest.raises(OutOfPhase):
        confirmed(lot)
    assert lot.audit() == lot.state
