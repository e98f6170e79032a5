"""A golden history as files: one decision a line, and beside it the law that it was decided under."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from shared.kernel.canonical import decode, encode
from shared.kernel.decider import Decision
from shared.kernel.line import Line
from shared.law.calendar import Calendar, calendar_of, parse_year
from shared.law.rulebook import Rulebook, parse
from shared.procedure.books import Books

HERE = Path(__file__).parent
LAW = HERE / "law"


def write(name: str, record: Iterable[Decision[Any, Any]], rulebook: Rulebook, years: Iterable[bytes]) -> None:
    """Write a new history and its law. Raise FileExistsError rather than touch one that stands."""
    lines = [
        encode(
            {
                "request": decode(decision.request.canonical()),
                "events": [decode(e.canonical()) for e in decision.events],
            }
        )
        for decision in record
    ]
    with (HERE / f"{name}.jsonl").open("xb") as file:
        file.write(b"\n".join(lines) + b"\n")
    LAW.mkdir(exist_ok=True)
    (LAW / f"{rulebook.digest}.json").write_bytes(rulebook.canonical())
    for body in years:
        year = parse_year(body)
        (LAW / f"calendar-{year.year}-{year.digest}.json").write_bytes(body)


def read(name: str, line: Line, books: Books) -> list[Decision[Any, Any]]:
    """Return the decisions of a history, its law put on the shelf; every line must be canonical."""
    for path in LAW.glob("*.json"):
        if path.name.startswith("calendar-"):
            books.put_year(parse_year(path.read_bytes()))
        else:
            rulebook = parse(path.read_bytes())
            books.put(rulebook, _calendar_of(rulebook))
    rows = [decode(row) for row in (HERE / f"{name}.jsonl").read_bytes().splitlines()]
    return [
        Decision(
            line.requests.validate_json(orjson.dumps(row["request"])),
            tuple(line.events.validate_json(orjson.dumps(event)) for event in row["events"]),
        )
        for row in rows
    ]


def _calendar_of(rulebook: Rulebook) -> Calendar:
    """Return the calendar that a rulebook pins, from the files kept here."""
    files = (LAW / f"calendar-{year}-{pinned}.json" for year, (pinned, _) in rulebook.calendars.items())
    return calendar_of(parse_year(path.read_bytes()) for path in files)
