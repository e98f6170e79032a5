"""One house for all tests of this folder that a worker runs, its people, and what they tell at the end of a run."""

import os
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from cli.demo.cast import Cast
from cli.demo.notices import FILES, NOTICES, plan_of
from tests.conftest import SEED, TOLD
from tests.crash.bidders import Crowd
from tests.crash.house import House
from tests.crash.tenders import Tenders
from tests.servers.postgres import PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ

BIDDERS = 8

Tell = Callable[[str], None]
"""Has a line printed when the tests are over."""


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give an installation on servers of its own, which a test may kill."""
    if given := {"AMQP_URI", "DATABASE_URL"} & os.environ.keys():
        pytest.skip(f"{' and '.join(sorted(given))}: given servers cannot be killed")
    with PrivateRabbitMQ() as rabbitmq, PrivatePostgres() as postgres:
        with House(tmp_path_factory.mktemp("crash") / "data", rabbitmq, postgres) as made:
            yield made
        made.discard_files()


@pytest.fixture(autouse=True)
def _mended(house: House) -> Iterator[None]:
    yield
    house.mend()


@pytest.fixture(scope="package")
def cast(house: House) -> Cast:
    """Give the offices, with their accounts."""
    cast = Cast(house)
    cast.assemble()
    return cast


@pytest.fixture(scope="package")
def crowd(house: House, cast: Cast) -> Crowd:
    """Give registered bidders."""
    return Crowd(house, cast, BIDDERS)


@pytest.fixture(scope="package")
def tenders(house: House, cast: Cast) -> Tenders:
    """Give the maker of tenders."""
    return Tenders(house, cast, plan_of(NOTICES / FILES[0]).tenders[0])


@pytest.fixture(scope="session")
def seed() -> str:
    """Give the seed of this run, which is printed at its end: GGZY_SEED, or a new one."""
    return os.environ[SEED]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Give a way to have a line printed when the tests are over."""
    return partial(record_property, TOLD)
