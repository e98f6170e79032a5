"""Formulas and rankings against hand-worked figures, and what must hold for any prices."""

import inspect
from collections import Counter
from decimal import Decimal, Inexact
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.procedure.evaluation import (
    FORMULAS,
    SALES,
    as_decimal,
    benchmark_deviation,
    definition,
    half_up,
    highest_price_ratio,
    lot,
    lowest_price_ratio,
    mean_deviation,
    ranked,
    trimmed_deviation,
    weighted_total,
)

PRICES = st.lists(st.integers(1, 10**13), min_size=1, max_size=12)
MARKS_OFF = {"above": Decimal("1.5"), "below": Decimal("0.5"), "k": Decimal("0.05")}


def test_the_lowest_price_takes_full_marks_and_others_their_exact_ratio() -> None:
    assert lowest_price_ratio([30_000, 20_000, 40_000], {}) == (Fraction(200, 3), Fraction(100), Fraction(50))


def test_of_what_is_sold_the_highest_price_takes_full_marks_and_others_their_exact_ratio() -> None:
    assert highest_price_ratio([30_000, 20_000, 40_000], {}) == (Fraction(75), Fraction(50), Fraction(100))


def test_deviation_from_the_mean_costs_marks_by_side_and_percent() -> None:
    # mean 100: 110 is 10 % above (15 marks off), 90 is 10 % below (5 marks off)
    assert mean_deviation([110, 90, 100], MARKS_OFF) == (Fraction(85), Fraction(95), Fraction(100))


def test_deviation_never_costs_more_than_all_marks() -> None:
    assert mean_deviation([1, 1, 1, 1_000_000], MARKS_OFF)[3] == 0


@given(PRICES)
def test_every_formula_scores_every_price_between_0_and_100(prices: list[int]) -> None:
    for formula in (*FORMULAS.values(), *SALES.values()):
        scores = formula.scores(prices, MARKS_OFF)

        assert len(scores) == len(prices)
        assert all(0 <= score <= 100 for score in scores)


@given(PRICES)
def test_a_lower_price_never_scores_less_by_the_ratio(prices: list[int]) -> None:
    by_price = sorted(zip(prices, lowest_price_ratio(prices, {}), strict=True))

    assert [score for _, score in by_price] == sorted((score for _, score in by_price), reverse=True)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction("66.665"), Fraction("66.67")),
        (Fraction("66.664999"), Fraction("66.66")),
        (Fraction("-0.005"), Fraction("-0.01")),
        (Fraction(2, 3), Fraction("0.67")),
    ],
)
def test_halves_round_away_from_zero(value: Fraction, rounded: Fraction) -> None:
    assert half_up(value, 2) == rounded


@given(st.fractions(), st.integers(0, 6))
def test_rounding_moves_a_value_by_at_most_half_a_unit(value: Fraction, places: int) -> None:
    assert abs(half_up(value, places) - value) <= Fraction(1, 2 * 10**places)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_decimal_survives_the_way_through_fractions(value: Decimal) -> None:
    assert as_decimal(Fraction(value)) == value


def test_a_value_without_a_finite_expansion_is_not_rounded_in_silence() -> None:
    with pytest.raises(Inexact):
        as_decimal(Fraction(1, 3))


def test_equal_keys_share_a_rank_and_the_next_is_skipped() -> None:
    assert ranked({"a": 3, "b": 1, "c": 3, "d": 9}) == {"b": 1, "a": 2, "c": 2, "d": 4}


def test_the_total_is_the_exact_sum_of_weighted_scores() -> None:
    assert weighted_total([(Decimal("0.3"), Fraction(200, 3)), (Decimal("0.7"), Fraction(80))]) == 76


def test_the_benchmark_is_the_mean_less_the_coefficient() -> None:
    # mean 100 less 5 % is 95: 95 is on it, 114 is 20 % above (30 marks off), 91 is 4/95 below
    assert benchmark_deviation([114, 95, 91], MARKS_OFF) == (
        Fraction(70),
        Fraction(100),
        100 - Fraction(400, 95) * Fraction(1, 2),
    )


def test_of_five_prices_the_extremes_are_no_part_of_the_trimmed_benchmark_and_of_four_they_are() -> None:
    flat = MARKS_OFF | {"k": Decimal(0)}

    assert trimmed_deviation([1, 100, 100, 100, 900], flat)[1] == 100
    assert trimmed_deviation([60, 100, 100, 140], flat)[1] == 100
    assert trimmed_deviation([20, 100, 100, 100], flat)[1] < 100


def test_a_formula_is_the_program_that_its_digest_was_made_of() -> None:
    for (name, version), formula in {**FORMULAS, **SALES}.items():
        text = "".join(inspect.getsource(part) for part in (formula.scores, *formula.uses))
        assert formula.source == sha256(text.encode()).hexdigest(), f"{name} v{version}: add a version, edit none"


def test_what_a_tender_file_is_bound_to_is_each_formulas_own() -> None:
    assert len({definition(*which) for which in FORMULAS}) == len(FORMULAS)
    assert definition("lowest_price_ratio", 1) == DEFINED


DEFINED = "1df430a345aae4e0d201cc99a393ef0859540904b3299d005362240c175bb712"


def test_a_lot_is_the_same_for_everyone_and_another_for_any_other_bid() -> None:
    said = {"a": "1" * 64, "b": "2" * 64}

    drawn = lot("tender-1", "k", said, 3)

    assert lot("tender-1", "k", dict(reversed(said.items())), 3) == drawn
    assert lot("tender-1", "k", said | {"b": "3" * 64}, 3).seed != drawn.seed
    assert lot("tender-2", "k", said, 3).seed != drawn.seed


def test_no_choice_of_a_lot_is_favoured() -> None:
    places = Counter(lot("tender-1", "k", {"a": f"{n:064x}"}, 3).place for n in range(3000))

    assert set(places) == {0, 1, 2}
    assert all(900 < times < 1100 for times in places.values())
