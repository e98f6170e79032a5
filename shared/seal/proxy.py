"""A bidder's secret maximum (自动出价), sealed to the key of one lot: known to who runs it, proved to all after it.

When the lot has ended its private key is published: then anyone opens every maximum and bids for the proxies again.
"""

from shared.kernel.canonical import digest, encode
from shared.kernel.money import format_yuan
from shared.seal.keys import RandomBytes, hpke_open, hpke_seal
from shared.seal.promise import SALT_SIZE, content, of_content
from shared.seal.wire import SealError, raw, text


def seal_maximum(
    procedure: str, number: str, amount_fen: int, public_key: str, random_bytes: RandomBytes
) -> tuple[str, str]:
    """Return the commitment to a maximum, in hexadecimal, and the maximum sealed to the lot's key, in base64url.

    `number` is the bidder's (竞买号). `random_bytes` is asked for the salt, 32 bytes; HPKE's ephemeral key is drawn by
    `cryptography` itself. Raise SealError for an amount under 1 fen or over 2^53 - 1, or for a key that is none.
    """
    salt = random_bytes(SALT_SIZE)
    sealed = hpke_seal(public_key, content(amount_fen, salt), _info(procedure, number))
    return commit_maximum(procedure, number, amount_fen, salt), text(sealed)


def open_maximum(private_key: str, procedure: str, number: str, commitment: str, sealed: str) -> int:
    """Return a maximum in fen. Raise SealError if it is not one of this bidder here, or not what was committed to."""
    amount_fen, salt = of_content(hpke_open(private_key, raw(sealed), _info(procedure, number)))
    if commit_maximum(procedure, number, amount_fen, salt) != commitment:
        raise SealError("the sealed maximum is not the one that was committed to")
    return amount_fen


def commit_maximum(procedure: str, number: str, amount_fen: int, salt: bytes) -> str:
    """Return the commitment to a maximum: a SHA-256 over canonical JSON, in hexadecimal."""
    said = {"v": "ggzy-proxy/v1", "procedure": procedure, "number": number}
    return digest(encode({**said, "yuan": format_yuan(amount_fen), "salt": salt.hex()}))


def _info(procedure: str, number: str) -> bytes:
    return f"ggzy-proxy/v1|{procedure}|{number}".encode()
