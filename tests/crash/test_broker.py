"""The broker blocked by an alarm, and the broker lost with all it had: services go on, and nothing is lost."""

from time import monotonic, sleep

import httpx
import pytest

from cli import authority, bid
from cli.demo.cast import SEATS
from cli.demo.play import INSTANT
from shared.kernel.canonical import parse_instant
from shared.seal.wire import AUTHORITIES
from tests.crash.bidders import Crowd, Load
from tests.crash.check import RECEIVED, lost
from tests.crash.conftest import Tell
from tests.crash.house import House
from tests.crash.probe import LIMIT, Probe
from tests.crash.tenders import Tenders
from tests.servers.process import wait_until

pytestmark = pytest.mark.system

BLOCKED_SECONDS = 12.0
"""Longer than the door waits for anything (ANSWER_SECONDS), so that what it keeps waiting is seen to end."""
TAKING_HOLD_SECONDS = 2.0
ANSWER_SECONDS = 10.0
"""The longest that the door may take to say that it has no answer."""

KEY_GIVEN = "bidding.key_given.v1"
UNSEEN = 5
"""How many records the broker takes with it."""


def test_a_blocked_broker_hangs_nobody_and_loses_nothing(
    house: House, crowd: Crowd, tenders: Tenders, seed: str, tell: Tell
) -> None:
    *bidders, probing = crowd.admitted(tenders.announced().procedure)
    load, probe = Load(bidders, seed), Probe(house, probing)

    with load.running():
        probe.seconds()
        with house.broker_blocked():
            sleep(TAKING_HOLD_SECONDS)
            before = received(house)
            slowest = ask_for(BLOCKED_SECONDS, f"{house.url}/api/procedures/{probing.desk.procedure}")
            during = received(house) - before
        seconds = probe.seconds()

    tell(f"works again after {seconds:.1f} s; {load.sent} bids meanwhile; slowest answer {slowest:.1f} s")
    assert during == 0, "the alarm did not block the broker"
    assert load.failures == []
    assert lost(house, [*load.messages(), *probe.bidder.desk.receipts()]) == []
    assert seconds <= LIMIT


def test_nothing_is_lost_with_a_broker_that_loses_everything(
    house: House, crowd: Crowd, tenders: Tenders, seed: str, tell: Tell
) -> None:
    *bidders, probing = crowd.admitted(tenders.announced().procedure)
    load, probe = Load(bidders, seed), Probe(house, probing)

    with load.running():
        with house.paused("audit"):
            wait_until(lambda: unseen(house) >= UNSEEN, "records that only the broker has")
            house.lose_broker()
            house.migrate()
        seconds = probe.seconds()

    tell(f"works again after {seconds:.1f} s; {load.sent} bids meanwhile")
    assert load.failures == []
    assert lost(house, [*load.messages(), *probe.bidder.desk.receipts()]) == []
    assert seconds <= LIMIT


def test_an_opening_goes_on_when_the_broker_lost_what_it_waits_for(
    house: House, crowd: Crowd, tenders: Tenders
) -> None:
    play = tenders.announced()
    bidders = crowd.admitted(play.procedure, 3)
    for bidder in bidders:
        bidder.bid()
    house.move_to(parse_instant(play._page()["announcement"]["terms"]["bids_due"]) + INSTANT)
    play._reach("the end of reception", "closed")
    play._agency.give(play.procedure, {"type": "bidding.start_opening"})
    play._reach("the witnesses", "collecting")
    for seat in AUTHORITIES[:2]:
        authority.share(house.player(SEATS[seat]), play.procedure, seat)

    with house.paused("registry"):  # which is to disclose the bidders when all keys are in
        for bidder in bidders:
            bid.unseal(bidder.desk._here, play.procedure)
        wait_until(lambda: house.types("bidding", play.procedure)[-1] != KEY_GIVEN, "all keys")
        wait_until(lambda: unrelayed(house) == 0, "the relay")
        house.lose_broker()
        house.migrate()
    play._reach("the opening record", "opened")

    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []


def ask_for(seconds: float, url: str) -> float:
    """Ask the door for something again and again; return the time of the slowest answer, whatever it was."""
    until, slowest = monotonic() + seconds, 0.0
    while (began := monotonic()) < until:
        httpx.get(url, timeout=ANSWER_SECONDS, trust_env=False)
        slowest = max(slowest, monotonic() - began)
        sleep(0.5)
    return slowest


def received(house: House) -> int:
    """Return how many sealed messages have been recorded."""
    return int(
        house.rows(f"SELECT count(*) FROM bidding.journal WHERE convert_from(record, 'UTF8') LIKE '%{RECEIVED}%'")[0][0]
    )


def unseen(house: House) -> int:
    """Return how many records the relay has given to the broker and the audit has not taken in."""
    relayed = house.rows("SELECT position FROM bidding.relayed")[0][0]
    return int(relayed - house.rows("SELECT count(*) FROM audit.entry WHERE service = 'bidding'")[0][0])


def unrelayed(house: House) -> int:
    """Return how many records of bidding the broker has not been given."""
    return int(house.rows("SELECT h.position - r.position FROM bidding.head h, bidding.relayed r")[0][0])
