"""Each service's revisions in an installation: made, told, and looked at before a service starts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from shared.platform.settings import EMBEDDED_BROKER, Settings, load
from shared.runtime import install as installing
from shared.runtime.install import DOOR_ROLE, install, take_back
from shared.runtime.lines import lines, revisions_folder, services_found
from shared.runtime.schemas import require_schemas, schema_of
from shared.store.connect import connect
from shared.store.database import Database
from shared.store.schema import SchemaFault
from tests.servers.postgres import Postgres


def embedded(folder: Path) -> Settings:
    return load(data=folder, broker=EMBEDDED_BROKER, database="sqlite", clock="system")


@contextmanager
def opened(settings: Settings, service: str) -> Iterator[Database]:
    with closing(connect(settings, service)) as database:
        yield database


def set_revision(settings: Settings, service: str, name: str) -> None:
    with opened(settings, service) as database, database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :name"), {"name": name})


def test_every_service_brings_revisions_in_its_own_folder() -> None:
    assert {schema_of(name).folder for name in services_found()} == {
        Path(f"services/{name}/migrations").resolve() for name in services_found()
    }
    with pytest.raises(ModuleNotFoundError):
        revisions_folder("portal")


def test_an_installation_is_made_and_made_again_at_the_programs_revisions(tmp_path: Path) -> None:
    settings = embedded(tmp_path)

    made, again = install(settings), install(settings)

    assert made == again == require_schemas(settings, services_found())
    assert made == {name: schema_of(name).head for name in services_found()}


@pytest.mark.system
@pytest.mark.parametrize(("revision", "told"), [("r9999_new", "newer program"), (None, "ggzy migrate")])
@pytest.mark.parametrize("module", ["shared.runtime.serve", "services.portal.main"])
def test_neither_services_nor_door_start_on_the_revision_of_another_program(
    tmp_path: Path, module: str, revision: str | None, told: str
) -> None:
    settings = embedded(tmp_path)
    install(settings)
    if revision:
        set_revision(settings, "registry", revision)
    else:
        take_back(settings, "registry", "base")

    given = {**os.environ, "GGZY_DATA": str(tmp_path), "GGZY_CLOCK": "system", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", module]
    ended = subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)

    assert ended.returncode == 1
    assert told in ended.stderr
    assert "registry" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_newer_database_is_left_as_it_is(tmp_path: Path) -> None:
    settings = embedded(tmp_path)
    install(settings)
    set_revision(settings, "bidding", "r9999_new")

    for act in (lambda: install(settings), lambda: take_back(settings, "bidding", "base")):
        with pytest.raises(SchemaFault, match="newer program"):
            act()


def test_a_service_reads_its_revision_and_cannot_write_it(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = postgres.fresh_database()
    name = admin.rsplit("/", 1)[1].split("?")[0]
    url = postgres.url(name, role="SERVICE").replace("SERVICE", "{service}")
    settings = load(data=tmp_path, broker="amqp://127.0.0.1", database=url, clock="system")
    monkeypatch.setattr(installing, "declare", lambda *_: None)  # the queues have tests of their own

    made, again = install(settings, admin), install(settings, admin)

    assert made == again == require_schemas(settings, services_found())
    assert require_schemas(settings, lines(), role=DOOR_ROLE) == {name: made[name] for name in lines()}
    for service in services_found():
        for statement in ("INSERT INTO alembic_version VALUES ('x')", "UPDATE alembic_version SET version_num = 'x'"):
            with (
                opened(settings, service) as database,
                pytest.raises(ProgrammingError, match="permission denied"),
                database.write() as connection,
            ):
                connection.execute(text(statement))
