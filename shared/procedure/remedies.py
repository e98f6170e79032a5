"""Remedies (异议、质疑、投诉): until when one may be made and must be answered, and what of the time is not counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.law.calendar import days_of
from shared.law.clause import Unit
from shared.law.counting import Reading
from shared.law.findings import Period, day_of, end_of
from shared.law.periods import latest_act_day
from shared.procedure.books import Law
from shared.procedure.publicity import limit

Pause = tuple[datetime, datetime]
"""A stretch of time, from and until, that a time limit does not count."""


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection (异议, 质疑): its number in its procedure, what it is about, whose, by when to answer it."""

    number: int
    about: str
    by: str
    raised_at: datetime
    answer_due: datetime
    answered_at: datetime | None = None
    withdrawn: bool = False

    @property
    def open(self) -> bool:
        """Whether it waits for its answer."""
        return self.answered_at is None and not self.withdrawn

    def not_counted(self, now: datetime) -> Pause:
        """Return the time from the objection to its answer, or to now: no time for a complaint runs in it."""
        return self.raised_at, self.answered_at or now


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint (投诉): until when to decide on acceptance, since when it is accepted, and its pauses until now.

    `paused_since` stands while something is inspected, tested, appraised or reviewed by experts.
    """

    number: int
    about: str
    by: str
    made_at: datetime
    acceptance_due: datetime
    accepted_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    paused_since: datetime | None = None
    ended: bool = False

    def not_counted(self, now: datetime) -> tuple[Pause, ...]:
        """Return the pauses, with the one that lasts."""
        return (*self.pauses, (self.paused_since, now)) if self.paused_since else self.pauses

    def gone_on(self, now: datetime) -> "Complaint":
        """Return it with its lasting pause ended."""
        return replace(self, pauses=self.not_counted(now), paused_since=None)


def lapses_at(target: datetime, rule: str, law: Law) -> datetime:
    """Return the first instant too late for a right that lapses so many days before `target`.

    Counted generously (`shared.law.counting`): where the texts are silent, nobody loses a right by the longer count.
    """
    clause, n = law.rulebook.clause(rule), law.rulebook.figure(rule, int)
    reading = Reading(law.rulebook.reading.rollover_on, target_day_counts=True)
    return end_of(latest_act_day(target, n, clause.unit, law.calendar, reading=reading))


def limit_without(since: datetime, rule: str, law: Law, pauses: Sequence[Pause], n: int | None = None) -> Period:
    """Return the time limit of a clause from `since`, in days that no pause touches; `n` where others were declared.

    Every day that a pause touches is left out whole, so no part of one is ever counted against anybody.
    """
    figure, unit = law.rulebook.figure(rule, int) if n is None else n, law.rulebook.clause(rule).unit
    touched = {day for pause in pauses for day in days_of(*map(day_of, pause)) if _counts(day, unit, law)}
    left_out = 0
    while True:
        found = limit(since, rule, law, figure + left_out)
        now = sum(day_of(since) < day <= found.counted_to for day in touched)
        if now == left_out:
            return found
        left_out = now


def _counts(day: date, unit: Unit, law: Law) -> bool:
    return unit is not Unit.WORKING_DAY or law.calendar.is_working_day(day)
