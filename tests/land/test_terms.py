"""What may be announced of land: its periods, its contents, its deposit (T1-T4, T7, T8, T20, L1, L2), and title."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, NotFound, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import LotUnsold
from shared.procedure.lot.values import Extension, Right, Showing, Timing
from tests.lot import factories as make
from tests.lot.play import Play, only, play

DAY = timedelta(days=1)
TWENTY_FIRST = datetime.fromisoformat("2026-03-23T00:00:00+08:00")
"""The first instant with 20 whole days since the announcement of 2 March."""
SHOWING = Showing(
    starts=datetime.fromisoformat("2026-03-10T09:00:00+08:00"),
    ends=datetime.fromisoformat("2026-03-13T00:00:00+08:00"),
    where="标的所在地",
)
AUCTION: dict[str, Any] = {
    "bidding_starts": make.ENDS,
    "bidding_ends": make.ENDS,
    "trigger": "always",
    "showing": SHOWING,
}


@pytest.fixture
def lot() -> Play:
    """Return a lot of land that is not announced yet."""
    return play(LINE)


def test_land_is_announced_twenty_days_before_the_listing(lot: Play) -> None:
    assert lot.announce(bidding_starts=TWENTY_FIRST).lot.phase == "registration"
    assert lot.audit() == lot.state


def test_a_millisecond_before_the_twenty_days_are_over_it_may_not_begin(lot: Play) -> None:
    with pytest.raises(BreaksClause, match="20日") as refused:
        lot.announce(bidding_starts=TWENTY_FIRST - timedelta(milliseconds=1))
    assert refused.value.article == "招标拍卖挂牌出让国有建设用地使用权规定 第八条"


def test_applications_end_two_days_before_the_listing_does(lot: Play) -> None:
    due = make.ENDS - 3 * DAY
    assert lot.announce(applications_due=due, deposits_due=due).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="前2日") as refused:
        play(LINE).announce(applications_due=due + DAY, deposits_due=due + DAY)
    assert "第十一条" in refused.value.article


def test_a_listing_lasts_ten_calendar_days_and_holidays_count(lot: Play) -> None:
    # 清明 (4 to 6 April 2026) lies within these ten days: they are 日, not 工作日.
    starts, ends = (datetime.fromisoformat(f"2026-{day}T09:00:00+08:00") for day in ("03-30", "04-10"))
    times: dict[str, Any] = {"bidding_starts": starts, "applications_due": starts, "deposits_due": starts}
    assert lot.announce(bidding_ends=ends, **times).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="不少于10日") as refused:
        play(LINE).announce(bidding_ends=ends - DAY, **times)
    assert "第十八条" in refused.value.article


def test_land_is_sold_in_competition_alone() -> None:
    with pytest.raises(BadInput, match="交易方式"):
        play(LINE).announce({"way": "online"})


def test_a_single_bidder_does_not_agree_with_the_seller_but_bids_in_the_listing(lot: Play) -> None:
    lot.announce().admit(1)
    lot.tick()
    lot.bid(1, 100_000)
    lot.tick()
    assert lot.lot.phase == "review"


def test_an_auction_calls_the_price_three_times(lot: Play) -> None:
    assert lot.announce({"way": "auction"}, **AUCTION).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="连续三次"):
        play(LINE).announce({"way": "auction"}, **AUCTION, timing=Timing(calls=2))


def test_what_is_auctioned_is_shown_for_two_days(lot: Play) -> None:
    assert lot.announce({"way": "auction"}, **AUCTION).lot.phase == "registration"
    short = SHOWING.model_copy(update={"ends": SHOWING.ends - timedelta(milliseconds=1)})
    with pytest.raises(BreaksClause, match="展示时间") as refused:
        play(LINE).announce({"way": "auction"}, **{**AUCTION, "showing": short})
    assert refused.value.article == "拍卖法 第四十八条"
    with pytest.raises(BreaksClause, match="展示"):
        play(LINE).announce({"way": "auction"}, **{**AUCTION, "showing": None})


def test_an_auction_without_a_bid_is_not_sold(lot: Play) -> None:
    lot.announce({"way": "auction"}, **AUCTION).admit(1)
    lot.tick()
    assert only(lot.run_out(), LotUnsold).cause == "no_bid"
    assert lot.audit() == lot.state


def test_the_deposit_is_a_fifth_of_the_start_price_and_not_a_fen_less(lot: Play) -> None:
    assert lot.announce(deposit_fen=make.START_FEN // 5).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="20%"):
        play(LINE).announce(deposit_fen=make.START_FEN // 5 - 1)


@pytest.mark.parametrize("name", ["位置", "面积", "现状", "用途", "年限", "规划指标", "竞买资格"])
def test_the_notice_says_everything_of_the_parcel(name: str) -> None:
    said = tuple(one for one in make.draft().particulars if one.name != name)
    with pytest.raises(BreaksClause, match=name):
        play(LINE).announce({"particulars": said})


@pytest.mark.parametrize("change", [{"clear": False}, {"seized": True}])
def test_what_is_not_clear_or_is_seized_is_not_taken_in(change: dict[str, bool]) -> None:
    right = make.RIGHT.model_copy(update=change)
    with pytest.raises(BreaksClause, match="权属不清或者被查封") as refused:
        play(LINE).announce({"right": right})
    assert refused.value.article == "濮阳市公共资源交易管理条例 第十三条"


def test_without_an_approval_there_is_no_notice() -> None:
    with pytest.raises(BreaksClause, match="批准文件"):
        play(LINE).announce({"right": None})
    assert Right.model_fields["approval"].is_required()


def test_the_registration_of_land_is_not_extended() -> None:
    with pytest.raises(BadInput, match="不延期"):
        play(LINE).announce(extension=Extension(working_days=5, times=1))


def test_a_supplement_with_twenty_days_left_moves_nothing(lot: Play) -> None:
    lot.announce()
    last = make.STARTS - 21 * DAY
    (event,) = lot.ask(commands.SupplementNotice(text="补充图件"), at=last)
    assert event.shifted_seconds == 0
    assert event.starts_at == make.STARTS


def test_a_supplement_with_nineteen_days_left_postpones_the_start_by_one(lot: Play) -> None:
    lot.announce()
    (event,) = lot.ask(commands.SupplementNotice(text="补充图件"), at=make.STARTS - 20 * DAY)
    assert event.starts_at == make.STARTS + DAY
    assert event.article == "无锡市网上交易规则 第十二条"
    assert lot.lot.times.free_ends == make.ENDS + DAY
    assert lot.audit() == lot.state


def test_a_notice_is_not_supplemented_once_bids_are_taken(lot: Play) -> None:
    lot.started()
    with pytest.raises(OutOfPhase):
        lot.ask(commands.SupplementNotice(text="补充图件"))


def test_only_the_lots_own_agency_announces(lot: Play) -> None:
    lot.ask(make.draft())
    with pytest.raises(NotFound):
        lot.ask(make.announce(), make.OTHER)
