"""Making a service's schema: tables, and the triggers by which the database itself refuses to rewrite the record."""

from sqlalchemy import Connection, MetaData, inspect, text

from shared.store.database import Database
from shared.store.tables import APPEND_ONLY, head, metadata, relayed

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""

_POSTGRES = """
CREATE OR REPLACE TRIGGER {table}_no_rewriting BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()
"""


def migrate(database: Database, *, views: MetaData, kernel: bool = True) -> None:
    """Create what is missing of the kernel's tables, the service's `views` and the triggers. Safe to repeat.

    A service without a journal of its own has no kernel tables. A table of `views` whose `info` says `append_only`
    is guarded like the journal.
    """
    with database.write() as connection:
        if kernel:
            metadata.create_all(connection)
            for counter in (head, relayed):
                if connection.execute(counter.select()).first() is None:
                    connection.execute(counter.insert().values(id=1, position=0))
            forbid_rewriting(connection, APPEND_ONLY)
        views.create_all(connection)
        guarded = tuple(name for name, table in views.tables.items() if table.info.get("append_only"))
        forbid_rewriting(connection, guarded)


def forbid_rewriting(connection: Connection, tables: tuple[str, ...]) -> None:
    """Let the database refuse UPDATE, DELETE and TRUNCATE on `tables`, whoever asks."""
    if connection.dialect.name == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                connection.execute(text(_SQLITE.format(table=table, verb=verb)))
        return
    connection.execute(text(_FUNCTION))
    for table in tables:
        connection.execute(text(_POSTGRES.format(table=table)))


def missing_tables(database: Database, views: MetaData) -> list[str]:
    """Return the tables that the schema lacks, so that a process can refuse to start and say `ggzy migrate`."""
    present = set(inspect(database.engine).get_table_names())
    return sorted((metadata.tables.keys() | views.tables.keys()) - present)
