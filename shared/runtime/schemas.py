"""Each service's schema in an installation: what it should be, and whether it is."""

from collections.abc import Callable, Collection, Iterable

from sqlalchemy.exc import OperationalError

from shared.platform.logs import logger
from shared.platform.settings import Settings
from shared.runtime.lines import lines, projection, revisions_folder, views_metadata
from shared.store.connect import connect
from shared.store.schema import Schema, require_current

PAUSE = 1.0
"""Seconds between two looks for a database that is away."""


def schema_of(service: str) -> Schema:
    """Return what a service keeps, by its folder."""
    line = lines().get(service)
    project = projection(service) if line else None
    return Schema(service, revisions_folder(service), views_metadata(service), line, project)


def require_schemas(settings: Settings, services: Iterable[str], *, role: str = "") -> dict[str, str]:
    """Return the revision of each service's database. Raise SchemaFault where it is not this program's.

    `role` is who looks, where it is not the service itself.
    """
    found = {}
    for service in services:
        database = connect(settings, service, role=role)
        try:
            found[service] = require_current(database, schema_of(service))
        finally:
            database.close()
    return found


def await_schemas(
    settings: Settings, services: Collection[str], sleep: Callable[[float], object], *, role: str = ""
) -> dict[str, str]:
    """Return what `require_schemas` returns, waiting for a database that is away. Raise SchemaFault."""
    while True:
        try:
            return require_schemas(settings, services, role=role)
        except OperationalError as away:
            logger().warning("schemas_not_read", cause=str(away).splitlines()[0])
            sleep(PAUSE)
