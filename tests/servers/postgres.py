"""A PostgreSQL for tests: a private cluster with data checksums, or the server that DATABASE_URL names."""

import os
import secrets
import signal
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.sql import SQL, Composable, Identifier, Literal
from sqlalchemy import URL, make_url

from tests.servers.process import ServerFault, free_ports
from tests.servers.server import GivenServer, PrivateServer, Server

INSTALLATIONS = Path("/usr/lib/postgresql")
"""Debian's place of the server programs, a folder for each major version."""

VOLATILE = {"fsync": "off", "full_page_writes": "off"}
"""Commits still reach the kernel, so that they outlive a kill of the server, but not a loss of power."""


class Postgres(Server):
    """A database server on which tests make databases and roles of their own."""

    @property
    @abstractmethod
    def _home(self) -> URL:
        """The database and role from which others are made."""

    def url(self, database: str | None = None, *, role: str | None = None, password: str | None = None) -> str:
        """Give SQLAlchemy's URL (driver psycopg2) of a database; by default the one others are made from."""
        return self._render("postgresql+psycopg2", database, role, password)

    def dsn(self, database: str | None = None, *, role: str | None = None, password: str | None = None) -> str:
        """Give the same as libpq spells it, for psycopg2.connect, psql and pg_dump."""
        return self._render("postgresql", database, role, password)

    def _render(self, driver: str, database: str | None, role: str | None, password: str | None) -> str:
        url = self._home._replace(drivername=driver, database=database or self._home.database)
        if role:
            url = url._replace(username=role, password=password)
        return url.render_as_string(hide_password=False)

    def execute(self, statement: str | Composable, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run one statement as the server's first role, committed at once; give its rows, if any."""
        with closing(psycopg2.connect(self.dsn(database))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []

    def create_role(self, name: str, password: str | None = None) -> None:
        """Make a role that may log in and has no further rights."""
        self.execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(Identifier(name), Literal(password)))

    def create_database(self, name: str, owner: str | None = None) -> str:
        """Make an empty database, which belongs to `owner` if one is named; give its URL."""
        possession = SQL("OWNER {}").format(Identifier(owner)) if owner else SQL("")
        self.execute(SQL("CREATE DATABASE {} {}").format(Identifier(name), possession))
        return self.url(name, role=owner)

    def fresh_database(self) -> str:
        """Make an empty database under a name not used before and give its URL."""
        return self.create_database(f"ggzy_{secrets.token_hex(6)}")


class GivenPostgres(GivenServer, Postgres):
    """The server that DATABASE_URL names; what the tests make there goes when they end.

    Its role needs CREATEDB, and CREATEROLE for tests that make roles.
    """

    variable = "DATABASE_URL"

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._made: list[Composable] = []

    @property
    def _home(self) -> URL:
        return self._url

    def create_role(self, name: str, password: str | None = None) -> None:
        super().create_role(name, password)
        self._made.append(SQL("ROLE IF EXISTS {}").format(Identifier(name)))
        # Who is no superuser may make a database for another role only as a member of that role.
        self.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(name)))

    def create_database(self, name: str, owner: str | None = None) -> str:
        url = super().create_database(name, owner)
        self._made.append(SQL("DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        return url

    def __exit__(self, *_: object) -> None:
        while self._made:
            self.execute(SQL("DROP {}").format(self._made.pop()))


class PrivatePostgres(PrivateServer, Postgres):
    """A cluster on a free loopback port, without passwords; `settings` go over postgresql.conf.

    Commits are durable; `fsync=False` makes them as safe as the machine's power, and faster.
    """

    def __init__(
        self, *, inside: Path | None = None, fsync: bool = True, settings: Mapping[str, str] | None = None
    ) -> None:
        self._programs = _newest_programs()
        super().__init__("postgres", user="postgres", inside=inside)
        (self.port,) = free_ports(1)
        own = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.directory),
            "timezone": "UTC",
        }
        self._settings = own | ({} if fsync else VOLATILE) | dict(settings or {})

    @property
    def _home(self) -> URL:
        return URL.create("postgresql", "postgres", host="127.0.0.1", port=self.port, database="postgres")

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.directory / "data"

    def _launch(self) -> None:
        if not self.data.exists():
            self._initialise()
        options = [f"--{key}={value}" for key, value in self._settings.items()]
        server = [str(self._programs / "postgres"), "-D", str(self.data), *options]
        self._process = self._spawn(server, "INT", {})
        self._await(self._serves)

    def _initialise(self) -> None:
        options = ["--data-checksums", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--no-sync"]
        self._run([str(self._programs / "initdb"), "-D", str(self.data), "-U", "postgres", *options], {})

    def _serves(self) -> bool:
        try:
            self.execute("SELECT 1")
        except psycopg2.OperationalError:
            return False
        return True

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def __exit__(self, *_: object) -> None:
        try:
            if self._process is None and (self.data / "postmaster.pid").exists():
                self.start()  # it was killed, and only a next start frees the shared memory of the last
        finally:
            super().__exit__()


def _newest_programs() -> Path:
    found = [path.parent for path in INSTALLATIONS.glob("*/bin/initdb")]
    if not found:
        raise ServerFault("postgresql-15 is not installed: run deploy/install.sh, or set DATABASE_URL")
    return max(found, key=lambda programs: int(programs.parent.name))


def postgres_server() -> Postgres:
    """Take the server that DATABASE_URL names, or else a private one, killed at times and never cut from power."""
    given = os.environ.get("DATABASE_URL")
    return GivenPostgres(given) if given else PrivatePostgres(settings={"fsync": "off"})
