"""All real land contracts as listings at once: one move of the clock serves them all, bids of many lots go together."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cli.auction import selling
from cli.demo.cast import AGENCY, Cast
from cli.demo.land import made
from cli.demo.land.contracts import Contract, load
from cli.demo.land.listing import INSTANT, Listing
from cli.demo.play import Ended
from cli.demo.stage import Stage

HANDS = 4
"""How many lots are handled at the same time."""

Tell = Callable[[str], None]


def play(stage: Stage, cast: Cast, told: Tell) -> list[Ended]:
    """Play every contract that can be played and return how each ended."""
    found = load()
    told(f"土地：{len(found.played)} 宗真实合同各为一宗挂牌 / land: {len(found.played)} real contracts, a listing each")
    scene = Scene(stage, cast, found.played)
    told("登记竞买人，公告，报名，保证金 / bidders are registered; notices, applications, deposits")
    scene.each(Listing.announce)
    scene.each(Listing.join)
    told("挂牌期报价 / bids in the listing")
    scene.reach("free")
    scene.each(Listing.bid_freely)
    told("限时竞价：逐次报价，或自动出价 / timed bidding, by hand or by proxies")
    scene.reach("timed")
    scene.each(Listing.bid_timed)
    told("底价启封、审核、成交确认、公示、合同 / reserve, review, confirmation, result, contract")
    scene.reach("reserve")
    scene.each(Listing.open_reserve)
    scene.named()
    scene.each(Listing.conclude)
    return scene.each(Listing.ended)


def told() -> dict[str, Any]:
    """Return what is said of the contracts: what is real and what is made, and what in their file is odd."""
    found = load()
    zh = (
        "土地合同：宗地、面积、用途、受让人、成交价格为真实；竞争者、起始价、加价幅度、保证金、底价为演示编制，日期已改"
    )
    en = (
        "land contracts: parcel, area, use, buyer and price are real; rivals, start, step, deposit and reserve are made"
    )
    made_up = {"zh": zh, "en": f"{en}, and the dates are the demo's", "made": list(made.FIELDS)}
    return {**made_up, "contracts": len(found.played), "odd": [odd.to_json() for odd in found.odd]}


class Scene:
    """The listings of all contracts."""

    def __init__(self, stage: Stage, cast: Cast, contracts: Sequence[Contract]) -> None:
        self._stage = stage
        selling.own_key(stage.player(AGENCY))  # before several lots ask for it at once
        for name in (*made.RIVALS, *dict.fromkeys(one.buyer for one in contracts)):
            cast.company(name)
        self.listings = [Listing(stage, cast, one, by_proxy=bool(place % 2)) for place, one in enumerate(contracts)]

    def each(self, step: Callable[[Listing], Any], of: Iterable[Listing] | None = None) -> list[Any]:
        """Take a step in every lot, several at a time; return what each gave, in order. Raise what any raised."""
        with ThreadPoolExecutor(HANDS) as hands:
            return list(hands.map(step, self.listings if of is None else of))

    def reach(self, phase: str) -> None:
        """Move the clock to where this phase begins, and wait until every lot is in it."""
        self._stage.wait(f"the phase {phase}", lambda: self._are_in(phase))

    def named(self) -> None:
        """Wait until the registry has said who won, everywhere."""
        self._stage.wait("the winners' names", lambda: all(self.each(Listing.winner)))

    def _are_in(self, phase: str) -> bool:
        """Whether every lot is in a phase; if not, let go on what stands still, and move past what the others wait for.

        The clock is moved when all of them wait, so that nothing of one lot is over before it was done in another.
        """
        waiting = [(listing, listing.lot()) for listing in self._elsewhere(phase)]
        self.each(Listing.thaw, [listing for listing, lot in waiting if lot.phase == "frozen"])
        now, ends = self._stage.client.now(), [lot.ends_at for _, lot in waiting if lot.ends_at is not None]
        if ends and len(ends) == len(waiting) and min(ends) > now:
            self._stage.move_to(max(ends) + INSTANT)
        return not waiting

    def _elsewhere(self, phase: str) -> list[Listing]:
        """Return the lots that the public list shows in another phase."""
        page = self._stage.client.get("/api/procedures?line=land")
        there = {row["stream"] for row in page["procedures"] if row["phase"] == phase}
        return [listing for listing in self.listings if listing.procedure not in there]
