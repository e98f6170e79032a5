"""A service's schema: what the program expects of its database, and the revision that a database is at."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, column, inspect, select, table

from shared.kernel.line import Line
from shared.store.database import Database
from shared.store.migrate import append_only
from shared.store.rebuild import Project, query_tables
from shared.store.tables import APPEND_ONLY, metadata

VERSION_TABLE = "alembic_version"


class SchemaFault(Exception):
    """Why a schema cannot be used, or not be changed as asked; nothing was changed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Schema:
    """What a service keeps in its database. `folder` has a module for each revision; a line has the kernel's tables."""

    service: str
    folder: Path
    views: MetaData
    line: Line | None = None
    project: Project | None = None

    @property
    def revisions(self) -> tuple[str, ...]:
        """The names of the revisions, oldest first: those of their files, so that alembic need not be loaded."""
        return tuple(sorted(path.stem for path in self.folder.glob("r[0-9]*.py")))

    @property
    def head(self) -> str:
        """The newest revision, which this program needs."""
        return self.revisions[-1]

    @property
    def wanted(self) -> MetaData:
        """Every table that the program expects."""
        together = MetaData()
        for source in (metadata, self.views) if self.line else (self.views,):
            for each in source.sorted_tables:
                each.to_metadata(together)
        return together

    @property
    def queried(self) -> list[Table]:
        """The tables that can be made again from the journal."""
        return query_tables(self.views) if self.line else []

    @property
    def sealed(self) -> tuple[str, ...]:
        """The tables that are append-only, and that no revision after the first may touch."""
        return (*(APPEND_ONLY if self.line else ()), *append_only(self.views))


def revision_of(connection: Connection) -> str | None:
    """Return the revision that a database is at, None before the first."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(select(column("version_num")).select_from(table(VERSION_TABLE))).scalar()


def known_revision(connection: Connection, schema: Schema) -> str | None:
    """Return the revision that a database is at, None before the first. Raise SchemaFault for a newer program's."""
    found = revision_of(connection)
    if found is not None and found not in schema.revisions:
        raise SchemaFault(
            f"{schema.service} 的数据库为较新程序的修订 {found}，本程序只到 {schema.head}：请安装较新的程序",
            f"the database of {schema.service} is at {found}, of a newer program than this, which knows "
            f"{schema.head}: install the newer one",
        )
    return found


def require_current(database: Database, schema: Schema) -> str:
    """Return the revision, which is this program's. Raise SchemaFault where it is an older or a newer one."""
    with database.read() as connection:
        found = known_revision(connection, schema)
    if found != schema.head:
        raise SchemaFault(
            f"{schema.service} 的数据库为修订 {found or '（无）'}，程序需要 {schema.head}：请先执行 ggzy migrate",
            f"the database of {schema.service} is at {found or 'no revision'}, this program needs {schema.head}: "
            "do `ggzy migrate` first",
        )
    return found
