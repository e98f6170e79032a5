"""What the door answers, as far as it is the same for every line: the shapes that the API's description states."""

from typing import Any

from pydantic import BaseModel

from shared.kernel.message import Identifier, Sha256
from shared.kernel.outcome import Outcome
from shared.kernel.request import Role

Document = dict[str, Any]
"""What a line tells of its own; its rulebook and its events say what stands in it."""


class Time(BaseModel):
    """The installation's time, by which requests are signed."""

    now: str
    simulated: bool
    zone: str


class Health(BaseModel):
    """Whether the door can do its work, and what it found."""

    ok: bool


class Kept(BaseModel):
    """A command that is kept; its outcome can be fetched by this id once there is one."""

    id: Identifier


class Refused(BaseModel):
    """What the problem of a refused command holds besides."""

    outcome: Outcome


class Account(BaseModel):
    """An account as the registry has it."""

    account: str
    role: Role
    region: str
    party: str | None
    public_key: str
    open: bool
    rights: list[str] = []


class Named(BaseModel):
    """An identifier under a scheme."""

    scheme: str
    id: str


class Party(BaseModel):
    """A registered party."""

    stream: Identifier
    kind: str
    name: str
    identifiers: list[Named]
    suspension: Document | None
    region: str = ""
    blacklist: list[Document] = []


class Parties(BaseModel):
    """A page of the parties."""

    parties: list[Party]
    after: str | None


class Member(BaseModel):
    """An account of a party's, with the digest of whose it is."""

    account: str
    role: Role
    region: str
    open: bool
    person: Sha256 | None
    rights: list[str]


class Staff(BaseModel):
    """The accounts of a party."""

    staff: list[Member]


class Charge(BaseModel):
    """Who is in charge of a party from `since` on, by the digest of that person; null once erased."""

    person: Sha256 | None
    since: str


class Related(BaseModel):
    """A relation of control (控股、管理关系) of a party with another."""

    number: int
    side: str
    other: Named
    kind: str
    since: str
    until: str | None
    by_office: bool


class Relations(BaseModel):
    """Who was said to be in charge of a party, and its relations of control, ended too."""

    persons_in_charge: list[Charge]
    relations: list[Related]


class Listed(BaseModel):
    """An entry of the blacklist in force (失信、禁入)."""

    party: str
    identifier: str | None
    number: int
    kind: str
    reason: str
    article: str
    authority: str
    since: str
    until: str


class Blacklist(BaseModel):
    """A page of the blacklist."""

    blacklist: list[Listed]
    after: str | None


class Challenge(BaseModel):
    """What a certificate's key is to sign, and until when."""

    nonce: str
    until: str


class Session(BaseModel):
    """A session: what Authorization: Bearer carries, whose it is, and when it ends."""

    session: str
    account: str
    until: str


class Left(BaseModel):
    """Whose password was left."""

    account: str


class Fingerprint(BaseModel):
    """The SHA-256 of a certificate that is kept."""

    fingerprint: Sha256


class PersonKept(BaseModel):
    """The salted digest under which a person is kept."""

    person: Sha256


class Person(BaseModel):
    """Who stands behind a digest."""

    person: Sha256
    accounts: list[str]
    name: str
    phone: str
    identity_number: str
    salt: str
    by: str


class LibraryExpert(BaseModel):
    """An expert of the library, by pseudonym."""

    expert: str
    standing: str
    specialities: list[str]
    title: str
    equivalent: bool
    years: int
    employers: list[str]
    past: list[Document]
    region: str


class Experts(BaseModel):
    """A page of the expert library."""

    experts: list[LibraryExpert]
    after: str | None


class Draw(BaseModel):
    """How a draw of experts stands; it names nobody."""

    draw: str
    attempt: str
    tender: str
    stage: str
    announced: bool
    pool_digest: Sha256
    root: Sha256 | None
    commitments: list[Document]
    missing: list[str]


class Summary(BaseModel):
    """One row of a line's public list."""

    stream: Identifier
    phase: str
    title: str


class Procedures(BaseModel):
    """A page of a line's public list."""

    procedures: list[Summary]
    after: str | None


class Procedure(BaseModel):
    """A procedure as it stands; besides, each section that was made known to the asker."""

    procedure: Identifier
    phase: str


class Envelopes(BaseModel):
    """The envelopes of the standing bids."""

    bids: list[Document]


class Rulebook(BaseModel):
    """A rulebook and the calendar files that it pins, as their exact text."""

    rulebook: str
    calendars: list[str]


class Alarm(BaseModel):
    """What who watches is warned of."""

    article: str


class Alarms(BaseModel):
    """All that who watches is warned of now."""

    alarms: list[Alarm]


class Year(BaseModel):
    """A year's working calendar, by its origin."""

    year: int
    provisional: bool
    revision: int
    digest: Sha256
    origin: Document


class Years(BaseModel):
    """Every year's working calendar."""

    calendars: list[Year]


class WholeYear(Year):
    """A year's working calendar whole."""

    holidays: Any
    workdays: Any
