"""The bus: how the portal calls services and hears their events, whatever carries it."""

import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import orjson

from shared.kernel.canonical import instant

CALLS = "nameko-rpc"
EVENTS = "ggzy.events"
"""The exchanges, as `topology` declares them; said again here for those who must not know kombu."""


class BusTimeout(Exception):
    """No answer by the deadline. What was asked may still be done; it is safe to ask the same again."""


class BusFault(Exception):
    """The service could not answer through a fault of its own; the text is the fault's kind and nothing more."""


class Told(NamedTuple):
    """One message of the event exchange: its routing key, its headers and its body, byte for byte."""

    key: str
    headers: Mapping[str, Any]
    body: bytes


class Bus(Protocol):
    """What a carrier promises. Commands and queries may be sent twice: services answer both times the same."""

    async def call(self, service: str, method: str, kwargs: Mapping[str, Any], until: datetime) -> Any:
        """Return the result of a service's method, asked again over a lost connection until `until` (aware).

        `until` is compared with the installation's clock once, when the call begins. Raise BusTimeout, BusFault.
        """
        ...

    async def subscribe(self, patterns: Sequence[str]) -> AsyncGenerator[Told, None]:
        """Return what is told from now on under routing keys that match (`*` one word, `#` any number).

        What is told while the connection is away is not given later: head beacons show the gap.
        """
        ...

    async def alive(self) -> bool:
        """Whether the other side can be reached now."""
        ...

    async def close(self) -> None:
        """Let go of every connection; calls under way end with BusTimeout."""
        ...


def call_body(kwargs: Mapping[str, Any]) -> bytes:
    """Return a call as nameko's RPC reads it."""
    return orjson.dumps({"args": [], "kwargs": dict(kwargs)})


def until_header(until: datetime) -> dict[str, str]:
    """Return the header that says how long the caller waits; whether a command expires is in its signed part."""
    return {"until": instant(until)}


def result_of(reply: bytes) -> Any:
    """Return the result in a reply. Raise BusFault if it tells of a fault."""
    fields = orjson.loads(reply)
    if fields["error"] is not None:
        raise BusFault(str(fields["error"].get("exc_type", "fault")))
    return fields["result"]


def topic(pattern: str) -> str:
    """Return the expression that `.` and a key match in full: `*` is one word, `#` any number of words."""
    words = {"*": r"\.[^.]+", "#": r"(?:\.[^.]+)*"}
    expression = "".join(words.get(word, r"\." + re.escape(word)) for word in pattern.split("."))
    return f"(?:{expression})"
