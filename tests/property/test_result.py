"""The result of a sale of state property, its deposits (S16, S17), and what may not be traded at all (X13)."""

from datetime import timedelta

import pytest

from shared.kernel.errors import BreaksClause, OutOfPhase
from shared.kernel.request import SYSTEM
from shared.law.clause import Unit
from shared.law.periods import ends_at
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import RefundDue, RefundRecorded, ResultPublished
from shared.procedure.lot.commands import ReviewWinner
from tests.bidding.factories import CALENDAR
from tests.lot import factories as lots
from tests.lot.after import confirmed, contracted, last
from tests.lot.play import Play, only
from tests.property.factories import equity

INSTANT = timedelta(microseconds=1)


def sold() -> Play:
    """Return shares that are sold to bidder 2 for 102,000 yuan."""
    lot = equity().announce().admit(1, 2)
    lot.tick()
    lot.bid(1, 100_000)
    lot.bid(2, 102_000)
    lot.tick()
    lot.run_out()
    lot.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    lot.ask(commands.NoteIdentities(), SYSTEM)
    return lot


def test_the_result_is_public_for_five_working_days_and_says_valuation_listed_and_final_price() -> None:
    lot = sold()
    confirmed(lot)
    contracted(lot)
    published = only(lot.ask(commands.PublishResult()), ResultPublished)
    assert (published.appraised_fen, published.base_fen, published.price_fen) == (
        lots.START_FEN,
        lots.START_FEN,
        102_000_00,
    )
    assert published.ends == ends_at(lot.now, 5, Unit.WORKING_DAY, CALENDAR)
    assert published.article == "企业国有资产交易监督管理办法 第二十九条"
    assert lot.audit() == lot.state


def test_a_result_of_four_working_days_is_not_published_nor_one_before_the_contract() -> None:
    lot = sold()
    with pytest.raises(OutOfPhase):
        lot.ask(commands.PublishResult())
    confirmed(lot)
    contracted(lot)
    with pytest.raises(BreaksClause, match="不少于5个工作日"):
        lot.ask(commands.PublishResult(days=4))


@pytest.mark.parametrize(("early", "late"), [(INSTANT, False), (timedelta(), True)])
def test_a_deposit_is_returned_within_five_working_days_and_else_is_late(early: timedelta, *, late: bool) -> None:
    lot = sold()
    owed = last(lot, RefundDue)
    end = ends_at(owed.since, 5, Unit.WORKING_DAY, CALENDAR)
    assert owed.due == end
    lot.now = end + INSTANT
    command = commands.RecordRefund(number=owed.number, paid_fen=owed.amount_fen, paid_at=end - early)
    assert only(lot.ask(command), RefundRecorded).late is late


@pytest.mark.parametrize("change", [{"clear": False}, {"seized": True}])
def test_what_is_not_clear_or_is_seized_is_not_taken_in(change: dict[str, bool]) -> None:
    with pytest.raises(BreaksClause, match="权属不清或者被查封"):
        equity().announce({"right": lots.RIGHT.model_copy(update=change)})
