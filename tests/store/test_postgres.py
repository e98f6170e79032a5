"""The store's promises, on PostgreSQL."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from time import sleep

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from shared.kernel.canonical import instant
from shared.kernel.request import Arrival
from shared.store import arrivals
from shared.store.database import RESTED, Database
from shared.store.vault import Vault
from tests.servers.postgres import Postgres
from tests.store.contract import StoreContract, handler
from tests.store.till import AT, asked


def arriving(name: str, at: datetime) -> Arrival:
    return asked(name, stream=name, at=at)


class TestOnPostgres(StoreContract):
    @pytest.fixture
    def database(self, postgres: Postgres) -> Iterator[Database]:
        database = Database(postgres.fresh_database())
        yield database
        database.close()

    def test_of_streams_that_share_a_commit_one_that_is_being_closed_is_left_out_and_the_others_wait_for_nothing(
        self, database: Database
    ) -> None:
        handler(database)
        vault = Vault(Fernet.generate_key())
        signing = [(name, partial(arriving, name)) for name in ("t1", "t2", "t3")]

        with database.write() as closing:
            database.gate(closing, "t2", shared=False)
            one, two, three = arrivals.commit(database, vault, lambda: AT, signing, wait=False)
        (after,) = arrivals.commit(database, vault, lambda: AT, signing[1:2], wait=False)

        assert one is not None
        assert two is None
        assert three is not None
        assert after is not None
        with database.read() as connection:
            assert arrivals.pending(connection, "t2", instant(AT)) == [(after.actor.account, "t2")]

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
