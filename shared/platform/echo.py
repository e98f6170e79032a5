"""Echoes: texts that a service makes at each probe, tells by the relay, and knows again when a door brings one back.

An echo is the service's own real time, sealed with HMAC-SHA-256 under its own key: who brings one has heard it told,
and how long it was under way is read from one clock, however slow any part of the way was.
"""

import hmac
from datetime import datetime

from shared.kernel.canonical import NotCanonical, instant, parse_instant

LONGEST_ECHO = 120
"""Characters that an echo has at most."""


class Echoes:
    """Makes the echoes of one service and knows them again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, at: datetime) -> str:
        """Return the echo of an instant of real time (aware)."""
        told = instant(at)
        return f"{told}.{hmac.digest(self._key, told.encode(), 'sha256').hex()}"

    def read(self, echo: str) -> datetime | None:
        """Return the instant at which the service made this echo, or None if it did not."""
        told, _, _ = echo.rpartition(".")
        try:
            at = parse_instant(told)
        except NotCanonical:
            return None
        return at if hmac.compare_digest(echo.encode(), self.make(at).encode()) else None
