"""Canonical JSON with the standard library alone: the same closed profile of RFC 8785 as the kernel's.

Objects with keys `[a-z0-9_]+`, arrays, strings in NFC, integers |n| < 2^53, true, false, null; no floats.
"""

import json
import re
import unicodedata
from typing import Any, NoReturn

from shared.ledger.errors import Malformed
from shared.ledger.text import decode_utf8

MAX_INTEGER = 2**53 - 1

_KEY = re.compile(r"[a-z0-9_]+")


def encode(value: Any) -> bytes:
    """Return the canonical bytes of a value. Raise Malformed outside the profile."""
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decode(data: bytes) -> Any:
    """Return the value of canonical bytes. Raise Malformed for any other spelling, key twice or float."""
    text = decode_utf8(data)
    try:
        value = json.loads(text, parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_object)
        again = encode(value)
    except (ValueError, RecursionError) as error:
        raise Malformed(f"not JSON: {error}") from error
    if again != data:
        raise Malformed("JSON, but not in its canonical form")
    return value


def decode_object(data: bytes) -> dict[str, Any]:
    """Return the object of canonical bytes. Raise Malformed for anything else."""
    if not isinstance(value := decode(data), dict):
        raise Malformed("a JSON object was expected")
    return value


def _no_float(text: str) -> NoReturn:
    raise Malformed(f"{text} is not an integer; the profile knows no floats")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("a key stands twice in one object")
    return value


def _check(value: Any) -> None:
    """Raise Malformed unless the value is inside the profile."""
    if type(value) is str:
        if any("\ud800" <= mark <= "\udfff" for mark in value) or not unicodedata.is_normalized("NFC", value):
            raise Malformed(f"text that is not in NFC: {value[:80]!r}")
    elif type(value) is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise Malformed(f"an integer outside ±(2^53 - 1): {value}")
    elif type(value) is dict:
        _check_object(value)
    elif type(value) is list:
        for item in value:
            _check(item)
    elif value is not None and type(value) is not bool:
        raise Malformed(f"{type(value).__name__} is outside the profile")


def _check_object(value: dict[Any, Any]) -> None:
    for key, item in value.items():
        if type(key) is not str or not _KEY.fullmatch(key):
            raise Malformed(f"a key that is not [a-z0-9_]+: {key!r}")
        _check(item)
