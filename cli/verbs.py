"""Verbs made of the commands themselves: every command of every line is one, its fields are its options.

`data/verbs.toml` places them in groups; what it does not name is in the group of its line, as `ggzy LINE COMMAND`.
"""

import inspect
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup
from typer.main import get_group

from cli.command import Here, Procedure, command
from cli.commanded import definition, definitions, given_by_accounts, line_of, lines_commanded, says
from cli.doing import give
from cli.helping import prepare
from cli.law import line as of_name
from cli.written import Kind, Reader, Shape, shape
from shared.kernel.line import Line

BY_HAND, SALTED, FIELDS, PARTS = "by-hand", "salted", "fields", "parts"
NO_GROUPS = frozenset({BY_HAND, SALTED, FIELDS, PARTS})
"""The parts of the table that are no groups: verbs written by hand, by their commands; fields of salted digests; what
every field is for; and what the parts of records are called."""

_FILE = Path(__file__).parent / "data" / "verbs.toml"
_OURS = frozenset({"procedure", "as", "account", "url", "home", "json", "help", "by_name"})
"""Names of a verb's own options: a field of the same name is written `--of-…`."""

_METAVARS = {
    Kind.MONEY: "YUAN",
    Kind.MOMENT: "'YYYY-MM-DD [HH:MM]'",
    Kind.DIGEST: "FILE",
    Kind.KEYED: "NUMBER",
    Kind.DOCUMENT: "FILE",
    Kind.RECORD: "NAME=VALUE,…|FILE.json",
}
_HINTS = {
    Kind.MONEY: "元 / yuan",
    Kind.MOMENT: "北京时间 / Beijing time",
    Kind.DIGEST: "文件，只登记摘要 / a file, by its digest",
    Kind.KEYED: "号码，只登记摘要 / a number, by its digest",
    Kind.DOCUMENT: "文件，先上传 / a file, uploaded first",
}
_MANY = "可重复 / repeatable"
_SALTED = "文件，只登记加盐摘要，盐存于 FILE.salt / a file, by a salted digest; the salt is kept in FILE.salt"

ByName = Annotated[bool, typer.Option("--by-name", help="以账户提出，不用投标代号 / as the account, not the token")]


@cache
def table() -> Mapping[str, Any]:
    """Return which verb of which group gives which command, and what it is in Chinese."""
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def _placed() -> Mapping[str, str]:
    """Return what commands that are placed in groups do, in Chinese, by their types."""
    return {kind: zh for group, verbs in table().items() if group not in NO_GROUPS for kind, zh in verbs.values()}


class Verbs(TyperGroup):
    """A group that makes its verbs when they are asked for; those written by hand need no line to be loaded."""

    _by_hand: MutableMapping[str, Any]

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """All that is in the group, what was written by hand first."""
        return {**self._by_hand, **self.make()}

    @commands.setter
    def commands(self, given: MutableMapping[str, Any]) -> None:
        self._by_hand = given

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return what has a name, None for nothing; `ctx` is typer's own."""
        del ctx
        return self._by_hand.get(cmd_name) or self.make(cmd_name).get(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the group's help, where it was not asked for too; both are typer's own."""
        prepare()
        super().format_help(ctx, formatter)

    def own_type(self, here: Here, procedure: str, kind: str) -> str:
        """Return the type of command that a verb gives in a procedure: the one that it was made of."""
        del here, procedure
        return kind

    def make(self, name: str | None = None) -> Mapping[str, Any]:
        """Return the verbs that are made, or only the one of a name."""
        app = typer.Typer()
        for verb, kind in verbs_of(str(self.name)).items():
            if name in {None, verb}:
                add_verb(app, verb, kind, self.own_type)
        return get_group(app).commands


class Lines(Verbs):
    """The group at the top, which has a group for every line."""

    def make(self, name: str | None = None) -> Mapping[str, Any]:
        """Return the groups of the lines that have any verb, or only the one of a name."""
        found = [line for line in lines_commanded() if name in {None, line.name} and verbs_of(line.name)]
        return {line.name: get_group(_of_line(line)) for line in found}


def _of_line(line: Line) -> typer.Typer:
    said = f"{line.title_zh}的全部指令 / every command of the line: {line.title_en}"
    return typer.Typer(name=line.name, cls=Verbs, help=said, no_args_is_help=True)


def verbs_of(group: str) -> Mapping[str, str]:
    """Return the type of command of each verb of a group: as the table says, or all that a line's fields can give."""
    if group in table():
        return {verb: kind for verb, (kind, _) in table()[group].items()}
    kinds = given_by_accounts(of_name(group))
    return {kind.partition(".")[2].replace("_", "-"): kind for kind in kinds if kind not in table()[BY_HAND]}


def add_verb(app: typer.Typer, name: str, kind: str, own_type: Callable[[Here, str, str], str]) -> None:
    """Give an app the verb of a type of command; `own_type` says which type is given in a procedure."""
    shapes = {_parameter(of): of for of in fields(kind)}
    roles = line_of(kind).entitled[kind]

    def verb(here: Here, procedure: str, *, by_name: bool = False, **given: Any) -> None:
        reader = Reader(table()[SALTED], here.wallet.digest_key)
        body = {shapes[key].name: reader.read(shapes[key], value) for key, value in given.items() if value is not None}
        given_body = {"type": own_type(here, procedure, kind), **body}
        give(here, procedure, given_body, reader.files, named=by_name, title=f"{_zh(kind)}：已办理 / done")

    keyword = inspect.Parameter.KEYWORD_ONLY
    options = [_option(kind, of, needed=of.name in definition(kind).get("required", ())) for of in shapes.values()]
    if "token" in roles and len(roles) > 1:
        options.append(inspect.Parameter("by_name", keyword, default=False, annotation=ByName))
    own = [inspect.Parameter(one, keyword, annotation=of) for one, of in (("here", Here), ("procedure", Procedure))]
    verb.__signature__ = inspect.Signature([*own, *options])  # type: ignore[attr-defined]  # what typer reads
    verb.__annotations__ = {"here": Here}
    verb.__doc__ = f"{_zh(kind)} / {says(kind)}"
    command(app, name)(verb)


def fields(kind: str) -> list[Shape]:
    """Return the fields of a type of command."""
    properties = definition(kind)["properties"]
    return [shape(name, schema, definitions(kind)) for name, schema in properties.items() if name != "type"]


def _zh(kind: str) -> str:
    """Return what a command does, in Chinese; of one that nobody has placed yet, only whose it is."""
    return _placed().get(kind) or f"{line_of(kind).title_zh}的指令"


def _parameter(of: Shape) -> str:
    return f"of_{of.label}" if of.label in _OURS else of.label


def _option(kind: str, of: Shape, *, needed: bool) -> inspect.Parameter:
    """Return the option by which a field is given."""
    name, single = _parameter(of), of.item if of.kind is Kind.MANY else of
    flag = f"--{name.replace('_', '-')}"
    limits = single.schema if single.kind is Kind.NUMBER else {}
    option = typer.Option(
        f"{flag}/--no-{flag[2:]}" if of.kind is Kind.FLAG else flag,
        metavar=_METAVARS.get(single.kind),
        help=_help(kind, of),
        show_default=False,
        min=limits.get("minimum"),
        max=limits.get("maximum"),
    )
    default = inspect.Parameter.empty if needed else None
    wanted: Any = _type(of) if needed else _type(of) | None
    annotation: Any = Annotated[wanted, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _help(kind: str, of: Shape) -> str:
    """Return what an option is for, in both languages, with how it is written, and the parts of a record."""
    single = of.item if of.kind is Kind.MANY else of
    salted = _SALTED if of.name in table()[SALTED] else _HINTS.get(single.kind)
    zh, en = _purpose(kind, of.name).split(" / ")
    known = (salted, _MANY if of.kind is Kind.MANY else None, _listed(single))
    hints = [hint.split(" / ") for hint in known if hint]
    if hints:
        zh = f"{zh}（{'，'.join(hint[0] for hint in hints)}）"
        en = f"{en} ({', '.join(hint[1] for hint in hints)})"
    return f"{zh} / {en}"


def _listed(single: Shape) -> str | None:
    """Return what the parts of a record are called, in both languages."""
    if single.kind is not Kind.RECORD:
        return None
    zh = "、".join(f"{label} {part_zh(single.name, label)}" for label in single.labels)
    return f"{zh} / {', '.join(single.labels)}"


def part_zh(field: str, label: str) -> str:
    """Return what a part of a record is called in Chinese; one not there yet, its name."""
    told = table()[PARTS]
    name: str = told.get(f"{field}.{label}") or told.get(label, label)
    return name


def _purpose(kind: str, name: str) -> str:
    """Return what a field is for as the table says of the command, or of all; of one not there yet its name."""
    told = table()[FIELDS]
    owns = (told.get(of, {}) for of in (kind, kind.partition(".")[2]))
    purpose: str = next((own[name] for own in owns if name in own), told.get(name, f"{name} / {name}"))
    return purpose


def _type(of: Shape) -> Any:
    match of.kind:
        case Kind.MANY:
            return GenericAlias(list, (_type(of.item),))
        case Kind.NUMBER:
            return int
        case Kind.FLAG:
            return bool
        case Kind.CHOICE:
            return Literal[tuple(of.schema["enum"])]
        case _:
            return str


def group(help_: str, cls: type[Verbs] = Verbs) -> typer.Typer:
    """Return a group whose verbs the table names."""
    return typer.Typer(cls=cls, help=help_, no_args_is_help=True)
