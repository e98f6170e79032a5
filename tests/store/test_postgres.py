"""The store's promises, on PostgreSQL."""

from collections.abc import Iterator
from time import sleep

import pytest
from sqlalchemy import text

from shared.store.database import RESTED, Database
from tests.servers.postgres import Postgres
from tests.store.contract import StoreContract


class TestOnPostgres(StoreContract):
    @pytest.fixture
    def database(self, postgres: Postgres) -> Iterator[Database]:
        database = Database(postgres.fresh_database())
        yield database
        database.close()

    def test_a_kept_connection_that_the_server_has_ended_is_not_used_after_a_rest(self, database: Database) -> None:
        with database.read() as connection:
            mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        other = Database(database.engine.url.render_as_string(hide_password=False))
        with other.write() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        other.close()

        sleep(RESTED + 0.1)
        with database.read() as connection:
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != mine
