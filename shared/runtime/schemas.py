"""Each service's schema in an installation: what it should be, and whether it is."""

from collections.abc import Iterable

from shared.platform.settings import Settings
from shared.runtime.lines import lines, projection, revisions_folder, views_metadata
from shared.store.connect import connect
from shared.store.schema import Schema, require_current


def schema_of(service: str) -> Schema:
    """Return what a service keeps, by its folder."""
    line = lines().get(service)
    project = projection(service) if line else None
    return Schema(service, revisions_folder(service), views_metadata(service), line, project)


def require_schemas(settings: Settings, services: Iterable[str]) -> dict[str, str]:
    """Return the revision of each service's database. Raise SchemaFault where it is not this program's."""
    found = {}
    for service in services:
        database = connect(settings, service)
        try:
            found[service] = require_current(database, schema_of(service))
        finally:
            database.close()
    return found
