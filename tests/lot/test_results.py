"""The result: land's within days, mining's public for days before the contract, property's after it (T23, M6, S16)."""

from datetime import UTC, datetime

import pytest

from shared.kernel.errors import BreaksClause, OutOfPhase
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import ConfirmationSigned, ResultPublished
from tests.lot.after import confirmed, contracted, just_before, last, mining, sold
from tests.lot.play import Play
from tests.property.factories import equity

THREE_WORKING_DAYS = datetime(2026, 4, 22, 16, tzinfo=UTC)  # sold on Friday 17 April
FIVE_WORKING_DAYS = datetime(2026, 4, 24, 16, tzinfo=UTC)


def published(lot: Play, at: datetime | None = None, days: int | None = None) -> ResultPublished:
    (event,) = lot.ask(commands.PublishResult(days=days), at=at)
    assert isinstance(event, ResultPublished)
    return event


@pytest.mark.parametrize(("at", "late"), [(just_before(THREE_WORKING_DAYS), False), (THREE_WORKING_DAYS, True)])
def test_the_confirmation_of_mining_rights_is_signed_within_three_working_days(at: datetime, late: bool) -> None:
    lot = sold(mining())
    confirmed(lot, at)
    assert last(lot, ConfirmationSigned).late is late


@pytest.mark.parametrize(("at", "late"), [(just_before(FIVE_WORKING_DAYS), False), (FIVE_WORKING_DAYS, True)])
def test_the_result_of_mining_rights_is_public_within_five_working_days(at: datetime, late: bool) -> None:
    assert published(sold(mining()), at).late is late


def test_it_is_public_for_ten_working_days_and_only_then_is_the_contract_signed() -> None:
    lot = sold(mining())
    confirmed(lot)
    with pytest.raises(OutOfPhase):
        contracted(lot)
    ends = published(lot).ends
    assert ends == datetime(2026, 5, 6, 16, tzinfo=UTC)  # 1 to 5 May are off, 9 May is not
    with pytest.raises(BreaksClause, match="公示"):
        contracted(lot, just_before(ends))
    assert not contracted(lot, ends).late
    assert lot.audit() == lot.state


@pytest.mark.parametrize("days", [10, 20])
def test_it_may_be_public_for_longer_and_not_for_a_day_less(days: int) -> None:
    lot = sold(mining())
    with pytest.raises(BreaksClause, match="10个工作日"):
        published(lot, days=9)
    assert published(lot, days=days).days == days


def test_the_result_of_a_transfer_follows_its_contract_and_says_valuation_base_and_price() -> None:
    lot = sold(equity())
    confirmed(lot)
    with pytest.raises(OutOfPhase):
        published(lot)
    contracted(lot)
    result = published(lot)
    said = (result.title, result.appraised_fen, result.base_fen, result.price_fen)
    assert said == ("某公司60%股权", 100_000_00, 100_000_00, 102_000_00)
    assert result.ends is not None
    assert result.ends > lot.later(days=5)
    assert not result.late
    assert "第二十九条" in result.article
    assert lot.audit() == lot.state


def test_it_is_public_for_five_working_days_at_least() -> None:
    lot = sold(equity())
    confirmed(lot)
    contracted(lot)
    with pytest.raises(BreaksClause, match="5个工作日"):
        published(lot, days=4)
    assert published(lot, days=5).ends is not None
