"""The sequencer's promises, on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from shared.store.database import Database
from shared.store.ledger_tables import metadata
from shared.store.migrate import migrate
from tests.audit.ledger_contract import LedgerContract
from tests.servers.postgres import Postgres


class TestOnPostgres(LedgerContract):
    @pytest.fixture
    def database(self, postgres: Postgres) -> Iterator[Database]:
        database = Database(postgres.fresh_database())
        yield database
        database.close()

    def test_the_entries_are_vacuumed_without_haste(self, database: Database) -> None:
        migrate(database, views=metadata)

        with database.read() as connection:
            options = connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = 'entry'")).scalar()

        assert options == ["autovacuum_vacuum_cost_delay=20"]
