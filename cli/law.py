"""The law of a line as this installation has it: for a clerk to see beforehand what the decision will see."""

from datetime import date

from shared.kernel.line import Line
from shared.law.calendar import Calendar, load_calendar
from shared.law.rulebook import Rulebook, compile_rulebook


def line(name: str) -> Line:
    """Return a line of business."""
    from shared.runtime.lines import lines  # loads the services; a light command need not

    return lines()[name]


def rulebook_on(name: str, day: date) -> tuple[Rulebook, Calendar]:
    """Return the rulebook under which a procedure announced that day is held, and its calendar."""
    calendar = load_calendar()
    return compile_rulebook(name, day, line(name).law, calendar), calendar
