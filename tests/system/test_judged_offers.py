"""A tender for the best conditions through the running service: bound documents, a committee, and the best offer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.auction import bidding, tendering
from cli.demo.cast import OPERATOR
from cli.demo.stage import Player, Stage
from cli.output import Refused
from tests.lot.judging import CRITERIA, EXPERTS, POINTS, REPORT
from tests.system.parcel import DAY, LOT, SECOND, Parcel

pytestmark = pytest.mark.system

CLERK, STRANGER = "clerk", "expert-9"
JUDGING: dict[str, Any] = {
    "price_points": 40,
    "members": 5,
    "experts": 4,
    "criterion": [f"factor={one.factor},title={one.title},points={one.points}" for one in CRITERIA],
}


@pytest.fixture
def parcel(tmp_path: Path) -> Iterator[Parcel]:
    with Stage(tmp_path / "data") as stage:
        yield Parcel(stage, tmp_path)


def enrolled(parcel: Parcel, name: str, **known: Any) -> Player:
    """Open an expert's account, and enter it in the library."""
    parcel.cast.office(name, "expert")
    qualification = {"specialities": ["土地评估"], "title": "senior", "years": 8, "region": "370500", **known}
    body = {"type": "registry.enrol_expert", "expert": name, "qualification": qualification}
    parcel.stage.player(OPERATOR).give(f"expert-{name}", body)
    return parcel.stage.player(name)


def say(player: Player, name: str, **said: Any) -> None:
    """Give one of the lot's commands."""
    player.give(LOT, {"type": f"land.{name}", **said})


def offer(parcel: Parcel, bidder: int) -> Path:
    """Return a bidder's offer, on its own machine."""
    path = parcel.paper.parent / f"投标文件{bidder}.txt"
    path.write_text(f"开发方案{bidder}")
    return path


def test_a_committee_judges_what_bidders_bound_and_the_best_offer_wins(parcel: Parcel) -> None:
    members = [enrolled(parcel, name) for name in EXPERTS]
    parcel.cast.office(CLERK, "expert")
    first = parcel.cast.party("bidder-1")
    tied = enrolled(parcel, STRANGER, employers=[f"{first['scheme']}:{first['id']}"])
    members.append(parcel.stage.player(CLERK))
    parcel.announce(judging=JUDGING)
    parcel.admit()
    parcel.stage.move_to(parcel.agency.client.now() + 22 * DAY + SECOND)
    parcel.reach("tendering")

    for bidder, (player, yuan) in enumerate(zip(parcel.bidders, ("120000", "130000", "125000"), strict=True), start=1):
        tendering.hand_in(player, LOT, yuan, offer=[offer(parcel, bidder)])
    parcel.stage.move_to(parcel.agency.client.now() + 12 * DAY)
    parcel.reach("opening")
    for seat in ("agency", "platform"):
        bidding.share(parcel.seats[seat], LOT, seat)
    for player in parcel.bidders:
        tendering.key(player, LOT)
    parcel.reach("judging")
    parcel.stage.wait("names", lambda: len(parcel.told("identity_noted")) == 3)

    seats = {"representatives": [CLERK], "until": f"{parcel.agency.client.now() + DAY:%Y-%m-%dT%H:%M:%S.%fZ}"}
    with pytest.raises(Refused, match="劳动关系"):
        say(parcel.agency, "seat_committee", experts=[*EXPERTS[:3], STRANGER], **seats)
    say(parcel.agency, "seat_committee", experts=list(EXPERTS), **seats)

    (key, *_) = parcel.told("price_key_given")
    wanted = f"/api/blobs/{key['documents'][0]['sha256']}?procedure={LOT}"
    assert "开发方案" in members[0].client.fetch(wanted, members[0].asker()).decode()
    with pytest.raises(Refused):
        tied.client.fetch(wanted, tied.asker())

    numbers = {bidder: parcel.page_of(player)["own"]["number"] for bidder, player in enumerate(parcel.bidders, start=1)}
    scores = [
        {"number": numbers[bidder], "factor": one.factor, "points": mark}
        for bidder, marks in POINTS.items()
        for one, mark in zip(CRITERIA, marks, strict=True)
    ]
    for member in members:
        say(member, "score_offers", scores=scores)
        assert len(parcel.told("offers_scored")) == 0
    say(parcel.agency, "report_judging", document=REPORT)

    (reported,), (sold,) = parcel.told("judging_reported"), parcel.told("lot_sold")
    assert [(row["price_fen"], row["total"]) for row in reported["rows"]] == [
        (120_000_00, "96.92"),
        (125_000_00, "83.46"),
        (130_000_00, "70"),
    ]
    assert (sold["number"], sold["price_fen"]) == (numbers[1], 120_000_00)
    assert len(parcel.told("offers_scored")) == len(members)
    assert parcel.page["phase"] == "review"
