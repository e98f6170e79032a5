"""What a line of lots hears from the registry: calendars, who stands behind the tokens of its lots, and who may sit."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection, select

from shared.kernel.canonical import instant
from shared.kernel.line import Line
from shared.kernel.record import Record
from shared.law.findings import end_of
from shared.procedure.lot.after.recounting import goes_on
from shared.procedure.lot.after.relisting import as_attempt
from shared.procedure.lot.after.values import Attempt, Held
from shared.procedure.lot.judged.commands import ReplaceMember, ScoreOffers, SeatCommittee
from shared.procedure.lot.state import Lot, LotState
from shared.procedure.seating import Known
from shared.runtime import people
from shared.runtime.lots import views
from shared.store import calendars, journal, work
from shared.store.tables import quarantine

CALENDAR = "registry.calendar_published.v1"
IDENTITIES = "registry.identities_disclosed.v1"
HEARD = (CALENDAR, IDENTITIES, *people.HEARD)
"""The events of others that every line of lots takes in."""

RUNNING = "days-run"
"""The kind of work that a lot leaves whose days run."""

HELD = "identities"
"""The kind of work under which it is kept who holds the tokens of a lot, until that is noted."""

_HELD = TypeAdapter(tuple[Held, ...])


def learn(connection: Connection, line: str, record: Record) -> Iterable[tuple[str, dict[str, Any]]]:
    """Take in what the registry tells; of identities only those of the line's own lots."""
    if record.type == CALENDAR:
        year = calendars.keep(connection, str(record.data["body"]).encode(), int(record.data["revision"])).year
        command = {"type": f"{line}.recount_deadlines", "year": year}
        return [(stream, command) for stream in in_year(connection, year)]
    if record.type == IDENTITIES and record.data["line"] == line:
        lot = str(record.data["lot"])
        work.put(connection, HELD, lot, orjson.dumps([_held(one) for one in record.data["holders"]]))
        return [(lot, {"type": f"{line}.note_identities"})]
    people.learn(connection, record)
    return ()


def members(
    connection: Connection, command: SeatCommittee | ReplaceMember | ScoreOffers, account: str
) -> tuple[Known, ...]:
    """Return what is known of whom a command seats, or of who gives points."""
    match command:
        case SeatCommittee(experts=experts, representatives=representatives):
            names = (*experts, *representatives)
        case ReplaceMember(successor=successor):
            names = (successor,)
        case ScoreOffers():
            names = (account,)
    return tuple(people.known(connection, dict.fromkeys(names)))


def identities(connection: Connection, stream: str) -> tuple[Held, ...] | None:
    """Return who holds the tokens of a lot, as the registry said, or None if it has not."""
    kept = work.get(connection, HELD, stream)
    return None if kept is None else _HELD.validate_json(kept)


def attempt(connection: Connection, line: Line, name: str) -> Attempt:
    """Return what is known of the earlier lot that a draft names, read from its own records."""
    records = (line.event_of(raw) for raw in journal.bytes_of_stream(connection, name))
    state: LotState = line.decider.replay(records)
    return as_attempt(name, state)


def note_running(connection: Connection, stream: str, state: object) -> None:
    """Keep in mind a lot as long as days of it run."""
    if isinstance(state, Lot):
        (work.put if goes_on(state) else work.drop)(connection, RUNNING, stream)


def in_year(connection: Connection, year: int) -> Sequence[str]:
    """Return the lots whose days may fall into a calendar year: announced by its end, and days of them still run.

    What is quarantined takes no commands, and would hold up the others.
    """
    announced, whole = views.procedure.c, select(quarantine.c.stream)
    wanted = announced.announced_at < instant(end_of(date(year, 12, 31)))
    known = select(announced.stream).where(wanted, announced.stream.not_in(whole)).order_by(announced.stream)
    running = work.of_kind(connection, RUNNING)
    return [stream for stream in connection.execute(known).scalars() if stream in running]


def _held(holder: dict[str, Any]) -> dict[str, Any]:
    party = {name: holder[name] for name in ("scheme", "id", "name")}
    return {"token": holder["token"], "party": party}
