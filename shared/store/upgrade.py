"""Bringing a service's database up to the program's schema, or back to an older one, by its revisions.

Each service has an alembic environment of its own: its folder of revisions, its schema or file, its version table.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, exists, inspect, select, table

from shared.store.database import Database
from shared.store.guards import restore_guards, unguarded
from shared.store.rebuild import refill
from shared.store.schema import Schema, SchemaFault, known_revision
from shared.store.shape import shape

NOTHING = "base"
"""The revision before the first: no table at all."""


def upgrade(database: Database, schema: Schema, *, restore: bool = False) -> str:
    """Bring a schema to the program's revision, in one transaction; return it. Safe to repeat.

    Tables made before there were revisions are taken over as they are. Query tables that are lost, or that a revision
    says to rebuild, are filled from the journal. `restore` puts triggers back that were taken away. Raise SchemaFault.
    """
    with database.write() as connection:
        database.gate(connection, "migrate", shared=False)
        found = known_revision(connection, schema)
        there = [name for name in schema.sealed if inspect(connection).has_table(name)]
        if restore:
            restore_guards(connection, there)
        _require_guards(connection, schema, there)
        lost = [each for each in schema.queried if not inspect(connection).has_table(each.name)]
        again = found != schema.head and _run_up(connection, schema, there)
        schema.views.create_all(connection, tables=lost)
        _require_tables(connection, schema)
        _require_guards(connection, schema, schema.sealed)
        if schema.line and schema.project and (lost or again):
            refill(connection, schema.line, schema.views, schema.project)
    return schema.head


def downgrade(database: Database, schema: Schema, revision: str) -> None:
    """Take a schema back to an older revision. Raise SchemaFault where that could lose anything of the record."""
    with database.write() as connection:
        database.gate(connection, "migrate", shared=False)
        found = known_revision(connection, schema)
        below = [NOTHING, *(name for name in schema.revisions if found and name <= found)]
        if revision not in below:
            names = ", ".join(below)
            raise SchemaFault(
                f"{schema.service} 没有可退回的修订 {revision}；现有：{names}",
                f"no revision {revision} of {schema.service} to go back to; there are {names}",
            )
        _require_empty(connection, schema)
        _alembic(connection, schema, "downgrade", revision)
        there = [name for name in schema.sealed if inspect(connection).has_table(name)]
        _require_guards(connection, schema, there)


def _require_empty(connection: Connection, schema: Schema) -> None:
    """Raise SchemaFault where anything is recorded, or was received."""
    for name in (*schema.sealed, *(("arrival",) if schema.line else ())):
        if inspect(connection).has_table(name) and _has_rows(connection, name):
            raise SchemaFault(
                f"{schema.service}.{name} 已有记录，不得降级：请恢复升级前的备份，或安装较新的程序",
                f"{schema.service}.{name} holds records, so there is no way down: restore the backup that was "
                "made before the upgrade, or install a newer program",
            )


def _run_up(connection: Connection, schema: Schema, there: list[str]) -> bool:
    """Run the revisions that are new; return whether one of them says that query tables are to be filled again."""
    from shared.store.revisions import differences, require_lawful  # loads alembic, which is slow

    require_lawful(schema)
    before = shape(connection, there)
    ran = _alembic(connection, schema, "upgrade", schema.head)
    if shape(connection, there) != before:
        raise SchemaFault(
            f"升级会改动 {schema.service} 的只增表，已撤销",
            f"a revision alters an append-only table of {schema.service}",
        )
    if told := differences(connection, schema):
        raise SchemaFault(
            f"{schema.service} 的数据表与程序不符，已撤销：{told}",
            f"the tables of {schema.service} are not those that this program needs, nothing was changed: {told}",
        )
    return any(getattr(module, "rebuilds", False) for module in ran)


def _alembic(connection: Connection, schema: Schema, verb: str, revision: str) -> list[Any]:
    from shared.store.revisions import run

    return run(connection, schema, verb, revision)


def _require_guards(connection: Connection, schema: Schema, tables: Sequence[str]) -> None:
    if bare := unguarded(connection, tables):
        names = ", ".join(f"{schema.service}.{name}" for name in bare)
        raise SchemaFault(
            f"数据库不再禁止改写 {names}（触发器缺失或被改）：请留存现场，以 ggzy verify 核对账本，通知监督部门，"
            "再执行 ggzy migrate --restore-guards",
            f"the database would let {names} be rewritten, a trigger is missing or changed: keep everything as it is, "
            "hold the record against the ledger with `ggzy verify`, tell the supervisor, then do "
            "`ggzy migrate --restore-guards`",
        )


def _require_tables(connection: Connection, schema: Schema) -> None:
    there = set(inspect(connection).get_table_names())
    if absent := sorted(set(schema.wanted.tables) - there):
        names = ", ".join(f"{schema.service}.{name}" for name in absent)
        raise SchemaFault(
            f"缺少数据表 {names}，且不能由流水重建：请从备份恢复",
            f"{names} is missing and cannot be made again from the journal: restore the backup",
        )


def _has_rows(connection: Connection, name: str) -> bool:
    return bool(connection.execute(select(exists(select(1).select_from(table(name))))).scalar())
