"""Tenders by price through the running service: three sealed prices, opened by their bidders and two seats."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli import authority
from cli.auction import bidding, selling, tendering
from cli.demo.cast import AGENCY, SEATS, Cast
from cli.demo.stage import Player, Stage
from cli.desk import Desk
from cli.output import Refused
from tests.lot import factories as make

pytestmark = pytest.mark.system

LOT = "parcel-1"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Parcel:
    """One parcel sold by tender, its seller, and three bidders, each with a machine of its own."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, cast = stage, Cast(stage)
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

    def told(self, name: str, bidder: Player | None = None) -> list[dict[str, Any]]:
        """Return what the agency, or a bidder, is told of one kind of fact."""
        asker = Desk(bidder, LOT).asker if bidder else self.agency.asker()
        events = self.agency.client.get(f"/api/procedures/{LOT}/history", asker)["events"]
        return [event["data"] for event in events if event["type"] == f"land.{name}.v1"]

    def reach(self, phase: str) -> None:
        """Wait until the lot is in a phase."""
        self.stage.wait(phase, lambda: self.page["phase"] == phase)

    def announce(self, days: int = 22, **changes: Any) -> None:
        """Draft and announce a tender that begins in so many days and lasts for 12."""
        body = make.draft(way="tender", **changes).model_dump(mode="json", exclude={"type"})
        selling.draft(self.agency, LOT, "land", body)
        keys = {}
        for seat, player in self.seats.items():
            authority.keygen(player, LOT, seat)
            keys[seat] = str(player.said["public_key"])
        starts = self.agency.client.now() + days * DAY
        begins, due, ends = (f"{at:%Y-%m-%d %H:%M:%S}Z" for at in (starts, starts + 9 * DAY, starts + 12 * DAY))
        selling.publish(
            self.agency, LOT, document=[self.paper], file=self.terms, award="price", opening_minutes=60,
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


@pytest.fixture
def parcel(tmp_path: Path) -> Iterator[Parcel]:
    with Stage(tmp_path / "data") as stage:
        yield Parcel(stage, tmp_path)


def test_three_sealed_prices_are_opened_together_and_the_highest_wins(parcel: Parcel) -> None:
    parcel.announce()
    parcel.admit()
    parcel.stage.move_to(parcel.agency.client.now() + 22 * DAY + SECOND)
    parcel.reach("tendering")

    for bidder, yuan in zip(parcel.bidders, ("120000", "130000", "125000"), strict=True):
        tendering.hand_in(bidder, LOT, yuan)
    first = parcel.bidders[0]
    with pytest.raises(Refused, match="不可撤回"):
        tendering.hand_in(first, LOT, "140000")
    with pytest.raises(Refused, match="不可撤回"):
        tendering.take_back(first, LOT)
    tendering.hand_in(first, LOT, "120000")
    assert first.said["events"] == []

    assert parcel.told("price_handed_in") == []
    assert len(parcel.told("price_handed_in", first)) == 1

    parcel.stage.move_to(parcel.agency.client.now() + 12 * DAY)
    parcel.reach("opening")
    for seat in ("agency", "platform"):
        bidding.share(parcel.seats[seat], LOT, seat)
    for bidder in parcel.bidders:
        assert parcel.told("prices_read") == []
        tendering.key(bidder, LOT)

    (read,), (sold,) = parcel.told("prices_read"), parcel.told("lot_sold")
    assert sorted(row["price_fen"] for row in read["rows"]) == [120_000_00, 125_000_00, 130_000_00]
    assert sold["price_fen"] == 130_000_00
    assert [opened["reserve_fen"] for opened in parcel.told("reserve_opened")] == [110_000_00]
    assert parcel.page["phase"] == "review"


def test_a_price_of_a_mining_right_is_replaced_and_taken_back_until_the_deadline(parcel: Parcel) -> None:
    said = make.particulars("位置", "面积", "矿种", "年限", "资源储量", "竞买资格")
    parcel.announce(45, kind="mining", particulars=said, term_years=10)
    parcel.admit()
    parcel.stage.move_to(parcel.agency.client.now() + 45 * DAY + SECOND)
    parcel.reach("tendering")
    first, second, third = parcel.bidders

    for yuan in ("120000", "121000"):
        tendering.hand_in(first, LOT, yuan)
    tendering.take_back(first, LOT)
    for bidder, yuan in ((first, "120000"), (second, "130000"), (second, "140000"), (third, "125000")):
        tendering.hand_in(bidder, LOT, yuan)
    parcel.stage.move_to(parcel.agency.client.now() + 12 * DAY)
    parcel.reach("opening")
    for bidder in parcel.bidders:
        tendering.key(bidder, LOT)
    bidding.share(parcel.seats["supervisor"], LOT, "supervisor")
    bidding.share(parcel.seats["platform"], LOT, "platform")

    (read,) = parcel.told("prices_read")
    assert sorted(row["price_fen"] for row in read["rows"]) == [120_000_00, 125_000_00, 140_000_00]
    assert parcel.told("tender_closed")[0]["withdrawn"] == 1
