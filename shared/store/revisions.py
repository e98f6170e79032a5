"""Running a service's revisions through alembic, and what every revision after the first must keep to.

A revision bears the name of its file, and there are no branches. One that touches a query table says `rebuilds = True`
or `False`: whether query tables are filled from the journal again. None after the first touches an append-only table.
"""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from shared.store.schema import VERSION_TABLE, Schema, SchemaFault

_ENVIRONMENT = Path(__file__).with_name("environment")

_NAME = r'"?\w+"?(?:\s*\.\s*"?\w+"?)*'
_PLACES = r"TABLE|INTO|UPDATE|FROM|JOIN|ON\s+COLUMN|ON|RENAME\s+TO|TRUNCATE|REFERENCES"
_TOUCHED = re.compile(
    rf"\b(?=(?:{_PLACES})\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?({_NAME}(?:\s*,\s*{_NAME})*))", re.IGNORECASE
)
"""The places of a statement where a table is named; what stands there may be a word of SQL as well."""


def run(connection: Connection, schema: Schema, verb: str, revision: str) -> list[Any]:
    """Let alembic go to a revision within the connection's transaction; return the revisions' modules that ran."""
    ran: list[str] = []

    def note(*, step: Any, **_others: Any) -> None:
        ran.extend(step.up_revision_ids)

    config = _config(schema)
    config.attributes["configure"] = {
        "connection": connection,
        "version_table": VERSION_TABLE,
        "on_version_apply": note,
    }
    getattr(command, verb)(config, revision)
    script = ScriptDirectory.from_config(config)
    return [found.module for name in ran if (found := script.get_revision(name))]


def differences(connection: Connection, schema: Schema) -> list[Any]:
    """Return what alembic would still change in the tables that the program says; others are none of its business."""
    wanted = schema.wanted
    options = {
        "version_table": VERSION_TABLE,
        "compare_type": True,
        "compare_server_default": True,
        "include_name": lambda name, kind, _parents: kind != "table" or name in wanted.tables,
    }
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), wanted))


def require_lawful(schema: Schema) -> None:
    """Raise SchemaFault for a revision that breaks this module's rules, before any of them is run."""
    for fault in unlawful(schema):
        raise SchemaFault(f"{schema.service} 的修订不合规则，未执行：{fault}", f"{schema.service}: {fault}")


def unlawful(schema: Schema) -> Iterator[str]:
    """Yield what breaks the rules. Each revision is run both ways with no database, and its statements are read."""
    script = ScriptDirectory.from_config(_config(schema))
    chain = list(reversed(list(script.walk_revisions())))
    if tuple(each.revision for each in chain) != schema.revisions:
        yield f"the revisions are not a chain in the order of their files: {[each.revision for each in chain]}"
        return
    queried = {each.name for each in schema.queried}
    for each in chain[1:]:
        try:
            touched = _touched(each)
        except Exception as error:  # noqa: BLE001 - whatever a revision does that needs a database to be there
            yield f"{each.revision} cannot be read without a database: {error!r}"
            continue
        if sealed := touched & set(schema.sealed):
            yield f"{each.revision} touches what is never altered: {sorted(sealed)}"
        if touched & queried and not hasattr(each.module, "rebuilds"):
            yield f"{each.revision} touches {sorted(touched & queried)} and does not say `rebuilds`"


def _touched(revision: Script) -> set[str]:
    """Return the names that stand where tables do in the statements of a revision, both ways."""
    said = StringIO()
    options = {"as_sql": True, "output_buffer": said}
    with Operations.context(MigrationContext.configure(dialect_name="postgresql", opts=options)):
        revision.module.upgrade()
        revision.module.downgrade()
    return {name for found in _TOUCHED.findall(said.getvalue()) for name in re.findall(r"\w+", found)}


def _config(schema: Schema) -> Config:
    config = Config()
    for name, value in (("script_location", _ENVIRONMENT), ("version_locations", schema.folder)):
        config.set_main_option(name, str(value).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config
