"""The keys of an installation: one file each, readable by its owner alone, made once and never shown."""

import base64
import hmac
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

DOOR = "door"
RECEIPTS = "receipts"
CREDENTIALS = "credentials"
TOKENS = "tokens"
LEDGER = "ledger"
ARRIVALS = "arrivals"
EVENTS = "events"

SECRET_BYTES = 32


class KeyMissing(Exception):
    """A key file is not there; the text says which and what makes it, `zh` does in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


class Keyring:
    """The key directory of an installation. Every key is 32 random bytes; what it is used as depends on its name.

    A process is given only the files that it needs; public halves stand beside them as `NAME.pub`.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def make(self, names: Iterable[str], random_bytes: Callable[[int], bytes]) -> None:
        """Make the keys that are not there yet."""
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in names:
            path = self._directory / f"{name}.key"
            if path.exists():
                continue
            secret = random_bytes(SECRET_BYTES)
            public = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
            path.with_suffix(".pub").write_text(_text(public) + "\n")
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(_text(secret) + "\n")

    def publish(self, name: str, public: str) -> None:
        """Let a key's public half be another than that for signing, as for a key that is derived from it."""
        (self._directory / f"{name}.pub").write_text(public + "\n")

    def secret(self, name: str) -> bytes:
        """Return the 32 bytes of a key. Raise KeyMissing if this process has no such file."""
        return _bytes(self._read(f"{name}.key"))

    def fernet(self, name: str) -> bytes:
        """Return a key as the vault takes it."""
        return base64.urlsafe_b64encode(self.secret(name))

    def signing(self, name: str) -> Ed25519PrivateKey:
        """Return a key to sign with."""
        return Ed25519PrivateKey.from_private_bytes(self.secret(name))

    def public(self, name: str) -> Ed25519PublicKey:
        """Return the public half of a signing key."""
        return Ed25519PublicKey.from_public_bytes(_bytes(self.public_text(name)))

    def public_text(self, name: str) -> str:
        """Return the public half as base64url without padding."""
        return self._read(f"{name}.pub")

    def _read(self, name: str) -> str:
        try:
            return (self._directory / name).read_text().strip()
        except FileNotFoundError as error:
            path = self._directory / name
            zh = f"没有密钥文件 {path}，由 ggzy migrate 生成"
            raise KeyMissing(f"{path} is missing; `ggzy migrate` makes the keys", zh) from error


def vault(service: str) -> str:
    """Return the name of a service's vault key."""
    return f"vault-{service}"


def derived(secret: bytes, purpose: str, name: str) -> bytes:
    """Return 32 bytes for one purpose and name, HMAC-SHA-256 under a secret: made again wherever that is kept."""
    return hmac.digest(secret, f"ggzy-{purpose}/v1\n{name}".encode(), "sha256")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
