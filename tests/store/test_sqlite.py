"""The store's promises, on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from shared.store import tables
from shared.store.database import Database
from shared.store.tables import APPEND_ONLY
from tests.store.contract import StoreContract, handler
from tests.store.till import asked


class TestOnSqlite(StoreContract):
    @pytest.fixture
    def database(self, tmp_path: Path) -> Iterator[Database]:
        database = Database(f"sqlite:///{tmp_path / 'till.db'}")
        yield database
        database.close()

    @pytest.mark.parametrize("table", APPEND_ONLY)
    def test_no_row_of_the_record_is_replaced_by_one_of_the_same_key(self, database: Database, table: str) -> None:
        handler(database).handle([asked("a")])
        with database.write() as connection:
            connection.execute(insert(tables.rulebook).values(digest="d", calendar="c", body=b"{}"))
            connection.execute(insert(tables.calendar_year).values(year=2027, revision=0, digest="d", body=b"{}"))
        again = text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")

        with pytest.raises(DatabaseError, match="append-only"), database.write() as connection:
            connection.execute(again)

    def test_no_version_of_a_stream_is_replaced_under_another_position(self, database: Database) -> None:
        handler(database).handle([asked("a")])
        forged = text(
            "INSERT OR REPLACE INTO journal SELECT position + 100, stream, version, record, leaf FROM journal"
        )

        with pytest.raises(DatabaseError, match="append-only"), database.write() as connection:
            connection.execute(forged)
