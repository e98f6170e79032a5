"""Which figure of a bid governs where two differ, to the fen."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import BadInput
from shared.kernel.money import uppercase
from shared.procedure.arithmetic import BillLine, corrected, product_fen


def line(item: str, unit: int, quantity: str, total: int) -> BillLine:
    return BillLine(item=item, unit_price_fen=unit, quantity=Decimal(quantity), total_fen=total)


def kinds(price: int, capitals: str | None = None, *bill: BillLine) -> list[tuple[str, int, int]]:
    return [(one.kind, one.was_fen, one.is_fen) for one in corrected(price, capitals, bill).amendments]


def test_where_capitals_and_figures_differ_by_a_fen_the_capitals_govern() -> None:
    found = corrected(100_00, "壹佰元零壹分")

    assert found.price_fen == 100_01
    assert kinds(100_00, "壹佰元零壹分") == [("capitals", 100_00, 100_01)]
    assert kinds(100_00, "壹佰元整") == []


def test_capitals_that_cannot_be_read_are_not_guessed() -> None:
    with pytest.raises(BadInput):
        corrected(100_00, "壹百元")


def test_a_line_a_fen_off_its_unit_price_times_quantity_goes_by_the_unit_price() -> None:
    right, wrong = line("a", 3_33, "3", 9_99), line("b", 3_33, "3", 10_00)

    assert kinds(9_99, None, right) == []
    assert kinds(10_00, None, wrong) == [("line", 10_00, 9_99), ("sum", 10_00, 9_99)]
    assert corrected(10_00, None, [wrong]).price_fen == 9_99


def test_products_are_rounded_half_up_at_the_fen_and_nowhere_else() -> None:
    assert product_fen(line("a", 1, "0.5", 0)) == 1
    assert product_fen(line("a", 1, "0.499999", 0)) == 0
    assert product_fen(line("a", 10, "1.25", 0), Fraction(1, 10)) == 1


def test_a_unit_price_whose_point_clearly_slipped_gives_way_to_the_total_that_the_price_was_made_of() -> None:
    slipped, sound = line("a", 12_34, "10", 1_234_00), line("b", 5_00, "2", 10_00)

    found = corrected(1_244_00, None, [slipped, sound])

    assert found.price_fen == 1_244_00
    assert kinds(1_244_00, None, slipped, sound) == [("slip", 123_40, 1_234_00)]


def test_a_power_of_ten_is_no_clear_slip_where_the_totals_do_not_add_up_to_the_price() -> None:
    slipped, sound = line("a", 12_34, "10", 1_234_00), line("b", 5_00, "2", 10_00)

    assert corrected(1_244_01, None, [slipped, sound]).price_fen == 133_40
    assert [kind for kind, _, _ in kinds(1_244_01, None, slipped, sound)] == ["line", "sum"]


def test_a_total_that_is_no_power_of_ten_away_is_no_slip() -> None:
    assert corrected(1_234_01, None, [line("a", 12_34, "10", 1_234_01)]).price_fen == 123_40


def test_the_sum_of_the_bill_goes_before_the_price_that_was_read_out() -> None:
    bill = [line("a", 100, "2", 200), line("b", 50, "1", 50)]

    assert corrected(251, None, bill).price_fen == 250
    assert kinds(251, None, *bill) == [("sum", 251, 250)]


def test_the_capitals_are_the_price_that_a_bill_is_held_to() -> None:
    bill = [line("a", 100, "2", 200)]

    assert kinds(201, uppercase(200), *bill) == [("capitals", 201, 200)]


LINES = st.lists(st.tuples(st.integers(1, 10**9), st.decimals("0.000001", 10**6, places=6)), min_size=1, max_size=8)


@given(LINES)
def test_a_bill_without_an_error_is_left_alone_and_a_corrected_one_has_none(rows: list[tuple[int, Decimal]]) -> None:
    made = [line(f"i{n}", unit, str(quantity), 0) for n, (unit, quantity) in enumerate(rows)]
    sound = [one.model_copy(update={"total_fen": product_fen(one)}) for one in made]
    price = sum(one.total_fen for one in sound)

    assert kinds(price, uppercase(price), *sound) == []
    assert corrected(price + 1, None, sound).price_fen == price
