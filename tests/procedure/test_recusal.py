"""回避: who may not be drawn, on which ground, by which article; and what a committee must be made of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.procedure.recusal import BARS, Ground, Line, Tie, composition_faults, eligible, exclusions, years_before
from tests.procedure.drawing import BIDDER, DAY, STRANGER, expert, experts, tie

PROCUREMENT = BARS["procurement"]


@pytest.mark.parametrize("ground", [Ground.EMPLOYMENT, Ground.BOARD, Ground.CONTROL])
@pytest.mark.parametrize(("ended", "barred"), [(date(2023, 12, 1), True), (date(2023, 11, 30), False), (None, True)])
def test_in_procurement_a_relation_bars_for_three_years_after_it_ended(
    ground: Ground, ended: date | None, barred: bool
) -> None:
    found = exclusions([expert()], [tie(ground, ended)], {BIDDER}, DAY, PROCUREMENT)

    assert [(one.expert, one.ground, one.article) for one in found] == (
        [("e1", ground, "政府采购法实施条例 第九条")] if barred else []
    )


@pytest.mark.parametrize(
    ("line", "ground", "article", "verified"),
    [
        ("procurement", Ground.KIN, "政府采购法实施条例 第九条", True),
        ("procurement", Ground.SUPERVISION, "财库〔2016〕198号 第十六条", False),
        ("construction", Ground.EMPLOYMENT, "招标投标法 第三十七条", True),
        ("construction", Ground.KIN, "评标委员会和评标方法暂行规定 第十二条", False),
        ("construction", Ground.INTEREST, "评标委员会和评标方法暂行规定 第十二条", False),
        ("construction", Ground.SUPERVISION, "招标投标法实施条例 第四十六条", True),
    ],
)
def test_an_exclusion_names_its_article_and_whether_that_was_read(
    line: Line, ground: Ground, article: str, verified: bool
) -> None:
    [found] = exclusions([expert()], [tie(ground)], {BIDDER}, DAY, BARS[line])

    assert (found.ground, found.article, found.verified) == (ground, article, verified)


@pytest.mark.parametrize(("ended", "barred"), [(DAY, True), (date(2026, 11, 30), False)])
def test_in_construction_a_relation_bars_while_it_lasts(ended: date, barred: bool) -> None:
    assert bool(exclusions([expert()], [tie(ended=ended)], {BIDDER}, DAY, BARS["construction"])) is barred


@pytest.mark.parametrize("line", list(BARS))
def test_every_line_has_a_bar_for_every_ground(line: Line) -> None:
    assert set(BARS[line]) == set(Ground)


def test_a_present_employer_bars_though_no_tie_is_on_file() -> None:
    [found] = exclusions([expert("e1", BIDDER)], [], {BIDDER}, DAY, PROCUREMENT)

    assert (found.party, found.ground) == (BIDDER, Ground.EMPLOYMENT)


def test_a_tie_to_a_party_outside_the_project_bars_nobody() -> None:
    assert exclusions([expert("e1", STRANGER)], [tie(party=STRANGER)], {BIDDER}, DAY, PROCUREMENT) == ()


def test_every_ground_is_told_and_each_once() -> None:
    ties = [tie(Ground.KIN), tie(Ground.EMPLOYMENT), tie(Ground.KIN)]

    found = exclusions([expert("e1", BIDDER)], ties, {BIDDER}, DAY, PROCUREMENT)

    assert [one.ground for one in found] == [Ground.EMPLOYMENT, Ground.KIN]


@given(st.permutations([tie(ground, name=f"e00{n}") for n in range(3) for ground in Ground]))
def test_the_order_of_the_files_changes_no_exclusion(ties: list[Tie]) -> None:
    pool = experts(6)

    found = exclusions(pool, ties, {BIDDER}, DAY, PROCUREMENT)

    assert found == exclusions(pool[::-1], ties[::-1], {BIDDER}, DAY, PROCUREMENT)
    assert [one.id for one in eligible(pool, found)] == ["e003", "e004", "e005"]


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2028, 2, 29), date(2025, 2, 28)), (date(2028, 2, 28), date(2025, 2, 28)), (DAY, date(2023, 12, 1))],
)
def test_three_years_before_a_leap_day_is_the_28th(day: date, before: date) -> None:
    assert years_before(day, 3) == before


@pytest.mark.parametrize(("members", "others"), [(4, 1), (5, 0), (5, 2), (6, 3)])
def test_a_lawful_committee_breaks_nothing(members: int, others: int) -> None:
    assert composition_faults(members, others) == ()


@pytest.mark.parametrize(
    ("members", "others", "broken"),
    [(3, 0, ["5 人以上"]), (5, 1, ["单数"]), (3, 2, ["2/3"]), (4, 3, ["2/3"]), (2, 2, ["5 人以上", "单数", "2/3"])],
)
def test_an_unlawful_committee_is_told_each_rule_with_its_article(members: int, others: int, broken: list[str]) -> None:
    faults = composition_faults(members, others)

    assert [word in fault.zh for fault, word in zip(faults, broken, strict=True)] == [True] * len(broken)
    assert {fault.article for fault in faults} == {"招标投标法 第三十七条"}
