"""The sequencer's promises, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.store.database import Database
from tests.audit.ledger_contract import LedgerContract


class TestOnSqlite(LedgerContract):
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        database = Database(f"sqlite:///{tmp_path / 'audit.db'}")
        yield database
        database.close()
