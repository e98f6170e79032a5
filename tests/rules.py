"""Makes docs/rules.md, every rule of the law and what becomes of it today: `python -m tests.rules`."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from cli.standing import MARKS, STATUS_ZH, Row, Status, counts, origin_of, rows_of

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"

MEANINGS = {
    Status.ENFORCED: "what is against the row is refused, or cannot be done",
    Status.IN_PART: "some of it is enforced; the last column says what is not",
    Status.RECORDED: "a breach is put on record and refused by nobody, or the figure is only kept",
    Status.NOT_OURS: "what people do, not what the platform does",
    Status.NOT_BUILT: "nothing looks at it yet",
}

COMMON = ("X", "What no platform takes in, and what halts and ends a sale (进场、中止和终止)")

PARTS: Mapping[str, Sequence[tuple[str, str]]] = {
    "bidding": (
        ("E", "Construction tendering (工程建设项目招标投标)"),
        ("D", "Electronic tendering (电子招标投标)"),
    ),
    "land": (
        ("T", "Land-use rights (国有建设用地使用权出让)"),
        ("L", "Land-use rights, what reading the texts added (国有建设用地使用权出让)"),
        ("M", "Mining rights (矿业权出让)"),
        COMMON,
    ),
    "property": (("S", "State-owned property (国有产权交易)"), COMMON),
}
"""The parts of the page by line; the rows of each begin with its letter."""


class NoSuchTest(LookupError):
    """A row names a test that is not there."""


def page(lines: Mapping[str, Sequence[Row]]) -> str:
    """Return the page, from the rows of each line. Raise NoSuchTest where a row names a test that is not there."""
    made = [
        "# The rules of each line of business, and what becomes of each today",
        "",
        "Made by `python -m tests.rules` from `cli/data/LINE-rows.json` and `cli/data/LINE-status.toml`; a test",
        "fails where this page is not what the program makes. `ggzy rules LINE` lists the rulebook of a day in full,",
        "`ggzy rules show E6` one row.",
    ]
    for line, rows in lines.items():
        made += ["", f"# {line}", "", origin_of(line), "", *_counts(line, rows)]
        for letter, title in PARTS[line]:
            made += [
                "",
                f"## {title}",
                "",
                "| row | rule | figure | articles | text | today | tests, and what is left |",
            ]
            made += ["|---|---|---|---|---|---|---|", *(_line(row) for row in _of(letter, rows))]
    return "\n".join(made) + "\n"


def _of(letter: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.id.startswith(letter)]


def _counts(line: str, rows: Sequence[Row]) -> Iterator[str]:
    of = {letter: counts(_of(letter, rows)) for letter, _ in PARTS[line]}
    yield f"| today | rows | {' | '.join(of)} | it means |"
    yield "|---|---|" + "---|" * len(of) + "---|"
    for status, n in counts(rows).items():
        yield f"| {STATUS_ZH[status]} | {n} | {' | '.join(str(of[a][status]) for a in of)} | {MEANINGS[status]} |"
    yield f"| all | {len(rows)} | {' | '.join(str(sum(of[a].values())) for a in of)} | |"


def _line(row: Row) -> str:
    cells = [
        row.id,
        f"{row.zh}<br>{row.en}",
        row.figure or "",
        "<br>".join(row.articles),
        MARKS[row.mark],
        STATUS_ZH[row.status],
        "<br>".join([*map(_link, row.tests), *([f"left: {row.left}"] if row.left else [])]),
    ]
    return f"| {' | '.join(cells)} |"


def _link(test: str) -> str:
    file, _, function = test.partition("::")
    if function not in _functions(ROOT / file):
        raise NoSuchTest(test)
    return f"[{function}](../{file})"


@cache
def _functions(path: Path) -> frozenset[str]:
    """Return the names of the test functions of a file; none where there is no such file."""
    if not path.is_file():
        return frozenset()
    body = ast.parse(path.read_bytes()).body
    found = (node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


if __name__ == "__main__":
    PAGE.write_text(page({line: list(rows_of(line).values()) for line in PARTS}), "utf-8")
