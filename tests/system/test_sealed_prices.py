"""A tender of land by price through the running service: three sealed prices, opened by bidders and two seats."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.demo.cast import AGENCY, SEATS, Cast
from cli.demo.stage import Stage
from cli.desk import Desk
from cli.doing import give
from cli.output import Refused
from cli.uploads import sha256_of
from shared.kernel.canonical import digest, instant
from shared.procedure.lot.values import Tendering
from shared.seal.envelope import open_share
from shared.seal.keys import AnnouncedKeys, BidderKeyFile
from shared.seal.price import Offered, SealedPrice, price_ids, seal_price, seal_price_meaning
from shared.seal.reserve import open_reserve_share, seal_reserve
from shared.seal.wire import AUTHORITIES, Authority, text
from tests.lot import factories as make

pytestmark = pytest.mark.system

LOT = "parcel-1"
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Parcel:
    """One parcel sold by tender, its seller, and three bidders at their desks."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.stage, cast = stage, Cast(stage)
        cast.assemble()
        self.agency = stage.player(AGENCY)
        self.desks = [Desk(stage.player(cast.company(f"竞买人{n}（虚构）")), LOT) for n in (1, 2, 3)]
        self.paper = folder / "出让文件.txt"
        self.paper.write_text("出让文件")
        self.reserve = seal_reserve(LOT, 110_000_00, make.AUTHORITIES, os.urandom)[0]

    def ask(self, account: str, type_: str, /, **fields: Any) -> None:
        """Give a command as an account."""
        files = {sha256_of(self.paper): self.paper} if "documents" in fields else {}
        give(self.stage.player(account), LOT, {"type": f"land.{type_}", **fields}, files)

    @property
    def page(self) -> dict[str, Any]:
        page: dict[str, Any] = self.agency.client.get(f"/api/procedures/{LOT}", self.agency.asker())
        return page

    def told(self, name: str, desk: Desk | None = None) -> list[dict[str, Any]]:
        """Return what the agency, or a bidder, is told of one kind of fact."""
        asker = desk.asker if desk else self.agency.asker()
        events = self.agency.client.get(f"/api/procedures/{LOT}/history", asker)["events"]
        return [event["data"] for event in events if event["type"] == f"land.{name}.v1"]

    def reach(self, phase: str) -> None:
        """Wait until the lot is in a phase."""
        self.stage.wait(phase, lambda: self.page["phase"] == phase)

    def announce(self) -> None:
        """Draft and announce a tender that begins in 22 days and lasts for 12."""
        draft = make.draft(way="tender").model_dump(mode="json", exclude={"type"})
        self.ask(AGENCY, "draft_lot", **draft)
        starts = self.agency.client.now() + 22 * DAY
        due, ends = starts + 9 * DAY, starts + 12 * DAY
        document = {"name": self.paper.name, "size": self.paper.stat().st_size, "sha256": sha256_of(self.paper)}
        terms = make.announce(
            trigger="never", proxies=False, tender=Tendering(award="price"), reserve=self.reserve,
            applications_due=due, deposits_due=due, bidding_starts=starts, bidding_ends=ends,
        )  # fmt: skip
        said = terms.model_dump(mode="json", exclude={"type", "documents"})
        self.ask(AGENCY, "announce_lot", documents=[document], **said)

    def admit(self) -> None:
        """Let each apply and pay."""
        for desk in self.desks:
            desk.request_credential()
            desk.give({"type": "land.apply"})
        for applied in self.told("applied"):
            name, at = digest(applied["number"].encode()), instant(self.agency.client.now())
            paid = {"amount_fen": make.START_FEN // 5, "received_at": at, "account": name, "payment": name}
            self.ask(AGENCY, "record_deposit", number=applied["number"], **paid)

    def hand_in(self, desk: Desk, yuan: int) -> BidderKeyFile:
        """Seal a price on the bidder's machine and hand it in; its half stays there."""
        keys = AnnouncedKeys(tender=LOT, meaning=self.page["announcement"]["proxy_key"], authorities=make.AUTHORITIES)
        token = desk.credential.token
        price, half = seal_price(price_ids(LOT, "bid-1", token), yuan * 100, keys, os.urandom)
        sealed = seal_price_meaning(keys, token, Offered(envelope=price, replaces=None))
        desk.give({"type": "land.hand_in", "sealed": text(sealed)})
        return half

    def open_shares(self, seat: Authority) -> None:
        """Let a seat open its shares on its own machine and give them."""
        place = AUTHORITIES.index(seat) + 1
        (closed,) = self.told("tender_closed")
        shares = [
            {"number": price["number"], "share": text(open_share(make.SEATS[seat], _price(price), place))}
            for price in closed["prices"]
        ]
        reserve = open_reserve_share(make.SEATS[seat], LOT, self.reserve, seat)
        self.ask(SEATS[seat], "give_price_shares", authority=seat, shares=shares, reserve=reserve)


def _price(said: dict[str, Any]) -> SealedPrice:
    return SealedPrice.model_validate(said["envelope"], strict=False)


@pytest.fixture
def parcel(tmp_path: Path) -> Iterator[Parcel]:
    with Stage(tmp_path / "data") as stage:
        yield Parcel(stage, tmp_path)


def test_three_sealed_prices_are_opened_together_and_the_highest_wins(parcel: Parcel) -> None:
    parcel.announce()
    parcel.admit()
    parcel.stage.move_to(parcel.agency.client.now() + 22 * DAY + SECOND)
    parcel.reach("tendering")

    halves = [parcel.hand_in(desk, yuan) for desk, yuan in zip(parcel.desks, (120_000, 130_000, 125_000), strict=True)]
    with pytest.raises(Refused, match="不可撤回"):
        parcel.hand_in(parcel.desks[0], 140_000)

    assert parcel.told("price_handed_in") == []
    assert len(parcel.told("price_handed_in", parcel.desks[0])) == 1

    parcel.stage.move_to(parcel.agency.client.now() + 12 * DAY)
    parcel.reach("opening")
    parcel.open_shares("agency")
    parcel.open_shares("platform")
    for desk, half in zip(parcel.desks, halves, strict=True):
        assert parcel.told("prices_read") == []
        desk.give({"type": "land.give_price_key", "k_b": half.k_b})

    (read,), (sold,) = parcel.told("prices_read"), parcel.told("lot_sold")
    assert sorted(row["price_fen"] for row in read["rows"]) == [120_000_00, 125_000_00, 130_000_00]
    assert sold["price_fen"] == 130_000_00
    assert [opened["reserve_fen"] for opened in parcel.told("reserve_opened")] == [110_000_00]
    assert parcel.page["phase"] == "review"
