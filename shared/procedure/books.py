"""The law by digest: the rulebooks and calendars that decisions name and an auditor needs to make them again."""

from dataclasses import dataclass, field

from shared.law.calendar import Calendar
from shared.law.rulebook import Rulebook


class NoSuchBook(LookupError):
    """A decision names a rulebook or calendar that is not on the shelf, or that do not belong together: a fault."""


@dataclass(frozen=True, slots=True)
class Law:
    """A rulebook with the calendar it was made with: what one procedure is held under."""

    rulebook: Rulebook
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Books:
    """A shelf that only grows. What stands on it is found by its own digest, so it can never be another thing."""

    _rulebooks: dict[str, Rulebook] = field(default_factory=dict)
    _calendars: dict[str, Calendar] = field(default_factory=dict)

    def put(self, rulebook: Rulebook, calendar: Calendar) -> tuple[str, str]:
        """Keep a rulebook and its calendar; return their digests."""
        names = rulebook.digest, calendar.digest
        self._rulebooks[names[0]], self._calendars[names[1]] = rulebook, calendar
        return names

    def law(self, rulebook: str, calendar: str) -> Law:
        """Return the law of two digests. Raise NoSuchBook unless both are here and the one pins the other."""
        try:
            found = Law(self._rulebooks[rulebook], self._calendars[calendar])
        except KeyError as error:
            raise NoSuchBook(f"no rulebook or calendar with digest {error}") from error
        if not found.rulebook.pins(found.calendar):
            raise NoSuchBook(f"rulebook {rulebook} was not made with calendar {calendar}")
        return found
