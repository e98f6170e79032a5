"""Any command of any line: `ggzy do COMMAND.json`, or its type and fields written out; `ggzy commands` lists them."""

import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.command import Here, Local, command
from cli.desk import Desk
from cli.files import read_object
from cli.law import line
from cli.output import Misused, note
from cli.terms import document_of, readable
from cli.uploads import Uploads, sha256_of
from shared.kernel.line import Line

app = typer.Typer()

NEEDED = "必填 needed"
"""Stands in the place of a default where there is none."""

Fields = Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="字段的值 / values of fields")]
Papers = Annotated[
    list[Path] | None,
    typer.Option("--document", exists=True, dir_okay=False, help="先上传并列入 documents / upload and list it"),
]


@command(app, "do")
def do(
    here: Here,
    source: Annotated[str, typer.Argument(metavar="COMMAND", help="JSON 文件、- 或指令类型 / a file, -, or a type")],
    procedure: Annotated[str, typer.Argument(metavar="PROCEDURE", help="项目编号 / the procedure")] = "",
    fields: Fields = None,
    *,
    document: Papers = None,
) -> None:
    """提出任一指令：JSON 文件，或类型与字段 / give any command: a JSON file, or a type with its fields."""
    stream, body = _read(source, procedure)
    for text in fields or ():
        _put(body, text)
    files = {sha256_of(path): path for path in document or ()}
    if files:
        body["documents"] = [*body.get("documents", ()), *(document_of(path, digest) for digest, path in files.items())]
    of = _line_of(str(body.get("type", "")))
    made = readable(of, body)
    for digest, path in files.items():
        Uploads(here.client, here.wallet).send(path, digest, here.asker())
    outcome = _give(here, of, stream, made)
    here.say({"procedure": stream, "events": outcome["events"]}, "已办理 / done")


@command(app, "commands")
def commands(
    here: Local,
    role: Annotated[str, typer.Option(help="只列此角色可提出的 / only those of a role")] = "",
    of_type: Annotated[str, typer.Option("--fields", metavar="TYPE", help="列出其字段 / list its fields")] = "",
) -> None:
    """列出全部指令及可提出的角色 / list every command and who may give it."""
    if of_type:
        rows = [list(row) for row in fields_of(of_type)]
        named = [dict(zip(("name", "kind", "default"), row, strict=True)) for row in rows]
        listed = {"type": of_type, "says": says(of_type), "fields": named}
        if not here.as_json:
            note(f"{of_type}：必填字段的缺省一栏为“必填”", says(of_type))
        here.show(listed, of_type, ["字段 / field", "类型 / kind", "缺省 / default"], rows)
        return
    found: list[dict[str, Any]] = [
        {"type": kind, "roles": sorted(roles)}
        for of in _lines()
        for kind, roles in sorted(of.entitled.items())
        if not role or role in roles
    ]
    rows = [[one["type"], "、".join(one["roles"])] for one in found]
    here.show({"commands": found}, "指令 / commands", ["类型 / type", "角色 / roles"], rows)


def _read(source: str, procedure: str) -> tuple[str, dict[str, Any]]:
    """Return the stream and the body that a source names. Raise Misused if either is not there."""
    if source == "-":
        given = _object(sys.stdin.read())
    elif source.endswith(".json") or Path(source).is_file():
        given = read_object(Path(source))
    else:
        given = {"type": source}
    if "command" in given:
        procedure, given = procedure or str(given.get("procedure", "")), given["command"]
    if not procedure:
        raise Misused("请给出项目编号", "say which procedure it is about")
    if not isinstance(given, dict):
        raise Misused("command 应为 JSON 对象", "command should be a JSON object")
    return procedure, dict(given)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Misused("标准输入不是 JSON", f"standard input is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise Misused("标准输入应为 JSON 对象", "standard input should be a JSON object")
    return value


def _put(body: dict[str, Any], text: str) -> None:
    """Put `name=value` or `outer.name=value` into a body: JSON where the value is JSON, else text."""
    path, found, value = text.partition("=")
    if not found:
        raise Misused(f"字段应写作 FIELD=VALUE：{text}", f"write a field as FIELD=VALUE, not {text}")
    *outer, name = path.split(".")
    for part in outer:
        body = body.setdefault(part, {})
    try:
        body[name] = json.loads(value)
    except ValueError:
        body[name] = value


def _give(here: Here, of: Line, stream: str, body: dict[str, Any]) -> dict[str, Any]:
    """Give a command as the account that asks, or behind its token where only a bidder without a name may."""
    if of.entitled.get(body["type"]) == frozenset({"token"}):
        return Desk(here, stream).give(body)
    return here.give(stream, body)


def _line_of(kind: str) -> Line:
    name = kind.partition(".")[0]
    try:
        found = line(name)
    except KeyError as error:
        raise _no_such(kind) from error
    if kind not in found.entitled:
        raise _no_such(kind)
    return found


def _no_such(kind: str) -> Misused:
    return Misused(f"没有指令 {kind}，见 ggzy commands", f"there is no command {kind!r}: see `ggzy commands`")


def _lines() -> Sequence[Line]:
    from shared.runtime.lines import lines  # loads the services; a light command need not

    return [found for found in lines().values() if found.entitled]


def fields_of(kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, kind and default of the fields of a command. Raise Misused for none."""
    made = _definition(kind)
    for name, field in made["properties"].items():
        if name != "type":
            needed = name in made.get("required", ())
            default = NEEDED if needed else json.dumps(field.get("default"), ensure_ascii=False)
            yield name, _kind(field), default


def says(kind: str) -> str:
    """Return what a command is for, in its own words. Raise Misused for none."""
    return str(_definition(kind).get("description", ""))


def _definition(kind: str) -> dict[str, Any]:
    schema = _schema(_line_of(kind).name)
    found: dict[str, Any] = schema["$defs"][str(schema["discriminator"]["mapping"][kind]).rpartition("/")[2]]
    return found


@cache
def _schema(name: str) -> dict[str, Any]:
    """Return the schema of a line's commands, made once."""
    return line(name).commands.json_schema()


def _kind(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    if "anyOf" in field:
        return " | ".join(_kind(one) for one in field["anyOf"])
    if "enum" in field:
        return " | ".join(map(str, field["enum"]))
    inner = f" of {_kind(field['items'])}" if "items" in field else ""
    return f"{field.get('type', 'any')}{inner}"
