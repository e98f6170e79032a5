"""What may be announced of state property: its time, first price, deposit and conditions (S2, S3, S5, S10-S13, S19)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.property.domain.law import LAW
from shared.kernel.errors import BadInput, BreaksClause
from shared.law.clause import Unit
from shared.law.periods import ends_at
from shared.procedure.lot.values import Conditions, Showing
from tests.bidding.factories import CALENDAR
from tests.lot import factories as lots
from tests.lot.play import Play
from tests.property import factories as make
from tests.property.factories import asset, capital_increase, equity

MILLISECOND = timedelta(milliseconds=1)
TEN, TWENTY, FORTY = map(lots.beijing, ("2026-03-17", "2026-03-31", "2026-04-29"))
"""The first instants with so many working days since the announcement of 2 March: 清明 and weekends do not count."""
MILLION = 1_000_000_00
APPROVAL = lots.DOCUMENT.sha256


def until(lot: Play, due: datetime, draft: dict[str, Any] | None = None, **terms: Any) -> Play:
    """Announce with a registration until this instant."""
    starts = max(due, make.STARTS)
    times = {"applications_due": due, "deposits_due": due, "bidding_starts": starts, "bidding_ends": starts}
    return lot.announce(draft, **{**times, **terms})


def priced(fen: int) -> dict[str, Any]:
    """Return draft and terms of this price."""
    return {"draft": {"appraised_fen": fen}, "start_fen": fen, "deposit_fen": 0}


@pytest.mark.parametrize(
    ("make_lot", "due", "article"), [(equity, TWENTY, "十三"), (capital_increase, FORTY, "三十九")]
)
def test_shares_are_disclosed_for_twenty_working_days_and_new_ones_for_forty(
    make_lot: Any, due: datetime, article: str
) -> None:
    assert until(make_lot(), due).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="工作日") as refused:
        until(make_lot(), due - MILLISECOND)
    assert refused.value.article == f"企业国有资产交易监督管理办法 第{article}条"


@pytest.mark.parametrize(
    ("fen", "due"),
    [
        (MILLION, TEN),
        (10 * MILLION - 1, TEN),
        (10 * MILLION, TWENTY),
        (10 * MILLION + 1, TWENTY),
    ],
)
def test_an_asset_is_disclosed_by_its_price_and_of_exactly_ten_million_the_longer(fen: int, due: datetime) -> None:
    assert until(asset(), due, **priced(fen)).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="工作日") as refused:
        until(asset(), due - MILLISECOND, **priced(fen))
    assert "第五十条" in refused.value.article


def test_for_an_asset_under_a_million_no_time_is_set() -> None:
    assert until(asset(), lots.ANNOUNCED + MILLISECOND, **priced(MILLION - 1)).lot.phase == "registration"


def test_ten_working_days_are_not_ten_days() -> None:
    with pytest.raises(BreaksClause, match="10个工作日"):
        until(asset(), lots.beijing("2026-03-13"), **priced(MILLION))


def test_an_auction_of_a_cheap_asset_is_still_told_seven_days_before() -> None:
    showing = Showing(starts=lots.ANNOUNCED, ends=lots.beijing("2026-03-05"), where="库房")
    terms = {**priced(MILLION - 1), "draft": {"way": "auction", "appraised_fen": MILLION - 1}, "showing": showing}
    starts = lots.beijing("2026-03-10")
    due = lots.beijing("2026-03-09")
    times = {"bidding_starts": starts, "bidding_ends": starts}
    assert until(asset(), due, **{**terms, **times}).lot.phase == "registration"
    early = {"bidding_starts": starts - MILLISECOND, "bidding_ends": starts - MILLISECOND}
    with pytest.raises(BreaksClause, match="7日前"):
        until(asset(), due, **{**terms, **early})


def test_the_first_price_is_the_valuation_or_more() -> None:
    assert equity().announce(start_fen=lots.START_FEN).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="不得低于评估结果") as refused:
        equity().announce(start_fen=lots.START_FEN - 1, deposit_fen=0)
    assert "第十七条" in refused.value.article


def test_without_a_valuation_there_is_no_price() -> None:
    with pytest.raises(BreaksClause, match="评估结果"):
        equity().announce({"appraised_fen": None})


def test_a_deposit_is_at_most_thirty_percent_and_not_a_fen_more() -> None:
    assert equity().announce(deposit_fen=lots.START_FEN * 3 // 10).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="30%"):
        equity().announce(deposit_fen=lots.START_FEN * 3 // 10 + 1)


def test_a_deposit_for_new_shares_is_measured_by_all_of_them() -> None:
    whole = lots.START_FEN * 100
    assert until(capital_increase(), FORTY, units=100, deposit_fen=whole * 3 // 10).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="30%"):
        until(capital_increase(), FORTY, units=100, deposit_fen=whole * 3 // 10 + 1)


def test_nothing_restricts_who_buys_an_asset() -> None:
    with pytest.raises(BreaksClause, match="不得对受让方的资格条件") as refused:
        asset().announce(conditions=Conditions(texts=("本地企业",)))
    assert "第五十条" in refused.value.article


def test_conditions_on_a_buyer_of_shares_are_filed_five_working_days_before() -> None:
    filed = lots.ANNOUNCED - timedelta(days=12)
    at = ends_at(filed, 5, Unit.WORKING_DAY, CALENDAR)
    conditions = Conditions(texts=("净资产不低于1亿元",), filed_at=filed)
    early = equity()
    early.now = at - MILLISECOND
    with pytest.raises(BreaksClause, match="5个工作日"):
        early.announce(conditions=conditions)
    silent = equity()
    silent.now = at
    assert silent.announce(conditions=conditions).lot.phase == "registration"


def test_conditions_that_were_agreed_to_need_not_wait() -> None:
    texts = ("净资产不低于1亿元",)
    conditions = Conditions(texts=texts, filed_at=lots.ANNOUNCED, consent=APPROVAL)
    assert equity().announce(conditions=conditions).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="报备"):
        equity().announce(conditions=Conditions(texts=texts))


@pytest.mark.parametrize("make_lot", [equity, asset, capital_increase])
def test_the_notice_says_everything_of_what_is_sold(make_lot: Any) -> None:
    for name in (one.name for one in make_lot().drafted["particulars"]):
        said = tuple(one for one in make_lot().drafted["particulars"] if one.name != name)
        with pytest.raises(BreaksClause, match=name):
            until(make_lot(), FORTY, {"particulars": said})


def test_new_shares_are_not_auctioned() -> None:
    with pytest.raises(BadInput, match="交易方式"):
        until(capital_increase(), FORTY, {"way": "auction"})


def test_what_a_later_rule_replaced_is_shown_as_unverified() -> None:
    assert not any(LAW[name][0].verified for name in ("S3", "S5-AGAIN", "S8", "S9", "S9-REST", "S10", "S10-LOW", "S11"))
    assert all(LAW[name][0].certain for name in ("S1", "S2", "S4", "S6", "S15", "S16"))
