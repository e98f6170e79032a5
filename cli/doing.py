"""Any command of any line: `ggzy do COMMAND.json`, or its type and fields written out; `ggzy commands` lists them."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.command import Here, Local, Procedure, command
from cli.commanded import fields_of, line_of, lines_commanded, says
from cli.desk import Desk
from cli.files import read_object
from cli.output import Misused, note
from cli.terms import document_of, readable
from cli.uploads import Uploads, sha256_of

app = typer.Typer()

Fields = Annotated[list[str] | None, typer.Argument(metavar="FIELD=VALUE", help="字段的值 / values of fields")]
Papers = Annotated[
    list[Path] | None,
    typer.Option("--document", exists=True, dir_okay=False, help="先上传并列入 documents / upload and list it"),
]


@command(app, "do")
def do(
    here: Here,
    source: Annotated[str, typer.Argument(metavar="COMMAND", help="JSON 文件、- 或指令类型 / a file, -, or a type")],
    procedure: Procedure = "",
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
    give(here, stream, body, files)


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
        for of in lines_commanded()
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


def give(
    here: Here,
    stream: str,
    body: Mapping[str, Any],
    files: Mapping[str, Path],
    *,
    named: bool = True,
    title: str = "已办理 / done",
) -> None:
    """Upload the files of a command, by their digests, give it, and say what was recorded.

    Where only a bidder without a name may give it, or not `named` it may, it is given behind the token.
    """
    of = line_of(str(body.get("type", "")))
    made = readable(of, body)
    roles = of.entitled[made["type"]]
    desk = Desk(here, stream) if roles == {"token"} or ("token" in roles and not named) else None
    if desk and not desk.is_known and roles != {"token"}:
        zh = f"以账户办理（如出让人、转让方）的，请加 --by-name；竞买人、投标人请先 ggzy bid keygen {stream}"
        raise Misused(zh, f"add --by-name to ask as the account, as a seller; a bidder does `ggzy bid keygen {stream}`")
    for digest, path in files.items():
        Uploads(here.client, here.wallet).send(path, digest, desk.asker if desk else here.asker())
    outcome = desk.give(made) if desk else here.give(stream, made)
    here.say({"procedure": stream, "events": outcome["events"]}, title)
