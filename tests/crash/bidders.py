"""Bidders, each with a wallet of its own, who seal and submit as the command line does, again and again."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any, TypeVar

from cli import bid
from cli.client import Client
from cli.demo import made
from cli.demo.cast import Cast
from cli.desk import Desk
from cli.ocds import Party
from cli.output import Refused, Unanswered
from tests.crash.house import House

T = TypeVar("T")

THREADS = 6
PAUSE_SECONDS = 0.3
"""How long a thread rests between two submissions, on average."""

PATIENCE_SECONDS = 120.0
"""How long a bidder gives the same command again, as the command line tells him to, before he calls it hung."""


@dataclass
class Bidder:
    """One bidder in one tender: its desk, and what it offers under which name."""

    desk: Desk
    party: Mapping[str, str]
    number: int = 0

    def seal(self, *files: Path) -> None:
        """Seal a new bid, of a few bytes without files."""
        self.number += 1
        offer = {"price_fen": made.PRICES_FEN[0] - self.number, "days": made.DAYS, "quality": made.QUALITY}
        self.desk.seal({"party": self.party, **offer, "factors": []}, list(files))

    def submit(self) -> dict[str, Any]:
        """Submit what is sealed and return the receipt."""
        return self.desk.submit(replacing=bool(self.desk.noted().get("standing")))

    def leave_after_sending(self) -> None:
        """From now on send everything once and wait for nothing, as who loses its connection."""
        here = self.desk._here
        here.client.close()
        here.__dict__["client"] = Client(here.url, pause=_leave, pauses=())

    def come_back(self) -> dict[str, Any]:
        """Ask again, patiently, for the receipt of what was sent, and return it."""
        here = self.desk._here
        here.client.close()
        here.__dict__["client"] = Client(here.url)
        return insist(self.submit)

    def send_once(self) -> threading.Thread:
        """Send what is sealed, whatever is answered; the thread that does so ends with it."""

        def send() -> None:
            with suppress(Refused):
                self.submit()

        thread = threading.Thread(target=send)
        thread.start()
        return thread

    def bid(self) -> dict[str, Any]:
        """Seal and submit, giving each command again until it is answered; return the receipt. Raise Refused."""
        insist(self.seal)
        return insist(self.submit)


def _leave(_seconds: float) -> None:
    raise Unanswered("离开", "left without an answer")


def insist(ask: Callable[[], T], passing: type[Refused] = Unanswered) -> T:
    """Return the answer to what is asked again and again, as the command line tells who had none.

    Raise Refused, and after two minutes the last Unanswered. `passing` may name other refusals that pass.
    """
    end = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except passing:
            if monotonic() > end:
                raise
            sleep(0.1)


class Crowd:
    """Bidders of an installation: registered once, admitted to any tender."""

    def __init__(self, house: House, cast: Cast, count: int) -> None:
        self._house, self._cast = house, cast
        parties = [Party("X-TEST", f"{number:06}", f"第{number}建设有限公司", "enterprise") for number in range(count)]
        self.accounts = cast.bidders(parties)

    def admitted(self, procedure: str, count: int | None = None) -> list[Bidder]:
        """Return bidders with a credential for a tender."""
        found = []
        for account in self.accounts[:count]:
            machine = self._house.machine(account)
            bid.keygen(machine, procedure)
            found.append(Bidder(Desk(machine, procedure), self._cast.party(account)))
        return found


@dataclass
class Load:
    """What keeps an installation busy: bidders who replace their bids without end, a few at a time."""

    bidders: Sequence[Bidder]
    seed: str
    failures: list[str] = field(default_factory=list)
    sent: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Submit without end while inside; at the end everyone waits for the answer to what he sent."""
        ended = threading.Event()
        shares = [self.bidders[first::THREADS] for first in range(THREADS)]
        threads = [
            threading.Thread(target=self._submit, args=(share, Random(f"{self.seed} {number}"), ended))
            for number, share in enumerate(shares)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            for thread in threads:
                thread.join()

    def messages(self) -> list[dict[str, Any]]:
        """Return every sealed message that a bidder holds a receipt for, with the receipt."""
        return [message for bidder in self.bidders for message in bidder.desk.receipts()]

    def _submit(self, bidders: Sequence[Bidder], dice: Random, ended: threading.Event) -> None:
        while not ended.wait(dice.uniform(0, 2 * PAUSE_SECONDS)):
            try:
                dice.choice(bidders).bid()
                self.sent += 1
            except Refused as refused:
                self.failures.append(f"{type(refused).__name__}: {refused}")
                return
