"""Cover records: dummies whose number and times a committed seed decides, so that a count is only an upper bound.

The seed's digest stands in the announcement; the seed is revealed at the opening, and anyone can tell then which
messages were covers, how many there should have been and when.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cover:
    """One dummy: the id of its command, 32 hex digits as a client makes them, and when it is due."""

    id: str
    at: datetime


def commitment(tender: str, seed: bytes) -> str:
    """Return what the announcement says of the seed: SHA-256, in hex, over the tender's name and its 32 bytes."""
    return hashlib.sha256(f"ggzy-covers/v1|{tender}|".encode() + seed).hexdigest()


def number(tender: str, seed: bytes, most: int) -> int:
    """Return how many dummies a tender has, from none to `most`, each number alike."""
    return _number(seed, tender, "number") % (most + 1)


def covers(tender: str, seed: bytes, most: int, starts: datetime, ends: datetime) -> Sequence[Cover]:
    """Return the dummies of a tender, spread evenly from `starts` to `ends`, the first due first."""
    width = max(1, (ends - starts) // MICROSECOND)
    made = [
        Cover(
            id=_derived(seed, tender, f"id-{place}")[:16].hex(),
            at=starts + MICROSECOND * (_number(seed, tender, f"at-{place}") % width),
        )
        for place in range(number(tender, seed, most))
    ]
    return sorted(made, key=lambda cover: (cover.at, cover.id))


def later(tender: str, seed: bytes, per_day: int, starts: datetime, until: datetime) -> Sequence[Cover]:
    """Return the dummies due before `until` in the days that a deadline at `starts` gained, the first due first.

    Each day from `starts` on has its own number, from none to `per_day`, and its own times: those of an early day are
    the same however far the deadline moves.
    """
    made = (
        Cover(
            id=_derived(seed, tender, f"id-{day}-{place}")[:16].hex(),
            at=starts + DAY * day + MICROSECOND * (_number(seed, tender, f"at-{day}-{place}") % (DAY // MICROSECOND)),
        )
        for day in range(max(0, -((starts - until) // DAY)))
        for place in range(_number(seed, tender, f"number-{day}") % (per_day + 1))
    )
    return sorted((cover for cover in made if cover.at < until), key=lambda cover: (cover.at, cover.id))


def _number(seed: bytes, tender: str, what: str) -> int:
    return int.from_bytes(_derived(seed, tender, what), "big")


def _derived(seed: bytes, tender: str, what: str) -> bytes:
    return hmac.digest(seed, f"ggzy-covers/v1|{tender}|{what}".encode(), "sha256")
