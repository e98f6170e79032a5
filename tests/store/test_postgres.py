"""The store's promises, on PostgreSQL."""

from collections.abc import Iterator

import pytest

from shared.store.database import Database
from tests.servers.postgres import Postgres
from tests.store.contract import StoreContract


class TestOnPostgres(StoreContract):
    @pytest.fixture
    def database(self, postgres: Postgres) -> Iterator[Database]:
        database = Database(postgres.fresh_database())
        yield database
        database.close()
