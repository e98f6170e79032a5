"""Publicity (公示): when it may begin, when it ends, and what lapses until then."""

from dataclasses import dataclass
from datetime import datetime

from shared.law.clause import Clause, Figure
from shared.law.findings import Period
from shared.law.periods import period
from shared.procedure.books import Law


@dataclass(frozen=True, slots=True)
class Publicity:
    """公示 from `starts` to `ends` (exclusive); `late` if it began after the time the law gives."""

    starts: datetime
    ends: datetime
    late: bool


def limit(since: datetime, rule: str, law: Law, n: int | None = None) -> Period:
    """Return the time limit that a clause sets from `since`; `n` replaces its figure where a longer one is declared."""
    clause: Clause[Figure] = law.rulebook.clause(rule)
    figure = law.rulebook.figure(rule, int) if n is None else n
    return period(since, figure, clause.unit, law.calendar, reading=law.rulebook.reading)


def publicise(due_since: datetime, starts: datetime, *, within: str, lasts: str, days: int, law: Law) -> Publicity:
    """Return the publicity that begins at `starts`: due within one clause's limit, lasting `days` of another's unit."""
    return Publicity(
        starts=starts,
        ends=limit(starts, lasts, law, days).ends_at,
        late=starts >= limit(due_since, within, law).ends_at,
    )
