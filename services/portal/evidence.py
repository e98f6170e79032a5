"""What the door answers of the record itself: replays, decisions made again, what was found, what is not witnessed."""

from typing import Annotated

from pydantic import BaseModel, Field

from services.portal.shapes import Document
from shared.kernel.message import Identifier, Sha256
from shared.kernel.request import Role


class Seen(BaseModel):
    """An event of a replay, and whether the role could see it then; numbers are for who has the stream's key."""

    version: int | None
    position: int | None
    type: str
    at: str
    visible: bool
    data: Document


class Replay(BaseModel):
    """A procedure at an instant, through a role's eyes; the state is for who has the stream's key."""

    service: str
    stream: Identifier
    role: Role
    at: str | None
    phase: str
    version: int | None
    state: Document | None
    events: list[Seen]


class Redecided(BaseModel):
    """Whether every decision, made again, leads to the same records."""

    service: str
    stream: Identifier
    ok: bool
    decisions: int
    difference: str | None


class Step(BaseModel):
    """One step on record: when, who, and from where; null where no address was kept."""

    version: int
    command: str
    at: str
    account: str
    role: str
    address: str | None
    program: str | None


class Trail(BaseModel):
    """Every step of a procedure with its time, asker and network address."""

    procedure: Identifier
    steps: list[Step]


class Finding(BaseModel):
    """What broke a rule on its way into the log."""

    number: int
    at: str
    code: str
    zh: str
    en: str
    service: str | None
    first: int | None
    last: int | None
    digest: Sha256 | None
    settled: bool


class Findings(BaseModel):
    """A page of findings."""

    findings: list[Finding]
    after: str | None


class Unwitnessed(BaseModel):
    """What too few witnesses have cosigned: entries, since when, and of each journal from where to where."""

    size: int
    witnessed: int
    since: str | None
    overdue: bool
    positions: dict[str, Annotated[list[int], Field(min_length=2, max_length=2)]]
