"""Relations between bidders of one lot: the same person in charge, control of one over another, a party in two bids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

Relation = Literal["same_person", "control", "twice"]


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who stands behind one bid.

    `parties` are all who bid by it, as `scheme:id`; `persons` the marks of their persons in charge; `controllers`
    who controls, holds or manages them; `controlled` whom they do.
    """

    bid: str
    parties: frozenset[str]
    persons: frozenset[str] = frozenset()
    controllers: frozenset[str] = frozenset()
    controlled: frozenset[str] = frozenset()

    @property
    def related(self) -> frozenset[str]:
        """All with whom they are in a relation of control, whichever way it goes."""
        return self.controllers | self.controlled


@dataclass(frozen=True, slots=True)
class Clash:
    """What ties one bid to others."""

    bid: str
    relation: Relation
    others: tuple[str, ...]


def clashes(bidders: Sequence[Bidder]) -> tuple[Clash, ...]:
    """Return what ties bids to each other, every bid of a tie by itself, in the order of the bids.

    Two sisters under one parent are not tied by that alone: neither controls the other.
    """
    tied: dict[tuple[str, Relation], list[str]] = {}
    for one, other in combinations(bidders, 2):
        for relation in _between(one, other):
            tied.setdefault((one.bid, relation), []).append(other.bid)
            tied.setdefault((other.bid, relation), []).append(one.bid)
    order = {bidder.bid: place for place, bidder in enumerate(bidders)}
    found = [Clash(bid, relation, tuple(others)) for (bid, relation), others in tied.items()]
    return tuple(sorted(found, key=lambda clash: (order[clash.bid], clash.relation)))


def _between(one: Bidder, other: Bidder) -> Iterator[Relation]:
    if one.persons & other.persons:
        yield "same_person"
    if one.related & other.parties or other.related & one.parties:
        yield "control"
    if one.parties & other.parties:
        yield "twice"
