"""What the audit can be asked, as closed values; and who may ask for what."""

import hmac
from collections.abc import Sequence
from typing import Annotated

from pydantic import AliasChoices, Field

from shared.kernel.errors import NotEntitled
from shared.kernel.message import Identifier, Instant, Message, Sha256
from shared.kernel.request import Role
from shared.ledger.leaf import parse_leaf, tag
from shared.platform.door import Query
from shared.store.ledger_read import Numbered

Service = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]

SUPERVISION: frozenset[Role] = frozenset({"supervisor", "system"})
"""Who may look through any role's eyes, and is told what was found."""


class OfPosition(Message):
    """Asks about one record by its place in a service's journal."""

    service: Service
    position: int = Field(ge=1)


class OfJournal(Message):
    """Asks for a page of a service's records, from a position on."""

    service: Service
    first: int = Field(ge=1)


class OfStream(Message):
    """Asks about one stream; `service` may be left out where only one has a stream of this name.

    `key` is the stream's key in hexadecimal: who was given it by the line may have the stream.
    """

    service: Service | None = None
    stream: Identifier
    key: Sha256 | None = None


class OfInstant(OfStream):
    """Asks for a stream as it stood at an instant or up to a version, through a role's eyes; all of it by default."""

    at: Instant | None = None
    version: int | None = Field(default=None, ge=1)
    role: Role | None = Field(default=None, validation_alias=AliasChoices("role", "as"))


class StoredRequest(Message):
    """A request as its service keeps it: the version of its first event, and its exact bytes in base64."""

    version: int = Field(ge=0)
    id: str
    request: str


class OfDecisions(OfStream):
    """Asks for every decision to be made again from the stored requests, under a rulebook where the line has one.

    `calendars` are the files of the years that the rulebook pins.
    """

    requests: tuple[StoredRequest, ...]
    rulebook: str | None = None
    calendars: tuple[str, ...] = ()


class OfFindings(Message):
    """Asks for a page of findings, behind a number."""

    after: int = Field(default=0, ge=0)


class OfStreams(Message):
    """Asks for a page of a service's streams, behind a name; or for the services there are."""

    service: Service | None = None
    after: str = ""


def require_supervision(query: Query) -> None:
    """Raise NotEntitled unless supervision asks."""
    if query.actor.role not in SUPERVISION:
        raise NotEntitled("仅限监督部门", "for the supervisor only")


def holds_key(key: str | None, found: Sequence[Numbered]) -> bool:
    """Whether `key` is the key of a stream, which its first leaf shows."""
    if key is None or not found:
        return False
    _, first = found[0]
    return hmac.compare_digest(tag(bytes.fromhex(key), first.version), parse_leaf(first.leaf).tag)


def role_of(asked: OfInstant, query: Query) -> Role:
    """Return the role through whose eyes to look. Raise NotEntitled for another's, or a version, to the unentitled.

    Versions are for who has the stream's key: to others they would count what must not be known yet, for one need only
    ask from which version on one's own event is there.
    """
    role = asked.role or query.actor.role
    if query.actor.role not in SUPERVISION and (role != query.actor.role or asked.version is not None):
        raise NotEntitled("只能以本人角色按时间回放", "you may replay by time, and with your own role's eyes only")
    if asked.version is not None and asked.key is None and query.actor.role != "system":
        raise NotEntitled("该项目现在只能按时间回放", "this procedure may be replayed by time only for now")
    return role
