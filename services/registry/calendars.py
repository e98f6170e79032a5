"""The queries about working calendars: which file counts in each year, and what stands in it."""

from typing import Any

import orjson
from sqlalchemy import Connection

from shared.kernel.message import Message
from shared.law.calendar import parse_year
from shared.platform.door import Query
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools
from shared.store import calendars


class OfYear(Message):
    """Asks for one year's working calendar."""

    year: int


def show_calendars(_tools: Tools, connection: Connection, _query: Query) -> Any:
    """Return the calendar of each year: provisional, or published on which notices; `revision` 0 was installed."""
    return {"calendars": [_shown(*item) for item in calendars.standing(connection).values()]}


def show_calendar(_tools: Tools, connection: Connection, query: Query) -> Any:
    """Return a year's working calendar whole: its days off, and the weekend days worked instead."""
    found = calendars.standing(connection).get(arguments(OfYear, query).year)
    if found is None:
        raise nothing_there()
    body = orjson.loads(found[1])
    return _shown(*found) | {name: body[name] for name in ("holidays", "workdays")}


def _shown(revision: int, body: bytes) -> dict[str, Any]:
    year = parse_year(body)
    shown = {"year": year.year, "provisional": year.provisional, "revision": revision, "digest": year.digest}
    return {**shown, "origin": dict(year.origin)}
