"""The price: what is due when, what of it was paid, the interest on instalments, and handing over (T22, S15, L7)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import PaymentRecorded, PricePaid, ResultPublished
from shared.procedure.lot.values import Instalments, LoanRate
from tests.lot.after import CONTRACT, LETTER, confirmed, contracted, just_before, last, mining, paid, sold
from tests.lot.play import Play
from tests.property.factories import LATE, capital_increase, equity

SIGNED = datetime(2026, 4, 14, 2, tzinfo=UTC)
A_MONTH = datetime(2026, 5, 14, 16, tzinfo=UTC)
A_YEAR = datetime(2027, 4, 14, 16, tzinfo=UTC)
RATES = (LoanRate(since=date(2026, 1, 1), yearly=Decimal("0.0345")),)


FORTY: dict[str, Any] = {
    "applications_due": LATE,
    "deposits_due": LATE,
    "bidding_starts": LATE + timedelta(days=7),
    "bidding_ends": LATE + timedelta(days=7, hours=2),
}
"""When new shares are sold, which are disclosed for 40 working days."""


def owing(lot: Play | None = None, **terms: Any) -> Play:
    """Return a lot of which the contract is concluded."""
    lot = sold(lot, **terms)
    confirmed(lot)
    contracted(lot, max(lot.now, SIGNED))
    return lot


def state_owned(**changes: Any) -> Play:
    """Return equity sold for 102,000 yuan, 30 % of it at once: 30,000 are deposited, the rest bears interest."""
    fields: dict[str, Any] = {"first_percent": 30, "rest_months": 12, "rates": RATES}
    parts = Instalments(**fields | changes)
    lot = sold(equity(), instalments=parts)
    confirmed(lot)
    contracted(lot, SIGNED, security=LETTER)
    return lot


def test_the_price_in_one_is_due_within_a_month_and_the_deposit_is_a_part_of_it() -> None:
    lot = owing()
    contract = lot.lot.after.contract
    assert contract is not None
    assert [(part.amount_fen, part.due) for part in contract.schedule.parts] == [(102_000_00, A_MONTH)]
    recorded, whole = paid(lot, 82_000, just_before(A_MONTH))
    assert isinstance(recorded, PaymentRecorded)
    assert (recorded.paid_fen, recorded.late) == (102_000_00, False)
    assert isinstance(whole, PricePaid)
    assert lot.audit() == lot.state


def test_a_payment_at_the_end_of_the_month_is_late() -> None:
    recorded, _ = paid(owing(), 82_000, A_MONTH)
    assert recorded.late


def test_a_fen_more_than_the_price_is_refused() -> None:
    lot = owing()
    command = commands.RecordPayment(purpose="price", amount_fen=82_000_01, paid_at=SIGNED)
    with pytest.raises(BadInput, match=r"82,?000\.00"):
        lot.ask(command)


def test_nothing_is_registered_before_the_last_fen_is_paid() -> None:
    lot = owing()
    lot.ask(commands.RecordPayment(purpose="price", amount_fen=81_999_99, paid_at=SIGNED))
    with pytest.raises(BreaksClause, match="付清") as refused:
        lot.ask(commands.HandOver(document=CONTRACT))
    assert "第二十三条" in refused.value.article
    lot.ask(commands.RecordPayment(purpose="price", amount_fen=1, paid_at=SIGNED))
    lot.ask(commands.HandOver(document=CONTRACT))
    with pytest.raises(OutOfPhase):
        lot.ask(commands.HandOver(document=CONTRACT))
    assert lot.audit() == lot.state


def test_no_payment_comes_before_the_contract_or_after_now() -> None:
    lot = owing()
    for at in (SIGNED - timedelta(seconds=1), SIGNED + timedelta(seconds=1)):
        with pytest.raises(BadInput):
            lot.ask(commands.RecordPayment(purpose="price", amount_fen=1, paid_at=at))


def test_half_of_the_price_of_land_is_due_within_a_month_and_the_rest_within_a_year() -> None:
    lot = owing(instalments=Instalments(first_percent=50, rest_months=12))
    contract = lot.lot.after.contract
    assert contract is not None
    assert [(part.amount_fen, part.due) for part in contract.schedule.parts] == [
        (51_000_00, A_MONTH),
        (51_000_00, A_YEAR),
    ]
    (first,) = paid(lot, 31_000, just_before(A_MONTH))
    (more,) = paid(lot, 50_999, just_before(A_YEAR))
    last, whole = paid(lot, 1, A_YEAR)
    assert (first.late, more.late, last.late) == (False, False, True)
    assert last.interest_fen == 0
    assert isinstance(whole, PricePaid)
    assert lot.audit() == lot.state


@pytest.mark.parametrize("parts", [{"first_percent": 49, "rest_months": 12}, {"first_percent": 50, "rest_months": 13}])
def test_less_than_half_at_first_or_more_than_a_year_for_the_rest_is_not_announced(parts: dict[str, Any]) -> None:
    with pytest.raises(BreaksClause) as refused:
        sold(instalments=Instalments(**parts))
    assert refused.value.article == "国土资发〔2010〕34号"


def test_mining_rights_are_paid_in_one() -> None:
    with pytest.raises(BreaksClause, match="一次"):
        sold(mining(), instalments=Instalments(first_percent=50, rest_months=12))


def test_thirty_percent_of_state_property_is_due_in_five_working_days() -> None:
    lot = state_owned()
    contract = lot.lot.after.contract
    assert contract is not None
    first, rest = contract.schedule.parts
    assert (first.amount_fen, first.due) == (30_600_00, datetime(2026, 4, 21, 16, tzinfo=UTC))
    assert (rest.amount_fen, rest.due) == (71_400_00, A_YEAR)
    assert contract.schedule.interest_from == date(2026, 4, 22)


def test_the_rest_bears_interest_from_when_the_first_part_was_due_and_half_a_fen_counts() -> None:
    lot = state_owned()
    (first,) = paid(lot, 600, just_before(datetime(2026, 4, 21, 16, tzinfo=UTC)))
    assert first.interest_fen == 0
    (rest,) = paid(lot, 71_400, datetime(2026, 7, 21, 2, tzinfo=UTC))  # 90 days: 61,582.5 fen
    assert rest.interest_fen == 61_583
    with pytest.raises(BadInput, match=r"615\.83"):
        lot.ask(commands.RecordPayment(purpose="interest", amount_fen=61_584, paid_at=lot.now))
    assert lot.lot.after.paid_at is None
    _, whole = lot.ask(commands.RecordPayment(purpose="interest", amount_fen=61_583, paid_at=lot.now))
    assert isinstance(whole, PricePaid)
    assert lot.audit() == lot.state


def test_interest_is_summed_exactly_and_rounded_once() -> None:
    lot = state_owned()
    paid(lot, 600)
    day = datetime(2026, 4, 23, 2, tzinfo=UTC)
    (one,) = paid(lot, 35_750, day)
    (both,) = paid(lot, 35_650, day)
    assert one.interest_fen == 343  # 342.604…
    assert both.interest_fen == 684  # 684.25, where 343 and 342 are 685


def test_a_rate_changes_on_its_day() -> None:
    rates = (*RATES, LoanRate(since=date(2026, 5, 2), yearly=Decimal("0.0690")))
    lot = state_owned(rates=rates)
    paid(lot, 600)
    (rest,) = paid(lot, 71_400, datetime(2026, 5, 12, 2, tzinfo=UTC))  # 10 days of each
    assert rest.interest_fen == 7_140_000 * 345 * 30 // 3_600_000 + 1  # 20,527.5


def test_interest_on_what_is_paid_before_that_day_is_none() -> None:
    lot = state_owned()
    _, whole = paid(lot, 72_000, SIGNED)
    assert isinstance(whole, PricePaid)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"first_percent": 29}, "30%"), ({"rest_months": 13}, "1年"), ({"rates": ()}, "利率")],
)
def test_instalments_of_state_property_keep_their_share_time_and_rate(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BreaksClause, match=said) as refused:
        state_owned(**changes)
    assert "第二十八条" in refused.value.article


def test_rates_begin_before_the_notice_and_come_oldest_first() -> None:
    late = (LoanRate(since=date(2026, 3, 3), yearly=Decimal("0.0345")),)
    for rates in (late, (*late, *RATES)):
        with pytest.raises(BadInput):
            state_owned(rates=rates)


def test_instalments_of_state_property_are_secured() -> None:
    parts = Instalments(first_percent=30, rest_months=12, rates=RATES)
    lot = sold(equity(), instalments=parts)
    confirmed(lot)
    with pytest.raises(BreaksClause, match="担保"):
        contracted(lot, SIGNED)


def test_new_shares_are_paid_for_at_the_price_of_one_times_their_number() -> None:
    lot = sold(capital_increase(), units=1_000, **FORTY)
    confirmed(lot)
    contract = contracted(lot)
    (part,) = contract.schedule.parts
    assert part.amount_fen == 102_000_00 * 1_000
    (short,) = paid(lot, 101_969_999)
    assert isinstance(short, PaymentRecorded)
    _, whole = paid(lot, 1)
    assert isinstance(whole, PricePaid)
    lot.ask(commands.PublishResult())
    assert (last(lot, ResultPublished).price_fen, last(lot, ResultPublished).units) == (102_000_00, 1_000)
    assert lot.audit() == lot.state


def test_no_price_is_taken_whose_whole_cannot_be_written() -> None:
    units = MAX_INTEGER // 110_000_00
    lot = capital_increase().announce(units=units, **FORTY).admit(1, 2)
    lot.tick()
    with pytest.raises(BreaksClause):
        lot.bid(1, 111_000)
    lot.bid(1, 110_000)
    with pytest.raises(BadInput):
        capital_increase().announce(units=MAX_INTEGER // 100_000_00 + 1, **FORTY)
