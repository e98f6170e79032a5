"""The platform is down over a deadline: when it is up again nothing is closed, and the deadline has moved for all."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cli.demo.stage import Stage
from shared.kernel.canonical import instant, parse_instant
from shared.runtime.pulse import ALIVE
from shared.store import work
from shared.store.connect import connect
from tests.system.scene import Scene
from tests.system.test_recover import start, stop

pytestmark = pytest.mark.system

DOWN = timedelta(minutes=10)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with Stage(tmp_path_factory.mktemp("silence") / "data") as stage:
        yield Scene(stage)


def sleep_through(stage: Stage) -> None:
    """Let the host's clock go on by ten minutes while nothing runs: the last beat is that much older."""
    database = connect(stage.settings, "bidding")
    with database.write() as connection:
        beat = parse_instant((work.get(connection, ALIVE, "") or b"").decode())
        work.put(connection, ALIVE, "", instant(beat - DOWN).encode())
    database.close()


def test_a_platform_that_was_down_over_the_deadline_moves_it_and_takes_the_bids_that_come_then(scene: Scene) -> None:
    stage, tender = scene.stage, scene.tender()
    before, *after = scene.companies(3)
    was = tender.due
    tender.bid(before)

    stage.move_to(was - DOWN / 2)
    stop(stage)
    sleep_through(stage)
    stage.move_to(was + DOWN / 2)
    start(stage)
    stage.wait("the deadline to move", lambda: tender.due > was)
    for company in after:
        tender.bid(company)

    told = [event["type"].split(".")[1] for event in tender.history()]
    assert "reception_closed" not in told
    assert told[-2:] == ["outage_noted", "deadline_moved"]
    assert tender.due >= was + timedelta(hours=24)
    tender.close()
    (closed,) = (event for event in tender.history() if event["type"] == "bidding.reception_closed.v1")
    assert len(closed["data"]["bids"]) == 3


def test_a_clock_that_is_moved_over_a_deadline_while_the_platform_runs_closes_reception(scene: Scene) -> None:
    tender = scene.tender()
    was = tender.due
    for company in scene.companies(3):
        tender.bid(company)

    tender.close()

    assert tender.due == was
