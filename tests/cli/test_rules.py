"""`ggzy rules`, the rows behind it, and the page that is made of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from rich.cells import cell_len

from cli.rules import clauses_on, figure_of
from cli.standing import DATA, STATUS_ZH, Row, Status, counts, origin_of, rows_of
from services.bidding.domain.law import LAW
from services.land.domain.law import LAW as LAND
from services.property.domain.law import LAW as PROPERTY
from shared.kernel import canonical
from shared.law.clause import Clause, Unit
from tests.cli.test_commands import document, ggzy
from tests.rules import PAGE, PARTS, NoSuchTest, page

ROWS = rows_of("bidding")
LAWS = {"bidding": LAW, "land": LAND, "property": PROPERTY}
CLAUSES = [
    (line, version.article, row)
    for line, law in LAWS.items()
    for key, versions in law.items()
    if (row := rows_of(line).get(key.partition("-")[0]))
    for version in versions
]


def test_the_rows_are_all_of_construction_and_electronic_tendering() -> None:
    assert list(ROWS) == [f"E{n}" for n in range(1, 50)] + [f"D{n}" for n in range(1, 28)]
    assert sum(counts(list(ROWS.values())).values()) == 76


def test_the_rows_of_lots_are_all_of_land_mining_and_property() -> None:
    common = ["X13", "X21", "X22"]

    of_land = [f"{letter}{n}" for letter, last in (("T", 25), ("L", 13), ("M", 9)) for n in range(1, last + 1)]
    assert list(rows_of("land")) == [*of_land, *common]
    assert list(rows_of("property")) == [*(f"S{n}" for n in range(1, 20)), *common]


@pytest.mark.parametrize(
    ("line", "statute"),
    [
        ("bidding", "招标投标法实施条例"),
        ("land", "招标拍卖挂牌出让国有建设用地使用权规定"),
        ("property", "企业国有资产法"),
    ],
)
def test_the_rows_are_canonical_and_say_where_they_come_from(line: str, statute: str) -> None:
    data = (DATA / f"{line}-rows.json").read_bytes()

    assert canonical.encode(canonical.decode(data)) == data
    assert statute in origin_of(line)


@pytest.mark.parametrize("line", LAWS)
def test_a_clause_cites_an_article_of_its_row(line: str) -> None:
    cited = [(article, row) for of, article, row in CLAUSES if of == line]

    assert len(cited) > 20
    assert [row.id for article, row in cited if article not in row.articles] == []


@pytest.mark.parametrize("line", LAWS)
def test_a_figure_that_is_enforced_is_a_dated_value_of_the_rulebook(line: str) -> None:
    enforced = {Status.ENFORCED, Status.IN_PART}
    counted = {id_ for id_, row in rows_of(line).items() if row.figure and row.status in enforced}
    in_law = {key.partition("-")[0] for key in LAWS[line]}

    assert counted - in_law <= {"E45", "E48", "D22", "D23"}  # how many items a list has is no figure to count with


def test_the_page_is_what_the_program_makes_of_the_rows() -> None:
    made = page({line: list(rows_of(line).values()) for line in PARTS})

    assert PAGE.read_text("utf-8") == made, "python -m tests.rules makes it anew"


@pytest.mark.parametrize(
    "test", ["tests/bidding/test_drafting.py::test_nothing", "tests/none.py::test_nothing", "tests/rules.py::page"]
)
def test_no_page_is_made_of_a_row_whose_test_is_not_there(test: str) -> None:
    with pytest.raises(NoSuchTest, match=test):
        page({"bidding": [replace(ROWS["E6"], tests=(test,))]})


@pytest.mark.parametrize(
    "change",
    [
        {"tests": ()},
        {"status": Status.NOT_BUILT},
        {"status": Status.IN_PART},
        {"mark": "heard of"},
        {"articles": ()},
    ],
    ids=str,
)
def test_a_row_that_contradicts_itself_is_none(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="E6"):
        replace(ROWS["E6"], **change)  # type: ignore[arg-type]  # wrong on purpose, or of the field's own type


def test_the_rulebook_is_listed_with_figures_articles_and_status() -> None:
    listed = document(ggzy("rules", "--on", "2026-12-01", "--json"))

    by_id = {clause["id"]: clause for clause in listed["clauses"]}
    assert (listed["line"], listed["on"]) == ("bidding", "2026-12-01")
    assert by_id.keys() >= LAW.keys()
    assert (by_id["E6"]["value"], by_id["E6"]["unit"], by_id["E6"]["since"]) == (20, "日", "2000-01-01")
    assert (by_id["E6"]["article"], by_id["E6"]["status"]) == ("招标投标法 第二十四条", "enforced")
    assert listed["unverified"] == sum(not clause["certain"] for clause in listed["clauses"]) > 0


def test_people_see_both_languages_and_what_is_not_verified() -> None:
    shown = ggzy("rules", "bidding", "--on", "2026-12-01")

    assert shown.exit_code == 0
    for words in ("20 日", "At least 20 days", "已核实 verified", "未核实 unverified", "已执行", "仅记录"):
        assert words in shown.stdout


@pytest.mark.parametrize("words", [("rules",), ("rules", "show", "E20"), ("rules", "show", "E6")], ids=" ".join)
def test_in_eighty_columns_no_line_is_longer_and_no_english_word_is_broken(words: tuple[str, ...]) -> None:
    shown = ggzy(*words, "--on", "2026-12-01", COLUMNS="80").stdout
    clauses = document(ggzy(*words, "--on", "2026-12-01", "--json"))["clauses"]

    assert all(cell_len(line.rstrip()) <= 80 for line in shown.splitlines())
    assert {word for clause in clauses for word in clause["note_en"].split()} <= set(shown.split())


def test_a_day_before_the_law_has_none_of_its_clauses() -> None:
    before = clauses_on("bidding", date(2012, 1, 31))
    after = clauses_on("bidding", date(2012, 2, 1))

    assert "E3" not in before
    assert after["E3"].value == 5
    assert "E6" in before


def test_clauses_come_in_the_order_of_their_numbers() -> None:
    keys = [key for key in clauses_on("bidding", date(2026, 12, 1)) if key[0] == "E" and key[1].isdigit()]

    numbers = [int(key.partition("-")[0][1:]) for key in keys]
    assert numbers == sorted(numbers)
    assert keys.index("E16") + 1 == keys.index("E16-OPENING")


def test_one_row_is_shown_with_its_clauses_tests_and_what_is_left() -> None:
    shown = ggzy("rules", "show", "E16", "--on", "2026-12-01")
    answered = document(ggzy("rules", "show", "E16", "--on", "2026-12-01", "--json"))

    assert shown.exit_code == 0
    assert "test_three_bidders_are_enough_and_two_are_not" in "".join(shown.stdout.split())  # wrapped where it is long
    assert answered["row"]["status"] in {"in_part", "enforced"}
    assert [clause["id"] for clause in answered["clauses"]] == ["E16", "E16-OPENING"]


@pytest.mark.parametrize("row", rows_of("bidding").values(), ids=lambda row: row.id)
def test_each_row_says_what_becomes_of_it(row: Row) -> None:
    shown = ggzy("rules", "show", row.id)

    assert shown.exit_code == 0
    assert STATUS_ZH[row.status] in shown.stdout


@pytest.mark.parametrize(("row", "line", "said"), [("T4", "land", "10 日"), ("M3", "land", "10 工作日")])
def test_a_row_is_found_in_the_line_that_has_it(row: str, line: str, said: str) -> None:
    shown = ggzy("rules", "show", row)

    assert shown.exit_code == 0
    assert f"{row}：" in shown.stdout
    assert said in shown.stdout
    assert document(ggzy("rules", "show", row, "--json"))["line"] == line


def test_a_clause_without_a_row_is_shown_alone() -> None:
    answered = document(ggzy("rules", "show", "R49", "--json"))

    assert answered["row"] is None
    assert [clause["status"] for clause in answered["clauses"]] == [None]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("rules", "show", "E6", "--on", "1999-12-31"), 1, "not in force"),
        (("rules", "show", "E99"), 2, "no row E99"),
        (("rules", "show", "E6-NONE"), 2, "no row E6-NONE"),
        (("rules", "registry"), 2, "no rules"),
        (("rules", "nonsense"), 2, "no line nonsense"),
        (("rules", "--on", "yesterday"), 2, "not a day"),
    ],
)
def test_what_cannot_be_told_ends_with_its_status(words: tuple[str, ...], status: int, said: str) -> None:
    answered = ggzy(*words)

    assert answered.exit_code == status
    assert said in answered.stderr


@pytest.mark.parametrize(
    ("clause", "figure"),
    [
        (Clause(20, "甲", unit=Unit.DAY), "20 日"),
        (Clause(3, "甲", unit=Unit.WORKING_DAY), "3 工作日"),
        (Clause(3, "甲", unit=Unit.COUNT), "3"),
        (Clause(Decimal("0.02"), "甲", unit=Unit.SHARE), "2%"),
        (Clause(Decimal("0.1"), "甲", unit=Unit.SHARE), "10%"),
        (Clause(80_000_000, "甲", unit=Unit.FEN), "800000.00 元"),
        (Clause("late_refused", "甲", unit=Unit.RULE), "late_refused"),
    ],
)
def test_a_figure_is_told_with_its_unit(clause: Clause[int | str | Decimal], figure: str) -> None:
    assert figure_of(clause) == figure
