"""Where each service's database is, by the installation's settings."""

from shared.platform.settings import Settings
from shared.store.database import Database


def connect(settings: Settings, service: str, *, role: str = "") -> Database:
    """Return a service's database: a SQLite file, or a PostgreSQL schema under the service's own role.

    `role` is another role that has been granted a part of it, as the door has been granted the arrival rows.
    """
    if settings.database == "sqlite":
        directory = settings.data / "db"
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Database(f"sqlite:///{directory / service}.db")
    return Database(settings.database.replace("{service}", role or service), schema=service)
