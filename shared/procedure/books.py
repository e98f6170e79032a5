"""The law by digest: the rulebooks and calendar years that decisions name and an auditor needs to make them again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce

from shared.law.calendar import Calendar, CalendarYear, calendar_of, parse_year
from shared.law.rulebook import Rulebook, parse


class NoSuchBook(LookupError):
    """A decision names a rulebook or calendar that is not on the shelf, or that do not belong together: a fault."""


@dataclass(frozen=True, slots=True)
class Law:
    """A rulebook with the calendar that one procedure is held under: the pinned one, and what was published since."""

    rulebook: Rulebook
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Books:
    """A shelf that only grows. What stands on it is found by its own digest, so it can never be another thing."""

    _rulebooks: dict[str, Rulebook] = field(default_factory=dict)
    _years: dict[str, CalendarYear] = field(default_factory=dict)
    _made: dict[tuple[str, ...], Law] = field(default_factory=dict)

    def put(self, rulebook: Rulebook, calendar: Calendar) -> tuple[str, str]:
        """Keep a rulebook and the years of its calendar; return the digests of both."""
        names = rulebook.digest, calendar.digest
        self._rulebooks[names[0]] = rulebook
        for year in calendar.years.values():
            self.put_year(year)
        return names

    def put_year(self, year: CalendarYear) -> str:
        """Keep a calendar year; return its digest."""
        self._years[year.digest] = year
        return year.digest

    def shelve(self, rulebook: bytes, years: Iterable[bytes]) -> None:
        """Keep a rulebook and years by their canonical bytes. Raise ValueError, KeyError, TypeError otherwise."""
        book = parse(rulebook)
        self._rulebooks[book.digest] = book
        for body in years:
            self.put_year(parse_year(body))

    def has(self, rulebook: str, published: Sequence[str] = ()) -> bool:
        """Return whether a rulebook, every year that it pins, and years published since are here."""
        book = self._rulebooks.get(rulebook)
        return book is not None and {*pinned(book), *published} <= self._years.keys()

    def year(self, digest: str) -> CalendarYear:
        """Return a calendar year. Raise NoSuchBook if it is not here."""
        try:
            return self._years[digest]
        except KeyError:
            raise NoSuchBook(f"no calendar year with digest {digest}") from None

    def law(self, rulebook: str, calendar: str, published: Sequence[str] = ()) -> Law:
        """Return the law of a rulebook, its calendar, and the years published since, in their order.

        Raise NoSuchBook unless all are here and the rulebook pins that calendar.
        """
        key = (rulebook, calendar, *published)
        if key not in self._made:
            self._made[key] = self._make(rulebook, calendar, published)
        return self._made[key]

    def _make(self, rulebook: str, calendar: str, published: Sequence[str]) -> Law:
        if rulebook not in self._rulebooks:
            raise NoSuchBook(f"no rulebook with digest {rulebook}")
        book = self._rulebooks[rulebook]
        made = calendar_of(map(self.year, pinned(book)))
        if made.digest != calendar or not book.pins(made):
            raise NoSuchBook(f"rulebook {rulebook} was not made with calendar {calendar}")
        return Law(book, reduce(Calendar.published, map(self.year, published), made))


def pinned(rulebook: Rulebook) -> list[str]:
    """Return the digests of the calendar years that a rulebook pins."""
    return [digest for digest, _ in rulebook.calendars.values()]
