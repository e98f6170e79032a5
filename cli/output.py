"""How commands answer: for people a few lines, with `--json` one JSON document; exit 0 good, 1 refused, 2 misuse."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出 / answer with one JSON document")]

out = Console()
err = Console(stderr=True)


class Refused(Exception):
    """The platform refused, or something did not verify: exit status 1."""

    def __init__(self, zh: str, en: str, **details: Any) -> None:
        super().__init__(zh, en)
        self.zh, self.en, self.details = zh, en, details


class Misused(Exception):
    """The command was given something that it cannot work with: exit status 2."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.zh, self.en = zh, en


def answer(data: Mapping[str, Any], *, as_json: bool, title: str = "") -> None:
    """Print an answer: JSON as it is, or its fields one a line."""
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        return
    if title:
        out.print(f"[bold]{title}[/bold]")
    for name, value in data.items():
        shown = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else value
        out.print(f"  {name:<16} {shown}", markup=False, highlight=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table for people."""
    made = Table(*columns, title=title, title_justify="left", header_style="bold")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    out.print(made)


def fail(error: Refused | Misused, *, as_json: bool) -> NoReturn:
    """Tell what went wrong in both languages, and end with its exit status."""
    details = error.details if isinstance(error, Refused) else {}
    if as_json:
        typer.echo(json.dumps({"error": {"zh": error.zh, "en": error.en, **details}}, ensure_ascii=False, indent=2))
    else:
        err.print(f"{error.zh}\n{error.en}", style="red", markup=False, highlight=False)
        for name, value in details.items():
            err.print(f"  {name}: {value}", markup=False, highlight=False)
    raise typer.Exit(1 if isinstance(error, Refused) else 2)
