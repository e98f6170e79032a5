"""`ggzy auction`: the verbs of every line of lots, each under the name of the lot's own line."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.wallet import Wallet
from shared.kernel.canonical import digest
from shared.seal.proxy import open_maximum
from shared.seal.reserve import SealedReserve, open_reserve_share, share_holds
from shared.seal.wire import AUTHORITIES as WHO
from tests.cli.door import Door, problem
from tests.cli.lots import LOT, PATH, announced, drafted
from tests.cli.test_commands import document, ggzy
from tests.lot.factories import AUTHORITIES, PROXY_KEY, SEATS

KEYS = [word for name in WHO for word in (f"--{name}-key", AUTHORITIES.of(name))]
LAWFUL = ("--bidding-starts", "2026-12-14", "--bidding-ends", "2026-12-27", "--applications-due", "2026-12-24")
MONEY = ("--start", "100000", "--step", "1000", "--deposit", "20000")


@pytest.fixture
def place(door: Door, wallet: Wallet) -> dict[str, str]:
    for account in ("agency", "bidder-1", "seat-agency"):
        door.accounts[account] = wallet.make_account_key(account)
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home), "GGZY_ACCOUNT": "agency"}


def bidding(place: dict[str, str]) -> dict[str, str]:
    return {**place, "GGZY_ACCOUNT": "bidder-1"}


def sent(door: Door) -> list[dict[str, Any]]:
    return [command for _, command in door.given]


@pytest.fixture
def paper(tmp_path: Path) -> str:
    file = tmp_path / "出让文件.txt"
    file.write_text("出让文件")
    return str(file)


def test_a_draft_says_what_is_sold_and_states_the_right_to_it(door: Door, place: dict[str, str], paper: str) -> None:
    seller = ("--seller", "91350000MA347WHE48", "--seller-name", "某局", "--region", "370502", "--title", "地块")

    made = ggzy("auction", "new", LOT, *seller, "--approval", paper, "--particular", "面积=1=公顷", "--json", **place)

    assert made.exit_code == 0
    (command,) = sent(door)
    assert (command["type"], command["kind"], command["way"]) == ("land.draft_lot", "land_use", "listing")
    assert command["particulars"] == [{"name": "面积", "value": "1=公顷"}]
    assert command["right"]["clear"]
    assert not command["right"]["seized"]


def test_a_kind_that_the_line_does_not_sell_is_refused_before_anything_is_sent(
    door: Door, place: dict[str, str]
) -> None:
    made = ggzy("auction", "new", LOT, "--kind", "equity", "--title", "股权", "--json", **place)

    assert made.exit_code == 1
    assert "equity" in document(made)["error"]["en"]
    assert not door.given


def test_terms_that_fall_short_are_listed_with_the_day_that_would_do(
    door: Door, place: dict[str, str], paper: str
) -> None:
    door.pages[PATH] = drafted()
    times = ("--bidding-starts", "2026-12-12", "--bidding-ends", "2026-12-20", "--applications-due", "2026-12-19")

    made = ggzy("auction", "publish", LOT, "--document", paper, *times, *MONEY, *KEYS, "--json", **place)

    assert made.exit_code == 1
    short = document(made)["error"]["shortfalls"]
    assert [(one["field"], one["rule"], one["earliest_day"]) for one in short] == [
        ("bidding_starts", "T2", "2026-12-13"),
        ("bidding_ends", "T4", "2026-12-23"),
        ("bidding_ends", "T3", "2026-12-22"),
    ]
    assert not door.given


def test_a_reserve_is_sealed_here_and_its_amount_and_salt_stay_in_the_wallet(
    door: Door, place: dict[str, str], paper: str, wallet: Wallet
) -> None:
    door.pages[PATH] = drafted()
    words = ("auction", "publish", LOT, "--document", paper, *LAWFUL, *MONEY, *KEYS, "--reserve", "104000")

    once, again = (ggzy(*words, "--json", **place) for _ in range(2))

    assert (once.exit_code, again.exit_code) == (0, 0)
    first, second = sent(door)
    assert first["reserve"] == second["reserve"]
    assert "104000" not in json.dumps(first)
    sealed = SealedReserve.model_validate_json(json.dumps(first["reserve"]))
    shared = open_reserve_share(SEATS["agency"], LOT, sealed, "agency")
    assert share_holds(LOT, sealed, "agency", shared)
    assert wallet.read("lots", LOT, "reserve")["yuan"] == "104000.00"
    assert first["trigger"] == "automatic"
    assert list(door.uploads.values()) == ["出让文件".encode()] * 2


def test_only_checking_sends_nothing(door: Door, place: dict[str, str], paper: str) -> None:
    door.pages[PATH] = drafted()

    made = ggzy("auction", "publish", LOT, "--document", paper, *LAWFUL, *MONEY, *KEYS, "--check", "--json", **place)

    assert document(made) == {"procedure": LOT, "lawful": True}
    assert not door.given


def test_a_deposit_goes_by_digests_that_are_equal_for_equal_accounts_and_cannot_be_guessed(
    door: Door, place: dict[str, str]
) -> None:
    door.pages[PATH] = announced()
    words = ("auction", "deposit", LOT, "100001", "20000.05", "--from", "6222 0001")

    made = [ggzy(*words, "--payment", payment, **place) for payment in ("1", "2")]

    assert [one.exit_code for one in made] == [0, 0]
    first, second = sent(door)
    assert (first["type"], first["amount_fen"]) == ("land.record_deposit", 20_000_05)
    assert first["account"] == second["account"]
    assert first["payment"] != second["payment"]
    assert first["account"] != digest(b"6222 0001")


def test_a_made_verb_gives_the_command_of_the_lots_own_line(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()

    done = ggzy("auction", "freeze", LOT, "--cause", "dispute", "--notice", "有人投诉", **place)

    assert done.exit_code == 0
    assert sent(door) == [{"type": "land.freeze", "cause": "dispute", "notice": "有人投诉"}]


def test_what_is_no_lot_is_refused(door: Door, place: dict[str, str]) -> None:
    door.pages["/api/procedures/T1"] = {"procedure": "T1", "phase": "accepting"}

    made = ggzy("auction", "freeze", "T1", "--cause", "dispute", "--notice", "x", "--json", **place)

    assert made.exit_code == 1
    assert "no lot" in document(made)["error"]["en"]


def test_who_joins_gets_its_number_behind_a_token(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = {**announced(), "own": {"number": "100001", "admitted": False, "deposit_fen": 0}}

    made = ggzy("auction", "join", LOT, "--json", **bidding(place))

    assert document(made)["number"] == "100001"
    assert sent(door)[0]["type"] == "land.apply"


def test_a_bid_is_in_yuan_and_its_answer_tells_who_leads_now(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()

    made = ggzy("auction", "bid", LOT, "102000.00", "--json", **bidding(place))

    assert sent(door) == [{"type": "land.place_bid", "price_fen": 102_000_00}]
    told = document(made)
    assert (told["placed"], told["price"], told["leader"]) == ("102000.00", "101000.00", "100002")


def test_a_refused_bid_ends_with_one_and_its_article(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()
    door.decide = lambda _procedure, _command: problem(409, "breaks_clause", article="规则 第三十条")

    made = ggzy("auction", "bid", LOT, "1", "--json", **bidding(place))

    assert made.exit_code == 1
    assert document(made)["error"]["article"] == "规则 第三十条"


def test_a_maximum_is_sealed_to_the_lots_key_for_ones_own_number(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = {**announced(), "own": {"number": "100001", "admitted": True, "deposit_fen": 0}}

    made = [ggzy("auction", "proxy", LOT, "150000", "--json", **bidding(place)) for _ in range(2)]

    assert [one.exit_code for one in made] == [0, 0]
    command, same = sent(door)
    assert command == same
    assert "150000" not in json.dumps(command)
    assert open_maximum(PROXY_KEY, LOT, "100001", command["commitment"], command["sealed"]) == 150_000_00


def test_units_instalments_and_confirmation_are_said_by_options(door: Door, place: dict[str, str], paper: str) -> None:
    door.pages[PATH] = drafted()
    parts = ("--first-percent", "50", "--rest-months", "12")
    rates = ("--loan-rate", "2026-11-20=0.031", "--loan-rate", "2026-05-20=0.0345")
    more = ("--units", "300", "--confirmation", "proof", *parts, *rates)

    made = ggzy("auction", "publish", LOT, "--document", paper, *LAWFUL, *MONEY, *KEYS, *more, "--json", **place)

    assert made.exit_code == 0, made.output
    (command,) = sent(door)
    assert (command["units"], command["confirmation"]) == (300, "proof")
    told = command["instalments"]
    assert (told["first_percent"], told["rest_months"], told["days_in_year"]) == (50, 12, 360)
    assert [(one["since"], one["yearly"]) for one in told["rates"]] == [
        ("2026-05-20", "0.0345"),
        ("2026-11-20", "0.031"),
    ]


@pytest.mark.parametrize("rate", ["0.0345", "2026-05-20", "2026-05-20="])
def test_a_rate_without_its_day_is_not_understood(door: Door, place: dict[str, str], paper: str, rate: str) -> None:
    door.pages[PATH] = drafted()

    made = ggzy("auction", "publish", LOT, "--document", paper, *LAWFUL, *MONEY, *KEYS, "--loan-rate", rate, **place)

    assert made.exit_code != 0
    assert not door.given


def test_who_has_not_applied_sets_no_proxy(door: Door, place: dict[str, str]) -> None:
    door.pages[PATH] = announced()

    assert ggzy("auction", "proxy", LOT, "150000", **bidding(place)).exit_code == 1
    assert not door.given


def test_a_seat_opens_its_share_of_the_reserve_here(door: Door, place: dict[str, str], wallet: Wallet) -> None:
    door.pages[PATH] = announced(phase="reserve")
    key = {"tender": LOT, "holder": "agency", "public_key": AUTHORITIES.agency, "private_key": SEATS["agency"]}
    wallet.write(key, "authorities", "agency", LOT)

    made = ggzy("auction", "share", LOT, **{**place, "GGZY_ACCOUNT": "seat-agency"})

    assert made.exit_code == 0, made.output
    (command,) = sent(door)
    sealed = SealedReserve.model_validate_json(json.dumps(door.pages[PATH]["announcement"]["terms"]["reserve"]))
    assert share_holds(LOT, sealed, "agency", command["share"])
