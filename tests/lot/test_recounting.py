"""A working calendar that is published later: what runs is counted again, none is shortened, none reopened."""

from collections.abc import Sequence
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
from shared.procedure.lot.after.values import Recount
from shared.procedure.lot.asking import Facts, ground_of
from shared.procedure.lot.commands import ReviewWinner
from tests.bidding.notices import published_year
from tests.lot import factories as make
from tests.lot.after import confirmed, contracted, just_before, last, mining, sold, struck
from tests.lot.play import Play, play
from tests.lot.test_deposits import returned
from tests.property.factories import equity


def publish(lot: Play, year: CalendarYear) -> Sequence[DeadlinesRecounted]:
    """Let a calendar be published and the lot's days counted again."""
    books = PROPERTY if lot.line.name == "property" else BOOKS
    facts = Facts(calendar_year=books.put_year(year))
    return lot.ask(commands.RecountDeadlines(year=year.year), SYSTEM, facts=facts)


def recounted(lot: Play, year: CalendarYear) -> dict[str, Recount]:
    """Return what a published calendar moved, by its name."""
    (event,) = publish(lot, year)
    return {one.which: one for one in event.deadlines}


def off(*days: date) -> CalendarYear:
    return published_year(2026, off=days)


def test_a_publicity_moves_on_with_a_day_off_and_the_contract_waits_for_it() -> None:
    lot = sold(mining())
    confirmed(lot)
    lot.ask(commands.PublishResult())
    told = lot.lot.after.result_ends
    assert told is not None
    publicity = recounted(lot, off(date(2026, 4, 28)))["publicity"]
    assert publicity.ends > publicity.was == told
    assert lot.lot.after.result_ends == publicity.ends
    with pytest.raises(BreaksClause, match="公示"):
        contracted(lot, told)
    contracted(lot, publicity.ends)
    assert lot.audit() == lot.state


def test_nothing_that_was_told_comes_earlier() -> None:
    lot = sold(mining())
    confirmed(lot)
    lot.ask(commands.PublishResult())
    told = lot.lot.after.result_ends
    longer = recounted(lot, off(date(2026, 4, 28)))["publicity"]
    shorter = recounted(lot, off())["publicity"]
    assert shorter.ends == longer.ends
    assert told is not None
    ground = ground_of(lot.lot, RULES["mining"], BOOKS)
    due = contract_due(lot.lot, ground)
    assert due is not None
    assert due > longer.ends
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
    review = recounted(reviewed, off(date(2026, 4, 15)))["review"]
    assert reviewed.lot.times.ends_at == review.ends > review.was
    agreed = equity().announce().admit(1)
    agreed.tick()
    until = agreed.lot.times.ends_at
    assert list(recounted(agreed, off(date(2026, 4, 7)))) == ["agreement"]
    assert agreed.lot.times.ends_at > until
    late = struck()
    late.now = late.lot.times.ends_at
    assert recounted(late, off(date(2026, 4, 15))) == {}


def test_a_notice_that_has_become_too_short_goes_on_with_all_that_follows() -> None:
    lot = mining().announce()
    before = lot.lot.times
    moved = recounted(lot, off(date(2026, 3, 10)))
    day = timedelta(days=1)
    assert moved["applications"].ends - moved["applications"].was == day
    assert moved["starts"].ends == before.starts_at + day
    assert lot.lot.times.applications_due == before.applications_due + day
    assert lot.lot.times.deposits_due == before.deposits_due + day
    assert lot.lot.times.ends_at == lot.lot.times.starts_at == before.starts_at + day
    assert lot.tick(before.starts_at) == ()
    lot.tick(before.starts_at + day)
    assert lot.lot.phase == "free"
    assert lot.audit() == lot.state


def test_a_listing_that_has_become_too_short_goes_on_and_one_that_is_long_enough_does_not() -> None:
    lot = mining().announce().admit(1, 2)
    lot.tick()
    enough = lot.copy()
    ends = lot.lot.times.free_ends
    assert recounted(enough, off(date(2026, 4, 1))) == {}
    assert enough.lot.times.ends_at == ends
    listing = recounted(lot, off(*(date(2026, 4, day) for day in (1, 2, 3))))["listing"]
    assert lot.lot.times.free_ends == lot.lot.times.ends_at == listing.ends > listing.was == ends
    lot.tick(ends)
    assert lot.lot.phase == "free"
    assert lot.audit() == lot.state


def test_applications_that_are_closed_stay_closed() -> None:
    lot = mining().announce(applications_due=make.STARTS - timedelta(days=10), deposits_due=make.STARTS)
    lot.now = make.STARTS - timedelta(days=5)
    moved = recounted(lot, off(date(2026, 3, 10)))
    assert "applications" not in moved
    assert "starts" in moved
    assert lot.lot.times.applications_due == make.STARTS - timedelta(days=10)


def test_a_calendar_that_is_known_or_of_a_lot_that_is_done_changes_nothing() -> None:
    lot = sold()
    year = off(date(2026, 4, 16))
    assert len(publish(lot, year)) == 1
    assert publish(lot, year) == ()
    empty = play(LINE).announce()
    empty.tick()
    empty.tick()
    assert publish(empty, year) == ()


def test_an_audit_makes_every_count_again() -> None:
    lot = struck()
    recounted(lot, off(date(2026, 4, 15)))
    lot.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    assert last(lot, DeadlinesRecounted).calendar_year == lot.lot.published[0]
    assert lot.audit() == lot.state
