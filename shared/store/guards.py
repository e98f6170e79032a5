"""The triggers by which the database itself refuses to rewrite the record, and whether they are there."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

_VERBS = ("UPDATE", "DELETE")
_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)

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
            for verb in _VERBS:
                trigger = _SQLITE.format(table=table, verb=verb)
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
        names = [f"{table}_no_{verb}" for verb in _VERBS] if sqlite else [f"{table}_no_rewriting ON {table}"]
        for name in names:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    forbid_rewriting(connection, tables)


def unguarded(connection: Connection, tables: Iterable[str]) -> list[str]:
    """Return those of `tables` that the database would let be rewritten: a trigger is gone, changed or switched off."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'")).scalars()
        there = {" ".join(sql.split()) for sql in found}
        wanted = {table: {_SQLITE.format(table=table, verb=verb) for verb in _VERBS} for table in tables}
        return sorted(table for table, triggers in wanted.items() if not triggers <= there)
    return sorted(set(tables) - set(connection.execute(text(_GUARDED), {"body": _BODY}).scalars()))
