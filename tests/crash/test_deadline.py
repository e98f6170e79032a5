"""The deadline and a crash: what arrived in time counts, even if its command was not sent when the door died."""

import threading
from datetime import timedelta

import pytest

from cli.demo.cast import AGENCY
from cli.demo.play import Play
from shared.kernel.canonical import instant, parse_instant
from tests.crash.bidders import Bidder, Crowd
from tests.crash.check import lost
from tests.crash.house import House
from tests.crash.tenders import Tenders
from tests.servers.process import wait_until

pytestmark = pytest.mark.system

SECOND = timedelta(seconds=1)
CLOSED, RECEIVED = "bidding.reception_closed.v1", "bidding.sealed_received.v1"


def test_reception_stays_open_until_what_arrived_in_time_is_decided(
    house: House, crowd: Crowd, tenders: Tenders
) -> None:
    play = tenders.announced()
    due = parse_instant(play._page()["announcement"]["terms"]["bids_due"])
    first, second, interrupted, late = bidders = crowd.admitted(play.procedure, 4)
    receipts = [first.bid(), second.bid()]
    interrupted.seal()
    late.seal()

    house.broker.kill()  # so that the door can send no command
    senders = [arriving(house, interrupted)]
    house.crash("door")
    house.move_to(due + SECOND)
    house.wait("the door", lambda: house.client.now() > due)
    senders.append(arriving(house, late))
    wait_until(lambda: tried_to_close(house, play.procedure, instant(due + SECOND)), "an attempt to close")
    while_waiting = house.types("bidding", play.procedure)
    house.broker.start()
    page = play._reach("the end of reception", "closed")
    for sender in senders:
        sender.join()

    assert CLOSED not in while_waiting
    after = house.types("bidding", play.procedure)
    assert after[: after.index(CLOSED)].count(RECEIVED) == after.count(RECEIVED) == 3
    assert after.count("bidding.bid_refused.v1") == 1
    receipts.append(interrupted.come_back())
    assert receipts[-1]["received_at"] < instant(due)
    assert page["phase"] == "closed"
    assert standing(house, play) == {receipt["token"] for receipt in receipts}
    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []


def test_what_arrives_too_late_keeps_no_reception_open(house: House, crowd: Crowd, tenders: Tenders) -> None:
    play = tenders.announced()
    due = parse_instant(play._page()["announcement"]["terms"]["bids_due"])
    *punctual, late = bidders = crowd.admitted(play.procedure, 4)
    for bidder in punctual:
        bidder.bid()
    late.seal()

    with house.paused("bidding"):
        house.broker.kill()  # so that what arrives now stays undecided
        house.move_to(due + SECOND)
        sender = arriving(house, late)
    wait_until(lambda: CLOSED in house.types("bidding", play.procedure), "the end of reception")
    undecided = house.arrived("bidding")
    house.broker.start()
    sender.join()

    assert late.desk.credential.token in undecided
    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []
    assert house.types("bidding", play.procedure).count("bidding.bid_refused.v1") == 1


def arriving(house: House, bidder: Bidder) -> threading.Thread:
    """Send a bid whose sender goes away; return when its last byte has arrived."""
    bidder.leave_after_sending()
    sender = bidder.send_once()
    wait_until(lambda: bidder.desk.credential.token in house.arrived("bidding"), "the arrival")
    return sender


def tried_to_close(house: House, procedure: str, due: str) -> bool:
    """Whether the timer of the deadline has been put off, as it is when the reception could not be closed."""
    return bool(house.rows(f"SELECT 1 FROM bidding.timer WHERE stream = '{procedure}' AND due_at > '{due}'"))


def standing(house: House, play: Play) -> set[str]:
    """Return the tokens of the bids that stand."""
    agency = house.player(AGENCY)
    envelopes = agency.client.get(f"/api/procedures/{play.procedure}/envelopes", agency.asker())
    return {bid["envelope"]["token"] for bid in envelopes["bids"]}
