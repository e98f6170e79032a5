"""Covers at a running platform: they go the way of bids, at their times, and are told apart only at the opening."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from cli.demo.stage import Stage
from services.bidding.covers import seed_of
from shared.kernel.canonical import instant, parse_instant
from shared.platform.keys import Keyring, vault
from shared.seal.covers import covers, later
from tests.system.scene import Scene

pytestmark = pytest.mark.system

MOST = 6


class WithCovers(Stage):
    """An installation that sends covers."""

    def further_settings(self) -> dict[str, str]:
        return {**super().further_settings(), "GGZY_COVERS": str(MOST)}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with WithCovers(tmp_path_factory.mktemp("covers") / "data") as stage:
        yield Scene(stage)


def _received(stage: Stage, stream: str) -> int:
    """Return how many sealed messages of a tender are on record, as only who reads the database can count them."""
    (file,) = stage.data.rglob("bidding.db")
    with closing(sqlite3.connect(file)) as connection:
        records = connection.execute("SELECT record FROM journal WHERE stream = ?", (stream,))
        return sum(b'"bidding.sealed_received.v1"' in record for (record,) in records)


def test_as_many_covers_come_as_were_committed_to_and_no_bidder_is_lost(scene: Scene) -> None:
    secret = Keyring(scene.stage.data / "keys").secret(vault("bidding"))
    while True:  # a tender that has some, which its seed decides
        tender = scene.tender()
        announcement = tender.page()["announcement"]
        window = parse_instant(announcement["announced_at"]), tender.due
        planned = covers(tender.procedure, seed_of(secret, tender.procedure), MOST, *window)
        if planned:
            break
    for company in scene.companies(3):
        tender.bid(company)
    scene.stage.move_to(tender.due - timedelta(minutes=1))
    scene.stage.wait("the covers", lambda: _received(scene.stage, tender.procedure) == 3 + len(planned))
    tender.close()

    told = [event for event in tender.history() if event["type"] == "bidding.covers_revealed.v1"]
    closed = [event for event in tender.history() if event["type"] == "bidding.reception_closed.v1"]
    sealed = [event for event in tender.history() if event["type"] == "bidding.sealed_received.v1"]
    assert announcement["covers"]["most"] == MOST
    assert (told[0]["data"]["number"], told[0]["data"]["received"]) == (len(planned), len(planned))
    assert (len(closed[0]["data"]["bids"]), closed[0]["data"]["covers"]) == (3, len(planned))
    assert len(sealed) == 3 + len(planned)


def test_the_days_that_a_deadline_gains_have_their_covers_too(scene: Scene) -> None:
    secret = Keyring(scene.stage.data / "keys").secret(vault("bidding"))
    while True:  # a tender that has some in the days that it will gain
        tender = scene.tender()
        was, due = tender.due, (tender.due + timedelta(days=14)).replace(microsecond=0)
        announced, seed = tender.page()["announcement"], seed_of(secret, tender.procedure)
        gained = later(tender.procedure, seed, announced["covers"]["per_day"], was, due)
        if gained:
            break
    number = len(covers(tender.procedure, seed, MOST, parse_instant(announced["announced_at"]), was)) + len(gained)

    tender.give(tender.agency, {"type": "bidding.extend_deadline", "bids_due": instant(due), "notice": "延长"})
    scene.stage.move_to(due - timedelta(minutes=1))
    scene.stage.wait("the covers", lambda: _received(scene.stage, tender.procedure) == number or None)
    scene.stage.move_to(due + timedelta(minutes=1))
    scene.stage.wait("the end of reception", lambda: tender.page()["phase"] == "failed")

    (told,) = (event for event in tender.history() if event["type"] == "bidding.covers_revealed.v1")
    assert (told["data"]["number"], told["data"]["received"]) == (number, number)
