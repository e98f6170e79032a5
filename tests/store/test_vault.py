"""The vault: what is under its key, and how often a transaction asks the database for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import event

from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.vault import Vault, VaultError
from tests.store import till


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'vault.db'}")
    migrate(database, views=till.metadata)
    yield database
    database.close()


def test_a_transaction_asks_once_for_what_is_kept_and_once_for_what_is_not(database: Database) -> None:
    vault, asked = Vault(Fernet.generate_key()), []
    with database.write() as connection:
        vault.put(connection, "kept", b"secret")
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))

    with database.read() as connection:
        found = [vault.get(connection, name) for name in ("kept", "lacking") * 3]

    assert found == [b"secret", None] * 3
    assert sum("FROM secret" in statement for statement in asked) == 2


def test_what_a_transaction_looked_for_in_vain_and_then_kept_it_finds(database: Database) -> None:
    vault = Vault(Fernet.generate_key())

    with database.write() as connection:
        before = vault.get(connection, "key")
        vault.put(connection, "key", b"secret")
        after = vault.get(connection, "key")

    assert (before, after) == (None, b"secret")


def test_another_key_opens_nothing(database: Database) -> None:
    with database.write() as connection:
        Vault(Fernet.generate_key()).put(connection, "key", b"secret")

    with database.read() as connection, pytest.raises(VaultError):
        Vault(Fernet.generate_key()).get(connection, "key")
