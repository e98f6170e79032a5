"""The audit's own fixtures: a database, and a house on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.runtime.lines import lines
from shared.store.database import Database
from tests.audit.bureau import TILL, Bureau
from tests.audit.house import House
from tests.audit.office import Office


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'audit.db'}")
    yield database
    database.close()


@pytest.fixture
def house(tmp_path: Path, database: Database) -> House:
    return House(tmp_path, database)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bureau]:
    monkeypatch.setitem(lines(), "till", TILL)
    bureau = Bureau(tmp_path)
    yield bureau
    bureau.close()
