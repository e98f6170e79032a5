"""What must be erasable: rows under the vault's key, beside the journal and never in it, gone when they are dropped.

They outlive a rebuilding of the query tables, for no event could bring them back.
"""

from typing import Any

import orjson
from sqlalchemy import Connection, delete

from shared.platform import keys
from shared.runtime.tools import Tools
from shared.store import work
from shared.store.tables import work as table
from shared.store.vault import Vault

PERSON = "person"
PASSWORD = "password"  # noqa: S105 - the name of a kind of row
PASSWORD_WAITING = "password-waiting"  # noqa: S105 - the name of a kind of row
ATTEMPTS = "attempts"
CERTIFICATE = "certificate"
SESSION = "session"
NONCE = "nonce"


class Private:
    """The rows of one installation, opened with its own key."""

    def __init__(self, tools: Tools) -> None:
        self._vault = Vault(tools.keyring.fernet(keys.vault("registry")))

    def put(self, connection: Connection, kind: str, name: str, value: dict[str, Any]) -> None:
        """Keep a value, in place of what was kept under the name."""
        work.put(connection, kind, name, self._vault.close(orjson.dumps(value)))

    def get(self, connection: Connection, kind: str, name: str) -> dict[str, Any] | None:
        """Return what is kept, or None. Raise VaultError under another key."""
        sealed = work.get(connection, kind, name)
        return None if sealed is None else dict(orjson.loads(self._vault.open(sealed)))


def has(connection: Connection, kind: str, name: str) -> bool:
    """Return whether something is kept."""
    return work.get(connection, kind, name) is not None


def promote(connection: Connection, name: str) -> None:
    """Let the password that waits count, if one does: made again from the journal, there is none to wait."""
    waiting = work.get(connection, PASSWORD_WAITING, name)
    if waiting is not None:
        work.put(connection, PASSWORD, name, waiting)
        work.drop(connection, PASSWORD_WAITING, name)


def sweep(connection: Connection, kind: str, until: str) -> None:
    """Forget rows whose name begins with an instant (canonical text) before `until`."""
    connection.execute(delete(table).where(table.c.kind == kind, table.c.stream < until))


def forget(connection: Connection, kind: str, name: str) -> None:
    """Forget what is kept, for good."""
    work.drop(connection, kind, name)
