"""Tables made directly from what the program says, for tests and measurements; an installation has revisions.

Both ways lead to the same tables: tests/store/test_revisions.py compares them.
"""

from sqlalchemy import MetaData

from shared.store.database import Database
from shared.store.guards import forbid_rewriting
from shared.store.tables import APPEND_ONLY, head, health, metadata, relayed


def migrate(database: Database, *, views: MetaData, kernel: bool = True) -> None:
    """Create what is missing of the kernel's tables, the service's `views` and the triggers. Safe to repeat.

    A service without a journal of its own has no kernel tables. A table of `views` whose `info` says `append_only`
    is guarded like the journal.
    """
    with database.write() as connection:
        if kernel:
            metadata.create_all(connection)
            for single, values in ((head, {"position": 0}), (relayed, {"position": 0}), (health, {"echo": ""})):
                if connection.execute(single.select()).first() is None:
                    connection.execute(single.insert().values(id=1, **values))
            forbid_rewriting(connection, APPEND_ONLY)
        views.create_all(connection)
        forbid_rewriting(connection, append_only(views))


def append_only(views: MetaData) -> tuple[str, ...]:
    """Return those of a service's own tables that are guarded like the journal."""
    return tuple(name for name, table in views.tables.items() if table.info.get("append_only"))
