"""What an actor keeps on its own machine: account keys, and per tender the one-time keys and halves of keys."""

import json
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.output import Misused
from shared.seal.wire import raw, text


class Wallet:
    """A directory that only its owner may read. Nothing in it is ever sent, but for what an opening asks for."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def account_key(self, account: str) -> Ed25519PrivateKey:
        """Return an account's key. Raise Misused if this machine does not hold it."""
        return Ed25519PrivateKey.from_private_bytes(raw(str(self.read("accounts", account)["key"])))

    def make_account_key(self, account: str) -> str:
        """Make an account's key if there is none and return its public half, base64url."""
        if not self._path("accounts", account).exists():
            self.write({"account": account, "key": text(os.urandom(32))}, "accounts", account)
        return text(self.account_key(account).public_key().public_bytes_raw())

    def write(self, value: dict[str, Any], *place: str) -> Path:
        """Keep a value, readable by its owner alone; replaced as a whole or not at all."""
        path = self._path(*place)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(value, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        return path

    def read(self, *place: str) -> dict[str, Any]:
        """Return a kept value. Raise Misused if there is none."""
        try:
            value: dict[str, Any] = json.loads(self._path(*place).read_text())
        except FileNotFoundError as error:
            path = self._path(*place)
            raise Misused(
                f"本机没有 {path}，请先生成或拷入", f"{path} is not on this machine: make it or copy it here"
            ) from error
        return value

    def has(self, *place: str) -> bool:
        """Whether a value is kept."""
        return self._path(*place).exists()

    def _path(self, *place: str) -> Path:
        return self._home.joinpath(*place).with_suffix(".json")
