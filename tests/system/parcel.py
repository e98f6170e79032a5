"""A parcel sold by tender through the running service: its seller, its seats, and bidders with their own machines."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from cli import authority
from cli.auction import bidding, publishing, selling
from cli.demo.cast import AGENCY, SEATS, Cast
from cli.demo.stage import Player, Stage
from cli.desk import Desk
from tests.lot import factories as make

LOT = "parcel-1"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Parcel:
    """One parcel sold by tender, its seller, and three bidders, each with a machine of its own."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, self.cast = stage, (cast := Cast(stage))
        cast.assemble()
        self.agency = stage.player(AGENCY)
        self.bidders = [stage.player(cast.company(f"竞买人{n}（虚构）")) for n in (1, 2, 3)]
        self.seats = {seat: stage.player(account) for seat, account in SEATS.items()}
        self.paper = folder / "出让文件.txt"
        self.paper.write_text("出让文件")
        self.terms = folder / "terms.json"
        self.terms.write_text('{"review": "after"}')

    @property
    def page(self) -> dict[str, Any]:
        page: dict[str, Any] = self.agency.client.get(f"/api/procedures/{LOT}", self.agency.asker())
        return page

    def page_of(self, bidder: Player) -> dict[str, Any]:
        """Return the page as a bidder is shown it."""
        page: dict[str, Any] = bidder.client.get(f"/api/procedures/{LOT}", Desk(bidder, LOT).asker)
        return page

    def told(self, name: str, bidder: Player | None = None) -> list[dict[str, Any]]:
        """Return what the agency, or a bidder, is told of one kind of fact."""
        asker = Desk(bidder, LOT).asker if bidder else self.agency.asker()
        events = self.agency.client.get(f"/api/procedures/{LOT}/history", asker)["events"]
        return [event["data"] for event in events if event["type"] == f"land.{name}.v1"]

    def reach(self, phase: str) -> None:
        """Wait until the lot is in a phase."""
        self.stage.wait(phase, lambda: self.page["phase"] == phase)

    def announce(self, days: int = 22, judging: Mapping[str, Any] | None = None, **changes: Any) -> None:
        """Draft and announce a tender that begins in so many days and lasts for 12, decided by the price or judged."""
        body = make.draft(way="tender", **changes).model_dump(mode="json", exclude={"type"})
        selling.draft(self.agency, LOT, "land", body)
        keys = {}
        for seat, player in self.seats.items():
            authority.keygen(player, LOT, seat)
            keys[seat] = str(player.said["public_key"])
        starts = self.agency.client.now() + days * DAY
        begins, due, ends = (f"{at:%Y-%m-%d %H:%M:%S}Z" for at in (starts, starts + 9 * DAY, starts + 12 * DAY))
        publishing.publish(
            self.agency, LOT, document=[self.paper], file=self.terms, **(judging or {"award": "price"}),
            opening_minutes=60,
            start="100000", step="1000", deposit="20000", reserve="110000",
            applications_due=due, bidding_starts=begins, bidding_ends=ends,
            agency_key=keys["agency"], supervisor_key=keys["supervisor"], platform_key=keys["platform"],
        )  # fmt: skip

    def admit(self) -> None:
        """Let each apply and pay."""
        for bidder in self.bidders:
            bidding.join(bidder, LOT)
            number = str(bidder.said["number"])
            selling.deposit(self.agency, LOT, number, "20000", payer=number, payment=number)
