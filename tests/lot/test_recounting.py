"""A working calendar that is published later: what runs is counted again, none is shortened, none reopened."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.land import BOOKS, LINE
from services.land.domain.law import RULES
from services.property import BOOKS as PROPERTY
from shared.kernel.errors import BreaksClause
from shared.kernel.request import SYSTEM
from shared.law.calendar import CalendarYear
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.asking import contract_due
from shared.procedure.lot.after.events import DeadlinesRecounted
from shared.procedure.lot.asking import Facts, ground_of
from shared.procedure.lot.commands import ReviewWinner
from tests.bidding.notices import published_year
from tests.lot.after import confirmed, contracted, just_before, last, mining, sold, struck
from tests.lot.play import Play, play
from tests.lot.test_deposits import returned
from tests.property.factories import equity


def recounted(lot: Play, year: CalendarYear) -> list[DeadlinesRecounted]:
    """Let a calendar be published and the lot's days counted again."""
    books = PROPERTY if lot.line.name == "property" else BOOKS
    facts = Facts(calendar_year=books.put_year(year))
    return list(lot.ask(commands.RecountDeadlines(year=year.year), SYSTEM, facts=facts))


def off(*days: date) -> CalendarYear:
    return published_year(2026, off=days)


def test_a_publicity_moves_on_with_a_day_off_and_the_contract_waits_for_it() -> None:
    lot = sold(mining())
    confirmed(lot)
    lot.ask(commands.PublishResult())
    told = lot.lot.after.result_ends
    assert told is not None
    (event,) = recounted(lot, off(date(2026, 4, 28)))
    assert event.deadline is not None
    assert (event.deadline.which, event.deadline.was) == ("publicity", told)
    assert event.deadline.ends > told
    assert lot.lot.after.result_ends == event.deadline.ends
    with pytest.raises(BreaksClause, match="公示"):
        contracted(lot, told)
    contracted(lot, event.deadline.ends)
    assert lot.audit() == lot.state


def test_nothing_that_was_told_comes_earlier() -> None:
    lot = sold(mining())
    confirmed(lot)
    lot.ask(commands.PublishResult())
    told = lot.lot.after.result_ends
    (longer,) = recounted(lot, off(date(2026, 4, 28)))
    assert longer.deadline is not None
    (shorter,) = recounted(lot, off())
    assert shorter.deadline is not None
    assert shorter.deadline.ends == longer.deadline.ends
    assert told is not None
    ground = ground_of(lot.lot, RULES["mining"], BOOKS)
    due = contract_due(lot.lot, ground)
    assert due is not None
    assert due > longer.deadline.ends
    assert lot.audit() == lot.state


def test_a_day_off_gives_a_refund_a_day_more() -> None:
    lot = sold()
    week = datetime(2026, 4, 20, 16, tzinfo=UTC)
    before, after = lot.copy(), lot
    recounted(after, off(date(2026, 4, 16)))
    assert returned(before, 1, week).late
    assert not returned(after, 1, week).late
    assert returned(after, 3, week + timedelta(days=1)).late
    assert after.audit() == after.state


def test_a_working_day_more_takes_nothing_from_a_refund() -> None:
    lot = sold()
    recounted(lot, published_year(2026, worked=[date(2026, 4, 18)]))
    assert not returned(lot, 1, just_before(datetime(2026, 4, 20, 16, tzinfo=UTC))).late


def test_a_review_and_an_agreement_move_on_and_one_that_is_over_does_not() -> None:
    reviewed = struck()
    (event,) = recounted(reviewed, off(date(2026, 4, 15)))
    assert event.deadline is not None
    assert event.deadline.which == "review"
    assert reviewed.lot.times.ends_at == event.deadline.ends > event.deadline.was
    agreed = equity().announce().admit(1)
    agreed.tick()
    until = agreed.lot.times.ends_at
    (event,) = recounted(agreed, off(date(2026, 4, 7)))
    assert event.deadline is not None
    assert event.deadline.which == "agreement"
    assert agreed.lot.times.ends_at > until
    late = struck()
    late.now = late.lot.times.ends_at
    (event,) = recounted(late, off(date(2026, 4, 15)))
    assert event.deadline is None


def test_a_calendar_that_is_known_or_of_a_lot_that_is_done_changes_nothing() -> None:
    lot = sold()
    year = off(date(2026, 4, 16))
    assert len(recounted(lot, year)) == 1
    assert recounted(lot, year) == []
    empty = play(LINE).announce()
    empty.tick()
    empty.tick()
    assert recounted(empty, year) == []


def test_an_audit_makes_every_count_again() -> None:
    lot = struck()
    recounted(lot, off(date(2026, 4, 15)))
    lot.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    assert last(lot, DeadlinesRecounted).calendar_year == lot.lot.published[0]
    assert lot.audit() == lot.state
