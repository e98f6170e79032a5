"""A whole tender on one host, from a real notice to its contract, verified offline."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.demo import evidence, notices
from cli.demo.cast import Cast
from cli.demo.stage import Stage
from cli.demo.telling import Progress
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMQ
from tests.system.host import HostStage


@pytest.fixture(params=["embedded", "host"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    if request.param == "embedded":
        made = Stage(tmp_path / "data")
    else:
        rabbitmq: RabbitMQ = request.getfixturevalue("rabbitmq")
        postgres: Postgres = request.getfixturevalue("postgres")
        made = HostStage(tmp_path / "data", rabbitmq, postgres)
    with made:
        yield made


@pytest.mark.system
def test_real_notices_are_played_to_their_end_and_verify(stage: Stage) -> None:
    cast = Cast(stage)
    cast.assemble()
    quiet = Progress(quiet=True)

    shown = evidence.gathered(stage, notices.play(stage, cast, quiet), quiet)

    assert [one["phase"] for one in shown] == ["contracted", "failed"]
    assert [one["verified"] for one in shown] == [True, True]
    assert shown[0]["winner"] == "Omsorgspartner AS"
    assert shown[0]["price"] == 887_500_00
    assert (shown[0]["bidders"], shown[0]["opened"]) == (5, 5)
    assert (shown[1]["winner"], shown[1]["opened"]) == (None, 0)
