"""What is told of heads: how far the ledger holds each service's journal; and a service's own, with its echo."""

from collections.abc import Mapping

import orjson

from shared.kernel.canonical import encode
from shared.platform.echo import LONGEST_ECHO

HEADS = "audit.ledger_heads"
KIND = "heads"

BEAT = 1.0
"""Seconds between two tellings, so that a service that starts need not wait long."""


def heads_body(positions: Mapping[str, int]) -> bytes:
    """Return the canonical body that tells the last position of each service in the ledger."""
    return encode({"v": 1, "heads": dict(positions)})


def read_echo(body: bytes) -> tuple[str, str]:
    """Return the service of a head beacon and its echo, if it tells one. Raise ValueError, KeyError, TypeError."""
    fields = orjson.loads(body)
    return str(fields["service"]), str(fields.get("echo", ""))[:LONGEST_ECHO]


def read_heads(body: bytes) -> dict[str, int]:
    """Return the last position of each service. Raise ValueError, KeyError, TypeError unless the body tells them."""
    return {str(service): int(position) for service, position in orjson.loads(body)["heads"].items()}
