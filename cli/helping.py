"""The help of all commands: its headings in both languages, and no word cut where Chinese stands before it."""

from functools import cache
from typing import Any

_HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": "参数 / arguments",
    "OPTIONS_PANEL_TITLE": "选项 / options",
    "COMMANDS_PANEL_TITLE": "命令 / commands",
}


@cache
def prepare() -> None:
    """Have typer write its help so.

    rich counts letters, not cells, where it takes the spaces from the end of a line: with Chinese in it the line is
    too long then, and would get an ellipsis in the place of its last letter. Folded, it loses the space instead.
    """
    from rich.text import Text  # with what writes help, slow to load: only where help is written
    from typer import rich_utils

    class Folding(rich_utils.OptionHighlighter):
        def __call__(self, text: Any) -> Text:
            marked = super().__call__(text)
            marked.overflow = "fold"
            return marked

    rich_utils.highlighter = Folding()
    for name, heading in _HEADINGS.items():
        setattr(rich_utils, name, heading)
