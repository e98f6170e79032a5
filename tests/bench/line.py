"""What one measure comes to: a rate, the peer's in the same run where there is one, and whether the bar is met."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import orjson

ROUNDS = 3
"""Short runs of product and peer in turn, so that a machine that grows busy slows both; the median counts."""


@dataclass(frozen=True)
class Line:
    """One line of the bench. `bar` is the least ratio where there is a `peer`, else the least rate."""

    name: str
    rate: float
    unit: str
    bar: float
    peer: str | None = None
    peer_rate: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the peer's rate this is."""
        return self.rate / self.peer_rate if self.peer_rate else None

    @property
    def ok(self) -> bool:
        """Whether the bar is met."""
        return (self.rate if self.ratio is None else self.ratio) >= self.bar

    def to_json(self) -> str:
        """Return the line as it is printed; figures to the third digit that counts."""
        fields = {
            "name": self.name,
            "rate": _short(self.rate),
            "unit": self.unit,
            "peer": self.peer,
            "peer_rate": _short(self.peer_rate),
            "ratio": _short(self.ratio),
            "bar": self.bar,
            "ok": self.ok,
        }
        return orjson.dumps(fields).decode()


def in_turn(run: Callable[[], float], peer: Callable[[], float], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median rates of both, run in turn."""
    return medians([(run(), peer()) for _ in range(rounds)])


def medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the median of the first and of the second rates."""
    return median(rate for rate, _ in pairs), median(rate for _, rate in pairs)


def _short(figure: float | None) -> float | None:
    return None if figure is None else float(f"{figure:.3g}")
