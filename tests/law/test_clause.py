from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from shared.kernel import canonical
from shared.law.clause import Clause, Figure, NoSuchLaw, NotInForce, Unit, from_json, on

TENDER_DAYS = Clause(20, "招标投标法 第二十四条", unit=Unit.DAY, since=date(2000, 1, 1), verified=True)
DEDUCTION_2021 = Clause(
    Decimal("0.06"),
    "财库〔2020〕46号 第九条",
    unit=Unit.SHARE,
    since=date(2021, 1, 1),
    until=date(2022, 7, 1),
    verified=True,
)
DEDUCTION_2022 = Clause(Decimal("0.10"), "财库〔2022〕19号", unit=Unit.SHARE, since=date(2022, 7, 1), verified=True)
START_UNKNOWN = Clause(20, "32号令 第十三条", unit=Unit.WORKING_DAY)


@pytest.mark.parametrize(
    ("day", "least"),
    [(date(2022, 6, 30), "0.06"), (date(2022, 7, 1), "0.10")],
)
def test_a_notice_of_the_last_old_day_is_under_the_old_figure_and_of_the_first_new_day_under_the_new(
    day: date, least: str
) -> None:
    in_force = on((DEDUCTION_2021, DEDUCTION_2022), day)

    assert in_force.value == Decimal(least)


def test_before_the_first_known_version_no_law_is_found() -> None:
    with pytest.raises(NotInForce, match="财库"):
        on((DEDUCTION_2021, DEDUCTION_2022), date(2020, 12, 31))


def test_a_version_with_an_unknown_start_is_used_when_it_is_the_only_one() -> None:
    in_force = on((START_UNKNOWN,), date(2026, 12, 1))

    assert in_force is START_UNKNOWN
    assert not in_force.certain


def test_a_version_with_an_unknown_start_is_never_guessed_beside_another() -> None:
    later = Clause(15, "新规 第一条", unit=Unit.WORKING_DAY, since=date(2025, 2, 18))
    ended = Clause(20, "32号令 第十三条", unit=Unit.WORKING_DAY, until=date(2025, 2, 18))

    with pytest.raises(NoSuchLaw, match="more than one"):
        on((START_UNKNOWN, later), date(2026, 1, 1))
    with pytest.raises(NoSuchLaw, match="no known start"):
        on((ended, later), date(2024, 1, 1))
    assert on((ended, later), date(2026, 1, 1)) is later


def test_a_repealed_only_version_is_not_in_force() -> None:
    repealed = Clause(10, "11号令 第十八条", unit=Unit.WORKING_DAY, until=date(2007, 11, 1))

    with pytest.raises(NotInForce):
        on((repealed,), date(2026, 1, 1))


def test_two_versions_in_force_at_once_are_a_fault_of_the_table() -> None:
    with pytest.raises(NoSuchLaw, match="more than one"):
        on((TENDER_DAYS, TENDER_DAYS), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (20, Unit.DAY, 20),
        (80_000_000, Unit.FEN, 80_000_000),
        (Decimal("0.020"), Unit.SHARE, "0.02"),
        (Decimal("1E+1"), Unit.SHARE, "10"),
        (Fraction(2, 3), Unit.SHARE, "2/3"),
        ("equal_price_earlier_wins", Unit.RULE, "equal_price_earlier_wins"),
        (True, Unit.RULE, True),
    ],
)
def test_a_clause_survives_canonical_json_with_exact_figures(value: Figure, unit: Unit, written: int | str) -> None:
    clause = Clause(value, "某法 第一条", unit=unit, since=date(2020, 1, 2), until=date(2030, 1, 1), note_zh="述其意")

    data = canonical.encode(clause.to_json())

    assert canonical.decode(data)["value"] == written
    assert from_json(canonical.decode(data)) == clause
    assert type(from_json(canonical.decode(data)).value) is type(value)


@pytest.mark.parametrize(
    ("value", "unit"),
    [(0.02, Unit.SHARE), (20, Unit.SHARE), (True, Unit.DAY), (Decimal(20), Unit.DAY), (-1, Unit.FEN), (5, Unit.RULE)],
)
def test_a_figure_that_does_not_suit_its_unit_is_refused(value: Figure, unit: Unit) -> None:
    with pytest.raises(ValueError, match="某法"):
        Clause(value, "某法 第一条", unit=unit)


def test_a_share_without_an_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        Clause(Decimal("inf"), "某法 第一条", unit=Unit.SHARE)


def test_a_clause_cites_its_article_and_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="cites"):
        Clause(1, "", unit=Unit.COUNT)
    with pytest.raises(ValueError, match="before it begins"):
        Clause(1, "某法 第一条", unit=Unit.COUNT, since=date(2020, 1, 1), until=date(2020, 1, 1))


def test_json_whose_value_is_not_of_its_kind_is_refused() -> None:
    body = {**TENDER_DAYS.to_json(), "value": "20"}

    with pytest.raises(ValueError, match="not of kind"):
        from_json(body)


def test_only_a_read_article_with_a_known_start_is_certain() -> None:
    assert TENDER_DAYS.certain
    assert not Clause(20, "某法 第一条", unit=Unit.DAY, verified=True).certain
    assert not Clause(20, "某法 第一条", unit=Unit.DAY, since=date(2020, 1, 1)).certain
