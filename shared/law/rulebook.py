"""A rulebook: the clauses that one procedure was announced under, the calendars and the way of counting, pinned."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from shared.kernel import canonical
from shared.law.calendar import Calendar
from shared.law.clause import Clause, Figure, NotInForce, Table, from_json, on
from shared.law.counting import COUNTING, SAFE, Reading, Rollover

FORMAT = 1
F = TypeVar("F", bound=Figure)

_ID = re.compile(r"[A-Z][A-Za-z0-9_.-]{0,31}")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What the law was for one line on the day a procedure was announced.

    `clauses` are by id, as `E6`; `calendars` gives each year's file digest and whether it was provisional. Two
    rulebooks are the same exactly when their digests are.
    """

    line: str
    announced_on: date
    reading: Reading
    clauses: Mapping[str, Clause[Figure]]
    calendars: Mapping[int, tuple[str, bool]]

    def clause(self, clause_id: str) -> Clause[Figure]:
        """Return a clause by its id. Raise NotInForce if this rulebook has none of that name."""
        try:
            return self.clauses[clause_id]
        except KeyError:
            raise NotInForce(f"{clause_id} is not in the rulebook of {self.line} for {self.announced_on}") from None

    def figure(self, clause_id: str, kind: type[F]) -> F:
        """Return a clause's figure, which must be exactly of `kind`: `rulebook.figure("E6", int)`."""
        value = self.clause(clause_id).value
        if type(value) is not kind:
            raise TypeError(f"{clause_id} is {value!r}, not of type {kind.__name__}")
        return value

    def pins(self, calendar: Calendar) -> bool:
        """Return whether `calendar` is, year by year, the one that this rulebook was made with."""
        return self.calendars == _digests(calendar)

    def canonical(self) -> bytes:
        """Return the rulebook's canonical bytes, which `parse` reads."""
        return canonical.encode(
            {
                "v": FORMAT,
                "line": self.line,
                "announced_on": self.announced_on.isoformat(),
                "reading": {
                    "rollover_on": self.reading.rollover_on.value,
                    "target_day_counts": self.reading.target_day_counts,
                },
                "clauses": [{"id": key, **self.clauses[key].to_json()} for key in sorted(self.clauses)],
                "calendars": [
                    {"year": year, "digest": digest, "provisional": provisional}
                    for year, (digest, provisional) in sorted(self.calendars.items())
                ],
            }
        )

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical bytes: what a procedure pins."""
        return canonical.digest(self.canonical())


def compile_rulebook(
    line: str,
    announced_on: date,
    versions: Table,
    calendar: Calendar,
    reading: Reading = SAFE,
) -> Rulebook:
    """Return the rulebook of a line for procedures announced on a day; the clauses on counting are added.

    A clause of which no version is in force that day is left out. Raise NoSuchLaw where it cannot be told which
    version is, ValueError for an id that is not one or that the counting clauses have.
    """
    clauses: dict[str, Clause[Figure]] = dict(COUNTING)
    for clause_id, dated in versions.items():
        if not _ID.fullmatch(clause_id) or clause_id in clauses:
            raise ValueError(f"not an id for a clause: {clause_id!r}")
        try:
            clauses[clause_id] = on(dated, announced_on)
        except NotInForce:
            continue
    return Rulebook(line, announced_on, reading, clauses, _digests(calendar))


def parse(data: bytes) -> Rulebook:
    """Return the rulebook of canonical bytes. Raise NotCanonical, ValueError or KeyError if they are not one."""
    body = canonical.decode(data)
    if body["v"] != FORMAT:
        raise ValueError(f"a rulebook of version {body['v']} cannot be read")
    reading = Reading(Rollover(body["reading"]["rollover_on"]), body["reading"]["target_day_counts"])
    return Rulebook(
        body["line"],
        date.fromisoformat(body["announced_on"]),
        reading,
        {row["id"]: from_json(row) for row in body["clauses"]},
        {row["year"]: (row["digest"], row["provisional"]) for row in body["calendars"]},
    )


def _digests(calendar: Calendar) -> dict[int, tuple[str, bool]]:
    return {year: (known.digest, known.provisional) for year, known in calendar.years.items()}
