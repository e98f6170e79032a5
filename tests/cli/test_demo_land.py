"""`ggzy demo --scenario land`: every real contract is a listing that ends with its real buyer at its real price."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.demo.full.step import Evidence
from tests.cli.land_contracts import CONTRACTS
from tests.cli.test_commands import document, ggzy

pytestmark = pytest.mark.system

LOTS = 21


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Play it and give the answer."""
    data = tmp_path_factory.mktemp("land") / "data"
    command = [sys.executable, "-m", "cli.main", "demo", "--scenario", "land", "--data", str(data), "--json"]
    made = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr.decode() + made.stdout.decode()
    told: dict[str, Any] = json.loads(made.stdout)
    return data, told


def test_every_contract_ends_with_its_buyer_at_its_price(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played

    assert len(CONTRACTS) == LOTS
    assert {one["procedure"]: (one["winner"], one["price"]) for one in told["procedures"]} == CONTRACTS
    assert {(one["phase"], one["bidders"], one["verified"]) for one in told["procedures"]} == {("sold", 3, True)}


def test_what_is_made_is_marked_as_made_in_the_notice_and_the_rest_is_as_in_the_file(
    played: tuple[Path, dict[str, Any]],
) -> None:
    _, told = played
    first = told["procedures"][0]

    records = Evidence.of(Path(first["bundle"]).read_bytes()).records

    (notice,) = [record.data for record in records if record.type == "land.lot_announced.v1"]
    said = {item["name"]: item["value"] for item in notice["draft"]["particulars"]}
    assert (said["面积"], said["用途"]) == ("0.714700 公顷", "工业用地")
    assert said["位置"] == "江华瑶族自治县江华工业园区工业大道北侧"
    assert {"rivals", "deposit_fen", "reserve", "times"} <= set(notice["draft"]["made"])
    (opened,) = [record.data for record in records if record.type == "land.reserve_opened.v1"]
    assert notice["terms"]["start_fen"] < opened["reserve_fen"] <= first["price"]


def test_every_other_lot_is_won_by_a_proxy(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played

    last = [_last_bid(Path(entry["bundle"])) for entry in told["procedures"]]

    assert [bid["automatic"] for bid in last] == [bool(place % 2) for place in range(LOTS)]
    assert [bid["price_fen"] for bid in last] == [entry["price"] for entry in told["procedures"]]


def _last_bid(bundle: Path) -> dict[str, Any]:
    bids = [one.data for one in Evidence.of(bundle.read_bytes()).records if one.type == "land.bid_placed.v1"]
    return dict(bids[-1])


def test_its_evidence_verifies_by_the_policy_and_against_the_log(played: tuple[Path, dict[str, Any]]) -> None:
    data, told = played

    for entry in told["procedures"][:2]:
        answer = ggzy("verify", entry["bundle"], "--policy", entry["policy"], "--log", str(data / "ledger"), "--json")
        assert (answer.exit_code, document(answer)["overall"]) == (0, "verified")


def test_what_is_odd_in_the_file_is_listed(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played
    columns = [odd["column"] for odd in told["land"]["odd"]]

    assert {column: columns.count(column) for column in columns} == {"": 1, "行业分类": 1, "电子监管号": 7, "所在地": 7}
