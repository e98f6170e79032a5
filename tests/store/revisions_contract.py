"""What revisions promise on every database: one set of cases, run on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, inspect, select, text

from shared.runtime.lines import services_found
from shared.runtime.schemas import schema_of
from shared.store import tables
from shared.store.database import Database
from shared.store.guards import unguarded
from shared.store.migrate import migrate
from shared.store.revisions import differences
from shared.store.schema import Schema, SchemaFault, require_current, revision_of
from shared.store.shape import Shape, shape
from shared.store.upgrade import downgrade, upgrade
from tests.store import till
from tests.store.contract import handler
from tests.store.till import asked

FIRST = Path(__file__).with_name("migrations")

SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "r0002_second", "r0001_first"
{declared}

def upgrade():
    {up}

def downgrade():
    {down}
"""

COLUMN = 'op.add_column("till", sa.Column("seen", sa.Integer))'
NO_COLUMN = 'op.drop_column("till", "seen")'
REMADE = """with op.batch_alter_table("till") as batch:
        batch.add_column(sa.Column("seen", sa.Integer))
        batch.alter_column("held", existing_type=sa.Integer, nullable=False)"""

wider = MetaData()
Table("till", wider, Column("stream", String, primary_key=True), Column("held", Integer, nullable=False),
      Column("seen", Integer))  # fmt: skip


def schema(folder: Path, views: MetaData = till.metadata) -> Schema:
    return Schema("till", folder, views, till.LINE, till.Port().project)


def second(tmp_path: Path, up: str, down: str = "pass", declared: str = "rebuilds = True") -> Schema:
    """Return the till with a further revision, which widens its table."""
    folder = tmp_path / "revisions"
    shutil.copytree(FIRST, folder)
    (folder / "r0002_second.py").write_text(SECOND.format(up=up, down=down, declared=declared))
    return schema(folder, wider)


def whole(database: Database, views: MetaData) -> Shape:
    with database.read() as connection:
        return shape(connection, {*tables.metadata.tables, *views.tables})


def tills(database: Database) -> list[Any]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(till.tills).order_by("stream"))]


def execute(database: Database, *statements: str) -> None:
    with database.write() as connection:
        for statement in statements:
            connection.execute(text(statement))


class RevisionsContract:
    """Inherited once per database."""

    @pytest.fixture
    def make(self) -> Callable[[], Database]:
        raise NotImplementedError

    @pytest.fixture
    def database(self, make: Callable[[], Database]) -> Database:
        return make()

    @pytest.mark.parametrize("service", services_found())
    def test_revisions_make_what_the_program_says(self, make: Callable[[], Database], service: str) -> None:
        wanted, direct, revised = schema_of(service), make(), make()
        migrate(direct, views=wanted.views, kernel=wanted.line is not None)

        upgrade(revised, wanted)

        assert whole(revised, wanted.views) == whole(direct, wanted.views)
        assert len(whole(revised, wanted.views)) > len(wanted.wanted.tables)
        with revised.read() as connection:
            assert differences(connection, wanted) == []
            assert set(inspect(connection).get_table_names()) == {*wanted.wanted.tables, "alembic_version"}
            assert unguarded(connection, wanted.sealed) == []
            for name in ("head", "relayed", "ledger_head"):
                if name in wanted.wanted.tables:
                    assert len(connection.execute(select(wanted.wanted.tables[name])).all()) == 1

    @pytest.mark.parametrize("service", services_found())
    def test_a_service_goes_down_while_nothing_is_recorded_and_up_again(self, database: Database, service: str) -> None:
        upgrade(database, schema_of(service))

        downgrade(database, schema_of(service), "base")
        with database.read() as connection:
            left = set(inspect(connection).get_table_names())

        assert left == {"alembic_version"}
        assert upgrade(database, schema_of(service)) == schema_of(service).head

    def test_tables_from_before_there_were_revisions_are_taken_over_as_they_are(self, database: Database) -> None:
        handler(database).handle([asked("a", 60)])
        before = whole(database, till.metadata)
        with pytest.raises(SchemaFault, match="ggzy migrate"):
            require_current(database, schema(FIRST))

        upgrade(database, schema(FIRST))

        assert require_current(database, schema(FIRST)) == "r0001_first"
        assert whole(database, till.metadata) == before
        assert tills(database) == [("t1", 60)]
        handler(database).handle([asked("b", 1)])
        assert tills(database) == [("t1", 61)]

    def test_old_tables_of_another_shape_are_not_taken_over(self, database: Database) -> None:
        migrate(database, views=wider)

        with pytest.raises(SchemaFault, match="seen"):
            upgrade(database, schema(FIRST))

        with database.read() as connection:
            assert revision_of(connection) is None

    @pytest.mark.parametrize("up", [COLUMN, REMADE])
    def test_a_changed_query_table_is_filled_again_where_its_revision_says_so(
        self, database: Database, tmp_path: Path, up: str
    ) -> None:
        upgrade(database, schema(FIRST))
        handler(database).handle([asked("a", 60)])
        execute(database, "UPDATE till SET held = 1")

        upgrade(database, second(tmp_path, up, NO_COLUMN))

        assert tills(database) == [("t1", 60)]

    def test_a_revision_that_says_not_to_rebuild_leaves_the_rows(self, database: Database, tmp_path: Path) -> None:
        upgrade(database, schema(FIRST))
        handler(database).handle([asked("a", 60)])
        execute(database, "UPDATE till SET held = 1")

        upgrade(database, second(tmp_path, COLUMN, NO_COLUMN, "rebuilds = False"))

        assert tills(database) == [("t1", 1)]

    def test_a_lost_query_table_is_made_and_filled_again(self, database: Database) -> None:
        upgrade(database, schema(FIRST))
        handler(database).handle([asked("a", 60)])
        execute(database, "DROP TABLE till")

        upgrade(database, schema(FIRST))

        assert tills(database) == [("t1", 60)]

    def test_what_no_journal_brings_back_is_not_made_again(self, database: Database) -> None:
        upgrade(database, schema(FIRST))
        execute(database, "DROP TABLE timer")

        with pytest.raises(SchemaFault, match=r"till\.timer is missing"):
            upgrade(database, schema(FIRST))

    @pytest.mark.parametrize("table", tables.APPEND_ONLY)
    def test_a_trigger_that_is_gone_stops_the_upgrade_until_it_is_put_back(
        self, database: Database, tmp_path: Path, table: str
    ) -> None:
        upgrade(database, schema(FIRST))
        gone = f"{table}_no_UPDATE" if database.sqlite else f"{table}_no_rewriting ON {table}"
        execute(database, f"DROP TRIGGER {gone}")
        newer = second(tmp_path, COLUMN, NO_COLUMN)

        with pytest.raises(SchemaFault, match=f"till.{table}.*--restore-guards"):
            upgrade(database, newer)
        with database.read() as connection:
            stayed = revision_of(connection)
        upgrade(database, newer, restore=True)

        assert stayed == "r0001_first"
        with database.read() as connection:
            assert unguarded(connection, tables.APPEND_ONLY) == []

    def test_what_the_statements_hide_is_found_in_the_database(self, database: Database, tmp_path: Path) -> None:
        upgrade(database, schema(FIRST))
        hidden = 'op.execute("CREATE INDEX hidden ON/**/journal (leaf)")'

        with pytest.raises(SchemaFault, match="alters an append-only table"):
            upgrade(database, second(tmp_path, hidden))

        with database.read() as connection:
            assert "hidden" not in {index["name"] for index in inspect(connection).get_indexes("journal")}

    def test_there_is_no_way_down_while_anything_is_recorded(self, database: Database, tmp_path: Path) -> None:
        newer = second(tmp_path, COLUMN, NO_COLUMN)
        upgrade(database, newer)
        downgrade(database, newer, "r0001_first")
        went = require_current(database, schema(FIRST))
        upgrade(database, newer)
        handler(database).handle([asked("a", 60)])

        with pytest.raises(SchemaFault, match="holds records") as refused:
            downgrade(database, newer, "r0001_first")

        assert went == "r0001_first"
        assert "不得降级" in refused.value.zh
        assert require_current(database, newer) == "r0002_second"

    def test_nor_while_something_waits_that_was_received(self, database: Database) -> None:
        upgrade(database, schema(FIRST))
        with database.write() as connection:
            connection.execute(insert(tables.arrival).values(actor="a", id="1", stream="t", received_at="", sealed=b""))

        with pytest.raises(SchemaFault, match=r"till\.arrival holds records"):
            downgrade(database, schema(FIRST), "base")

    def test_an_older_and_a_newer_database_are_told_apart(self, database: Database, tmp_path: Path) -> None:
        newer = second(tmp_path, COLUMN, NO_COLUMN)
        upgrade(database, schema(FIRST))

        with pytest.raises(SchemaFault, match=r"r0001_first.*r0002_second.*ggzy migrate"):
            require_current(database, newer)
        upgrade(database, newer)

        for act in (require_current, upgrade):
            with pytest.raises(SchemaFault, match="newer program"):
                act(database, schema(FIRST))

    def test_rows_that_no_journal_brings_back_outlive_a_rebuilding(self, database: Database, tmp_path: Path) -> None:
        kept = MetaData()
        till.tills.to_metadata(kept)
        private = Table("private", kept, Column("name", String, primary_key=True), info={"kept": True})
        up = 'op.create_table("private", sa.Column("name", sa.String, primary_key=True))'
        one = replace(second(tmp_path, up), views=kept)
        upgrade(database, one)
        with database.write() as connection:
            connection.execute(private.insert().values(name="ann"))
        execute(database, "DROP TABLE till")

        upgrade(database, one)

        with database.read() as connection:
            assert connection.execute(select(private.c.name)).scalars().all() == ["ann"]
