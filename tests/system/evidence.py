"""What an installation stores, laid out to be searched: its rows by schema, and its files by what they are."""

import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg2.sql import SQL, Identifier

from cli.demo.stage import Stage
from shared.runtime.lines import services_found
from tests.system.canary import files
from tests.system.own_host import OwnHost

MACHINES = ("wallets", "witness.key")
"""In a stage's directory, what stands for other people's machines: the actors' own, and the witness's."""

SCHEMAS = services_found()
_LISTED = ", ".join(f"'{schema}'" for schema in SCHEMAS)

_RELATIONS = f"""
SELECT n.nspname, c.relname, x.oid, pg_relation_filepath(x.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
LATERAL (SELECT c.oid UNION SELECT c.reltoastrelid
         UNION SELECT indexrelid FROM pg_index WHERE indrelid IN (c.oid, c.reltoastrelid)) x
WHERE c.relkind = 'r' AND x.oid <> 0 AND n.nspname IN ({_LISTED})
"""
"""The files of every table with its indexes and its toast, by schema."""

_COMPRESSED = f"""
SELECT n.nspname, c.relname, a.attname
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND a.attnum > 0 AND a.attstorage = 'x' AND n.nspname IN ({_LISTED})
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one table, all its columns as bytes."""

    schema: str
    table: str
    content: bytes


def store_plainly(stage: OwnHost) -> None:
    """Let PostgreSQL store long values as they are: compressed, a mark in them would be there and not be found."""
    for schema, table, column in stage.own_postgres.execute(_COMPRESSED, stage.database):
        change = SQL("ALTER TABLE {}.{} ALTER COLUMN {} SET STORAGE EXTERNAL")
        stage.own_postgres.execute(change.format(*map(Identifier, (schema, table, column))), stage.database)


def rows(stage: Stage) -> list[Row]:
    """Return every row of every table of every service."""
    return list(_postgres_rows(stage) if isinstance(stage, OwnHost) else _sqlite_rows(stage))


def _postgres_rows(stage: OwnHost) -> Iterator[Row]:
    listed = f"SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ({_LISTED})"
    for schema, table in stage.own_postgres.execute(listed, stage.database):
        every = SQL("SELECT * FROM {}.{}").format(Identifier(schema), Identifier(table))
        for row in stage.own_postgres.execute(every, stage.database):
            yield Row(schema, table, _joined(row))


def _sqlite_rows(stage: Stage) -> Iterator[Row]:
    for schema in SCHEMAS:
        with closing(sqlite3.connect(f"file:{stage.data}/db/{schema}.db?mode=ro", uri=True)) as connection:
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in connection.execute(f'SELECT * FROM "{table}"'):
                    yield Row(schema, table, _joined(row))


def _joined(row: Iterable[Any]) -> bytes:
    return b"\n".join(bytes(item) if isinstance(item, bytes | memoryview) else str(item).encode() for item in row)


def keep(stage: Stage, folder: Path) -> Path:
    """Copy everything that the installation stores into a folder and return it; see `pieces` for the names."""
    _settle(stage)
    for place, content in _stored(stage):
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def _settle(stage: Stage) -> None:
    """Wait until every record is relayed, in the ledger, and witnessed."""
    operator = stage.player("operator")
    stage.wait(
        "the witnesses of all records",
        lambda: not operator.client.get("/api/ledger/unwitnessed", operator.asker())["positions"],
    )


def _stored(stage: Stage) -> Iterator[tuple[str, bytes]]:
    """Yield the data directory, and of one host the database's files by schema, a dump, and the broker's files."""
    for name, content in files(stage.data, without=MACHINES):
        yield f"data/{name}", content
    if not isinstance(stage, OwnHost):
        return
    server = stage.own_postgres
    server.execute("CHECKPOINT")
    for schema, table, oid, path in server.execute(_RELATIONS, stage.database):
        for part in sorted((server.data / path).parent.glob(f"{Path(path).name}*")):
            yield f"database/{schema}/{table}-{oid}-{part.name}", part.read_bytes()
    for name, content in files(server.data / "pg_wal"):
        yield f"database/wal/{name}", content
    yield "database/server.log", (server.directory / "server.log").read_bytes()
    yield "database/dump.sql", _dump(server.dsn(stage.database), server._programs)
    for name, content in files(stage.own_rabbitmq.directory):
        yield f"broker/{name}", content


def _dump(dsn: str, programs: Path) -> bytes:
    command = [str(programs / "pg_dump"), "--dbname", dsn, "--inserts"]
    return subprocess.run(command, check=True, capture_output=True).stdout
