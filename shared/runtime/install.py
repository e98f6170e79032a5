"""Making an installation ready: keys, schemas with a role per service, and the broker's topology. Safe to repeat."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from kombu import Queue
from sqlalchemy import text

from shared.messaging.topology import call_queue, declare, event_queue
from shared.platform import confidential, keys
from shared.platform.clock import SimulatedClock
from shared.platform.settings import BadSettings, Settings
from shared.runtime.entrypoints import Events
from shared.runtime.lines import lines, service_classes, services_found, views_metadata
from shared.runtime.schemas import schema_of
from shared.seal.keys import hpke_public
from shared.store.connect import connect
from shared.store.database import Database
from shared.store.schema import VERSION_TABLE, SchemaFault
from shared.store.tables import APPEND_ONLY, metadata
from shared.store.upgrade import downgrade, upgrade

DOOR_ROLE = "portal"
_NAME = re.compile(r"[a-z_]+")


def install(settings: Settings, admin_url: str = "", *, restore_guards: bool = False) -> dict[str, str]:
    """Make what is missing; return the revision of each service's schema.

    `admin_url` is the PostgreSQL owner of the schemas; the services are not. `restore_guards` puts the triggers that
    forbid rewriting back where they were taken away. Raise SchemaFault, with that schema as it was.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.clock == "simulated":
        SimulatedClock(settings.data / "clock.json").advance(timedelta())
    names = [keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.TOKENS, keys.LEDGER, keys.ARRIVALS, keys.EVENTS]
    keyring = keys.Keyring(settings.data / "keys")
    keyring.make([*names, *map(keys.vault, services_found()), *map(confidential.key_name, lines())], os.urandom)
    for service in lines():
        keyring.publish(confidential.key_name(service), hpke_public(confidential.service_key(keyring, service)))
    revisions = {}
    for service in services_found():
        if settings.database != "sqlite":
            _make_schema(settings, admin_url, service)
        with _owned(settings, admin_url, service) as database:
            revisions[service] = upgrade(database, schema_of(service), restore=restore_guards)
            if not database.sqlite:
                _grant(database, service)
    if not settings.embedded:
        declare(settings.broker, queues())
    return revisions


def take_back(settings: Settings, service: str, revision: str, admin_url: str = "") -> None:
    """Take a service's schema back to an older revision. Raise SchemaFault where the record could lose by it."""
    if service not in services_found():
        there = ", ".join(services_found())
        raise SchemaFault(f"没有服务 {service}；现有：{there}", f"no such service: {service}; there are {there}")
    with _owned(settings, admin_url, service) as database:
        downgrade(database, schema_of(service), revision)


def queues() -> list[Queue]:
    """Return every queue that a service consumes, so that publishers find them before the consumers start."""
    return [queue for cls in service_classes(services_found()) for queue in _queues_of(cls)]


def _queues_of(cls: type) -> Iterable[Queue]:
    name = str(cls.name)  # type: ignore[attr-defined]  # every nameko service has a name
    yield call_queue(name)
    for attribute in vars(cls).values():
        for entrypoint in getattr(attribute, "nameko_entrypoints", ()):
            if isinstance(entrypoint, Events):
                yield event_queue(name, *entrypoint.patterns)


@contextmanager
def _owned(settings: Settings, admin_url: str, service: str) -> Iterator[Database]:
    """Give a service's database under the role that owns its schema."""
    if settings.database != "sqlite" and not admin_url:
        raise BadSettings(
            "PostgreSQL schemas are made by their owner: give --admin URL, as in the README",
            "PostgreSQL 的模式由其所有者建立：请如 README 给出 --admin URL",
        )
    database = connect(settings, service) if settings.database == "sqlite" else Database(admin_url, schema=service)
    try:
        yield database
    finally:
        database.close()


def _make_schema(settings: Settings, admin_url: str, service: str) -> None:
    assert _NAME.fullmatch(service)
    with _owned(settings, admin_url, service) as owner, owner.write() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {service}"))
        for role in (service, DOOR_ROLE):
            connection.execute(text(_ROLE.format(role=role)))


def _grant(database: Database, service: str) -> None:
    with database.write() as connection:
        for statement in _grants(service):
            connection.execute(text(statement))


_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} LOGIN; END IF;
END $$
"""


def _grants(service: str) -> Iterable[str]:
    yield f"GRANT USAGE ON SCHEMA {service} TO {service}"
    yield f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA {service} TO {service}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {service} TO {service}"
    kernel = set(metadata.tables) - set(APPEND_ONLY) if service in lines() else set()
    changing = kernel | {
        name for name, table in views_metadata(service).tables.items() if not table.info.get("append_only")
    }
    yield f"REVOKE INSERT ON {service}.{VERSION_TABLE} FROM {service}"
    for table in sorted(changing):
        yield f"GRANT UPDATE, DELETE ON {service}.{table} TO {service}"
    if service in lines():
        yield f"GRANT USAGE ON SCHEMA {service} TO {DOOR_ROLE}"
        yield f"GRANT SELECT, INSERT ON {service}.arrival TO {DOOR_ROLE}"
        yield f"GRANT SELECT (actor, id) ON {service}.command TO {DOOR_ROLE}"
        yield f"GRANT SELECT ON {service}.{VERSION_TABLE} TO {DOOR_ROLE}"
