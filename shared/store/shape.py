"""What a database says of its own tables, to compare: columns, constraints, indexes, comments and triggers."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

Shape = frozenset[tuple[str, ...]]

_SQLITE = """
SELECT tbl_name, type, name, sql FROM sqlite_master WHERE sql IS NOT NULL
"""

_POSTGRES = """
WITH mine AS (
    SELECT oid, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)
)
SELECT relname, 'table', '', obj_description(oid, 'pg_class') FROM mine
UNION ALL
SELECT relname, 'column', attname, concat_ws(' ', attnum, format_type(atttypid, atttypmod), attnotnull, collname,
    attidentity, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
FROM mine JOIN pg_attribute ON attrelid = mine.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum LEFT JOIN pg_collation c ON c.oid = attcollation
UNION ALL
SELECT relname, 'constraint', conname, pg_get_constraintdef(c.oid) FROM mine JOIN pg_constraint c ON conrelid = mine.oid
UNION ALL
SELECT relname, 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
FROM mine JOIN pg_index ON indrelid = mine.oid
UNION ALL
SELECT relname, 'trigger', tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(t.oid))
FROM mine JOIN pg_trigger t ON tgrelid = mine.oid
UNION ALL
SELECT relname, 'rule', rulename, pg_get_ruledef(r.oid) FROM mine JOIN pg_rewrite r ON ev_class = mine.oid
"""


def shape(connection: Connection, tables: Iterable[str]) -> Shape:
    """Return all that the catalogue holds of `tables`; of one that is not there it holds nothing."""
    wanted = set(tables)
    rows = connection.execute(text(_SQLITE if connection.dialect.name == "sqlite" else _POSTGRES))
    return frozenset(tuple(str(value) for value in row) for row in rows if row[0] in wanted)
