"""Making an installation ready: keys, schemas with a role per service, and the broker's topology. Safe to repeat."""

import os
import re
from collections.abc import Iterable
from datetime import timedelta

from kombu import Queue
from sqlalchemy import text

from shared.messaging.topology import call_queue, declare, event_queue
from shared.platform import confidential, keys
from shared.platform.clock import SimulatedClock
from shared.platform.settings import BadSettings, Settings
from shared.runtime.entrypoints import Events
from shared.runtime.lines import lines, projection, service_classes, services_found, views_metadata
from shared.seal.keys import hpke_public
from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.rebuild import lost, rebuild
from shared.store.tables import APPEND_ONLY, metadata

DOOR_ROLE = "portal"
_NAME = re.compile(r"[a-z_]+")


def install(settings: Settings, admin_url: str = "") -> None:
    """Make what is missing. `admin_url` is the PostgreSQL owner of the schemas; the services are not."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if settings.clock == "simulated":
        SimulatedClock(settings.data / "clock.json").advance(timedelta())
    names = [keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.TOKENS, keys.LEDGER, keys.ARRIVALS, keys.EVENTS]
    keyring = keys.Keyring(settings.data / "keys")
    keyring.make([*names, *map(keys.vault, services_found()), *map(confidential.key_name, lines())], os.urandom)
    for service in lines():
        keyring.publish(confidential.key_name(service), hpke_public(confidential.service_key(keyring, service)))
    for service in services_found():
        if settings.database == "sqlite":
            _migrate_sqlite(settings, service)
        else:
            _migrate_postgres(admin_url, service)
    if not settings.embedded:
        declare(settings.broker, queues())


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


def _migrate_sqlite(settings: Settings, service: str) -> None:
    from shared.store.connect import connect  # the only mode in which the services own their files

    database = connect(settings, service)
    _make_tables(database, service)
    database.close()


def _migrate_postgres(admin_url: str, service: str) -> None:
    if not admin_url:
        raise BadSettings("PostgreSQL schemas are made by their owner: give --admin URL, as in the README")
    assert _NAME.fullmatch(service)
    owner = Database(admin_url)
    with owner.write() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {service}"))
        for role in (service, DOOR_ROLE):
            connection.execute(text(_ROLE.format(role=role)))
    owner.close()
    database = Database(admin_url, schema=service)
    _make_tables(database, service)
    with database.write() as connection:
        for statement in _grants(service):
            connection.execute(text(statement))
    database.close()


def _make_tables(database: Database, service: str) -> None:
    """Make the tables that are missing; query tables that were lost are filled again from the journal."""
    views, is_line = views_metadata(service), service in lines()
    again = is_line and lost(database, views)
    migrate(database, views=views, kernel=is_line)
    if again:
        rebuild(database, lines()[service], views, projection(service))


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
    for table in sorted(changing):
        yield f"GRANT UPDATE, DELETE ON {service}.{table} TO {service}"
    if service in lines():
        yield f"GRANT USAGE ON SCHEMA {service} TO {DOOR_ROLE}"
        yield f"GRANT SELECT, INSERT ON {service}.arrival TO {DOOR_ROLE}"
        yield f"GRANT SELECT (actor, id) ON {service}.command TO {DOOR_ROLE}"
