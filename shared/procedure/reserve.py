"""A secret price (标底, 底价) as a promise: its digest is announced, its amount and salt are shown when bids are open.

Who holds amount and salt can change neither any more; nobody else can find the amount by trying, for the salt is long.
"""

import hmac

from shared.kernel.canonical import digest, encode
from shared.kernel.money import format_yuan

LEAST_SALT = 16
"""Bytes. Shorter ones could be tried out together with the likely amounts."""


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
