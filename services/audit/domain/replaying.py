"""What a stream's records tell by themselves: the state at an instant, and whether decisions would be made again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from shared.kernel.canonical import digest
from shared.kernel.decider import Decision, redecide
from shared.kernel.errors import BrokenHistory
from shared.kernel.line import Line
from shared.kernel.message import Event
from shared.kernel.record import Record
from shared.kernel.request import Actor, Role


@dataclass(frozen=True, slots=True)
class Told:
    """An event with whether a role could see it at the instant replayed, and whether the asker may be told it now."""

    record: Record
    visible: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stream at an instant."""

    phase: str
    state: Any
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Redecided:
    """How many decisions were made again; `difference` names the first that came out otherwise, empty if none did."""

    decisions: int
    difference: str


def fold(line: Line, records: Sequence[Record]) -> list[Event]:
    """Return the events of a whole stream. Raise BrokenHistory unless the versions run from 1 without a gap."""
    versions = [record.version for record in records]
    if versions != list(range(1, len(records) + 1)):
        raise BrokenHistory(f"the versions are not 1 to {len(records)}")
    return [line.event(record) for record in records]


def count_until(records: Iterable[Record], at: datetime | None, version: int | None) -> int:
    """Return how many records of a stream there were at an instant, or up to a version; all where neither is given."""
    return sum((at is None or record.at <= at) and (version is None or record.version <= version) for record in records)


def replay(line: Line, records: Sequence[Record], count: int, role: Role, asker: Actor) -> Replayed:
    """Return a stream after its first `count` records, as `role` saw it then and as far as the asker may know now.

    Raise BrokenHistory if the records do not fold.
    """
    events = fold(line, records)
    then = line.decider.replay(events[:count])
    now = line.decider.replay(events[count:], then)
    told = [
        Told(record, line.visible(event, role, then), may_be_told(line, record, event, now, asker))
        for record, event in zip(records[:count], events[:count], strict=True)
    ]
    return Replayed(line.phase(then), then, told)


def may_be_told(line: Line, record: Record, event: Event, state: Any, asker: Actor) -> bool:
    """Whether an asker may be told an event while the stream is in `state`: by its standing, or as its own."""
    return line.knows(asker, state) and line.tells(record, event, asker, state)


def given(line: Line, records: Sequence[Record], asker: Actor, *, keyed: bool) -> list[bool]:
    """Tell of each record of a stream whether an asker, with its key or without, may have it now as it is.

    Raise BrokenHistory if the records do not fold.
    """
    if keyed and line.gives is None:
        return [True] * len(records)
    events = fold(line, records)
    now = line.decider.replay(events)
    role = line.standing(asker, now)
    return [
        may_be_told(line, record, event, now, asker)
        and (asker.account == record.actor["account"] or _gives(line, event, record, role))
        for record, event in zip(records, events, strict=True)
    ]


def _gives(line: Line, event: Event, record: Record, role: Role) -> bool:
    return line.gives is None or line.gives(event, record.actor["role"], role)


def remake(line: Line, records: Sequence[Record], requests: Mapping[int, bytes]) -> Redecided:
    """Make every decision of a stream again from the stored requests, given by the version of their first event.

    The secrets that decisions relied on are those that the record discloses. A request that no record names, or that
    is not the one the record names by digest, is a difference too. Raise BrokenHistory if the records do not fold, and
    what `decide` raises where it lacks a rulebook or a secret.
    """
    events = fold(line, records)
    made = [list(group) for _, group in groupby(records, key=lambda record: record.command_digest)]
    if difference := _unmatched(made, requests, len(records)):
        return Redecided(len(made), difference)
    secrets = line.released(events)
    try:
        decisions = [
            Decision(_read(line, requests[group[0].version], secrets), tuple(events[one.version - 1] for one in group))
            for group in made
        ]
        redecide(line.audited(), decisions, line.refused)
    except ValidationError as error:
        return Redecided(len(made), f"a stored request is not one of {line.name}: {error.error_count()} faults")
    except BrokenHistory as error:
        return Redecided(len(made), str(error))
    return Redecided(len(made), "")


def _read(line: Line, stored: bytes, secrets: Any) -> Any:
    return line.requests.validate_json(stored).model_copy(update={"secrets": secrets})


def _unmatched(made: Sequence[Sequence[Record]], requests: Mapping[int, bytes], last: int) -> str:
    for group in made:
        first = group[0]
        if first.version not in requests:
            return f"version {first.version}: the request of this decision is missing"
        if digest(requests[first.version]) != first.command_digest:
            return f"version {first.version}: the stored request is not the one that the record names"
    known = {group[0].version for group in made}
    left = sorted(version for version in requests if version not in known and version <= last)
    return f"version {left[0]}: a stored request left no decision of its own" if left else ""
