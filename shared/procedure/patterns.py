"""Patterns in what bidders hand in: the same marks or files in two bids, prices that are equal or evenly spaced.

A pattern is a reason to look, never a finding: two bidders may have the same file from a third.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

Spacing = Literal["equal", "even_steps", "even_ratios"]

LEAST = 3
"""From so many prices on, even spacing says something: any two are evenly spaced."""


@dataclass(frozen=True, slots=True)
class Shared:
    """A mark that several bids have in common, by the names of the bids in their order."""

    mark: str
    bids: tuple[str, ...]


def shared(marks: Mapping[str, Sequence[str]]) -> tuple[Shared, ...]:
    """Return the marks that more than one bid has. `marks` are those of each bid, in the order of the bids."""
    holders: dict[str, list[str]] = {}
    for bid, held in marks.items():
        for mark in dict.fromkeys(held):
            holders.setdefault(mark, []).append(bid)
    return tuple(Shared(mark, tuple(bids)) for mark, bids in holders.items() if len(bids) > 1)


def spacing(prices: Mapping[str, int]) -> tuple[tuple[Spacing, tuple[str, ...]], ...]:
    """Return what is regular in the prices (fen, above 0) of the bids: equal ones, and the even spacing of all.

    Exact to the fen: steps are even where every difference of neighbours is the same, ratios where every quotient is.
    """
    by_price: dict[int, list[str]] = {}
    for bid, price in prices.items():
        by_price.setdefault(price, []).append(bid)
    found: list[tuple[Spacing, tuple[str, ...]]] = [
        ("equal", tuple(bids)) for bids in by_price.values() if len(bids) > 1
    ]
    ascending = sorted(by_price)
    if len(ascending) < LEAST:
        return tuple(found)
    neighbours = list(pairwise(ascending))
    everyone = tuple(sorted(prices, key=lambda bid: prices[bid]))
    if len({high - low for low, high in neighbours}) == 1:
        found.append(("even_steps", everyone))
    if len({Fraction(high, low) for low, high in neighbours}) == 1:
        found.append(("even_ratios", everyone))
    return tuple(found)
