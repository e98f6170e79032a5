"""The triggers by which the database itself refuses to rewrite the record, and whether they are there."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

_VERBS = ("UPDATE", "DELETE")
_REFUSED = "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
_SQLITE = f"CREATE TRIGGER {{table}}_no_{{verb}} BEFORE {{verb}} ON {{table}} {_REFUSED}"

# INSERT OR REPLACE deletes the row in its way without the trigger on DELETE, unless a connection asks for it.
_TAKEN = "SELECT 1 FROM {table} WHERE {taken}"
_NO_REPLACING = f"CREATE TRIGGER {{table}}_no_REPLACE BEFORE INSERT ON {{table}} WHEN EXISTS ({_TAKEN}) {_REFUSED}"

_BODY = " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END "
_FUNCTION = f"CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"

_POSTGRES = """
CREATE OR REPLACE TRIGGER {table}_no_rewriting BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()
"""

# 58: before (2) DELETE (8), UPDATE (16) and TRUNCATE (32), once a statement; on every row and column, and switched on.
_GUARDED = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND t.tgname = c.relname || '_no_rewriting'
AND t.tgtype = 58 AND t.tgqual IS NULL AND t.tgnargs = 0 AND CAST(t.tgattr AS text) = ''
AND t.tgenabled IN ('O', 'A') AND p.prosrc = :body
"""


def forbid_rewriting(connection: Connection, tables: Iterable[str]) -> None:
    """Let the database refuse UPDATE, DELETE and TRUNCATE on `tables`, whoever asks. Safe to repeat."""
    if connection.dialect.name == "sqlite":
        for table in tables:
            for trigger in _on_sqlite(connection, table):
                connection.execute(text(trigger.replace("TRIGGER", "TRIGGER IF NOT EXISTS", 1)))
        return
    connection.execute(text(_FUNCTION))
    for table in tables:
        connection.execute(text(_POSTGRES.format(table=table)))


def restore_guards(connection: Connection, tables: Iterable[str]) -> None:
    """Put the triggers of `tables` in place of whatever bears their names, where they were tampered with."""
    tables = tuple(tables)
    sqlite = connection.dialect.name == "sqlite"
    for table in tables:
        verbs = (*_VERBS, "REPLACE")
        names = [f"{table}_no_{verb}" for verb in verbs] if sqlite else [f"{table}_no_rewriting ON {table}"]
        for name in names:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    forbid_rewriting(connection, tables)


def unguarded(connection: Connection, tables: Iterable[str]) -> list[str]:
    """Return those of `tables` that the database would let be rewritten: a trigger is gone, changed or switched off."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).scalars()
        there = {" ".join(sql.split()) for sql in found}
        wanted = {table: set(_on_sqlite(connection, table)) for table in tables}
        return sorted(table for table, triggers in wanted.items() if not triggers <= there)
    return sorted(set(tables) - set(connection.execute(text(_GUARDED), {"body": _BODY}).scalars()))


def _on_sqlite(connection: Connection, table: str) -> list[str]:
    """Return the triggers of a table: no row is changed, deleted, or replaced by another with a key of its own."""
    taken = " OR ".join(
        "(" + " AND ".join(f"{column} = NEW.{column}" for column in key) + ")" for key in _keys(connection, table)
    )
    changing = [_SQLITE.format(table=table, verb=verb) for verb in _VERBS]
    return [*changing, _NO_REPLACING.format(table=table, taken=taken)] if taken else changing


def _keys(connection: Connection, table: str) -> list[tuple[str, ...]]:
    """Return the columns of each key of a table, as its catalogue has them; of one that is not there, none."""
    columns = connection.execute(
        text("SELECT name FROM pragma_table_info(:table) WHERE pk > 0 ORDER BY pk"), {"table": table}
    )
    primary = tuple(columns.scalars())
    unique = connection.execute(text('SELECT name FROM pragma_index_list(:table) WHERE "unique" = 1'), {"table": table})
    info = text("SELECT name FROM pragma_index_info(:index) ORDER BY seqno")
    found = {tuple(connection.execute(info, {"index": index}).scalars()) for index in unique.scalars().all()}
    return sorted({key for key in (primary, *found) if key})
