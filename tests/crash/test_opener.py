"""The opener killed at work: its service goes on taking commands, and the bodies are opened by the next one."""

import os
import signal

import pytest

from cli.demo.play import INSTANT
from shared.kernel.canonical import parse_instant
from tests.crash.bidders import Crowd
from tests.crash.check import lost
from tests.crash.house import House, arguments
from tests.crash.tenders import Tenders
from tests.servers.process import wait_until

pytestmark = pytest.mark.system

OPENER = ("shared.runtime.opener",)


def test_bodies_are_opened_whatever_becomes_of_the_opener(house: House, crowd: Crowd, tenders: Tenders) -> None:
    play = tenders.announced()
    bidders = crowd.admitted(play.procedure, 3)
    for bidder in bidders:
        bidder.bid()
    service = house.pid("bidding")

    house.move_to(parse_instant(play._page()["announcement"]["terms"]["bids_due"]) + INSTANT)
    wait_until(lambda: kill_opener(house), "an opener")
    play._reach("the end of reception", "closed")
    play._open([bidder.desk._here.account for bidder in bidders])

    assert [row["outcome"] for row in play._page()["opening_record"]["rows"]] == ["unsealed"] * 3
    assert house.pid("bidding") == service
    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []


def kill_opener(house: House) -> bool:
    """Kill an opener with its helpers; return whether there was one."""
    found = [pid for pid in house.processes() if tuple(arguments(pid)[2:]) == OPENER]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return bool(found)
