"""Deposits: ceilings, what is missing at the deadline, exact interest, and accounts that paid twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.procedure.deposits import Rate, account_digest, interest, missing, most, same_account

NOON = datetime(2026, 12, 22, 4, tzinfo=UTC)
TICK = timedelta(microseconds=1)
YEAR = (Rate(date(2026, 1, 1), Fraction(1, 100)),)
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


def test_the_lower_of_share_and_cap_is_the_most() -> None:
    assert most(10_000_000_000, Decimal("0.02"), 80_000_000) == 80_000_000  # 1亿元: 2 % would be 200万元
    assert most(3_000_000_000, Decimal("0.02"), 80_000_000) == 60_000_000
    assert most(10_000_000_000, Decimal("0.02")) == 200_000_000


def test_a_share_is_rounded_down_so_that_the_law_is_never_exceeded() -> None:
    assert most(149, Decimal("0.02")) == 2


def test_what_arrives_a_microsecond_late_is_missing_and_so_is_one_fen() -> None:
    assert missing([(60, NOON - TICK), (40, NOON - TICK)], 100, NOON) == 0
    assert missing([(60, NOON - TICK), (40, NOON)], 100, NOON) == 40
    assert missing([(99, NOON - TICK)], 100, NOON) == 1


def test_interest_counts_the_day_of_receipt_and_not_that_of_return() -> None:
    assert interest(36_500, date(2026, 3, 1), date(2026, 3, 2), YEAR, 365) == 1
    assert interest(36_500, date(2026, 3, 1), date(2026, 3, 1), YEAR, 365) == 0


def test_half_a_fen_counts_as_one_and_less_as_none() -> None:
    assert interest(18_250, date(2026, 3, 1), date(2026, 3, 2), YEAR, 365) == 1
    assert interest(18_249, date(2026, 3, 1), date(2026, 3, 2), YEAR, 365) == 0


def test_a_new_rate_counts_from_its_day_on_and_rounding_happens_once() -> None:
    rates = (*YEAR, Rate(date(2026, 3, 3), Fraction(2, 100)))

    assert interest(18_249, date(2026, 3, 1), date(2026, 3, 5), rates, 365) == 3  # 0.49997 * (1 + 1 + 2 + 2) = 2.9998


def test_a_day_without_a_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="no rate is known"):
        interest(1, date(2025, 12, 31), date(2026, 1, 2), YEAR, 365)
    with pytest.raises(ValueError, match="no rate is known"):
        interest(1, date(2026, 1, 1), date(2026, 1, 2), (), 365)


@given(st.integers(0, 10**12), DAYS, DAYS, DAYS, st.sampled_from([360, 365]))
def test_interest_grows_with_time_and_a_rate_that_is_no_other_changes_nothing(
    amount: int, one: date, two: date, three: date, year: int
) -> None:
    first, middle, last = sorted((one, two, three))
    same = (*YEAR, Rate(middle, Fraction(1, 100))) if middle > YEAR[0].since else YEAR

    whole = interest(amount, first, last, YEAR, year)

    assert whole == interest(amount, first, last, same, year)
    assert interest(amount, first, middle, YEAR, year) <= whole
    assert abs(whole - Fraction(amount * (last - first).days, 100 * year)) <= Fraction(1, 2)


def test_an_account_has_one_digest_however_it_is_written_and_another_under_another_key() -> None:
    key, other = bytes(32), b"1" * 32

    assert account_digest("3705 0166-8142 0000", key) == account_digest("3705016681420000", key)
    assert account_digest("3705016681420000", key) != account_digest("3705016681420001", key)
    assert account_digest("3705016681420000", key) != account_digest("3705016681420000", other)


def test_a_short_key_and_what_is_no_account_are_refused() -> None:
    for number, key in (("3705016681420000", bytes(31)), ("无", bytes(32))):
        with pytest.raises(ValueError, match="account number"):
            account_digest(number, key)


def test_bids_that_one_account_paid_for_are_a_group_and_others_are_not() -> None:
    accounts = {"a": {"x"}, "b": {"y", "x"}, "c": {"y"}, "d": {"z"}}

    assert same_account(accounts) == (("a", "b"), ("b", "c"))
    assert same_account({"a": {"x"}, "b": {"y"}}) == ()
