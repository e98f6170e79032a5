"""Every rule of bidding is played twice from one file: pure, and through the service's handling on PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from shared.store.database import Database
from tests.bidding import stage
from tests.bidding.house import House
from tests.servers.postgres import Postgres

ONCE = {
    "alarms",
    "bulk",
    "calendars",
    "folding",
    "hearing",
    "line",
    "linking",
    "machine",
    "naming",
    "random",
    "received",
    "registry_told",
    "visible",
}
"""The files about more than rules, or about the service itself: each is played one way only."""
_NUMBERS = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition("test_")[2] not in ONCE:
        kinds = ["pure", pytest.param("postgres", marks=pytest.mark.system)]
        metafunc.parametrize("played_on", kinds, indirect=True)


@pytest.fixture(scope="session")
def rules_database(postgres: Postgres) -> str:
    """Return the URL of a database for schemas of plays."""
    return postgres.fresh_database()


@pytest.fixture(autouse=True)
def played_on(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the plays of a test be pure, or each have a schema of its own."""
    if getattr(request, "param", "pure") == "pure":
        yield
        return
    url: str = request.getfixturevalue("rules_database")
    opened: list[Database] = []

    def make() -> stage.Stage:
        name = f"play_{next(_NUMBERS)}"
        owner = Database(url)
        with owner.write() as connection:
            connection.execute(text(f"CREATE SCHEMA {name}"))
        owner.close()
        opened.append(Database(url, schema=name))
        return stage.Stored(opened[-1])

    stage.MAKE.append(make)
    yield
    stage.MAKE.pop()
    for database in opened:
        database.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.tools.database.close()
