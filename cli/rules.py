"""The law that a line is held to on a day, clause by clause: `rules`, `rules show E6`."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.command import Local, command
from cli.law import line as line_of
from cli.law import rulebook_on
from cli.output import Misused, Refused, blocks
from cli.standing import DATA, MARKS, STATUS_ZH, Row, row_behind, rows_of
from shared.kernel.money import format_yuan
from shared.law.clause import Clause, Figure, NoSuchLaw, NotInForce, Unit
from shared.law.findings import BEIJING
from shared.platform.clock import SystemClock

Clauses = Mapping[str, Clause[Figure]]

LINES = sorted(path.name.removesuffix("-rows.json") for path in DATA.glob("*-rows.json"))
"""The lines of business whose rows are kept, in the order in which a row is looked for."""


class Listing(TyperGroup):
    """A group that lists where no command of it is named: `rules`, `rules bidding`, `rules --on 2026-12-01`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words after the group's name; `ctx` is typer's own."""
        named = bool(args) and args[0] in {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, args if named else ["list", *args])


app = typer.Typer(cls=Listing, help="规则：条文、数值、依据、现状 / rules: what they say, figures, articles, status")

Line = Annotated[str, typer.Argument(metavar="[LINE]", help="业务类别 / the line of business")]
OfLine = Annotated[
    str, typer.Option("--line", help="业务类别，缺省为首个有此条款的 / the line, else the first that has the row")
]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="当日公告所适用的，缺省今日 / for that day, else today")]


@command(app, "list")
def list_(here: Local, line: Line = "bidding", *, on: On = "") -> None:
    """列出某日公告的项目所适用的规则 / list the rules for what is announced on a day."""
    day = day_of(on)
    clauses, rows = clauses_on(line, day), rows_of(line)
    unverified = sum(not clause.certain for clause in clauses.values())
    title = f"{line} {day}：{len(clauses)} 条，未核实 {unverified} / {len(clauses)} clauses, {unverified} unverified"
    data = {"line": line, "on": day.isoformat(), "unverified": unverified, "clauses": told(clauses, rows)}
    _tell(here, data, title, clauses, rows)


@command(app, "show")
def show(
    here: Local,
    row: Annotated[str, typer.Argument(metavar="ROW", help="条款编号，如 E6 / its id, as E6")],
    *,
    line: OfLine = "",
    on: On = "",
) -> None:
    """显示一条规则及其现状 / show one rule, and what becomes of it today."""
    day, line = day_of(on), line or line_with(row)
    clauses, rows = clauses_on(line, day), rows_of(line)
    found = {key: clause for key, clause in clauses.items() if row in {key, key.partition("-")[0]}}
    behind = row_behind(row, rows)
    if not found:
        _check_absence(row, line, day, behind)
    if behind is not None and not here.as_json:
        blocks(f"{behind.id}：{behind.zh} / {behind.en}", _fields(behind))
    if found or here.as_json:
        data = {"line": line, "on": day.isoformat(), "row": behind.to_json() if behind else None}
        title = f"{day} 的规则手册 / the rulebook of that day"
        _tell(here, {**data, "clauses": told(found, rows)}, title, found, rows)


def _tell(here: Local, data: dict[str, Any], title: str, clauses: Clauses, rows: Mapping[str, Row]) -> None:
    if here.as_json:
        here.say(data)
    else:
        blocks(title, [(key, said(clause, row_behind(key, rows))) for key, clause in clauses.items()])


def clauses_on(name: str, day: date) -> Clauses:
    """Return the clauses of a line's rulebook for a day, by id, in the order of their numbers.

    Raise Misused for no such line, Refused where the law of that day cannot be told.
    """
    if not _law_of(name):
        raise Misused(f"没有业务类别 {name}，或其没有规则", f"there is no line {name}, or it has no rules")
    try:
        rulebook, _ = rulebook_on(name, day)
    except NoSuchLaw as error:
        why = "当日有条文尚未施行或者已经失效" if isinstance(error, NotInForce) else "有条文的施行日期不能确定"
        raise Refused(f"无法确定 {day} 的规则：{why}", f"the law of {day} cannot be told: {error}") from error
    return dict(sorted(rulebook.clauses.items(), key=lambda item: _order(item[0])))


def line_with(row: str) -> str:
    """Return the first line of business whose rows or law know a row by this name; the first of all where none does."""
    name = row.partition("-")[0]
    return next((line for line in LINES if name in rows_of(line) or row in _law_of(line)), LINES[0])


def _law_of(name: str) -> Mapping[str, Any]:
    try:
        return line_of(name).law
    except KeyError:
        return {}


def day_of(text: str) -> date:
    """Return the day that a text names, for none today in Beijing. Raise Misused."""
    if not text:
        return SystemClock().now().astimezone(BEIJING).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misused(f"日期 {text!r} 无法识别，请写 2026-12-01", f"not a day: {text!r}; write 2026-12-01") from error


def told(clauses: Clauses, rows: Mapping[str, Row]) -> list[dict[str, Any]]:
    """Return clauses as they are printed in JSON, each with what becomes of its row; null where it has none."""
    return [
        {
            "id": key,
            **clause.to_json(),
            "certain": clause.certain,
            "status": row.status.value if (row := row_behind(key, rows)) else None,
        }
        for key, clause in clauses.items()
    ]


def said(clause: Clause[Figure], row: Row | None) -> str:
    """Return what people are told of a clause: in both languages what it says; figure, article, dates, standing."""
    since = f"自 {clause.since or '不详 unknown'}" + (f" 至 {clause.until}" if clause.until else "")
    certain = "已核实 verified" if clause.certain else "未核实 unverified"
    facts = [figure_of(clause), clause.article, since, certain, STATUS_ZH[row.status] if row else ""]
    lines = [clause.note_zh, clause.note_en, " · ".join(fact for fact in facts if fact)]
    return "\n".join(line for line in lines if line) + "\n"


def figure_of(clause: Clause[Figure]) -> str:
    """Return a clause's figure with its unit as people read it; a rule that has no figure by its name."""
    value = clause.value
    match clause.unit:
        case Unit.FEN if isinstance(value, int):
            return f"{format_yuan(value)} 元"
        case Unit.SHARE if isinstance(value, Decimal):
            return f"{(value * 100).normalize():f}%"
        case Unit.COUNT | Unit.SHARE | Unit.RULE:
            return str(value)
        case unit:
            return f"{value} {unit.value}"


def _check_absence(row: str, line: str, day: date, behind: Row | None) -> None:
    """Let a row pass that has no clause yet. Raise Refused for one not in force that day, Misused for none at all."""
    law = line_of(line).law
    if any(row in {key, key.partition("-")[0]} for key in law):
        raise Refused(f"{row} 在 {day} 尚未施行或已失效", f"{row} is not in force on {day}")
    if behind is None or behind.id != row:
        raise Misused(
            f"没有条款 {row}；ggzy rules {line} 列出全部", f"there is no row {row}; `ggzy rules {line}` lists them"
        )


def _fields(row: Row) -> list[tuple[str, str]]:
    shown = {
        "数值 figure": row.figure,
        "依据 article": "、".join(row.articles),
        "核对 mark": MARKS[row.mark],
        "现状 status": STATUS_ZH[row.status],
        "未及 left": row.left,
        "测试 tests": "\n".join(row.tests),
    }
    return [(name, value) for name, value in shown.items() if value]


def _order(key: str) -> list[tuple[int, str]]:
    """Sort E3 before E10, and E16 before E16-OPENING."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", key)]
