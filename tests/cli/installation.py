"""An installation started by `ggzy up`, with people on it, for tests that type what users type."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cli import doctor
from shared.platform.settings import Settings
from tests.cli.test_commands import document, ggzy

BUYER = "91350000MA347WHE48"
CODES = ("91370502MA3C000013", "91370502MA3C000026", "91370502MA3C000039")
SEATS = ("agency", "supervisor", "platform")

Do = Callable[..., dict[str, Any]]
"""Gives a command as an account and returns its JSON answer; it must succeed."""


@contextmanager
def installed(folder: Path) -> Iterator[dict[str, str]]:
    """Run an installation with a simulated clock; give the environment that its users have."""
    port = _free_port()
    made = {"GGZY_DATA": str(folder / "data"), "GGZY_PORT": str(port), "GGZY_CLOCK": "simulated"}
    with (folder / "up.log").open("wb") as log:
        command = [sys.executable, "-m", "cli.main", "up"]
        process = subprocess.Popen(command, env={**os.environ, **made}, stderr=log, stdout=log)
        try:
            _wait_for_door(Settings(data=folder / "data", port=port), process)
            yield {**made, "GGZY_URL": f"http://127.0.0.1:{port}", "GGZY_HOME": str(folder / "home")}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def doing(place: dict[str, str]) -> Do:
    """Return what gives commands at a place."""

    def run(*words: str, account: str = "") -> dict[str, Any]:
        made = ggzy(*words, "--json", **place, **({"GGZY_ACCOUNT": account} if account else {}))
        assert made.exit_code == 0, f"{words}: {made.output}"
        return document(made)

    return run


def reach(do: Do, phase: str) -> None:
    """Wait until the tender is in a phase."""
    until = time.monotonic() + 30
    while do("tender", "show", "p1")["phase"] != phase:
        assert time.monotonic() < until, f"not {phase} in half a minute"
        time.sleep(0.2)


def open_offices(do: Do) -> None:
    """Open the accounts of the offices and of the seats."""
    do("account", "bootstrap", "op")
    do("party", "add", BUYER, "东营区教育局", "--kind", "public_body", account="op")
    open_account(do, "agency", "agency", "--party", BUYER)
    open_account(do, "sup", "supervisor")
    for seat in SEATS:
        open_account(do, f"seat-{seat}", "authority")


def open_bidders(do: Do) -> None:
    """Register three bidders, `b0` to `b2`."""
    for number, code in enumerate(CODES):
        do("party", "add", code, f"投标人{number}有限公司", account="op")
        open_account(do, f"b{number}", "bidder", "--party", code)


def open_account(do: Do, account: str, role: str, *more: str) -> None:
    """Make an account's key and have the operator open the account."""
    public = str(do("account", "keygen", account)["public_key"])
    do("account", "add", account, "--role", role, "--public-key", public, *more, account="op")


def announce(do: Do, paper: Path, *more: str) -> None:
    """Draft and announce the tender."""
    lot = ("--region", "370502", "--category", "works", "--buyer", BUYER, "--buyer-name", "东营区教育局")
    below = ("--ceiling", "1000000")  # of the scale at which it need not be tendered
    do("tender", "new", "p1", "--title", "第一中学教学楼工程", *lot, *below, account="agency")
    keys = [word for seat in SEATS for word in (f"--{seat}-key", _seat_key(do, seat))]
    day = do("clock", "show")["now"][:10]
    # Beijing's day is at most one ahead of UTC's; a month is longer than every period asks for.
    times = ("--sale-starts", f"{day}T20:00:00Z", "--sale-ends", _later(day, 10), "--bids-due", _later(day, 30))
    do("tender", "publish", "p1", "--document", str(paper), *times, *keys, *more, account="agency")


def bid(do: Do, number: int, paper: Path) -> None:
    """Let a bidder bid, the higher its number the dearer."""
    do("bid", "keygen", "p1", account=f"b{number}")
    price = ("--price", f"{900_000 + number}.50", "--days", "300", "--party", CODES[number])
    do("bid", "seal", "p1", str(paper), *price, account=f"b{number}")
    do("bid", "submit", "p1", account=f"b{number}")


def hold_opening(do: Do) -> list[dict[str, Any]]:
    """Hold the opening and return the rows of its record."""
    do("clock", "next")
    reach(do, "closed")
    do("tender", "open", "p1", account="agency")
    do("clock", "next")
    reach(do, "collecting")
    for seat in SEATS[:2]:
        do("authority", "share", "p1", "--seat", seat, account=f"seat-{seat}")
    for number in range(3):
        do("bid", "unseal", "p1", account=f"b{number}")
    reach(do, "opened")
    rows: list[dict[str, Any]] = do("tender", "show", "p1")["opening_record"]["rows"]
    return rows


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


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _seat_key(do: Do, seat: str) -> str:
    return str(do("authority", "keygen", "p1", "--seat", seat)["public_key"])
