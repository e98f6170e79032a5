"""One house for all tests of this folder, its people, and the words about seeds and times at the end."""

import os
import secrets
from collections.abc import Iterator

import pytest

from cli.demo.cast import Cast
from cli.demo.notices import FILES, NOTICES, plan_of
from tests.crash.bidders import Crowd
from tests.crash.house import House
from tests.crash.tenders import Tenders
from tests.servers.postgres import PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ

SEED = os.environ.get("GGZY_CRASH_SEED") or secrets.token_hex(4)
BIDDERS = 8
_WORDS = pytest.StashKey[list[str]]()


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
def seed(request: pytest.FixtureRequest) -> str:
    """Give the seed of this run, which is printed at its end: GGZY_CRASH_SEED, or a new one."""
    request.config.stash.setdefault(_WORDS, [])
    return SEED


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> "Tell":
    """Give a way to have a line printed when the tests are over."""
    return Tell(request.config.stash.setdefault(_WORDS, []), request.node.name)


class Tell:
    """Collects lines for the end."""

    def __init__(self, words: list[str], test: str) -> None:
        self._words, self._test = words, test

    def __call__(self, text: str) -> None:
        self._words.append(f"{self._test}: {text}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the seed and what the tests measured, where any of them ran."""
    if _WORDS in config.stash:
        terminalreporter.section(f"crashes, GGZY_CRASH_SEED={SEED}")
        for line in config.stash[_WORDS]:
            terminalreporter.write_line(line)
