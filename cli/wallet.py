"""What an actor keeps on its own machine: account keys, and per tender the one-time keys and halves of keys."""

import json
import os
import re
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from cli.output import Misused
from shared.kernel.wrong_fields import bad_input
from shared.seal.keys import SigningKeyFile, new_signing_key, signing_public
from shared.seal.wire import Wire, raw

W = TypeVar("W", bound=Wire)

SESSIONS = "sessions"
"""Where sessions are kept, a file an account."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Wallet:
    """A directory that only its owner may read. Nothing in it is ever sent, but for what an opening asks for."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def account_key(self, account: str) -> Ed25519PrivateKey:
        """Return an account's key. Raise Misused if this machine does not hold it."""
        return Ed25519PrivateKey.from_private_bytes(raw(self.account_secret(account)))

    def account_secret(self, account: str) -> str:
        """Return an account's private key as text. Raise Misused that says how one is made, if it is not here."""
        if not self.has("accounts", account):
            path, make = self.path("accounts", account), f"ggzy account keygen {account}"
            raise Misused(
                f"本机没有账户 {account} 的密钥，请 {make}，或将其拷入 {path}",
                f"the key of account {account} is not on this machine: do `{make}`, or copy it to {path}",
            )
        return as_wire(SigningKeyFile, self.read("accounts", account), self.path("accounts", account)).private_key

    def make_account_key(self, account: str) -> str:
        """Make an account's key if there is none and return its public half, base64url."""
        if not self.has("accounts", account):
            self.keep(make_signing_key("account"), "accounts", account)
        return as_wire(SigningKeyFile, self.read("accounts", account), self.path("accounts", account)).public_key

    def digest_key(self) -> bytes:
        """Return the key for the digests of account numbers, made where there is none; who records shares one."""
        if not self.has("digest-key"):
            self.write({"key": os.urandom(32).hex()}, "digest-key")
        return bytes.fromhex(str(self.read("digest-key")["key"]))

    def keep(self, value: Wire, *place: str) -> Path:
        """Keep a value of the sealing formats, as its own fields."""
        return self.write(value.model_dump(mode="json"), *place)

    def write(self, value: dict[str, Any], *place: str) -> Path:
        """Keep a value, readable by its owner alone; replaced as a whole or not at all."""
        return self.save(self.path(*place), json.dumps(value, ensure_ascii=False, indent=1))

    def save(self, path: Path, text: str) -> Path:
        """Write a file, in the wallet or beside it, in the same careful way."""
        if self.home in path.parents:
            self.folder(path.parent)
        temporary = path.with_name(f"{path.name}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        return path

    def read(self, *place: str) -> dict[str, Any]:
        """Return a kept value. Raise Misused if there is none, or none that can be read."""
        path = self.path(*place)
        try:
            value: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise Misused(
                f"本机没有 {path}，请先生成或拷入", f"{path} is not on this machine: make it or copy it here"
            ) from error
        except ValueError as error:
            raise Misused(f"{path} 已损坏，请从备份恢复", f"{path} is damaged: restore it from a copy") from error
        return value

    def has(self, *place: str) -> bool:
        """Whether a value is kept."""
        return self.path(*place).exists()

    def drop(self, *place: str) -> None:
        """Forget a value."""
        self.path(*place).unlink(missing_ok=True)

    def names(self, *place: str) -> list[str]:
        """Return the names of the values kept in a folder, in order."""
        return sorted(path.stem for path in self.path(*place, "_").parent.glob("*.json"))

    def path(self, *place: str, suffix: str = ".json") -> Path:
        """Return where a value is or would be kept. Raise Misused for a name that could leave the folder."""
        for name in place:
            if not _NAME.fullmatch(name):
                raise Misused(
                    f"编号 {name!r} 只能用字母、数字、_ 与 -，至多 64 位",
                    f"a name is 1 to 64 letters, digits, _ and -: not {name!r}",
                )
        return self.home.joinpath(*place).with_suffix(suffix)

    def folder(self, path: Path) -> Path:
        """Make a folder inside the wallet, every part of it closed to others, and return it."""
        for part in reversed([path, *path.parents]):
            if part == self.home or self.home in part.parents:
                part.mkdir(exist_ok=True, mode=0o700, parents=part == self.home)
        return path


def make_signing_key(use: str, tender: str | None = None) -> SigningKeyFile:
    """Return a new Ed25519 key for an account, or one that is used in one tender only."""
    private = new_signing_key(os.urandom)
    fields = {"use": use, "tender": tender, "public_key": signing_public(private), "private_key": private}
    return SigningKeyFile.model_validate(fields)


def as_wire(kind: type[W], value: Any, where: object) -> W:
    """Return a kept or received value as what it should be. Raise Misused, naming where it is from, if it is not."""
    try:
        return kind.model_validate_json(json.dumps(value))
    except ValueError as error:
        told = bad_input(error) if isinstance(error, ValidationError) else None
        zh, en = (told.zh, told.en) if told else ("不是 JSON 能表示的内容", str(error))
        raise Misused(f"{where}：{zh}", f"{where}: {en}") from error
