"""Revisions keep their promises on SQLite, and those that break the rules are not run on any database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from shared.runtime.lines import services_found
from shared.runtime.schemas import schema_of
from shared.store.database import Database
from shared.store.revisions import unlawful
from shared.store.schema import SchemaFault, require_current
from shared.store.upgrade import downgrade, upgrade
from tests.store.revisions_contract import COLUMN, FIRST, RevisionsContract, schema, second, whole, wider


class TestOnSqlite(RevisionsContract):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[Callable[[], Database]]:
        names = iter("abc")
        with ExitStack() as held:
            yield lambda: held.enter_context(closing(Database(f"sqlite:///{tmp_path / next(names)}.db")))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path / 'till.db'}")) as made:
        yield made


@pytest.mark.parametrize("service", services_found())
def test_no_service_alters_what_is_append_only(service: str) -> None:
    assert list(unlawful(schema_of(service))) == []
    assert schema_of(service).sealed


@pytest.mark.parametrize(
    "up",
    [
        'op.add_column("journal", sa.Column("x", sa.Integer))',
        'op.create_index("ix", "command", ["stream"])',
        'op.drop_table("stream")',
        'op.rename_table("journal", "old")',
        'op.execute("UPDATE journal SET version = 1")',
        'op.execute("delete from only command")',
        'op.execute("TRUNCATE till, journal")',
        """op.execute('ALTER TABLE "till"."journal" DISABLE TRIGGER ALL')""",
        'op.execute("COMMENT ON COLUMN journal.leaf IS NULL")',
        'op.create_table("t", sa.Column("p", sa.Integer, sa.ForeignKey("journal.position")))',
        'op.execute(sa.text("DROP TRIGGER journal_no_rewriting ON journal"))',
    ],
)
def test_a_revision_that_touches_the_record_is_not_run(database: Database, tmp_path: Path, up: str) -> None:
    upgrade(database, schema(FIRST))
    before = whole(database, wider)

    with pytest.raises(SchemaFault, match="never altered"):
        upgrade(database, second(tmp_path, up))

    assert whole(database, wider) == before


def test_nor_one_whose_way_down_touches_it(tmp_path: Path) -> None:
    found = list(unlawful(second(tmp_path, COLUMN, 'op.execute("DELETE FROM journal")')))

    assert found == ["r0002_second touches what is never altered: ['journal']"]


@pytest.mark.parametrize(
    ("up", "declared", "told"),
    [
        (COLUMN, "", "does not say `rebuilds`"),
        ("op.get_bind().execute(sa.text('SELECT 1')).one()", "", "cannot be read without a database"),
        ("pass", "revision = 'r0003'", "not a chain"),
        ("pass", "rebuilds = False", "not those that this program needs"),
    ],
)
def test_a_revision_that_does_not_say_what_it_does_is_not_run(
    database: Database, tmp_path: Path, up: str, declared: str, told: str
) -> None:
    upgrade(database, schema(FIRST))

    with pytest.raises(SchemaFault, match=told):
        upgrade(database, second(tmp_path, up, declared=declared))

    assert require_current(database, schema(FIRST)) == "r0001_first"


def test_columns_and_words_that_are_named_as_the_record_is_do_not_count(tmp_path: Path) -> None:
    up = """op.create_table("seen", sa.Column("stream", sa.String, primary_key=True), comment="of the journal")
    op.alter_column("seen", "stream", new_column_name="command")
    op.drop_column("seen", "command")"""

    assert list(unlawful(second(tmp_path, up))) == []


def test_a_way_down_leads_no_way_up(database: Database, tmp_path: Path) -> None:
    newer = second(tmp_path, COLUMN, "pass")
    upgrade(database, schema(FIRST))

    for revision in ("r0002_second", "r0003_third"):
        with pytest.raises(SchemaFault, match="there are base, r0001_first"):
            downgrade(database, newer, revision)
