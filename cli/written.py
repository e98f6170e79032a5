"""Fields as people write them, by the shape of each: yuan, Beijing times, paths of files, NAME=VALUE,NAME=VALUE."""

import json
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import Any

from cli.commanded import Schema
from cli.moments import moment
from cli.output import Misused
from cli.terms import document_of, fen
from cli.uploads import sha256_of
from shared.procedure.deposits import account_digest

SALT_SIZE = 32

_DOCUMENT = frozenset({"name", "size", "sha256"})
_SHA256 = "^[0-9a-f]{64}$"
_PAPERS = frozenset(
    {"approval", "contract", "decision", "document", "documents", "evidence", "letter", "security", "statement"}
)
"""Fields of digests that are those of files."""
_NUMBERS = frozenset({"account", "number"})
"""Fields of digests that are those of an account number, or of a guarantee's."""

_YES_NO = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


class Kind(Enum):
    """How a field is written."""

    TEXT = auto()
    NUMBER = auto()
    FLAG = auto()
    CHOICE = auto()
    MOMENT = auto()
    MONEY = auto()
    """An amount in fen, written in yuan; the field's name ends with `_fen`."""
    DIGEST = auto()
    """The digest of a file, which stays where it is; or the digest itself."""
    KEYED = auto()
    """The digest of an account number, or of a guarantee's, under a key of this machine; or the digest itself."""
    DOCUMENT = auto()
    """A file by name, size and digest, which is uploaded."""
    MANY = auto()
    RECORD = auto()


@dataclass(frozen=True)
class Shape:
    """A field of a command: its name and its schema, with the schemas that this one refers to."""

    name: str
    schema: Schema
    known: Mapping[str, Schema]

    @property
    def kind(self) -> Kind:
        """How it is written."""
        match self.schema:
            case {"type": "integer"}:
                kind = Kind.MONEY if self.name.endswith("_fen") else Kind.NUMBER
            case {"type": "boolean"}:
                kind = Kind.FLAG
            case {"type": "array"}:
                kind = Kind.MANY
            case {"enum": _}:
                kind = Kind.CHOICE
            case {"format": "date-time"}:
                kind = Kind.MOMENT
            case {"properties": properties}:
                kind = Kind.DOCUMENT if properties.keys() == _DOCUMENT else Kind.RECORD
            case {"oneOf": _}:
                kind = Kind.RECORD
            case _:
                kind = self._of_text
        return kind

    @property
    def _of_text(self) -> Kind:
        digest = self.schema.get("pattern") == _SHA256
        if self.name.endswith("_sha256") or (digest and self.name in _PAPERS):
            return Kind.DIGEST
        return Kind.KEYED if digest and self.name in _NUMBERS else Kind.TEXT

    @property
    def label(self) -> str:
        """The name that people write: without the unit or the digest, one of many in the singular."""
        name = self.name.removesuffix("_fen").removesuffix("_sha256")
        return re.sub(r"ies$", "y", name).removesuffix("s") if self.kind is Kind.MANY else name

    @property
    def item(self) -> "Shape":
        """The shape of each of many."""
        return shape(self.name, self.schema["items"], self.known)

    def parts(self, given: Mapping[str, Any]) -> dict[str, "Shape"]:
        """Return the fields of a record, by their names; of the one of several that `given` says it is."""
        chosen = self.schema
        if "oneOf" in chosen:
            told = chosen["discriminator"]
            named = told["mapping"].get(given.get(told["propertyName"]))
            chosen = _followed({"$ref": named} if named else chosen["oneOf"][0], self.known)
        return {name: shape(name, schema, self.known) for name, schema in chosen["properties"].items()}

    @property
    def labels(self) -> list[str]:
        """The labels of a record's fields, of every kind that it may be."""
        some = [_followed(one, self.known) for one in self.schema.get("oneOf", [self.schema])]
        parts = [shape(name, schema, self.known) for one in some for name, schema in one["properties"].items()]
        return list(dict.fromkeys(part.label for part in parts))


def shape(name: str, schema: Schema, known: Mapping[str, Schema]) -> Shape:
    """Return the shape of a field, what it refers to followed and null left out."""
    return Shape(name, _followed(schema, known), known)


def _followed(schema: Schema, known: Mapping[str, Schema]) -> Schema:
    if "$ref" in schema:
        return known[str(schema["$ref"]).rpartition("/")[2]]
    others = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return _followed(others[0], known) if len(others) == 1 else schema


def no_key() -> bytes:
    """Raise Misused: nothing here keeps a key for account numbers."""
    raise Misused("本机没有账号摘要密钥", "this machine has no key for account numbers")


@dataclass
class Reader:
    """Reads values as people write them.

    `files` are those to be uploaded, by their digests; the digests of `salted` fields are made with a salt, those of
    numbers under `key`, one for all, so that one account that pays for two bids is seen.
    """

    salted: Collection[str] = ()
    key: Callable[[], bytes] = no_key
    files: dict[str, Path] = field(default_factory=dict)

    def read(self, of: Shape, given: Any) -> Any:
        """Return the value of a field. Raise Misused that says how to write it."""
        match of.kind:
            case Kind.MANY:
                value: Any = [self.read(of.item, one) for one in (given if isinstance(given, list) else [given])]
            case Kind.RECORD:
                value = self._record(of, given)
            case Kind.DOCUMENT:
                value = self._document(Path(given))
            case Kind.KEYED if not re.fullmatch(_SHA256, str(given)):
                value = self._keyed(str(given))
            case Kind.DIGEST if of.name in self.salted:
                value = salted_digest(_file(Path(given)), os.urandom)
            case kind:
                value = _PLAIN[kind](given) if isinstance(given, str) else given
        return value

    def _keyed(self, number: str) -> str:
        try:
            return account_digest(number, self.key())
        except ValueError as error:
            raise Misused(
                f"{number} 不是账号或者保函编号", f"{number} is no account's or guarantee's number"
            ) from error

    def _document(self, path: Path) -> dict[str, Any]:
        digest = sha256_of(_file(path))
        self.files[digest] = path
        return document_of(path, digest)

    def _record(self, of: Shape, text: str) -> Any:
        """Return a record: JSON, a file with it, or NAME=VALUE,NAME=VALUE."""
        if text.startswith("{") or (text.endswith(".json") and "=" not in text):
            return _json(text)
        given = _pieces(text, of.labels)
        parts = {part.label: part for part in of.parts({name: values[0] for name, values in given.items()}).values()}
        twice = [name for name, values in given.items() if len(values) > 1]
        if not given.keys() <= parts.keys() or any(parts[name].kind is not Kind.MANY for name in twice):
            told = ",".join(f"{label}=…" for label in parts)
            raise Misused(f"{text} 应写作 {told}，或 JSON 文件", f"write it as {told}, or give a JSON file: {text}")
        return {
            parts[name].name: self.read(parts[name], values if parts[name].kind is Kind.MANY else values[0])
            for name, values in given.items()
        }


def _pieces(text: str, labels: Sequence[str]) -> dict[str, list[str]]:
    """Return the values of `LABEL=VALUE,LABEL=VALUE` by label; a comma that no label follows is the value's own."""
    known = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
    found: dict[str, list[str]] = {}
    for piece in re.split(rf",(?=(?:{known})=)", text):
        label, _, value = piece.partition("=")
        found.setdefault(label, []).append(value)
    return found


def salted_digest(path: Path, random_bytes: Callable[[int], bytes]) -> str:
    """Return the SHA-256 of a salt and a file after it: nobody can guess the file from it.

    The salt is kept beside the file, as `FILE.salt`: who is to compare them is given both.
    """
    salt = path.with_name(f"{path.name}.salt")
    if not salt.exists():
        salt.write_bytes(random_bytes(SALT_SIZE))
    return sha256(salt.read_bytes() + path.read_bytes()).hexdigest()


def _json(text: str) -> Any:
    try:
        return json.loads(text if text.startswith("{") else _file(Path(text)).read_text("utf-8-sig"))
    except ValueError as error:
        raise Misused(f"{text} 不是 JSON", f"{text} is not JSON: {error}") from error


def _file(path: Path) -> Path:
    if not path.is_file():
        raise Misused(f"没有文件 {path}，请检查路径", f"there is no file {path}: check the path")
    return path


def _amount(yuan: str) -> int:
    """Return fen; less than nothing with a minus."""
    return -fen(yuan[1:]) if yuan.startswith("-") else fen(yuan)


def _yes_or_no(text: str) -> bool:
    if text not in _YES_NO:
        raise Misused(f"{text} 应为 yes 或 no", f"write yes or no, not {text}")
    return _YES_NO[text]


def _number(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise Misused(f"{text} 应为整数", f"write a whole number, not {text}")
    return int(text)


_PLAIN: Mapping[Kind, Callable[[str], Any]] = {
    Kind.TEXT: str,
    Kind.KEYED: str,
    Kind.CHOICE: str,
    Kind.NUMBER: _number,
    Kind.FLAG: _yes_or_no,
    Kind.MOMENT: moment,
    Kind.MONEY: _amount,
    Kind.DIGEST: lambda text: text if re.fullmatch(_SHA256, text) else sha256_of(_file(Path(text))),
}
