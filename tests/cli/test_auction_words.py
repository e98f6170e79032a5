"""What `ggzy auction` says to who errs, and the price that is named where one decides."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.wallet import Wallet
from shared.seal.proxy import open_maximum
from tests.cli.door import Door
from tests.cli.lots import LOT, PATH, announced, drafted
from tests.cli.test_auction import KEYS, LAWFUL, MONEY, bidding, sent
from tests.cli.test_auction_watching import frame
from tests.cli.test_commands import document, ggzy
from tests.lot.factories import PROXY_KEY, particulars

OWN = {"number": "100001", "admitted": True, "deposit_fen": 0}


@pytest.fixture
def place(door: Door, wallet: Wallet) -> dict[str, str]:
    for account in ("agency", "bidder-1"):
        door.accounts[account] = wallet.make_account_key(account)
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home), "GGZY_ACCOUNT": "agency"}


@pytest.fixture
def paper(tmp_path: Path) -> str:
    file = tmp_path / "合同.txt"
    file.write_text("合同")
    return str(file)


def checked(place: dict[str, str], paper: str, *money: str) -> Any:
    return ggzy("auction", "publish", LOT, "--document", paper, *LAWFUL, *money, *KEYS, "--check", "--json", **place)


def test_checking_finds_what_the_notice_lacks_and_not_only_its_periods(
    door: Door, place: dict[str, str], paper: str
) -> None:
    door.pages[PATH] = drafted(particulars=particulars("位置", "面积"))

    made = checked(place, paper, *MONEY)

    assert made.exit_code == 1
    error = document(made)["error"]
    assert "现状、用途" in error["zh"]
    assert "第九条" in error["article"]
    assert not door.given


def test_checking_says_how_high_a_deposit_is_at_least(door: Door, place: dict[str, str], paper: str) -> None:
    door.pages[PATH] = drafted()

    made = checked(place, paper, "--start", "100000.01", "--step", "1000", "--deposit", "20000")

    assert made.exit_code == 1
    assert "20000.01 元" in document(made)["error"]["zh"]


def test_what_was_not_given_is_asked_for_by_its_options(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = drafted()

    made = ggzy("auction", "publish", LOT, *LAWFUL, "--start", "100000", "--json", **place)
    drawn = ggzy("auction", "new", LOT, "--title", "地块", "--json", **place)

    assert (made.exit_code, drawn.exit_code) == (2, 2)
    seats = "--agency-key, --supervisor-key, --platform-key"
    assert f"请给出 --document, --step, --deposit, {seats}，" in document(made)["error"]["zh"]
    assert "--region, --seller, --seller-name" in document(drawn)["error"]["zh"]
    assert not door.given


def test_a_seller_without_a_token_is_told_of_by_name(door: Door, place: dict[str, str], paper: str) -> None:
    door.pages[PATH] = announced(phase="sold", ends_at=None)

    made = ggzy("auction", "contract", LOT, "--contract", paper, "--json", **place)
    named = ggzy("auction", "contract", LOT, "--contract", paper, "--by-name", "--json", **place)

    assert (made.exit_code, named.exit_code) == (2, 0)
    assert "--by-name" in document(made)["error"]["zh"]
    assert [command["type"] for command in sent(door)] == ["land.sign_contract"]


def test_the_only_price_is_named_under_seal_and_the_same_one_again(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = {**announced(phase="naming"), "own": OWN}

    made = [ggzy("auction", "name-price", LOT, "260000.55", "--json", **bidding(place)) for _ in range(2)]

    assert [one.exit_code for one in made] == [0, 0]
    command, same = sent(door)
    assert command == same
    assert command["type"] == "land.name_price"
    assert "260000" not in json.dumps(command)
    assert open_maximum(PROXY_KEY, LOT, "100001", command["commitment"], command["sealed"]) == 260_000_55


def test_who_takes_part_where_one_price_decides_says_so_behind_its_token(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = {**announced(phase="confirming"), "own": OWN}

    made = [ggzy("auction", verb, LOT, **bidding(place)).exit_code for verb in ("join", "take-part")]

    assert made == [0, 0]
    assert [command["type"] for command in sent(door)] == ["land.apply", "land.join_naming"]


def test_days_that_are_left_are_said_in_chinese(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()
    days = frame(left_ms=(12 * 86_400 + 3_661) * 1000 + 999)
    door.files[f"{PATH}/live"] = days + frame(phase="sold", left_ms=None)

    told = ggzy("auction", "watch", LOT, **place)

    assert "剩余 left 12天 1:01:01" in told.stdout


def test_a_lot_that_goes_on_later_is_shown_with_the_time_from_which_it_does(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced(phase="free", resumes_at="2026-11-23T01:00:00.000000Z")

    told = ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""})

    assert "恢复时间 resumes_at" in told.stdout
    assert "2026-11-23 09:00:00" in told.stdout

    door.pages[PATH] = announced(phase="free", resumes_at="2020-11-23T01:00:00.000000Z")
    assert "resumes_at" not in ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""}).stdout


def test_a_lot_whose_times_have_moved_is_shown_with_those_of_now(door: Door, place: dict[str, str]) -> None:
    page = announced(phase="registration")
    page["times"] |= {"starts_at": "2026-12-17T15:59:42.000000Z", "applications_due": "2026-12-16T15:59:42.000000Z"}
    door.pages[PATH] = page

    told = ggzy("auction", "show", LOT, **{**place, "GGZY_ACCOUNT": ""}).stdout

    assert "2026-12-17 23:59:42" in told
    assert "报名截止 applications_due" in told
