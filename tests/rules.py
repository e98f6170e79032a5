"""Makes docs/rules.md, every rule of the law and what becomes of it today: `python -m tests.rules`."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from cli.standing import MARKS, STATUS_ZH, Row, Status, counts, origin_of, rows_of

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
LINE = "bidding"

MEANINGS = {
    Status.ENFORCED: "what is against the row is refused, or cannot be done",
    Status.IN_PART: "some of it is enforced; the last column says what is not",
    Status.RECORDED: "what the last column names is recorded and refused by nobody, or the figure is only kept",
    Status.NOT_OURS: "what people do, not what the platform does",
    Status.NOT_BUILT: "nothing looks at it yet",
}

PARTS = (
    ("E", "Construction tendering (工程建设项目招标投标)"),
    ("D", "Electronic tendering (电子招标投标)"),
)


class NoSuchTest(LookupError):
    """A row names a test that is not there."""


def page(rows: Sequence[Row]) -> str:
    """Return the page. Raise NoSuchTest where a row names a test that is not there."""
    lines = [
        "# The rules of construction tendering, and what becomes of each today",
        "",
        f"Made by `python -m tests.rules` from `cli/data/{LINE}-rows.json` and `cli/data/{LINE}-status.toml`; a test",
        "fails where this page is not what the program makes. `ggzy rules` lists the rulebook of a day in full,",
        "`ggzy rules show E6` one row.",
        "",
        origin_of(LINE),
        "",
        *_counts(rows),
    ]
    for letter, title in PARTS:
        lines += ["", f"## {title}", "", "| row | rule | figure | articles | text | today | tests, and what is left |"]
        lines += ["|---|---|---|---|---|---|---|", *(_line(row) for row in rows if row.id.startswith(letter))]
    return "\n".join(lines) + "\n"


def _counts(rows: Sequence[Row]) -> Iterator[str]:
    yield "| today | rows | E | D | it means |"
    yield "|---|---|---|---|---|"
    of = {letter: counts([row for row in rows if row.id.startswith(letter)]) for letter, _ in PARTS}
    for status, n in counts(rows).items():
        yield f"| {STATUS_ZH[status]} | {n} | {of['E'][status]} | {of['D'][status]} | {MEANINGS[status]} |"
    yield f"| all | {len(rows)} | {sum(of['E'].values())} | {sum(of['D'].values())} | |"


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
    PAGE.write_text(page(list(rows_of(LINE).values())), "utf-8")
