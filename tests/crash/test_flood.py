"""A flood of requests that nobody signs, from the bidders' own address: each of them submits, and soon is answered."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from time import monotonic

import httpx
import pytest

from cli.client import Client
from tests.crash.bidders import Bidder, Crowd, _leave
from tests.crash.check import lost
from tests.crash.conftest import Tell
from tests.crash.house import House
from tests.crash.tenders import Tenders
from tests.servers.process import wait_until

pytestmark = pytest.mark.system

LONGEST_SECONDS = 10.0
"""How long the door waits for a service: what takes longer is answered with 202, to be asked for later."""


@contextmanager
def flooded(house: House) -> Iterator[list[str]]:
    """Flood the door while inside; afterwards the list has what the flood was answered."""
    told: list[str] = []
    flood = subprocess.Popen([sys.executable, "-m", "tests.crash.flood", house.url], stdout=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: is_flooded(house), "a door that refuses who asks too much")
        yield told
    finally:
        flood.terminate()
        told.append(flood.communicate(timeout=30)[0])


def is_flooded(house: House) -> bool:
    """Whether somebody unsigned, from here, is told to wait."""
    asked = httpx.get(f"{house.url}/api/procedures?line=bidding", trust_env=False)
    return asked.status_code == HTTPStatus.TOO_MANY_REQUESTS


def submitted(house: House, bidder: Bidder) -> float:
    """Submit once, without a second try; return the seconds until the receipt. Raise Refused for anything else."""
    here = bidder.desk._here
    here.client.close()
    here.__dict__["client"] = Client(here.url, pause=_leave, pauses=())
    began = monotonic()
    bidder.submit()
    return monotonic() - began


def test_a_flood_from_the_same_address_keeps_no_bidder_from_submitting(
    house: House, crowd: Crowd, tenders: Tenders, tell: Tell
) -> None:
    play = tenders.announced()
    bidders = crowd.admitted(play.procedure)
    for bidder in bidders:
        bidder.seal()
    half = len(bidders) // 2
    calm = sorted(submitted(house, bidder) for bidder in bidders[:half])

    with flooded(house) as told:
        began = monotonic()
        took = sorted(submitted(house, bidder) for bidder in bidders[half:])
        flooding = monotonic() - began

    tell(
        f"{len(took)} submissions in {flooding:.1f} s under the flood, median {took[len(took) // 2]:.2f} s, "
        f"longest {took[-1]:.2f} s; before it {calm[len(calm) // 2]:.2f} s and {calm[-1]:.2f} s; the flood: {told[0]}"
    )
    assert "429:" in told[0]
    assert took[-1] < LONGEST_SECONDS
    assert lost(house, [message for bidder in bidders for message in bidder.desk.receipts()]) == []
