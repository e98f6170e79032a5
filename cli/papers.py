"""The documents of a procedure: `document get|take`, each file checked against the digest that was published."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.command import Here, Procedure, command
from cli.desk import Desk
from cli.output import Misused, Refused
from cli.procedures import announcement_of
from cli.uploads import sha256_of
from cli.verbs import group

app = group("招标文件 / the tender documents")

Into = Annotated[Path, typer.Option("--to", file_okay=False, help="存放的目录 / where they go")]


@command(app, "get")
def get(here: Here, procedure: Procedure, *, to: Into = Path()) -> None:
    """下载现行招标文件，逐一核对摘要；不留名 / download the documents in force; nobody is told."""
    here.say({"procedure": procedure, "files": _download(here, procedure, to)}, "已下载 / downloaded")


@command(app, "take")
def take(here: Here, procedure: Procedure, *, to: Into = Path()) -> None:
    """下载招标文件，并以投标代号登记领取，以便收到澄清 / download them and note it, so as to be told of changes."""
    files = _download(here, procedure, to)
    outcome = Desk(here, procedure).give({"type": "bidding.take_documents"})
    here.say({"procedure": procedure, "files": files, "events": outcome["events"]}, "已领取 / taken")


def in_force(page: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return the documents as they stand after the last clarification."""
    clarified = page.get("clarifications")
    found: Sequence[Mapping[str, Any]] = (clarified[-1] if clarified else page["announcement"]["terms"])["documents"]
    return found


def _download(here: Here, procedure: str, to: Path) -> list[str]:
    """Put the documents into a folder and return their names; what is there already stays."""
    announced = announcement_of(here.client, procedure)
    to.mkdir(parents=True, exist_ok=True)
    return [_fetch(here, document, to) for document in in_force(announced.page)]


def _fetch(here: Here, document: Mapping[str, Any], to: Path) -> str:
    name, digest = str(document["name"]), str(document["sha256"])
    path = to / name
    if Path(name).name != name or name in {".", ".."}:
        raise Refused(f"文件名 {name!r} 不能用于本机", f"a file cannot be called {name!r} here")
    if path.exists():
        if sha256_of(path) != digest:
            zh = f"{path} 已存在而内容不同，请换目录"
            raise Misused(zh, f"{path} is there with other contents: choose another folder")
        return str(path)
    part = path.with_name(f"{name}.part")
    try:
        with part.open("w+b") as sink:
            here.client.download(f"/api/blobs/{digest}", sink)
        if sha256_of(part) != digest:
            raise Refused(f"{name} 与公布的摘要不符", f"{name} is not what its published digest says")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return str(path)
