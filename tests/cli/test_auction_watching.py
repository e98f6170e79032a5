"""`ggzy auction` for who looks on: the live feed of a lot, the list of all lines, and how a lot came out."""

import json
from typing import Any

import pytest

from cli.wallet import Wallet
from tests.cli.door import Door
from tests.cli.lots import LOT, PATH, announced
from tests.cli.test_commands import document, ggzy
from tests.seal.world import TOKEN


@pytest.fixture
def bidding(door: Door, wallet: Wallet, place: dict[str, str]) -> dict[str, str]:
    door.accounts["bidder-1"] = wallet.make_account_key("bidder-1")
    return {**place, "GGZY_ACCOUNT": "bidder-1"}


def frame(**changes: Any) -> bytes:
    """Return what a lot's feed shows of it as it is announced here."""
    now = {**announced()["now"], "at": "2026-11-22T01:00:00.000000Z", "left_ms": 300_000, "connected": True}
    return b"event: lot\ndata: " + json.dumps({"procedure": LOT, **now, **changes}).encode() + b"\n\n"


def test_watching_tells_price_next_bid_and_the_time_that_is_left(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()
    beat = frame(left_ms=298_000, at="2026-11-22T01:00:02.000000Z")
    door.files[f"{PATH}/live"] = b"retry: 2000\n\n" + frame() + beat + frame(phase="sold", price_fen=105_000_00)

    told = ggzy("auction", "watch", LOT, **place)
    data = ggzy("auction", "watch", LOT, "--json", **place)

    first, last = told.stdout.splitlines()
    assert "现价 price 101000.00 元（100002）  下一口价 next 102000.00 元  剩余 left 0:05:00" in first
    assert "成交 sold  现价 price 105000.00 元" in last
    assert [json.loads(line)["phase"] for line in data.stdout.splitlines()] == ["timed", "sold"]


def test_watching_ends_in_the_phase_that_is_waited_for(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()
    door.files[f"{PATH}/live"] = frame(phase="free") + frame() + frame(phase="sold")

    data = ggzy("auction", "watch", LOT, "--until", "timed", "--json", **place)

    assert [json.loads(line)["phase"] for line in data.stdout.splitlines()] == ["free", "timed"]


def test_a_bidder_is_told_at_once_that_its_bid_is_on_record(door: Door, bidding: dict[str, str]) -> None:
    door.pages[PATH] = {**announced(), "own": {"number": "100001", "admitted": True, "deposit_fen": 0}}
    door.files[f"{PATH}/live"] = b'event: own\ndata: {"price_fen": 10300000}\n\n' + frame(phase="sold")
    ggzy("auction", "join", LOT, **bidding)

    told = ggzy("auction", "watch", LOT, **bidding)

    assert told.exit_code == 0
    assert "103000.00" in told.stderr


def test_a_feed_that_ends_is_asked_for_again(
    door: Door, place: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    door.pages[PATH] = announced()
    door.files[f"{PATH}/live"] = frame()
    after = {f"{PATH}/live": frame(phase="sold")}
    monkeypatch.setattr("cli.auction.watching.sleep", lambda _seconds: door.files.update(after))

    data = ggzy("auction", "watch", LOT, "--json", **place)

    assert [json.loads(line)["phase"] for line in data.stdout.splitlines()] == ["timed", "sold"]


def test_the_list_has_the_lots_of_every_line_that_sells_them(door: Door, place: dict[str, str]) -> None:
    row = {"stream": LOT, "phase": "free", "title": "地块", "starts_at": "2026-11-22T01:05:00.000000Z"}
    door.pages["/api/procedures"] = {"procedures": [row], "after": None}

    made = ggzy("auction", "list", "--line", "land", "--json", **place)

    assert document(made)["procedures"] == [{"line": "land", **row}]
    assert "/api/procedures?line=land" in door.asked


def test_a_lot_that_is_sold_is_shown_with_its_winners_name(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced(phase="sold", ends_at=None)
    loser = {"number": "100001", "party": {"name": "甲"}, "won": False}
    noted = [loser, {"number": "100002", "party": {"name": "乙"}, "won": True}]
    at = "2026-11-22T01:00:00.000000Z"
    events = [{"type": "land.identity_noted.v1", "at": at, "data": data} for data in noted]
    door.pages[f"{PATH}/history"] = {"events": events, "after": None}

    told = ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""})

    assert told.exit_code == 0
    (line,) = (line for line in told.stdout.splitlines() if " winner " in line and "竞得人" in line)
    assert line.split()[-1] == "乙"


def test_the_seller_is_shown_who_applied_by_number(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()
    events = [
        {"type": "land.applied.v1", "data": {"number": "100001", "token": TOKEN}},
        {"type": "land.deposit_recorded.v1", "data": {"number": "100001", "amount_fen": 20_000_00, "counts": True}},
        {"type": "land.bidder_admitted.v1", "data": {"number": "100001"}},
    ]
    door.pages[f"{PATH}/history"] = {"events": events, "after": None}

    made = ggzy("auction", "show", LOT, "--as", "agency", "--json", **place)

    (applicant,) = document(made)["applicants"]
    assert (applicant["number"], applicant["deposit_fen"]) == ("100001", 20_000_00)
