"""A line of business as a value: what the kernel must know of a service to run, replay and show it."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from shared.kernel.canonical import NotCanonical, encode
from shared.kernel.decider import Decider
from shared.kernel.errors import BadInput, BrokenHistory, NotEntitled, Refusal
from shared.kernel.message import Command, Event
from shared.kernel.record import Record, event_bytes
from shared.kernel.request import ROLES_ZH, Actor, Role
from shared.kernel.wrong_fields import bad_input

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Timer:
    """A command that the platform gives itself at `due_at`, by the installation's clock."""

    due_at: datetime
    command: Command


class Shelf(Protocol):
    """Where a line's decider finds the law that its decisions name: whatever is put here is found by its digest."""

    def shelve(self, rulebook: bytes, years: Iterable[bytes]) -> None:
        """Keep a rulebook and years by their canonical bytes. Raise ValueError, KeyError, TypeError otherwise."""
        ...


WHENEVER = datetime.max.replace(tzinfo=UTC)


def whenever(_state: object) -> datetime:
    """Return the end of time: whatever has arrived by when the command is given is in time."""
    return WHENEVER


def no_rulebook(_state: object) -> str | None:
    """Return nothing: an office without procedures pins no rulebook."""
    return None


def no_timers(_event: Event) -> Sequence[Timer]:
    """Return nothing: most events set no timer."""
    return ()


def no_secrets(_events: Sequence[Event]) -> Any:
    """Return nothing: most lines decide on nothing secret."""
    return None


def nobody(_event: Event) -> Collection[str]:
    """Return no accounts: most events are about none but who did them."""
    return ()


def own_name(state: object) -> str:
    """Return the name of a state's kind, which is its phase where a line has a kind of state for each."""
    return type(state).__name__.lower()


def own_role(actor: Actor, _state: object) -> Role:
    """Return an actor's role: it is the same towards every procedure."""
    return actor.role


def anyone(_actor: Actor, _state: object) -> bool:
    """Return true: what there is, is no secret."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of business or office.

    `commands` and `events` read the discriminated unions; `requests` reads stored requests. `visible` says whether
    a role may see an event in a state. `timers` gives the timers that an event sets; `rulebook` the digest of the
    rulebook that a state is under. `law` is its dated clauses by their ids, `books` where its decider finds rulebooks
    and calendars, `released` reads from a record the secrets that it discloses. `refused` makes the event that a
    refused request leaves. `entitled` names, per command type, the roles that may give it. Commands of the
    types in `arriving` are kept by the door before they are sent on; those in `closing` wait until every such arrival
    of their stream has its outcome that came by the instant told there by the state. `concerned` names the
    accounts that an event is about, which see it too. `standing` is the role that an actor has towards one procedure,
    in a state of it; `knows` whether it may know that there is such a procedure.
    `gives` says whether a role that sees an event may have its record too, which names who did it, of another role;
    null where who is given a stream's key is given all that is in it.
    `reading` names the queries whose answers are sealed or personal, each with the type of the command (its fields are
    those of `Reading`) by which the door puts on record who is given one, before it gives it.
    A line is `timed` whose auctions end by a countdown: the door probes the way there and back, twice a second.
    `live` gives the fields that an event alone changes of what the query `live` shows everyone of a stream: none where
    it shows nothing, null where the stream must be asked for again.
    `words` are the Chinese names of its phases and of its events' types; `phase` gives the name of a state's phase, as
    commands and pages use it.
    """

    name: str
    title_zh: str
    title_en: str
    decider: Decider[Any, Any, Any]
    commands: TypeAdapter[Any]
    events: TypeAdapter[Any]
    requests: TypeAdapter[Any]
    visible: Callable[[Event, Role, Any], bool]
    refused: Callable[[Any, Refusal], Event]
    entitled: Mapping[str, frozenset[Role]]
    arriving: frozenset[str] = frozenset()
    closing: Mapping[str, Callable[[Any], datetime]] = field(default_factory=dict)
    timers: Callable[[Event], Sequence[Timer]] = field(default=no_timers)
    rulebook: Callable[[Any], str | None] = field(default=no_rulebook)
    concerned: Callable[[Event], Collection[str]] = field(default=nobody)
    standing: Callable[[Actor, Any], Role] = field(default=own_role)
    knows: Callable[[Actor, Any], bool] = field(default=anyone)
    law: Mapping[str, Any] = field(default_factory=dict)
    books: Shelf | None = None
    released: Callable[[Sequence[Event]], Any] = field(default=no_secrets)
    gives: Callable[[Event, Role, Role], bool] | None = None
    reading: Mapping[str, str] = field(default_factory=dict)
    timed: bool = False
    live: Callable[[Event], Mapping[str, Any] | None] | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    phase: Callable[[Any], str] = field(default=own_name)

    def decide(self, request: Any, state: Any) -> Sequence[Event]:
        """Return the events of a request. Raise NotEntitled for a role that may not ask, else what `decide` raises."""
        role, kind = request.actor.role, request.command.type
        if role not in self.entitled.get(kind, frozenset()):
            raise NotEntitled(f"{ROLES_ZH[role]}无权办理此事项（{kind}）", f"role {role} may not ask for {kind}")
        events: Sequence[Event] = self.decider.decide(request, state)
        return events

    def audited(self) -> Decider[Any, Any, Any]:
        """Return the decider as the service runs it, entitlement included, for decisions to be made again."""
        return Decider(self.decider.initial, self.decide, self.decider.evolve)

    def command(self, body: Mapping[str, Any]) -> Command:
        """Return the typed command of a client's body. Raise BadInput that names each wrong field."""
        try:
            command: Command = self.commands.validate_json(_kept(body))
        except NotCanonical as error:
            raise BadInput(
                f"输入不合规范（金额以分为单位的整数，比例用文本）：{error.zh}", f"not in the form: {error}"
            ) from error
        except ValidationError as error:
            raise bad_input(error) from error
        return command

    def tells(self, record: Record, event: Event, actor: Actor, state: Any) -> bool:
        """Whether an actor who knows of a procedure may be told an event: by its standing, as its doing or about it."""
        about = {record.actor["account"], *self.concerned(event)}
        return actor.account in about or self.visible(event, self.standing(actor, state), state)

    def event(self, record: Record) -> Event:
        """Return the typed event of a record. Raise BrokenHistory if it is not one of this line's."""
        return self.event_of(record.raw)

    def event_of(self, raw: bytes) -> Event:
        """Return the typed event of a record's stored bytes. Raise BrokenHistory if it is not one of this line's."""
        try:
            event: Event = self.events.validate_json(event_bytes(raw))
        except ValidationError as error:
            raise BrokenHistory(f"not an event of {self.name}: {error}") from error
        return event


def _kept(body: Mapping[str, Any]) -> bytes:
    """Return a body's canonical bytes. Raise NotCanonical also for U+0000, which PostgreSQL keeps in no text."""
    data = encode(dict(body))
    if rb"\u0000" in data and _NUL.search(data):  # the first look is fast, and nearly always enough
        raise NotCanonical("text holds U+0000", "文字中有 U+0000")
    return data
