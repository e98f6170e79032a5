"""What one measure comes to: a rate, the peer's in the same run where there is one, and whether the bar is met."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import orjson

ROUNDS = 3
"""Short runs of product and peer in turn, so that a machine that grows busy slows both; the median counts."""


@dataclass(frozen=True)
class Line:
    """One line of the bench. `bar` is the least ratio where there is a `peer`, else the least rate or the `most`.

    `cpu_ms` is what one piece costs, in milliseconds of CPU by part, of ours and of the peer; where that is measured.
    """

    name: str
    rate: float
    unit: str
    bar: float
    peer: str | None = None
    peer_rate: float | None = None
    cpu_ms: Mapping[str, Mapping[str, float]] | None = None
    most: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times the peer's rate this is."""
        return self.rate / self.peer_rate if self.peer_rate else None

    @property
    def ok(self) -> bool:
        """Whether the bar is met."""
        reached = self.rate if self.ratio is None else self.ratio
        return reached <= self.bar if self.most else reached >= self.bar

    def to_json(self) -> str:
        """Return the line as it is printed; figures to the third digit that counts."""
        fields: dict[str, Any] = {
            "name": self.name,
            "rate": _short(self.rate),
            "unit": self.unit,
            "peer": self.peer,
            "peer_rate": _short(self.peer_rate),
            "ratio": _short(self.ratio),
            "bar": self.bar,
            "ok": self.ok,
        }
        if self.most:
            fields["most"] = True
        if self.cpu_ms:
            costs = {whose: {name: _short(cost) for name, cost in of.items()} for whose, of in self.cpu_ms.items()}
            fields["cpu_ms"] = costs
        return orjson.dumps(fields).decode()


def in_turn(run: Callable[[], float], peer: Callable[[], float], rounds: int = ROUNDS) -> tuple[float, float]:
    """Return the median rates of both, run in turn."""
    return medians([(run(), peer()) for _ in range(rounds)])


def medians(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the median of the first and of the second rates."""
    return median(rate for rate, _ in pairs), median(rate for _, rate in pairs)


def _short(figure: float | None) -> float | None:
    return None if figure is None else float(f"{figure:.3g}")
