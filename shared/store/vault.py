"""The vault: secrets of a running service, in its database but readable only with its own key."""

from weakref import WeakKeyDictionary

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Connection, RootTransaction, select

from shared.store.tables import secret


class VaultError(Exception):
    """A secret does not open under this installation's key."""


class Vault:
    """Secrets under one key, which stands in a file of the installation and in no database."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)
        self._looked_up = WeakKeyDictionary[RootTransaction, dict[str, bytes | None]]()

    def close(self, data: bytes) -> bytes:
        """Return `data` encrypted; the library draws its own nonce."""
        return self._fernet.encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """Return what was closed. Raise VaultError under another key."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise VaultError("a stored secret does not open: is this the installation's own key directory?") from error

    def put(self, connection: Connection, name: str, data: bytes) -> None:
        """Keep `data` under `name`, once."""
        connection.execute(secret.insert().values(name=name, sealed=self.close(data)))
        self._looked_up.get(_transaction(connection), {}).pop(name, None)

    def get(self, connection: Connection, name: str) -> bytes | None:
        """Return what is kept under `name`, or None. A transaction looks once for each, whatever it finds.

        It is remembered no longer than that, as what a transaction kept goes with it when it is rolled back.
        """
        found = self._looked_up.setdefault(_transaction(connection), {})
        if name not in found:
            sealed = connection.execute(select(secret.c.sealed).where(secret.c.name == name)).scalar()
            found[name] = None if sealed is None else self.open(sealed)
        return found[name]


def _transaction(connection: Connection) -> RootTransaction:
    return connection.get_transaction() or connection.begin()
