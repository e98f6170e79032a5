"""All listings on the stage at once: a step is taken in every lot whose phase asks for it, then the clock is moved."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from cli.auction import selling
from cli.auction.lots import Lot
from cli.demo.cast import AGENCY, Cast
from cli.demo.land import made
from cli.demo.land.contracts import Contract
from cli.demo.land.listing import INSTANT, Listing
from cli.demo.stage import Stage

HANDS = 4
"""How many lots are handled at the same time."""

Tell = Callable[[str], None]
T = TypeVar("T")


class Scene:
    """The listings of all contracts, with their bidders."""

    def __init__(self, stage: Stage, cast: Cast, contracts: Sequence[Contract], told: Tell) -> None:
        self._stage, self._told = stage, told
        selling.own_key(stage.player(AGENCY))  # before several lots ask for it at once
        for name in (*made.RIVALS, *dict.fromkeys(one.buyer for one in contracts)):
            cast.company(name)
        self.listings = [Listing(stage, cast, one, by_proxy=bool(place % 2)) for place, one in enumerate(contracts)]
        self._left: Sequence[Listing] = self.listings
        self._said: set[str] = set()

    def each(self, step: Callable[[Listing], T], of: Iterable[Listing] | None = None) -> list[T]:
        """Take a step in every lot, several at a time; return what each gave, in order. Raise what any raised."""
        with ThreadPoolExecutor(HANDS) as hands:
            return list(hands.map(step, self.listings if of is None else of))

    def carry(self) -> None:
        """Do in every lot what its phase asks for, and move the clock where all wait, until all are sold."""
        while self._left:
            self._stage.wait("a lot to go on", self._go_on)

    def named(self) -> None:
        """Wait until the registry has said who won, everywhere."""
        self._stage.wait("the winners' names", lambda: all(self.each(Listing.winner)))

    def _go_on(self) -> bool:
        """Take the steps that are due, or move the clock; return whether there was any, or all is done."""
        looked = dict(zip(self._left, self.each(Listing.lot, self._left), strict=True))
        self._left = [listing for listing, lot in looked.items() if lot.phase != "sold"]
        due = [listing for listing in self._left if listing.has_to_do(looked[listing].phase)]
        for phase in sorted({looked[listing].phase for listing in due} - self._said):
            self._told(made.SAYS[phase])
            self._said.add(phase)
        self.each(lambda listing: listing.do(looked[listing].phase), due)
        return bool(due) or not self._left or self._move_on([looked[listing] for listing in self._left])

    def _move_on(self, waiting: Sequence[Lot]) -> bool:
        """Move past the next end and all that are of the same phase, if every lot waits for an end to come."""
        now, ends = self._stage.client.now(), [(lot.ends_at, lot.phase) for lot in waiting if lot.ends_at is not None]
        if len(ends) < len(waiting) or min(ends)[0] <= now:
            return False
        phase = min(ends)[1]
        self._stage.move_to(max(at for at, of in ends if of == phase) + INSTANT)
        return True
