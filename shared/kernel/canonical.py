"""Canonical bytes: RFC 8785 JSON in a closed profile, so that a digest means one thing to everyone.

The profile: objects with keys `[a-z0-9_]+`, arrays, strings in NFC, integers |n| < 2^53, true, false, null.
No floats: money is integer fen, ratios are decimal strings, times are `YYYY-MM-DDTHH:MM:SS.ffffffZ`.
"""

import hashlib
import re
import string
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson

MAX_INTEGER = 2**53 - 1

_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_LETTERS = string.ascii_lowercase + string.digits + "_"  # a key of these alone strips to nothing


_KEYS_KEPT = 1000
_GOOD: set[str] = set()


class NotCanonical(ValueError):
    """The value or the bytes are outside the closed profile; the message names the place, `zh` is it in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh

    def within(self, place: str) -> "NotCanonical":
        """Return the fault with what it is found in before it."""
        return NotCanonical(f"{place}{self}", f"{place}{self.zh}")


def encode(value: Any) -> bytes:
    """Return the canonical bytes of `value` (RFC 8785, closed profile). Raise NotCanonical outside it."""
    try:
        _check(value)
    except NotCanonical as fault:
        raise fault.within("$") from None
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def decode(data: bytes) -> Any:
    """Return the value that canonical bytes stand for. Raise NotCanonical unless `data` is its canonical form.

    Comparing with the re-encoded value also refuses duplicate keys, white space and other spellings.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"not JSON: {error}", f"不是 JSON（第 {error.lineno} 行第 {error.colno} 列）") from error
    if encode(value) != data:
        raise NotCanonical("the bytes are JSON but not in canonical form", "是 JSON，但不是规范形式")
    return value


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def instant(moment: datetime) -> str:
    """Return an aware time as its canonical UTC text, with microseconds."""
    if moment.tzinfo is None:
        raise NotCanonical("a time without a zone has no canonical form", "时间没有时区")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@lru_cache(maxsize=1024)  # what a batch decided has one instant
def parse_instant(text: str) -> datetime:
    """Return the aware UTC time of a canonical text. Raise NotCanonical on any other spelling."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotCanonical(f"not a canonical time: {text!r}", f"不是规范的时间：{text!r}") from error
    if not _INSTANT.fullmatch(text):
        raise NotCanonical(f"not a canonical time: {text!r}", f"不是规范的时间：{text!r}")
    return moment


def _check(value: Any) -> None:
    """Raise NotCanonical outside the profile; the place is put together on the way out, so that it costs nothing."""
    kind = type(value)
    if kind is str:
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise NotCanonical(": text is not in NFC", "：文字不是 NFC 形式")
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotCanonical(": integer outside ±(2^53 - 1)", "：整数超出 ±(2^53 - 1)")
    elif kind is dict:
        _check_object(value)
    elif kind is list or kind is tuple:
        _check_array(value)
    elif value is not None and kind is not bool:
        raise NotCanonical(f": {kind.__name__} is outside the profile", f"：不支持 {kind.__name__} 类型的值")


def _check_object(value: dict[Any, Any]) -> None:
    for key, item in value.items():
        if key not in _GOOD and not _is_good(key):
            raise NotCanonical(f": key {key!r} is not [a-z0-9_]+", f"：键 {key!r} 不是 [a-z0-9_]+")
        try:
            _check(item)
        except NotCanonical as fault:
            raise fault.within(f".{key}") from None


def _is_good(key: Any) -> bool:
    """Return whether a key is in the profile, and remember the first thousand of them: there are few, used always."""
    good = type(key) is str and key != "" and not key.strip(_LETTERS)
    if good and len(_GOOD) < _KEYS_KEPT:
        _GOOD.add(key)
    return good


def _check_array(value: Sequence[Any]) -> None:
    for index, item in enumerate(value):
        try:
            _check(item)
        except NotCanonical as fault:
            raise fault.within(f"[{index}]") from None
