"""Strict spellings: base64 and decimal numbers that have one form only, as the C2SP formats ask."""

import base64
import binascii
import re

from shared.ledger.errors import Malformed
from shared.ledger.merkle import HASH_SIZE

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_MAX_DECIMAL = 2**63 - 1


def encode_base64(data: bytes) -> str:
    """Return the standard base64 of RFC 4648, section 4, with padding."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Return what base64 text stands for. Raise Malformed unless it is the one spelling of that."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"not base64: {text[:80]!r}") from error
    if encode_base64(data) != text:
        raise Malformed(f"not the canonical base64 of its bytes: {text[:80]!r}")
    return data


def decode_hash(text: str) -> bytes:
    """Return the SHA-256 hash (32 bytes) that base64 text stands for."""
    if len(data := decode_base64(text)) != HASH_SIZE:
        raise Malformed(f"not a hash of {HASH_SIZE} bytes: {text[:80]!r}")
    return data


def decode_decimal(text: str) -> int:
    """Return the number 0 to 2^63 - 1 that ASCII digits without leading zeroes stand for."""
    if not _DECIMAL.fullmatch(text) or (number := int(text)) > _MAX_DECIMAL:
        raise Malformed(f"not a decimal number: {text[:80]!r}")
    return number


def decode_utf8(data: bytes) -> str:
    """Return UTF-8 text. Raise Malformed on any other bytes."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"not UTF-8 text: {error}") from error
