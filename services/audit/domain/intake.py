"""Whether what a service told is a record with its own leaf; every other message is a finding."""

import re
from datetime import datetime
from typing import Any

from shared.kernel.canonical import NotCanonical, decode, digest, parse_instant
from shared.kernel.record import FIELDS
from shared.ledger.errors import Malformed
from shared.ledger.leaf import parse_leaf
from shared.store.ledger_entry import Entry, Finding

_SERVICE = re.compile(r"[a-z0-9_]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TYPE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_PLAIN = {"service": _SERVICE, "stream": _NAME, "id": _NAME, "type": _TYPE, "salt": _SHA256, "command_digest": _SHA256}
_OPEN = {"actor": dict, "data": dict, "command_id": str}
_OPTIONAL = ("cause", "rulebook")


class Unfit(Exception):
    """A message that is not to enter the ledger, and why; `place` is the service and position that it claims."""

    def __init__(self, code: str, zh: str, en: str, place: tuple[str, int] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.zh = zh
        self.en = en[:500]
        self.place = place

    def finding(self, body: bytes, leaf: object) -> Finding:
        """Return the finding, with the message that shows it."""
        service, position = self.place or (None, None)
        return Finding(
            code=self.code,
            zh=self.zh,
            en=self.en,
            service=service,
            first=position,
            last=position,
            leaf=_bytes(leaf),
            body=body,
        )


def examine(body: bytes, leaf: object) -> Entry:
    """Return the entry of a message told as a record, `leaf` being its header. Raise Unfit unless all of it agrees."""
    try:
        record = decode(body)
    except (NotCanonical, RecursionError) as error:
        raise Unfit("not_canonical", "不是规范形式的JSON", f"not canonical JSON: {error}") from error
    if wrong := _wrong(record):
        raise Unfit("not_a_record", f"不是原始记录：{wrong}", f"not a record, by its {wrong}")
    place = record["service"], record["position"]
    if wrong := _wrong_leaf(_bytes(leaf), *place, body):
        raise Unfit("leaf_unfit", f"叶子与记录不符：{wrong}", f"not the record's leaf, by its {wrong}", place)
    return Entry(*place, record["stream"], record["version"], record["type"], record["at"], _bytes(leaf), body)


def unknown(key: str) -> Unfit:
    """Return the fault of a message under `key` that does not say what it is, or not so that it can be read."""
    return Unfit("unknown_message", "消息种类不明", f"a message of no known kind under {key[:80]!r}")


def _wrong(record: Any) -> str:
    """Return the field by which a value is no record, empty if it is one."""
    if not isinstance(record, dict) or record.keys() != FIELDS or type(record["v"]) is not int or record["v"] != 1:
        return "v1"
    for name in ("position", "version"):
        if type(record[name]) is not int or record[name] < 1:
            return name
    for name, pattern in _PLAIN.items():
        if not isinstance(record[name], str) or not pattern.fullmatch(record[name]):
            return name
    for name, kind in _OPEN.items():
        if not isinstance(record[name], kind):
            return name
    for name in _OPTIONAL:
        if record[name] is not None and not isinstance(record[name], str):
            return name
    return next((name for name in ("at", "received_at") if not _is_instant(record[name])), "")


def _is_instant(value: object) -> bool:
    try:
        return isinstance(value, str) and isinstance(parse_instant(value), datetime)
    except NotCanonical:
        return False


def _wrong_leaf(shown: bytes, service: str, position: int, body: bytes) -> str:
    """Return the part by which a leaf is not the record's, empty if it is."""
    try:
        leaf = parse_leaf(shown)
    except Malformed:
        return "form"
    if (leaf.service, leaf.position) != (service, position):
        return "position"
    return "" if leaf.digest == digest(body) else "digest"


def _bytes(leaf: object) -> bytes:
    return leaf.encode() if isinstance(leaf, str) else b""
