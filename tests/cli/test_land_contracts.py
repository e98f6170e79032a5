"""The land contracts of the demo: read as they stand, what is odd listed; the made prices lead to the real one."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.auction.terms import rules_of, shortfalls
from cli.demo.land import made
from cli.demo.land.contracts import load, price_fen, read
from cli.law import line, rulebook_on
from shared.procedure.books import Law
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.values import Draft, Terms
from tests.cli.land_contracts import CONTRACTS
from tests.lot.factories import AUTHORITIES, DOCUMENT

HEAD = ["所在地", "电子监管号", "项目名称", "项目位置", "面积(公顷)", "土地来源", "土地用途", "供地方式", "行业分类",
        "", "土地级别", "成交价格(万元)", "土地使用权人", "合同签订日期"]  # fmt: skip


def row(**changes: str) -> list[str]:
    """Return a row that can be played, but for what a test changes."""
    usual = ["某县", "3707272007B00001", "厂房", "工业园", "1.0", "新增", "工业用地", "挂牌出让", "50", "制造", "",
             "100.0001", "某某有限公司", "2007年01月04日"]  # fmt: skip
    return [changes.get(name or "unnamed", value) for name, value in zip(HEAD, usual, strict=True)]


def test_every_listed_contract_that_ships_is_played() -> None:
    found = load()

    assert {one.procedure: (one.buyer, one.price_fen) for one in found.played} == CONTRACTS
    assert len(found.played) == 21


@pytest.mark.parametrize("price", ["100.00000001", "", "面议", "0", "-1", "NaN", "Infinity"])
def test_a_price_that_is_none_or_not_exact_to_the_fen_is_listed_and_not_played(price: str) -> None:
    found = read([HEAD, row(**{"成交价格(万元)": price})])

    assert not found.played
    assert [odd.value for odd in found.odd if odd.column == "成交价格(万元)"] == [price]


def test_a_buyer_that_is_not_surely_an_enterprise_is_neither_played_nor_named() -> None:
    found = read([HEAD, row(土地使用权人="王某")])

    assert not found.played
    assert "王某" not in str(found.odd)
    assert [odd.number for odd in found.odd if odd.column == "土地使用权人"] == ["3707272007B00001"]


def test_a_code_in_the_place_of_a_county_is_listed_and_left_out() -> None:
    found = read([HEAD, row(所在地="330483003")])

    (contract,) = found.played
    assert contract.county == ""
    assert [odd.value for odd in found.odd if odd.column == "所在地"] == ["330483003"]


def test_other_ways_than_a_listing_are_not_played() -> None:
    assert not read([HEAD, row(供地方式="协议出让")]).played


def test_an_amount_in_ten_thousands_is_exact() -> None:
    assert price_fen("60.0400") == 600_400_00
    assert price_fen("0.000001") == 1


@given(st.integers(min_value=2_000_00, max_value=10**13))
def test_whole_steps_lead_from_the_made_start_to_the_real_price(price: int) -> None:
    prices = made.Prices.before(price)

    assert prices.rung(made.STEPS) == price
    assert 0 < prices.start_fen < prices.reserve_fen <= price
    assert prices.deposit_fen * 5 >= prices.start_fen > (prices.deposit_fen - 1) * 5


def test_a_price_that_leaves_no_step_cannot_be_played() -> None:
    with pytest.raises(ValueError, match="no step"):
        made.Prices.before(1_999_99)


@given(st.integers(min_value=0, max_value=364 * 24 * 60))
def test_the_made_times_fall_short_of_no_period(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    contract = load().played[0]
    keys = AUTHORITIES.model_dump(mode="json")
    terms = made.terms(now, made.Prices.before(contract.price_fen), keys, DOCUMENT.model_dump(mode="json"))
    draft = Draft.model_validate_json(json.dumps(made.draft(contract, "0" * 64)))

    ground = Ground(rules_of(line("land"), "land_use"), Law(*rulebook_on("land", now.date())))

    assert not shortfalls(draft, Terms.model_validate_json(json.dumps(terms)), now, ground)
