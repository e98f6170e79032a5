"""A ciphertext opens under one key only: AES-GCM alone would let a bidder prepare two bids in one."""

import hashlib
import hmac

import pytest
from cryptography.cobblestone import Cobblestone128Decryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.seal.world import dice

CONTEXT = b"gov-bid/v1|T|L|B|K"
SALT = bytes(range(24))
LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_128_GCM\0"
DEKS = b"first key of two", b"other key of two"


def derived(dek: bytes) -> tuple[bytes, bytes, bytes]:
    """Return AES key, base nonce and commitment as C2SP chunked-encryption derives them (HKDF-Expand, SHA-512)."""
    material = hmac.digest(dek, LABEL + SALT + CONTEXT + b"\x01", hashlib.sha512)
    return material[:16], material[16:28], material[28:60]


def times(a: int, b: int) -> int:
    """Multiply in GF(2^128) with GCM's order of bits (SP 800-38D section 6.3)."""
    product = 0
    for bit in range(127, -1, -1):
        if a >> bit & 1:
            product ^= b
        b = b >> 1 ^ (0xE1 << 120 if b & 1 else 0)
    return product


def inverse(a: int) -> int:
    result, square = 1 << 127, a
    for _ in range(127):  # a to the power 2^128 - 2
        square = times(square, square)
        result = times(result, square)
    return result


def two_faced_chunk() -> bytes:
    """Return two blocks and a tag that AES-GCM accepts under both keys; the second block is solved for.

    The tag is E(J0) + C1 H^3 + C2 H^2 + L H; setting both tags equal leaves one linear equation in C2.
    """
    hashed, masks = [], []
    for key, nonce, _ in map(derived, DEKS):
        block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        hashed.append(int.from_bytes(block.update(bytes(16))))
        masks.append(int.from_bytes(block.update(nonce + (1).to_bytes(4))))
    first, lengths = int.from_bytes(b"any first block."), 256

    def rest(place: int) -> int:
        h = hashed[place]
        return masks[place] ^ times(first, times(h, times(h, h))) ^ times(lengths, h)

    squares = [times(h, h) for h in hashed]
    second = times(rest(0) ^ rest(1), inverse(squares[0] ^ squares[1]))
    tag = rest(0) ^ times(second, squares[0])
    return b"".join(part.to_bytes(16) for part in (first, second, tag))


def test_the_chunk_opens_under_two_keys_but_the_body_under_the_committed_one_only() -> None:
    chunk = two_faced_chunk()
    (key, nonce, commitment), (other_key, other_nonce, _) = map(derived, DEKS)
    assert AESGCM(key).decrypt(nonce, chunk, None) != AESGCM(other_key).decrypt(other_nonce, chunk, None)

    body = SALT + commitment + chunk

    decryptor = Cobblestone128Decryptor(DEKS[0], CONTEXT)
    assert decryptor.update(body) + decryptor.finalize() == AESGCM(key).decrypt(nonce, chunk, None)
    with pytest.raises(InvalidTag):
        Cobblestone128Decryptor(DEKS[1], CONTEXT).update(body)


def test_no_other_key_passes_the_header() -> None:
    header = SALT + derived(DEKS[0])[2]
    roll = dice(3)

    for _ in range(200):
        with pytest.raises(InvalidTag):
            Cobblestone128Decryptor(roll(16), CONTEXT).update(header)
