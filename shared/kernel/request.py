"""A command on its way: as it arrived at the door, and as it stands before the decider with its facts."""

from collections.abc import Mapping
from typing import Any, Generic, Literal, TypeVar

from pydantic import Field, SerializeAsAny

from shared.kernel.canonical import digest, encode
from shared.kernel.message import Identifier, Instant, Message

Role = Literal[
    "public",
    "bidder",
    "token",
    "tenderer",
    "agency",
    "expert",
    "supervisor",
    "authority",
    "operator",
    "system",
]

ROLES_ZH: Mapping[Role, str] = {
    "public": "公众",
    "bidder": "投标人或竞买人",
    "token": "投标代号",
    "tenderer": "招标人或出让方",
    "agency": "代理机构",
    "expert": "评标专家",
    "supervisor": "监督部门",
    "authority": "密钥保管机构",
    "operator": "运营机构",
    "system": "平台自身",
}

C = TypeVar("C", bound=Message)
F = TypeVar("F", bound=Message)


class Actor(Message):
    """Who asks: an account, or a tender's pseudonymous token (role `token`), or the platform itself."""

    account: Identifier
    role: Role
    region: str = Field(default="", pattern=r"^(\d{6})?$")
    party: str = ""


SYSTEM = Actor(account="system", role="system")


class Arrival(Message):
    """A command as it arrived at the door, which signs this: who, when and what.

    `received_at` is the door's reading of the clock when the last byte was in. `until` bounds the wait for an
    answer; it is null for commands with an arrival row, which never expire. `evidence` is the actor's own
    signature over what it asked, kept with the command; `origin` is where it came from, sealed by the door.
    """

    id: Identifier
    stream: Identifier
    actor: Actor
    received_at: Instant
    until: Instant | None = None
    correlation: str = ""
    evidence: str = ""
    origin: str = Field(default="", exclude_if=lambda origin: not origin)
    command: dict[str, Any]

    def body_digest(self) -> str:
        """Return the digest that binds the command id to what was asked, however often it is sent."""
        return digest(encode({"stream": self.stream, "command": self.command}))


class Request(Message, Generic[C, F]):
    """A command before the decider: all that `decide` may read, besides the state.

    `facts` are what the handler found (parties, pending arrivals, random values, digests of the law).
    `secrets` is what only the running service holds; it is never stored, and what depends on it can be decided
    again once the record discloses it.
    """

    id: Identifier
    stream: Identifier
    actor: Actor
    received_at: Instant
    correlation: str = ""
    evidence: str = ""
    origin: str = Field(default="", exclude_if=lambda origin: not origin)
    command: SerializeAsAny[C]
    facts: SerializeAsAny[F]
    secrets: Any = Field(default=None, exclude=True, repr=False)


_Made = Request[Any, Any]  # named once: to subscribe a generic model is a search each time


def request_of(arrival: Arrival, command: Message, facts: Message, secrets: Any) -> Request[Any, Any]:
    """Return the request for an arrival whose command has been read; its parts are valid already."""
    return _Made.model_construct(
        id=arrival.id,
        stream=arrival.stream,
        actor=arrival.actor,
        received_at=arrival.received_at,
        correlation=arrival.correlation,
        evidence=arrival.evidence,
        origin=arrival.origin,
        command=command,
        facts=facts,
        secrets=secrets,
    )
