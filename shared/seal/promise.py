"""A secret price (标底, 底价) as a promise: its digest is announced, its amount and salt are shown when bids are open.

Who holds amount and salt can change neither any more; nobody else can find the amount by trying, for the salt is long.
"""

import hmac

from shared.kernel.canonical import MAX_INTEGER, digest, encode
from shared.kernel.money import format_yuan
from shared.seal.wire import SealError

LEAST_SALT = 16
"""Bytes. Shorter ones could be tried out together with the likely amounts."""

SALT_SIZE = 32
"""Bytes of the salt of a price that is sealed."""

_AMOUNT_SIZE = 8  # bytes, for every amount: their number says nothing of it


def commit(procedure: str, amount_fen: int, salt: bytes) -> str:
    """Return the commitment to a price in fen for one procedure: a SHA-256 over canonical JSON, in hexadecimal.

    Raise ValueError for a short salt or what is not an amount.
    """
    if len(salt) < LEAST_SALT:
        raise ValueError(f"the salt has at least {LEAST_SALT} bytes")
    amount = format_yuan(amount_fen)
    return digest(encode({"v": "ggzy-reserve/v1", "procedure": procedure, "yuan": amount, "salt": salt.hex()}))


def opens(commitment: str, procedure: str, amount_fen: int, salt: bytes) -> bool:
    """Return whether an amount and a salt are what a commitment was made of."""
    return len(salt) >= LEAST_SALT and hmac.compare_digest(commitment, commit(procedure, amount_fen, salt))


def content(amount_fen: int, salt: bytes) -> bytes:
    """Return what is sealed of a price: the fen in 8 bytes, big-endian, and the salt.

    Raise SealError unless it is 1 fen to 2^53 - 1 fen and a salt of SALT_SIZE.
    """
    if not 1 <= amount_fen <= MAX_INTEGER or len(salt) != SALT_SIZE:
        raise SealError("not a price in fen and its salt")
    return amount_fen.to_bytes(_AMOUNT_SIZE) + salt


def of_content(opened: bytes) -> tuple[int, bytes]:
    """Return the fen and the salt of what was sealed. Raise SealError for what `content` does not make."""
    amount_fen, salt = int.from_bytes(opened[:_AMOUNT_SIZE]), opened[_AMOUNT_SIZE:]
    content(amount_fen, salt)
    return amount_fen, salt
