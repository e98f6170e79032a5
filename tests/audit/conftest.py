"""The audit's own fixtures: a database, and a house on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.store.database import Database
from tests.audit.house import House


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'audit.db'}")
    yield database
    database.close()


@pytest.fixture
def house(tmp_path: Path, database: Database) -> House:
    return House(tmp_path, database)
