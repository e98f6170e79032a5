"""A whole tender by the commands that people type, on an installation started by `ggzy up`."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli import doctor
from shared.platform.settings import Settings
from tests.cli.test_commands import REAL, document, ggzy

pytestmark = pytest.mark.system

BUYER = "91350000MA347WHE48"
CODES = ("91370502MA3C000013", "91370502MA3C000026", "91370502MA3C000039")
SEATS = ("agency", "supervisor", "platform")

Do = Callable[..., dict[str, Any]]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Run an installation with a simulated clock; give the environment that its users have."""
    port = _free_port()
    made = {"GGZY_DATA": str(tmp_path / "data"), "GGZY_PORT": str(port), "GGZY_CLOCK": "simulated"}
    with (tmp_path / "up.log").open("wb") as log:
        command = [sys.executable, "-m", "cli.main", "up"]
        process = subprocess.Popen(command, env={**os.environ, **made}, stderr=log, stdout=log)
        try:
            _wait_for_door(Settings(data=tmp_path / "data", port=port), process)
            yield {**made, "GGZY_URL": f"http://127.0.0.1:{port}", "GGZY_HOME": str(tmp_path / "home")}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for_door(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while not doctor._door(settings).ok:
        assert process.poll() is None, "the platform ended"
        assert time.monotonic() < until, "the door did not open in a minute"
        time.sleep(0.3)


@pytest.fixture
def do(place: dict[str, str]) -> Do:
    """Give a command and return its JSON answer; it must succeed."""

    def run(*words: str, account: str = "") -> dict[str, Any]:
        made = ggzy(*words, "--json", **place, **({"GGZY_ACCOUNT": account} if account else {}))
        assert made.exit_code == 0, made.output
        return document(made)

    return run


def _reach(do: Do, phase: str) -> None:
    until = time.monotonic() + 30
    while do("tender", "show", "p1")["phase"] != phase:
        assert time.monotonic() < until, f"not {phase} in half a minute"
        time.sleep(0.2)


def _open_accounts(do: Do) -> None:
    do("account", "bootstrap", "op")
    do("party", "add", BUYER, "东营区教育局", "--kind", "public_body", account="op")
    for account, role in (
        ("agency", "agency"),
        ("sup", "supervisor"),
        *((f"seat-{seat}", "authority") for seat in SEATS),
    ):
        do("account", "keygen", account)
        party = ("--party", BUYER) if role == "agency" else ()
        do("account", "add", account, "--role", role, "--public-key", _public(do, account), *party, account="op")
    for number, code in enumerate(CODES):
        do("party", "add", code, f"投标人{number}有限公司", account="op")
        public = _public(do, f"b{number}")
        words = ("account", "add", f"b{number}", "--role", "bidder", "--party", code, "--public-key", public)
        do(*words, account="op")


def _public(do: Do, account: str) -> str:
    return str(do("account", "keygen", account)["public_key"])


def _announce(do: Do, paper: Path) -> None:
    lot = ("--region", "370502", "--category", "works", "--buyer", BUYER, "--buyer-name", "东营区教育局")
    do("tender", "new", "p1", "--title", "第一中学教学楼工程", *lot, account="agency")
    keys = [word for seat in SEATS for word in (f"--{seat}-key", _seat_key(do, seat))]
    day = do("clock", "show")["now"][:10]
    # Beijing's day is at most one ahead of UTC's; a month is longer than every period asks for.
    times = ("--sale-starts", f"{day}T20:00:00Z", "--sale-ends", _later(day, 10), "--bids-due", _later(day, 30))
    do("tender", "publish", "p1", "--document", str(paper), *times, *keys, account="agency")


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _seat_key(do: Do, seat: str) -> str:
    return str(do("authority", "keygen", "p1", "--seat", seat)["public_key"])


def _bid(do: Do, paper: Path, receipt: Path) -> None:
    """Let three bid; the first withdraws and bids anew."""
    for number, code in enumerate(CODES):
        do("bid", "keygen", "p1", account=f"b{number}")
        price = ("--price", f"{9_000_000 + number}.50", "--days", "300", "--party", code)
        do("bid", "seal", "p1", str(paper), *price, account=f"b{number}")
        do("bid", "submit", "p1", account=f"b{number}")
    do("bid", "withdraw", "p1", account="b0")
    do("bid", "seal", "p1", "--price", "8000000", "--days", "280", account="b0")
    do("bid", "submit", "p1", account="b0")
    assert do("bid", "receipt", "p1", "-o", str(receipt), account="b0")["signature_holds"]


def _hold_opening(do: Do) -> list[int]:
    """Hold the opening and return the prices that are read out, lowest first."""
    do("clock", "next")
    _reach(do, "closed")
    do("tender", "open", "p1", account="agency")
    do("clock", "next")
    _reach(do, "collecting")
    for seat in SEATS[:2]:
        do("authority", "share", "p1", "--seat", seat, account=f"seat-{seat}")
    for number in range(3):
        do("bid", "unseal", "p1", account=f"b{number}")
    _reach(do, "opened")
    return sorted(row["price_fen"] for row in do("tender", "show", "p1")["opening_record"]["rows"])


def _decide(do: Do, contract: Path) -> None:
    do("tender", "score", "p1", account="agency")
    do("tender", "candidates", "p1", account="agency")
    do("clock", "advance", "20d")  # whatever the days of rest
    do("tender", "award", "p1", account="agency")
    do("tender", "contract", "p1", str(contract), account="agency")


def test_a_tender_from_its_draft_to_a_verified_bundle(do: Do, place: dict[str, str], tmp_path: Path) -> None:
    paper, bundle, policy = tmp_path / "招标文件.txt", tmp_path / "p1.zip", tmp_path / "policy"
    paper.write_text("招标文件")
    _open_accounts(do)
    _announce(do, paper)
    _bid(do, paper, tmp_path / "receipt.json")
    early = ggzy("tender", "open", "p1", "--as", "agency", **place)
    prices = _hold_opening(do)
    _decide(do, paper)

    assert early.exit_code == 1
    assert [one["stream"] for one in do("tender", "list")["procedures"]] == ["p1"]
    assert prices == [800_000_000, 900_000_150, 900_000_250]
    assert do("tender", "show", "p1")["award"]["price_fen"] == 800_000_000
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
    _open_accounts(do)

    for _ in range(2):
        made = do("import", "ocds", REAL, "--send", "--operator", "op", account="agency")

    (tender,) = made["tenders"]
    assert do("tender", "show", tender["procedure"], account="agency")["phase"] == "drafted"
    assert do("party", "show", "GB-COH:984710313", account="op")["name"] == "Omsorgspartner AS"
