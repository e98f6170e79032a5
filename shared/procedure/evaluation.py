"""Evaluation: exact rankings, and the named, versioned price formulas that a tender file may declare.

National law fixes no price formula for 综合评估法: only what the tender file declares may be used (招标投标法实施条例
第四十九条). A formula is therefore never edited: add a version, keep the old one, so that every past evaluation can be
made again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import Any

FULL_MARKS = 100
EXACT = Context(prec=200, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class PriceFormula:
    """A pure function from all effective prices (fen, each above 0) to their scores out of 100, in the same order.

    `parameters` are the decimals that a tender file must declare to use it.
    """

    title_zh: str
    title_en: str
    parameters: frozenset[str]
    scores: Callable[[Sequence[int], Mapping[str, Decimal]], tuple[Fraction, ...]]


def lowest_price_ratio(prices: Sequence[int], _parameters: Mapping[str, Decimal]) -> tuple[Fraction, ...]:
    """评标基准价 is the lowest price; score = 基准价 / 报价 × 100 (the form of 87号令 第五十五条)."""
    benchmark = min(prices)
    return tuple(Fraction(benchmark * FULL_MARKS, price) for price in prices)


def mean_deviation(prices: Sequence[int], parameters: Mapping[str, Decimal]) -> tuple[Fraction, ...]:
    """评标基准价 is the mean; `above` or `below` marks come off for each 1 % of deviation, never under 0."""
    benchmark = Fraction(sum(prices), len(prices))
    above, below = Fraction(parameters["above"]), Fraction(parameters["below"])

    def score(price: int) -> Fraction:
        percent = (price - benchmark) / benchmark * 100
        return max(Fraction(0), FULL_MARKS - (percent * above if percent > 0 else -percent * below))

    return tuple(score(price) for price in prices)


FORMULAS: Mapping[tuple[str, int], PriceFormula] = {
    ("lowest_price_ratio", 1): PriceFormula(
        "最低价基准法", "lowest price as benchmark, ratio", frozenset(), lowest_price_ratio
    ),
    ("mean_deviation", 1): PriceFormula(
        "平均价基准法", "mean price as benchmark, marks off by deviation", frozenset({"above", "below"}), mean_deviation
    ),
}
"""Every formula that a tender file may name, by (name, version)."""


def half_up(value: Fraction, places: int) -> Fraction:
    """Return `value` rounded to `places` decimals, halves away from zero (四舍五入)."""
    scaled = abs(value) * 10**places
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(units if value >= 0 else -units, 10**places)


def as_decimal(value: Fraction) -> Decimal:
    """Return the decimal equal to `value`. Raise decimal.Inexact if its expansion does not end in 200 digits."""
    return EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def ranked(keys: Mapping[str, Any]) -> dict[str, int]:
    """Return the rank of each name, from 1, smallest key first; equal keys share one, the next is skipped (并列)."""
    order = sorted(keys, key=keys.__getitem__)
    ranks: dict[str, int] = {}
    for place, name in enumerate(order, start=1):
        tied = place > 1 and keys[order[place - 2]] == keys[name]
        ranks[name] = ranks[order[place - 2]] if tied else place
    return ranks


def weighted_total(parts: Sequence[tuple[Decimal, Fraction]]) -> Fraction:
    """Return the sum of weight × score, exact: 评标总得分 = F1·A1 + … + Fn·An."""
    return sum((Fraction(weight) * score for weight, score in parts), start=Fraction(0))
