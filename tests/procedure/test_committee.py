"""A committee at work: composition by the rulebook's figures, votes, time, and members' marks."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import BadInput, BreaksClause
from shared.law.clause import Clause, Unit
from shared.procedure.committee import check_composition, check_sheet, combined, decided, too_short
from shared.procedure.recusal import Composition

ARTICLE = "招标投标法 第三十七条"
RULE = Composition(
    members=Clause(5, ARTICLE, unit=Unit.COUNT),
    odd=Clause(True, ARTICLE, unit=Unit.RULE),
    experts=Clause(Fraction(2, 3), ARTICLE, unit=Unit.SHARE),
)
THIRD = Fraction(1, 3)
WEIGHTS = {"plan": Fraction(3, 4), "record": Fraction(1, 4)}


@pytest.mark.parametrize(("members", "experts"), [(5, 4), (5, 5), (7, 5), (9, 6)])
def test_five_or_more_odd_and_two_thirds_experts_may_sit(members: int, experts: int) -> None:
    check_composition(RULE, members, experts)


@pytest.mark.parametrize(("members", "experts"), [(3, 3), (4, 4), (6, 6), (5, 3), (7, 4), (9, 5)])
def test_fewer_even_or_a_single_expert_short_of_two_thirds_may_not(members: int, experts: int) -> None:
    with pytest.raises(BreaksClause) as no:
        check_composition(RULE, members, experts)

    assert no.value.article == ARTICLE


def test_more_than_half_of_all_members_decide_and_nobody_before() -> None:
    assert decided([True, True, True], 5) == "carried"
    assert decided([True, True], 5) == "open"
    assert decided([True, True, False, False], 5) == "open"
    assert decided([False, False, False], 5) == "lost"
    assert decided([False, False], 4) == "lost"


def test_more_than_a_third_means_more() -> None:
    assert not too_short(1, 5, THIRD)
    assert too_short(2, 5, THIRD)
    assert not too_short(3, 9, THIRD)
    assert too_short(4, 9, THIRD)


def test_a_sheet_has_every_factor_of_every_bid_once() -> None:
    whole = [("a", "plan"), ("a", "record"), ("b", "plan"), ("b", "record")]

    check_sheet(whole, ["a", "b"], list(WEIGHTS))
    for wrong in (whole[:-1], [*whole, whole[0]], [*whole[:-1], ("c", "record")]):
        with pytest.raises(BadInput):
            check_sheet(wrong, ["a", "b"], list(WEIGHTS))


def sheet(plan: int, record: int) -> dict[tuple[str, str], Fraction]:
    return {("a", "plan"): Fraction(plan), ("a", "record"): Fraction(record)}


def test_marks_are_the_exact_mean_of_the_members_own_sums() -> None:
    sheets = [sheet(90, 80), sheet(80, 80), sheet(70, 81)]  # 87.5, 80, 72.75

    assert combined(sheets, WEIGHTS, ["a"], "mean") == {"a": Fraction(24025, 300)}
    assert combined(sheets, WEIGHTS, ["a"], "mean_without_extremes") == {"a": Fraction(80)}


def test_only_one_of_equal_extremes_is_left_out_and_of_two_marks_none() -> None:
    tied = [sheet(90, 90), sheet(90, 90), sheet(60, 60), sheet(60, 60), sheet(60, 60)]

    assert combined(tied, WEIGHTS, ["a"], "mean_without_extremes") == {"a": Fraction(70)}
    assert combined(tied[1:3], WEIGHTS, ["a"], "mean_without_extremes") == {"a": Fraction(75)}


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1, max_size=9))
def test_marks_lie_between_the_members_and_in_no_order_of_theirs(rows: list[tuple[int, int]]) -> None:
    sheets = [sheet(*row) for row in rows]
    own = [WEIGHTS["plan"] * plan + WEIGHTS["record"] * record for plan, record in rows]

    for how in ("mean", "mean_without_extremes"):
        (marks,) = combined(sheets, WEIGHTS, ["a"], how).values()
        assert min(own) <= marks <= max(own)
        assert combined(sheets[::-1], WEIGHTS, ["a"], how) == {"a": marks}
