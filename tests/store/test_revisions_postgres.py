"""Revisions keep their promises on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from sqlalchemy import text

from shared.store.database import Database
from shared.store.guards import unguarded
from shared.store.tables import APPEND_ONLY
from shared.store.upgrade import upgrade
from tests.servers.postgres import Postgres
from tests.store.revisions_contract import FIRST, RevisionsContract, execute, schema

TRIGGER = "CREATE OR REPLACE TRIGGER journal_no_rewriting BEFORE {} EXECUTE FUNCTION refuse_rewriting()"


class TestOnPostgres(RevisionsContract):
    @pytest.fixture
    def make(self, postgres: Postgres) -> Iterator[Callable[[], Database]]:
        with ExitStack() as held:
            yield lambda: held.enter_context(closing(_with_schema(postgres.fresh_database())))

    @pytest.mark.parametrize(
        "done",
        [
            "ALTER TABLE journal DISABLE TRIGGER journal_no_rewriting",
            "ALTER TABLE journal ENABLE REPLICA TRIGGER journal_no_rewriting",
            TRIGGER.format("UPDATE OR DELETE ON journal FOR EACH STATEMENT"),
            TRIGGER.format("UPDATE OF leaf OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT"),
            TRIGGER.format("UPDATE OR DELETE OR TRUNCATE ON journal FOR EACH STATEMENT WHEN (false)"),
        ],
    )
    def test_a_trigger_that_lets_something_through_is_none(self, database: Database, done: str) -> None:
        upgrade(database, schema(FIRST))
        execute(database, done)

        with database.read() as connection:
            found = unguarded(connection, APPEND_ONLY)
        upgrade(database, schema(FIRST), restore=True)

        assert found == ["journal"]
        with database.read() as connection:
            assert unguarded(connection, APPEND_ONLY) == []

    def test_a_function_that_refuses_nothing_guards_nothing(self, database: Database) -> None:
        upgrade(database, schema(FIRST))
        execute(
            database,
            "CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$",
        )

        with database.read() as connection:
            assert unguarded(connection, APPEND_ONLY) == sorted(APPEND_ONLY)


def _with_schema(url: str) -> Database:
    """Return a database whose tables lie in a service's own schema, as in an installation."""
    with closing(Database(url)) as owner, owner.write() as connection:
        connection.execute(text("CREATE SCHEMA till"))
    return Database(url, schema="till")
