"""The hallmark: by which services know each other's messages from what somebody at the broker made up.

HMAC-SHA-256 under a key of the installation. A record's truth rests on the ledger; this only keeps a service from
acting on an event that no service told.
"""

import hmac
from collections.abc import Mapping
from typing import Any

HEADER = "mark"
_PURPOSE = b"ggzy-hallmark/v1\n"


class Hallmark:
    """Marks messages, and tells whether a mark is genuine."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def marked(self, routing_key: str, headers: Mapping[str, Any], body: bytes) -> dict[str, Any]:
        """Return the headers with the mark that binds them, the routing key and the body."""
        return {**headers, HEADER: self._mark(routing_key, headers, body)}

    def holds(self, routing_key: str, headers: Mapping[str, Any], body: bytes) -> bool:
        """Whether a message bears its own mark."""
        bare = {name: value for name, value in headers.items() if name in {"kind", "leaf"}}
        shown = str(headers.get(HEADER, "")).encode(errors="replace")  # for texts beyond ASCII are not compared
        return hmac.compare_digest(shown, self._mark(routing_key, bare, body).encode())

    def _mark(self, routing_key: str, headers: Mapping[str, Any], body: bytes) -> str:
        said = "\n".join((routing_key, str(headers.get("kind", "")), str(headers.get("leaf", "")))).encode()
        return hmac.digest(self._key, _PURPOSE + said + b"\n" + body, "sha256").hex()
