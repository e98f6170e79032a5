"""Patterns in bids: what several have in common, and prices that are equal or evenly spaced, to the fen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.procedure.patterns import Shared, shared, spacing


def named(*prices: int) -> dict[str, int]:
    return {f"bid-{place}": price for place, price in enumerate(prices)}


def test_a_mark_in_two_bids_is_shared_and_one_that_a_bid_has_twice_is_not() -> None:
    assert shared({"one": ["a", "b", "b"], "other": ["c", "a"], "third": []}) == (Shared("a", ("one", "other")),)


@pytest.mark.parametrize(
    ("prices", "kinds"),
    [
        ((), []),
        ((5,), []),
        ((100, 200), []),
        ((100, 200, 300), ["even_steps"]),
        ((100, 200, 301), []),
        ((100, 200, 400), ["even_ratios"]),
        ((400, 100, 200), ["even_ratios"]),
        ((9, 6, 4), ["even_ratios"]),
        ((7, 7), ["equal"]),
        ((7, 7, 7), ["equal"]),
        ((1, 1, 2, 3), ["equal", "even_steps"]),
    ],
)
def test_what_is_regular_in_prices(prices: tuple[int, ...], kinds: list[str]) -> None:
    assert [kind for kind, _ in spacing(named(*prices))] == kinds


@given(st.integers(1, 10**12), st.integers(1, 10**9), st.integers(3, 12))
def test_even_steps_are_found_whatever_their_size_and_a_fen_off_is_not(first: int, step: int, count: int) -> None:
    prices = [first + step * place for place in range(count)]

    assert "even_steps" in dict(spacing(named(*prices)))
    assert "even_steps" not in dict(spacing(named(*prices[:-1], prices[-1] + 1)))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8), st.randoms())
def test_the_order_in_which_bids_came_changes_nothing(prices: list[int], chance: object) -> None:
    mixed = list(named(*prices).items())
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis types its random source as an object

    assert [kind for kind, _ in spacing(dict(mixed)) if kind != "equal"] == [
        kind for kind, _ in spacing(named(*prices)) if kind != "equal"
    ]
