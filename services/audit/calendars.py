"""The calendars that decisions are made again under: pinned by the rulebook, or published in the ledger itself."""

from collections.abc import Iterator, Sequence

from shared.kernel.canonical import digest
from shared.kernel.errors import BadInput
from shared.kernel.line import Line
from shared.kernel.record import read
from shared.law.calendar import packaged
from shared.law.rulebook import parse
from shared.store import ledger_read as ledger
from shared.store.database import Connection

REGISTRY = "registry"
PUBLISHED = "registry.calendar_published.v1"
STREAM = "calendar-"
PAGE = 200


def shelve(connection: Connection, line: Line, rulebook: str, calendars: Sequence[str]) -> None:
    """Put a rulebook and calendars where the line's decider finds them, each by its own digest.

    Of the files given those count that the rulebook pins; what was published since is believed from the ledger alone.
    """
    if line.books is None:
        return
    try:
        pinned = {name for name, _ in parse(rulebook.encode()).calendars.values()}
        given = [body for body in map(str.encode, calendars) if digest(body) in pinned]
        line.books.shelve(rulebook.encode(), [*packaged(), *given, *published(connection)])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("规则库或日历无法识别", "this is not a rulebook with its calendars") from error


def published(connection: Connection) -> Iterator[bytes]:
    """Yield the file of every calendar year that the registry published, as the ledger has it."""
    after = STREAM
    while names := ledger.streams(connection, REGISTRY, after, PAGE):
        for name, _ in names:
            if not name.startswith(STREAM):
                return
            records = (read(entry.record) for _, entry in ledger.of_stream(connection, REGISTRY, name))
            yield from (str(record.data["body"]).encode() for record in records if record.type == PUBLISHED)
        after = names[-1][0]
