"""The sequencer's promises, on PostgreSQL."""

from collections.abc import Iterator

import pytest

from shared.store.database import Database
from tests.audit.ledger_contract import LedgerContract
from tests.servers.postgres import Postgres


class TestOnPostgres(LedgerContract):
    @pytest.fixture
    def database(self, postgres: Postgres) -> Iterator[Database]:
        database = Database(postgres.fresh_database())
        yield database
        database.close()
