"""A whole tender by the commands that people type, on an installation started by `ggzy up`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.installation import Do, announce, bid, doing, hold_opening, installed, open_bidders, open_offices
from tests.cli.test_commands import REAL, ggzy

pytestmark = pytest.mark.system


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    with installed(tmp_path) as made:
        yield made


@pytest.fixture
def do(place: dict[str, str]) -> Do:
    return doing(place)


def _bid(do: Do, paper: Path, receipt: Path) -> None:
    """Let three bid; the first withdraws and bids anew."""
    for number in range(3):
        bid(do, number, paper)
    do("bid", "withdraw", "p1", account="b0")
    do("bid", "seal", "p1", "--price", "800000", "--days", "280", account="b0")
    do("bid", "submit", "p1", account="b0")
    assert do("bid", "receipt", "p1", "-o", str(receipt), account="b0")["signature_holds"]


def _decide(do: Do, contract: Path) -> None:
    do("tender", "score", "p1", account="agency")
    do("tender", "candidates", "p1", account="agency")
    do("clock", "advance", "20d")  # whatever the days of rest
    do("tender", "award", "p1", account="agency")
    do("tender", "contract", "p1", str(contract), account="agency")


def test_a_tender_from_its_draft_to_a_verified_bundle(do: Do, place: dict[str, str], tmp_path: Path) -> None:
    paper, bundle, policy = tmp_path / "招标文件.txt", tmp_path / "p1.zip", tmp_path / "policy"
    paper.write_text("招标文件")
    open_offices(do)
    open_bidders(do)
    announce(do, paper)
    _bid(do, paper, tmp_path / "receipt.json")
    early = ggzy("tender", "open", "p1", "--as", "agency", **place)
    prices = sorted(row["price_fen"] for row in hold_opening(do))
    _decide(do, paper)

    assert early.exit_code == 1
    assert [one["stream"] for one in do("tender", "list")["procedures"]] == ["p1"]
    assert prices == [80_000_000, 90_000_150, 90_000_250]
    assert do("tender", "show", "p1")["award"]["price_fen"] == 80_000_000
    assert do("replay", "p1", account="sup")["phase"] == "contracted"
    do("bundle", "p1", "-o", str(bundle))
    do("policy", "-o", str(policy))
    log = str(Path(place["GGZY_DATA"]) / "ledger")
    assert do("verify", str(bundle), "--policy", str(policy), "--log", log)["verified"]
    assert do("verify", "--log", log, "--policy", str(policy))["verified"]
    assert ggzy("verify", str(bundle)).exit_code == 1
    receipt = tmp_path / "receipt.json"
    do("bid", "receipt", "p1", "-o", str(receipt), account="b0")
    assert do("bid", "receipt", "--verify", str(receipt), "--policy", str(policy))["verified"]
    assert do("doctor")["ok"]


def test_a_real_notice_is_imported_once_however_often(do: Do) -> None:
    open_offices(do)

    for _ in range(2):
        made = do("import", "ocds", REAL, "--send", "--operator", "op", account="agency")

    (tender,) = made["tenders"]
    assert do("tender", "show", tender["procedure"], account="agency")["phase"] == "drafted"
    assert do("party", "show", "GB-COH:984710313", account="op")["name"] == "Omsorgspartner AS"
