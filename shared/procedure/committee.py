"""An evaluation committee at work: who may sit, what a vote comes to, and what its members' own scores add up to."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeVar

from shared.kernel.errors import BadInput
from shared.law.clause import Clause
from shared.law.rulebook import Rulebook
from shared.procedure.recusal import Composition, composition_faults

Combination = Literal["mean", "mean_without_extremes"]
"""What becomes of the members' marks for one bid: their mean, or that without one highest and one lowest."""

Decision = Literal["open", "carried", "lost"]

Sheet = Mapping[tuple[str, str], Fraction]
"""One member's scores, by bid and factor."""

FEWEST_BETWEEN_EXTREMES = 3

F = TypeVar("F", int, bool, Fraction)


def composition_of(book: Rulebook, *, members: str, odd: str, experts: str) -> Composition:
    """Return what a committee must be made of, by the ids of the rulebook's clauses."""
    return Composition(_clause(book, members, int), _clause(book, odd, bool), _clause(book, experts, Fraction))


def check_composition(rule: Composition, members: int, experts: int) -> None:
    """Raise BreaksClause for a committee of so many members, of them so many experts, that may not sit."""
    for fault in composition_faults(experts, members - experts, rule):
        raise fault


def decided(votes: Collection[bool], members: int) -> Decision:
    """Return what votes come to in a committee: more than half of all its members carry a matter or lose it."""
    ayes = Counter(votes)
    if 2 * ayes[True] > members:
        return "carried"
    return "lost" if 2 * ayes[False] >= members else "open"


def too_short(saying: int, members: int, share: Fraction) -> bool:
    """Whether more than a share of the members say that the time is too short; the very share is not more."""
    return saying > share * members


def check_sheet(scored: Sequence[tuple[str, str]], bids: Collection[str], factors: Collection[str]) -> None:
    """Raise BadInput unless every factor of every bid is scored, each once, and nothing else."""
    wanted = {(bid, factor) for bid in bids for factor in factors}
    if len(scored) != len(wanted) or set(scored) != wanted:
        raise BadInput(
            "须为每份有效投标的每个评审因素打分，且各打一次",
            "score every factor of every effective bid, each once, and nothing else",
        )


def combined(
    sheets: Collection[Sheet], weights: Mapping[str, Fraction], bids: Collection[str], how: Combination
) -> dict[str, Fraction]:
    """Return the marks of each bid, exact: every member's weighted sum of its own scores, combined as declared."""
    return {
        bid: COMBINE[how](
            [sum((weights[name] * sheet[bid, name] for name in weights), Fraction(0)) for sheet in sheets]
        )
        for bid in bids
    }


def _mean(marks: Sequence[Fraction]) -> Fraction:
    return sum(marks, Fraction(0)) / len(marks)


def _mean_without_extremes(marks: Sequence[Fraction]) -> Fraction:
    """Leave one highest and one lowest out; of fewer than three marks none could be left."""
    return _mean(sorted(marks)[1:-1] if len(marks) >= FEWEST_BETWEEN_EXTREMES else marks)


COMBINE: Mapping[Combination, Callable[[Sequence[Fraction]], Fraction]] = {
    "mean": _mean,
    "mean_without_extremes": _mean_without_extremes,
}


def _clause(book: Rulebook, rule: str, kind: type[F]) -> Clause[F]:
    found = book.clause(rule)
    return Clause(book.figure(rule, kind), found.article, unit=found.unit, verified=found.verified)
