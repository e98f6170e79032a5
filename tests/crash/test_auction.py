"""Broker and service killed in the countdown: no bid is lost or counted twice, and what ends meanwhile stands still."""

import json
import shutil
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from cli.auction import bidding
from cli.demo.cast import SUPERVISOR, Cast
from cli.demo.land.contracts import load
from cli.demo.land.listing import INSTANT, Listing
from cli.demo.land.scene import Scene
from cli.output import Refused
from shared.kernel.canonical import parse_instant
from shared.kernel.money import format_yuan
from shared.kernel.record import Record, read
from shared.ledger.directory import folder
from shared.ledger.policy import parse_policy
from shared.ledger.verify import verify_bundle
from tests.crash.bidders import insist
from tests.crash.check import lost
from tests.crash.house import House
from tests.second.test_agree import VERIFY
from tests.servers.process import wait_until
from tests.system.reading import ask

pytestmark = pytest.mark.system

BID, FROZEN, ENDED = "land.bid_placed.v1", "land.lot_frozen.v1", "land.bidding_ended.v1"
NOTED = "land.identity_noted.v1"
BIDS = 30
MORE = 5
UNHEARD_SECONDS = 3.0
"""Longer than a reading of the way is good for."""


@pytest.fixture(scope="module")
def scene(house: House, cast: Cast) -> Scene:
    """Give one lot in its countdown, with three bidders of whom two have bid."""
    scene = Scene(house, cast, load().played[:1], lambda _said: None)
    for step in (Listing.announce, Listing.join):
        scene.each(step)
    (listing,) = scene.listings
    reach(house, listing, "free")
    listing.bid_freely()
    reach(house, listing, "timed")
    return scene


def test_no_bid_of_a_countdown_is_lost_or_counted_twice(house: House, scene: Scene) -> None:
    (listing,) = scene.listings

    with ThreadPoolExecutor(1) as bidder:
        sent = bidder.submit(bid_on, house, listing, range(2, 2 + BIDS))
        for number, victim in enumerate(("land", "broker", "relay"), start=1):
            wait_until(partial(has_bids, house, listing, number * MORE), "some bids")
            house.crash(victim)
        sent.result(120)

    assert bids(house, listing) == [listing._prices.rung(steps) for steps in range(2 + BIDS)]
    assert lost(house, []) == []


def test_what_ends_while_nobody_can_bid_stands_still_on_record_and_goes_on_later(house: House, scene: Scene) -> None:
    (listing,) = scene.listings

    house.broker.kill()
    sleep(UNHEARD_SECONDS)
    house.move_to(ends_at(house, listing) + timedelta(seconds=1))
    wait_until(lambda: records(house, listing)[-1].type == FROZEN, "the lot to stand still")
    house.broker.start()

    frozen = records(house, listing)[-1].data
    assert ENDED not in house.types("land", listing.procedure)
    assert frozen["cause"] == "outage"
    assert frozen["reading"]["age_ms"] > UNHEARD_SECONDS * 1000
    insist(listing.thaw, Refused)
    reach(house, listing, "reserve")
    assert listing.lot().now["price_fen"] == listing._prices.rung(1 + BIDS)


def test_its_record_is_decided_again_alike_and_both_verifiers_find_its_bundle_genuine(
    house: House, scene: Scene, tmp_path: Path
) -> None:
    (listing,) = scene.listings
    scene.each(Listing.open_reserve)
    assert lost(house, []) == []  # and all that was decided is in the ledger, from which it is decided again
    of, supervisor = f"/api/procedures/{listing.procedure}", house.player(SUPERVISOR)

    remade = house.wait("the ledger", lambda: good(ask(house, f"{of}/redecide", supervisor)))
    bundle = house.wait("the bundle", lambda: good(ask(house, f"{of}/bundle", supervisor)))
    policy = house.client.fetch("/api/ledger/policy")

    assert (remade.json["ok"], remade.json["difference"]) == (True, None)
    assert remade.json["decisions"] > BIDS
    assert verify_bundle(bundle.body, parse_policy(policy), folder(house.data / "ledger")).failed is None
    public = house.wait("the public's bundle", lambda: good(ask(house, f"{of}/bundle")))
    tokens = {record.actor["account"] for record in records(house, listing) if record.actor["role"] == "token"}
    assert verify_bundle(public.body, parse_policy(policy), folder(house.data / "ledger")).failed is None
    assert {token for token in tokens if token.encode() in public.body} <= winner(house, listing)
    assert all(token.encode() in bundle.body for token in tokens)
    for name, said in (("bundle.zip", bundle.body), ("policy", policy)):
        (tmp_path / name).write_bytes(said)
    assert (
        second(tmp_path / "bundle.zip", "--policy", tmp_path / "policy", "--log", house.data / "ledger") == "verified"
    )


def reach(house: House, listing: Listing, phase: str) -> None:
    """Move the clock from end to end until a lot is in a phase; what stood still on the way is let go on each time."""

    def there() -> bool:
        lot = listing.lot()
        if lot.phase == "frozen":
            listing.thaw()
        if lot.phase != phase and lot.ends_at is not None and lot.ends_at > house.client.now():
            house.move_to(lot.ends_at + INSTANT)
        return lot.phase == phase

    house.wait(f"the phase {phase}", there)


def bid_on(house: House, listing: Listing, steps: Iterable[int]) -> None:
    """Bid step by step, bidders in turn, each asking again until it is answered."""
    for number in steps:
        player = house.player(listing.bidders[number % len(listing.bidders)])
        price = format_yuan(listing._prices.rung(number))
        insist(partial(bidding.bid, player, listing.procedure, price))


def has_bids(house: House, listing: Listing, least: int) -> bool:
    """Whether so many bids or more are on record."""
    return len(bids(house, listing)) >= least


def records(house: House, listing: Listing) -> list[Record]:
    """Return a lot's records, as its journal has them."""
    stream = f"SELECT record FROM land.journal WHERE stream = '{listing.procedure}' ORDER BY position"
    return [read(bytes(record)) for (record,) in house.rows(stream)]


def winner(house: House, listing: Listing) -> set[str]:
    """Return the token of who won, whom everyone is told."""
    noted = [record.data for record in records(house, listing) if record.type == NOTED]
    return {data["token"] for data in noted if data["won"]}


def bids(house: House, listing: Listing) -> list[int]:
    """Return the prices on record."""
    return [record.data["price_fen"] for record in records(house, listing) if record.type == BID]


def ends_at(house: House, listing: Listing) -> datetime:
    """Return when the countdown ends, as the newest bid left it."""
    return parse_instant([record.data["ends_at"] for record in records(house, listing) if record.type == BID][-1])


def good(answer: Any) -> Any:
    """Return an answer that is one."""
    return answer if answer.status == 200 else None


def second(*words: Path | str) -> str:
    """Return what the second verifier finds."""
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is missing: install Debian's package nodejs")
    said = subprocess.run([node, VERIFY, *words], capture_output=True, encoding="utf-8", timeout=200, check=False)
    return str(json.loads(said.stdout)["overall"])
