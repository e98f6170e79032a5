"""The installations that system tests share: one on RabbitMQ and PostgreSQL, one embedded, each with its scene."""

from collections.abc import Iterator

import pytest

from cli.demo.stage import Stage
from tests.servers.postgres import Postgres, PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ, RabbitMQ
from tests.system.evidence import store_plainly
from tests.system.own_host import OwnHost
from tests.system.scene import Scene
from tests.system.watched import Watched, watch


@pytest.fixture(scope="package")
def host(rabbitmq: RabbitMQ, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnHost]:
    if not isinstance(rabbitmq, PrivateRabbitMQ) or not isinstance(postgres, PrivatePostgres):
        pytest.skip("these tests read the servers' own files, so the servers must be private")
    with OwnHost(tmp_path_factory.mktemp("host") / "data", rabbitmq, postgres) as stage:
        store_plainly(stage)
        yield stage


@pytest.fixture(scope="package")
def host_scene(host: OwnHost) -> Scene:
    return Scene(host)


@pytest.fixture(scope="package")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("embedded") / "data") as stage:
        yield stage


@pytest.fixture(scope="package")
def embedded_scene(embedded: Stage) -> Scene:
    return Scene(embedded)


@pytest.fixture(scope="package")
def host_watched(host_scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return watch(host_scene, tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="package")
def embedded_watched(embedded_scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return watch(embedded_scene, tmp_path_factory.mktemp("before"))
