"""Tenders by price through the running service: three sealed prices, opened by their bidders and two seats."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.auction import bidding, tendering
from cli.demo.stage import Stage
from cli.output import Refused
from tests.lot import factories as make
from tests.system.parcel import DAY, LOT, SECOND, Parcel

pytestmark = pytest.mark.system


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
