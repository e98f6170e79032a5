"""What the door signs: commands and queries with who asked and when, so that services need not believe the broker."""

import base64
from typing import Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field, ValidationError

from shared.kernel.message import Identifier, Instant, Message
from shared.kernel.request import Actor, Arrival
from shared.platform.echo import LONGEST_ECHO

_COMMAND = b"ggzy-door-command/v1\n"
_QUERY = b"ggzy-door-query/v1\n"
_PROBE = b"ggzy-door-probe/v1\n"

M = TypeVar("M", bound=Message)


class Query(Message):
    """A question to a service's views: its name, what it asks, who asks and when."""

    name: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    actor: Actor
    at: Instant
    correlation: str = ""


class Probe(Message):
    """A probe of the way to a service and back, with the last echo of the service's that the door has heard."""

    service: Identifier
    echo: str = Field(default="", max_length=LONGEST_ECHO)


class NotFromTheDoor(Exception):
    """A message that the door did not sign, or not as it is now."""


class Door:
    """The door's signing side."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def command(self, arrival: Arrival) -> dict[str, str]:
        """Return the call's arguments for a command."""
        return self._signed(_COMMAND, arrival)

    def query(self, query: Query) -> dict[str, str]:
        """Return the call's arguments for a query."""
        return self._signed(_QUERY, query)

    def probe(self, probe: Probe) -> dict[str, str]:
        """Return the call's arguments for a probe."""
        return self._signed(_PROBE, probe)

    def _signed(self, purpose: bytes, asked: Message) -> dict[str, str]:
        data = asked.canonical()
        return {"asked": data.decode(), "signature": base64.b64encode(self._key.sign(purpose + data)).decode()}


class Gatekeeper:
    """The services' verifying side."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    def command(self, asked: str, signature: str) -> Arrival:
        """Return the command that the door signed. Raise NotFromTheDoor otherwise."""
        return self._checked(_COMMAND, asked, signature, Arrival)

    def query(self, asked: str, signature: str) -> Query:
        """Return the query that the door signed. Raise NotFromTheDoor otherwise."""
        return self._checked(_QUERY, asked, signature, Query)

    def probe(self, asked: str, signature: str) -> Probe:
        """Return the probe that the door signed. Raise NotFromTheDoor otherwise."""
        return self._checked(_PROBE, asked, signature, Probe)

    def _checked(self, purpose: bytes, asked: str, signature: str, kind: type[M]) -> M:
        try:
            self._key.verify(base64.b64decode(signature), purpose + asked.encode())
            return kind.model_validate_json(asked)
        except (InvalidSignature, ValueError, ValidationError, TypeError, AttributeError) as error:
            raise NotFromTheDoor(type(error).__name__) from error
