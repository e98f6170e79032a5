"""Kill -9 of every process and server of an installation under load: nothing is lost, and it works again by itself."""

import os
from dataclasses import dataclass
from random import Random
from time import sleep

import pytest

from tests.crash.bidders import Crowd, Load
from tests.crash.check import lost
from tests.crash.conftest import Tell
from tests.crash.house import VICTIMS, House
from tests.crash.probe import LIMIT, Probe
from tests.crash.tenders import Tenders

TENDERS = 3
KILLS = int(os.environ.get("GGZY_CRASHES", "2"))
KILLS_OF_SOAK = int(os.environ.get("GGZY_CRASHES", "20"))
CALM_SECONDS = 1.5
"""The longest time between one recovery and the next kill."""


@dataclass(frozen=True)
class Siege:
    """An installation under load, to be killed in part."""

    house: House
    load: Load
    probe: Probe
    seed: str

    def kill(self, victim: str, times: int, tell: Tell) -> None:
        """Kill the victim at random instants; then nothing may be lost, and each time it must have worked again."""
        dice, sent, seconds = Random(f"{self.seed} {victim} {times}"), self.load.sent, []

        with self.load.running():
            for _ in range(times):
                sleep(dice.uniform(0, CALM_SECONDS))
                self.house.crash(victim)
                seconds.append(self.probe.seconds())

        tell(
            f"works again after {' '.join(f'{each:.1f}' for each in seconds)} s; {self.load.sent - sent} bids meanwhile"
        )
        assert self.load.failures == []
        assert lost(self.house, [*self.load.messages(), *self.probe.bidder.desk.receipts()]) == []
        assert max(seconds) <= LIMIT


@pytest.fixture(scope="module")
def siege(house: House, crowd: Crowd, tenders: Tenders, seed: str) -> Siege:
    """Give bidders in several tenders, one of whom bids for the probe and else not."""
    procedures = [tenders.announced().procedure for _ in range(TENDERS)]
    *bidders, probing = [bidder for procedure in procedures for bidder in crowd.admitted(procedure)]
    return Siege(house, Load(bidders, seed), Probe(house, probing), seed)


@pytest.mark.system
@pytest.mark.parametrize("victim", VICTIMS)
def test_nothing_is_lost_by_a_kill(siege: Siege, victim: str, tell: Tell) -> None:
    siege.kill(victim, KILLS, tell)


@pytest.mark.soak
@pytest.mark.parametrize("victim", VICTIMS)
def test_nothing_is_lost_by_many_kills(siege: Siege, victim: str, tell: Tell) -> None:
    siege.kill(victim, KILLS_OF_SOAK, tell)
