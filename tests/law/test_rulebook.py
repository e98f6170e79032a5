from datetime import date
from decimal import Decimal

import pytest

from shared.kernel import canonical
from shared.law.calendar import Calendar
from shared.law.clause import Clause, NoSuchLaw, NotInForce, Table, Unit
from shared.law.counting import COUNTING, GENEROUS, SAFE
from shared.law.rulebook import Rulebook, compile_rulebook, parse

ANNOUNCED = date(2026, 12, 1)
VERSIONS: Table = {
    "E6": (Clause(20, "招标投标法 第二十四条", unit=Unit.DAY, since=date(2000, 1, 1), verified=True),),
    "E9": (Clause(Decimal("0.02"), "招标投标法实施条例 第二十六条", unit=Unit.SHARE, since=date(2012, 2, 1)),),
    "E9.works_max": (Clause(80_000_000, "30号令 第三十七条", unit=Unit.FEN),),
    "T4": (
        Clause(
            10, "11号令 第十八条", unit=Unit.WORKING_DAY, since=date(2002, 7, 1), until=date(2007, 11, 1), verified=True
        ),
        Clause(10, "39号令 第十八条", unit=Unit.DAY, since=date(2007, 11, 1), verified=True),
    ),
    "X9": (Clause(3, "未来办法 第三条", unit=Unit.COUNT, since=date(2027, 1, 1)),),
}


def rulebook(calendar: Calendar, announced_on: date = ANNOUNCED) -> Rulebook:
    return compile_rulebook("bidding", announced_on, VERSIONS, calendar)


def test_a_rulebook_has_the_figures_in_force_on_the_announcement_day(calendar: Calendar) -> None:
    now, then = rulebook(calendar), rulebook(calendar, date(2005, 1, 1))

    assert now.figure("E6", int) == 20
    assert now.figure("E9", Decimal) == Decimal("0.02")
    assert (now.clause("T4").value, now.clause("T4").unit) == (10, Unit.DAY)
    assert (then.clause("T4").value, then.clause("T4").unit) == (10, Unit.WORKING_DAY)


def test_a_clause_not_yet_in_force_is_not_in_the_rulebook(calendar: Calendar) -> None:
    with pytest.raises(NotInForce, match="X9"):
        rulebook(calendar).clause("X9")
    assert rulebook(calendar, date(2027, 1, 1)).figure("X9", int) == 3


def test_a_clause_whose_version_cannot_be_told_stops_the_rulebook(calendar: Calendar) -> None:
    two: tuple[Clause[int], ...] = (
        Clause(20, "旧办法 第一条", unit=Unit.DAY),
        Clause(15, "新办法 第一条", unit=Unit.DAY),
    )

    with pytest.raises(NoSuchLaw, match="旧办法"):
        compile_rulebook("property", ANNOUNCED, {"S3": two}, calendar)


def test_every_rulebook_says_how_it_counts(calendar: Calendar) -> None:
    book = rulebook(calendar)

    assert book.reading == SAFE
    assert all(book.clause(name) == clause for name, clause in COUNTING.items())
    assert not book.clause("COUNT-BETWEEN").certain


def test_a_figure_of_another_type_is_not_taken(calendar: Calendar) -> None:
    with pytest.raises(TypeError, match="E9"):
        rulebook(calendar).figure("E9", int)


def test_a_rulebook_is_read_back_from_its_canonical_bytes(calendar: Calendar) -> None:
    book = rulebook(calendar)

    again = parse(book.canonical())

    assert again == book
    assert again.digest == book.digest == canonical.digest(book.canonical())


def test_the_digest_does_not_depend_on_the_order_of_the_table(calendar: Calendar) -> None:
    backwards = dict(reversed(list(VERSIONS.items())))

    assert compile_rulebook("bidding", ANNOUNCED, backwards, calendar).digest == rulebook(calendar).digest


def test_the_digest_changes_with_the_law_the_calendar_and_the_count(calendar: Calendar) -> None:
    other_law: Table = {**VERSIONS, "E6": (Clause(21, "招标投标法 第二十四条", unit=Unit.DAY, since=date(2000, 1, 1)),)}
    other_calendar = Calendar({year: known for year, known in calendar.years.items() if year != 2027})

    digests = {
        rulebook(calendar).digest,
        compile_rulebook("bidding", ANNOUNCED, other_law, calendar).digest,
        compile_rulebook("bidding", ANNOUNCED, VERSIONS, other_calendar).digest,
        compile_rulebook("bidding", ANNOUNCED, VERSIONS, calendar, GENEROUS).digest,
        compile_rulebook("land", ANNOUNCED, VERSIONS, calendar).digest,
    }

    assert len(digests) == 5


def test_a_rulebook_pins_the_calendar_files_it_was_made_with(calendar: Calendar) -> None:
    without_2020 = Calendar({year: known for year, known in calendar.years.items() if year != 2020})

    assert rulebook(calendar).pins(calendar)
    assert not rulebook(calendar).pins(without_2020)
    assert rulebook(calendar).calendars[2027] == (calendar.years[2027].digest, True)


@pytest.mark.parametrize("name", ["", "e6", "E 6", "COUNT-201", "E" * 33])
def test_a_name_that_is_no_clause_id_is_refused(calendar: Calendar, name: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        compile_rulebook("bidding", ANNOUNCED, {name: VERSIONS["E6"]}, calendar)


def test_bytes_of_another_version_or_spelling_are_not_read(calendar: Calendar) -> None:
    body = canonical.decode(rulebook(calendar).canonical())

    with pytest.raises(ValueError, match="version 2"):
        parse(canonical.encode({**body, "v": 2}))
    with pytest.raises(canonical.NotCanonical):
        parse(rulebook(calendar).canonical() + b" ")
