"""Alarms: what a supervisor is warned of in a lot, from the instant on at which it is late."""

from datetime import UTC, datetime, timedelta

import pytest

from services.land import BOOKS, LINE
from services.land.domain.law import RULES
from shared.kernel.errors import Refusal
from shared.kernel.request import SYSTEM
from shared.procedure.lot import commands
from shared.procedure.lot.after import commands as after
from shared.procedure.lot.after.voiding import VoidSale
from shared.procedure.lot.asking import Ground, ground_of
from shared.procedure.lot.warnings import alarms
from tests.lot import factories as make
from tests.lot import tendering
from tests.lot.after import confirmed, contracted, just_before, paid, sold, struck, winner
from tests.lot.play import HEALTHY, Play, play
from tests.lot.test_deposits import DEPOSIT
from tests.lot.test_prices import ended

FIVE_WORKING_DAYS = datetime(2026, 4, 20, 16, tzinfo=UTC)
TEN_WORKING_DAYS = datetime(2026, 4, 27, 16, tzinfo=UTC)
A_MONTH = datetime(2026, 5, 13, 16, tzinfo=UTC)


def ground(lot: Play) -> Ground:
    return ground_of(lot.lot, RULES[lot.lot.announced.draft.kind], BOOKS)


def warned(lot: Play, at: datetime | None = None) -> dict[str, datetime]:
    """Return the codes of a lot's alarms at an hour, each with since when."""
    told = [(one.request.received_at, event) for one in lot.record for event in one.events]
    found = alarms(told, lot.lot, ground(lot), at or lot.now)
    assert all(alarm.article and alarm.zh and alarm.en for alarm in found)
    return {alarm.code: alarm.since for alarm in found}


def finished(lot: Play) -> Play:
    """Let everything be done in time."""
    confirmed(lot)
    lot.ask(after.PublishResult())
    contracted(lot)
    paid(lot, 82_000)
    for bidder in (1, 3):
        lot.ask(after.RecordRefund(number=lot.number(bidder), paid_fen=DEPOSIT, paid_at=lot.now))
    return lot


def test_a_sale_in_time_warns_of_nothing() -> None:
    assert warned(finished(sold()), A_MONTH + timedelta(days=365)) == {}


def test_what_is_not_done_is_overdue_at_the_end_of_its_day_and_not_before() -> None:
    lot = sold()
    assert warned(lot, just_before(FIVE_WORKING_DAYS)) == {}
    week = {"confirmation_overdue": FIVE_WORKING_DAYS, "refund_overdue": FIVE_WORKING_DAYS}
    assert warned(lot, FIVE_WORKING_DAYS) == week
    assert warned(lot, just_before(TEN_WORKING_DAYS)) == week
    both = {"contract_overdue": TEN_WORKING_DAYS, "result_overdue": TEN_WORKING_DAYS}
    assert warned(lot, TEN_WORKING_DAYS) == week | both


def test_what_was_done_late_is_told_as_late() -> None:
    lot = sold()
    confirmed(lot, FIVE_WORKING_DAYS)
    for bidder in (1, 3):
        lot.ask(after.RecordRefund(number=lot.number(bidder), paid_fen=DEPOSIT, paid_at=lot.now))
    lot.ask(after.PublishResult(), at=TEN_WORKING_DAYS)
    contracted(lot)
    month = datetime(2026, 5, 28, 16, tzinfo=UTC)
    assert warned(lot, month) == {
        "confirmation_late": FIVE_WORKING_DAYS,
        "refund_late": FIVE_WORKING_DAYS,
        "result_late": TEN_WORKING_DAYS,
        "contract_late": TEN_WORKING_DAYS,
        "payment_overdue": month,
    }
    paid(lot, 82_000, month)
    assert warned(lot)["payment_late"] == month
    assert "payment_overdue" not in warned(lot)


def test_a_proof_that_is_signed_late_is_told() -> None:
    lot = sold(confirmation="proof")
    tomorrow = datetime(2026, 4, 14, 16, tzinfo=UTC)
    lot.ask(after.SignProof(), winner(lot), at=tomorrow)
    assert warned(lot)["proof_late"] == tomorrow


def test_a_breach_is_told() -> None:
    lot = sold()
    lot.ask(after.DeclareDefault(breach="gave_up", explanation="资金不足"), winner(lot))
    assert warned(lot) == {"defaulted": lot.now}


def test_a_void_sale_is_told() -> None:
    lot = sold()
    lot.ask(VoidSale(cause="bribery", notice="成交无效"))
    assert warned(lot) == {"voided": lot.now}


def test_an_applicant_waits_no_longer_than_two_days_for_its_review() -> None:
    lot = play(LINE).announce(review="before")
    lot.ask(commands.Apply(), make.bidder(1))
    due = datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert warned(lot, just_before(due)) == {}
    assert warned(lot, due) == {"review_overdue": due}
    lot.ask(make.deposit(lot.number(1), lot.now, DEPOSIT))
    lot.ask(commands.AdmitBidder(number=lot.number(1)), at=due)
    assert warned(lot) == {"review_late": due}


def test_bids_that_were_refused_are_counted_by_article() -> None:
    lot = play(LINE).started()
    for yuan in (1, 2):
        with pytest.raises(Refusal):
            lot.bid(1, yuan)
    told = [(one.request.received_at, event) for one in lot.record for event in one.events]
    (alarm,) = alarms(told, lot.lot, ground(lot), lot.now)
    assert (alarm.code, alarm.zh[:4]) == ("bids_refused", "有2次报")
    assert "第三十条" in alarm.article


def test_an_outage_is_told_and_an_hour_later_that_the_lot_does_not_go_on() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.reading = None
    lot.ask(commands.KeepTime(), SYSTEM, lot.lot.times.ends_at)
    hour = lot.later(hours=1)
    assert warned(lot, just_before(hour)) == {"outage_freeze": lot.now}
    assert warned(lot, hour) == {"outage_freeze": lot.now, "thaw_overdue": hour}
    since = lot.now
    lot.reading = HEALTHY
    lot.ask(commands.Thaw(resumes_at=hour + timedelta(hours=24), notice="恢复"), at=hour)
    assert warned(lot) == {"outage_freeze": since, "thaw_late": hour}


def test_a_winner_who_is_not_reviewed_in_its_days_is_told() -> None:
    lot = struck()
    due = lot.lot.times.ends_at
    assert warned(lot, just_before(due)) == {}
    assert warned(lot, due) == {"review_overdue": due}
    lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"), at=due)
    assert warned(lot) == {"review_late": due}


def test_a_reserve_that_is_not_opened_in_its_minutes_is_told() -> None:
    lot = ended(120_000, 120_000)
    assert warned(lot) == {}
    lot.tick()
    assert warned(lot) == {"reserve_not_opened": lot.now}


def test_an_opening_for_which_seats_are_wanting_and_a_seats_wrong_share_are_told() -> None:
    lot = tendering.closed(120_000, 130_000, 125_000)
    refused = lot.now
    empty = tendering.shares(lot, "agency")
    nothing = tuple(one.model_copy(update={"share": None}) for one in empty.shares)
    lot.ask(empty.model_copy(update={"shares": nothing}), make.authority("agency"))

    lot.tick()

    assert warned(lot) == {"shares_refused": refused, "not_opened": lot.now}
