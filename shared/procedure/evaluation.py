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

from shared.kernel.canonical import digest, encode

FULL_MARKS = 100
FEWEST_TO_TRIM = 5
EXACT = Context(prec=200, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class PriceFormula:
    """A pure function from all effective prices (fen, each above 0) to their scores out of 100, in the same order.

    `parameters` are the decimals that a tender file must declare to use it; those in `below_one` are under 1.
    `source` is the SHA-256 of the formula's program text (`scores` and then `uses`), which a test holds it to.
    """

    title_zh: str
    title_en: str
    parameters: frozenset[str]
    scores: Callable[[Sequence[int], Mapping[str, Decimal]], tuple[Fraction, ...]]
    source: str
    uses: tuple[Callable[..., Any], ...] = ()
    below_one: frozenset[str] = frozenset()


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


def benchmark_deviation(prices: Sequence[int], parameters: Mapping[str, Decimal]) -> tuple[Fraction, ...]:
    """评标基准价 is the mean × (1 - `k`); marks come off by `above` and `below` for each 1 % of deviation."""
    benchmark = Fraction(sum(prices), len(prices)) * (1 - Fraction(parameters["k"]))
    return tuple(_marks_left(price, benchmark, parameters) for price in prices)


def trimmed_deviation(prices: Sequence[int], parameters: Mapping[str, Decimal]) -> tuple[Fraction, ...]:
    """As `benchmark_deviation`, of 5 prices and more the mean without one highest and one lowest."""
    kept = sorted(prices)[1:-1] if len(prices) >= FEWEST_TO_TRIM else prices
    benchmark = Fraction(sum(kept), len(kept)) * (1 - Fraction(parameters["k"]))
    return tuple(_marks_left(price, benchmark, parameters) for price in prices)


def highest_price_ratio(prices: Sequence[int], _parameters: Mapping[str, Decimal]) -> tuple[Fraction, ...]:
    """Of what is sold: 基准价 is the highest price; score = 报价 / 基准价 × 100."""
    benchmark = max(prices)
    return tuple(Fraction(price * FULL_MARKS, benchmark) for price in prices)


def _marks_left(price: int, benchmark: Fraction, parameters: Mapping[str, Decimal]) -> Fraction:
    percent = (price - benchmark) / benchmark * 100
    off = percent * Fraction(parameters["above"]) if percent > 0 else -percent * Fraction(parameters["below"])
    return max(Fraction(0), FULL_MARKS - off)


_DEVIATION = frozenset({"k", "above", "below"})

FORMULAS: Mapping[tuple[str, int], PriceFormula] = {
    ("lowest_price_ratio", 1): PriceFormula(
        "最低价基准法",
        "lowest price as benchmark, ratio",
        frozenset(),
        lowest_price_ratio,
        source="b7a7915efbefe4126c3452faa4e9727d350e7e901d0a4ebaa71c2fd238395c36",
    ),
    ("mean_deviation", 1): PriceFormula(
        "平均价基准法",
        "mean price as benchmark, marks off by deviation",
        frozenset({"above", "below"}),
        mean_deviation,
        source="753cdafc2bffb6b1b86830064330a1cbf11f402879a9984dbcbebcb46c249eb2",
    ),
    ("benchmark_deviation", 1): PriceFormula(
        "平均价下浮基准法",
        "mean price less a coefficient as benchmark, marks off by deviation",
        _DEVIATION,
        benchmark_deviation,
        source="42c06411c9d9c7756363086b11f3b1a4e44ce6ccc2c835c60bb6a249e569e3ed",
        uses=(_marks_left,),
        below_one=frozenset({"k"}),
    ),
    ("trimmed_deviation", 1): PriceFormula(
        "去极值平均价下浮基准法",
        "mean price without extremes less a coefficient as benchmark, marks off by deviation",
        _DEVIATION,
        trimmed_deviation,
        source="9e7fc8397434ad82571c42c61c8a091bc5f0de1fba984bb79ab983272008d852",
        uses=(_marks_left,),
        below_one=frozenset({"k"}),
    ),
}
"""Every formula that a tender file may name, by (name, version)."""

SALES: Mapping[tuple[str, int], PriceFormula] = {
    ("highest_price_ratio", 1): PriceFormula(
        "最高价基准法",
        "highest price as benchmark, ratio",
        frozenset(),
        highest_price_ratio,
        source="9d0c3bd9f85ca90af5a8dbedacdeff233ad314da478b6f458bc25a52090c1b7b",
    ),
}
"""Every formula by which the price of what is sold earns its points, by (name, version)."""


def definition(name: str, version: int) -> str:
    """Return the SHA-256 of what a formula is: canonical JSON of name, version, parameters and program text's digest.

    A tender file that holds it is bound to this very formula. Raise KeyError if there is none of that name and version.
    """
    formula = FORMULAS[name, version]
    body = {"name": name, "version": version, "parameters": sorted(formula.parameters), "source": formula.source}
    return digest(encode(body))


@dataclass(frozen=True, slots=True)
class Lot:
    """What was drawn: the seed in hexadecimal, and the place of the value among its choices, from 0."""

    seed: str
    place: int


def lot(tender: str, name: str, statements: Mapping[str, str], choices: int) -> Lot:
    """Draw one of so many choices by what all bids said when they were opened.

    `statements` are the digests of the opened bids' signed statements, by bid. They were fixed at the deadline and
    known to nobody: a single bidder that tells its own to none of the others is enough for a draw that nobody chose.
    """
    listed = [list(pair) for pair in sorted(statements.items())]
    seed = digest(encode({"scheme": "ggzy-lot/v1", "tender": tender, "name": name, "statements": listed}))
    return Lot(seed, int(seed, 16) % choices)


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
