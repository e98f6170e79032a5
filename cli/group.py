"""The program's group of commands: wrong use is told in both languages, or as JSON, and ends with exit status 2."""

import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from cli.helping import prepare
from cli.output import Misused, fail
from cli.places import NAMES, placed
from cli.verbs import Lines

_KINDS = {
    "MissingParameter": "缺少必需的参数或选项",
    "NoSuchOption": "没有这个选项",
    "BadParameter": "参数的值有误",
    "BadOptionUsage": "选项用法有误",
}

_FAULTS = (
    (r"file '(.+)' does not exist", "文件 {0} 不存在，请检查路径"),
    (r"file '(.+)' is a directory", "{0} 是目录，应为文件"),
    (r"dir(?:ectory)? '(.+)' does not exist", "目录 {0} 不存在，请检查路径"),
    (r"dir(?:ectory)? '(.+)' is a file", "{0} 是文件，应为目录"),
    (r"'(.+)' is not readable", "{0} 无读取权限"),
    (r"(\S+) is not one of (.+?)\.?$", "应为 {1} 之一"),
    (r"valid integer", "应为整数"),
    (r"greater than or equal to (\S+)", "不得小于 {0}"),
    (r"less than or equal to (\S+)", "不得大于 {0}"),
    (r"No such command (\S+?)\.", "没有命令 {0}"),
    (r"unexpected extra argument\S* \((.+)\)", "多余的参数 {0}"),
    (r"requires an argument", "须给出值"),
)
"""What the words of typer mean in Chinese; what is not among them is told in its own words alone."""


HELP = frozenset({"-h", "--help"})


class Group(Lines):
    """The group at the top, which loads what is asked for, and where every wrong use of the program ends up."""

    def make(self, name: str | None = None) -> Mapping[str, Any]:
        """Return all commands and groups, or only the one of a name."""
        if name in NAMES:
            return placed(name)
        by_hand = {} if name else {one: command for each in NAMES for one, command in placed(each).items()}
        return {**by_hand, **super().make(name)}

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the program and end it with its exit status."""
        words = list(sys.argv[1:] if args is None else args)
        if HELP.intersection(words):
            prepare()
        try:
            code = super().main(
                words, prog_name, complete_var, standalone_mode=False, windows_expand_args=windows_expand_args, **extra
            )
        except TyperException as error:
            told = _misused(error)
            code = 2 if told is None else _status(told, as_json="--json" in words)
        if not standalone_mode:
            return code
        sys.exit(code or 0)


def _status(told: Misused, *, as_json: bool) -> int:
    try:
        fail(told, as_json=as_json)
    except typer.Exit as ended:
        return ended.exit_code


def _misused(error: TyperException) -> Misused | None:
    """Return wrong use in both languages, None where all that was given is a group: its help is shown instead."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        error.show()  # type: ignore[attr-defined]  # every error of a group has it
        return None
    en = error.format_message()
    zh = next((zh.format(*found.groups()) for known, zh in _FAULTS if (found := re.search(known, en))), "")
    what = "：".join(part for part in (_KINDS.get(kind, "" if zh else "用法有误"), _place(error), zh) if part)
    path = context.command_path if context is not None else "ggzy"
    return Misused(f"{what}。用法见 {path} --help", f"{en.rstrip('.')}. See {path} --help")


def _place(error: TyperException) -> str:
    """Return the parameter that an error is about, as the user writes it."""
    param = getattr(error, "param", None)
    named = [param.get_error_hint()] if param is not None else []
    return "".join([*named, getattr(error, "option_name", "")]).replace("'", "")
