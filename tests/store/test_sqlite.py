"""The store's promises, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.store.database import Database
from tests.store.contract import StoreContract


class TestOnSqlite(StoreContract):
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        database = Database(f"sqlite:///{tmp_path / 'till.db'}")
        yield database
        database.close()
