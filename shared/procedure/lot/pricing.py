"""Prices: what may be bid next, and what proxies (自动出价) come to when they meet."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ladder:
    """The ladder of prices above the leading one, `price_fen`, null before the first bid; steps start there."""

    start_fen: int
    step_fen: int
    price_fen: int | None
    whole_steps: bool

    @property
    def least(self) -> int:
        """The least that may be bid next (T11: the first at least the start price, later ones a step more)."""
        return self.start_fen if self.price_fen is None else self.price_fen + self.step_fen

    def is_rung(self, price_fen: int) -> bool:
        """Whether a price stands on the ladder: any at all from the least on, or whole steps where they are asked."""
        return price_fen >= self.least and (not self.whole_steps or not (price_fen - self.least) % self.step_fen)

    def highest(self, most_fen: int) -> int | None:
        """Return the highest price on the ladder within a maximum, or None if there is none."""
        if most_fen < self.least:
            return None
        return most_fen - (most_fen - self.least) % self.step_fen if self.whole_steps else most_fen

    def after(self, price_fen: int) -> "Ladder":
        """Return the ladder when a price leads."""
        return Ladder(self.start_fen, self.step_fen, price_fen, self.whole_steps)


@dataclass(frozen=True, slots=True)
class Maximum:
    """How far one bidder lets the platform bid; in the order in which they were set."""

    number: str
    most_fen: int


def settle(ladder: Ladder, leader: str | None, maxima: Sequence[Maximum]) -> tuple[tuple[str, int], ...]:
    """Return the automatic bids that follow, as (number, price), each higher than the one before.

    The one with the highest maximum leads in the end, at one step over the highest of the others, or at its own
    maximum where that is less; of maxima that reach the same rung of the ladder the earlier one. What leads is never
    bid over by its own proxy, but to answer another's.
    """
    able = [one for one in maxima if one.number != leader and ladder.highest(one.most_fen) is not None]
    if not able:
        return ()
    own = [one for one in maxima if one.number == leader and ladder.price_fen is not None]
    order = {one.number: place for place, one in enumerate(maxima)}
    field = sorted([*able, *own], key=lambda one: (-(ladder.highest(one.most_fen) or 0), order[one.number]))
    best, rivals = field[0], field[1:]
    beaten = rivals[0] if rivals else None
    if beaten is None or (pushed := ladder.highest(beaten.most_fen)) is None:
        return ((best.number, ladder.least),)
    over = ladder.after(pushed)
    if over.least <= best.most_fen:
        return (beaten.number, pushed), (best.number, over.least)
    final = ladder.highest(best.most_fen) or ladder.least
    below = final - ladder.step_fen  # whoever is beaten is seen to have bid, where there is room for it
    return ((beaten.number, below), (best.number, final)) if below >= ladder.least else ((best.number, final),)
