"""Mining rights: working days where land has days, three bidders in an auction, terms of years (M1-M5, M7-M9)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.land import LINE
from services.land.domain.law import LAW
from shared.kernel.errors import BadInput, BreaksClause
from shared.law.clause import Unit
from shared.law.periods import ends_at
from shared.procedure.lot import commands
from shared.procedure.lot.after.commands import PublishResult
from shared.procedure.lot.after.events import ConfirmationSigned, ResultPublished
from shared.procedure.lot.endings import LotSold, LotTerminated, LotUnsold
from shared.procedure.lot.events import TimedStarted
from shared.procedure.lot.values import Showing
from tests.bidding.factories import CALENDAR
from tests.lot import after
from tests.lot import factories as make
from tests.lot.play import Play, only, play

DAY = timedelta(days=1)
STARTS, ENDS = (datetime.fromisoformat(f"2026-{day}T00:00:00+08:00") for day in ("03-31", "04-16"))
"""20 working days after the announcement of 2 March, and 10 more: 清明 and weekends do not count."""

EXPLORATION: dict[str, Any] = {
    "title": "一宗探矿权",
    "kind": "exploration",
    "term_years": 5,
    "particulars": make.particulars("位置", "面积", "矿种", "年限", "资源储量", "竞买资格"),
}
MINING = {**EXPLORATION, "title": "一宗采矿权", "kind": "mining", "term_years": 30}
TERMS: dict[str, Any] = {
    "bidding_starts": STARTS,
    "bidding_ends": ENDS,
    "applications_due": STARTS,
    "deposits_due": STARTS,
    "trigger": "always",
}
AUCTION: dict[str, Any] = {
    "bidding_starts": STARTS,
    "bidding_ends": STARTS,
    "showing": Showing(starts=make.ANNOUNCED, ends=make.ANNOUNCED + 4 * DAY, where="标的所在地"),
}


def lot(drafted: dict[str, Any] | None = None) -> Play:
    """Return a mining right that is not announced yet."""
    return play(LINE, drafted or MINING, TERMS)


def test_twenty_working_days_lie_before_the_listing() -> None:
    assert lot().announce().lot.phase == "registration"


def test_twenty_days_are_not_twenty_working_days() -> None:
    starts = STARTS - timedelta(milliseconds=1)  # 28 days after the announcement
    with pytest.raises(BreaksClause, match="20个工作日"):
        lot().announce(bidding_starts=starts, applications_due=starts, deposits_due=starts)


def test_a_listing_lasts_ten_working_days_and_not_ten_days() -> None:
    with pytest.raises(BreaksClause, match="10个工作日"):
        lot().announce(bidding_ends=ENDS - timedelta(milliseconds=1))


def test_applications_may_last_as_long_as_the_listing() -> None:
    assert lot().announce(applications_due=ENDS, deposits_due=ENDS).lot.phase == "registration"


def test_how_high_a_deposit_is_the_law_of_land_does_not_say_for_mining() -> None:
    assert lot().announce(deposit_fen=1_00).lot.phase == "registration"


def test_an_auction_with_three_bidders_is_held() -> None:
    auction = lot({**MINING, "way": "auction"}).announce(**AUCTION).admit(1, 2, 3)
    (timed,) = auction.tick()
    assert isinstance(timed, TimedStarted)
    assert auction.audit() == auction.state


def test_an_auction_with_two_bidders_stops() -> None:
    auction = lot({**MINING, "way": "auction"}).announce(**AUCTION).admit(1, 2)
    assert only(auction.tick(), LotUnsold).cause == "too_few"


def test_a_listing_needs_no_three() -> None:
    listing = lot().announce().admit(1)
    listing.tick()
    listing.bid(1, 100_000)
    assert isinstance(listing.tick()[0], TimedStarted)
    assert isinstance(listing.run_out()[-1], LotSold)
    assert listing.audit() == listing.state


@pytest.mark.parametrize("trigger", ["never", "asked", "last_hour"])
def test_extended_bidding_always_follows_the_free_one(trigger: str) -> None:
    with pytest.raises(BreaksClause, match="延时竞价"):
        lot().announce(trigger=trigger)


@pytest.mark.parametrize(("years", "holds"), [(5, True), (4, False), (6, False), (None, False)])
def test_an_exploration_right_is_for_five_years(years: int | None, *, holds: bool) -> None:
    of = lot({**EXPLORATION, "term_years": years})
    if holds:
        assert of.announce().lot.phase == "registration"
        return
    with pytest.raises(BreaksClause, match="五年"):
        of.announce()


@pytest.mark.parametrize(("years", "holds"), [(30, True), (1, True), (31, False), (None, False)])
def test_a_mining_right_is_for_thirty_years_at_most(years: int | None, *, holds: bool) -> None:
    of = lot({**MINING, "term_years": years})
    if holds:
        assert of.announce().lot.phase == "registration"
        return
    with pytest.raises(BreaksClause, match="三十年"):
        of.announce()


def test_a_dispute_of_ownership_ends_it_with_the_article() -> None:
    of = lot().announce()
    ended = only(of.ask(commands.Terminate(cause="ownership", notice="权属争议")), LotTerminated)
    assert ended.article == "矿业权交易规则(2017) 第二十七条、第二十八条"
    assert of.audit() == of.state


def test_a_mining_right_is_sold_in_competition_alone() -> None:
    with pytest.raises(BadInput, match="交易方式"):
        lot({**MINING, "way": "online"}).announce()


def test_what_rests_on_texts_that_were_not_found_is_shown_as_unverified() -> None:
    assert not any(LAW[name][0].verified for name in ("M2", "M3", "M4"))
    assert all(LAW[name][0].certain for name in ("M1", "M9-EXPLORATION", "M9-MINING"))


@pytest.mark.parametrize(("early", "late"), [(timedelta(microseconds=1), False), (timedelta(), True)])
def test_the_result_is_published_within_five_working_days_for_ten(early: timedelta, *, late: bool) -> None:
    of = after.sold(after.mining())
    end = ends_at(of.lot.after.over_at or of.now, 5, Unit.WORKING_DAY, CALENDAR)
    with pytest.raises(BreaksClause, match="不少于10个工作日"):
        of.ask(PublishResult(days=9))
    result = only(of.ask(PublishResult(), at=end - early), ResultPublished)
    assert result.late is late
    assert result.ends == ends_at(of.now, 10, Unit.WORKING_DAY, CALENDAR)


@pytest.mark.parametrize(("early", "late"), [(timedelta(microseconds=1), False), (timedelta(), True)])
def test_the_confirmation_is_signed_within_three_working_days(early: timedelta, *, late: bool) -> None:
    of = after.sold(after.mining())
    end = ends_at(of.lot.after.over_at or of.now, 3, Unit.WORKING_DAY, CALENDAR)
    signed = only(after.confirmed(of, end - early), ConfirmationSigned)
    assert signed.late is late
