"""Shamir secret sharing over GF(256), byte by byte, in the share format of HashiCorp Vault (y bytes, then x).

The field is that of AES (FIPS 197 section 4): x^8 + x^4 + x^3 + x + 1. Table look-ups are not constant-time:
split where the secret is made, on its owner's machine.
"""

from collections.abc import Callable, Sequence
from functools import reduce

MIN_THRESHOLD = 2
MAX_SHARES = 255


def _tables() -> tuple[list[int], list[int]]:
    """Return powers of the generator 3 (twice round, so that sums of logarithms need no modulo), and logarithms."""
    powers, logs, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        doubled = value << 1 ^ (0x11B if value & 0x80 else 0)
        value ^= doubled
    return powers, logs


_POWERS, _LOGS = _tables()


def multiply(a: int, b: int) -> int:
    """Return the product of two field elements."""
    return _POWERS[_LOGS[a] + _LOGS[b]] if a and b else 0


def _divide(a: int, b: int) -> int:
    return _POWERS[_LOGS[a] - _LOGS[b] + 255] if a else 0


def split(secret: bytes, threshold: int, count: int, random_bytes: Callable[[int], bytes]) -> tuple[bytes, ...]:
    """Return `count` shares, x = 1..count, any `threshold` of which give `secret` back; fewer say nothing of it.

    Each share is one byte longer than the secret. `random_bytes` is asked threshold - 1 times for a coefficient
    of the secret's length, lowest power first. Raise ValueError unless 2 <= threshold <= count <= 255.
    """
    if not MIN_THRESHOLD <= threshold <= count <= MAX_SHARES or not secret:
        raise ValueError("need a secret and 2 <= threshold <= count <= 255")
    coefficients = [secret, *(random_bytes(len(secret)) for _ in range(threshold - 1))]
    columns = [tuple(reversed(column)) for column in zip(*coefficients, strict=True)]

    def value(column: tuple[int, ...], x: int) -> int:
        return reduce(lambda total, coefficient: multiply(total, x) ^ coefficient, column)

    return tuple(bytes([*(value(column, x) for column in columns), x]) for x in range(1, count + 1))


def combine(shares: Sequence[bytes]) -> bytes:
    """Return the secret that `shares` lie on. With fewer than the threshold, or a false one, it is another secret.

    Raise ValueError unless the shares have one length and distinct x coordinates other than 0.
    """
    xs = [share[-1] for share in shares if share]
    if len(xs) != len(shares) or len(set(xs)) < max(len(xs), 2) or 0 in xs:
        raise ValueError("need two or more shares with distinct x coordinates other than 0")
    weights = [
        reduce(multiply, (_divide(other, other ^ x) for other in xs if other != x))  # Lagrange's basis at 0
        for x in xs
    ]
    columns = zip(*(share[:-1] for share in shares), strict=True)
    return bytes(
        reduce(int.__xor__, (multiply(w, y) for w, y in zip(weights, column, strict=True))) for column in columns
    )
