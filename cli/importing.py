"""`import ocds`: a notice of the Open Contracting Data Standard becomes drafts and parties, all of it or nothing."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cli import sending
from cli.command import Here, command
from cli.law import line
from cli.ocds import Defaults, Finding, Party, Plan, plan
from cli.output import Misused, Refused, out, table
from cli.terms import readable
from shared.kernel.codes import PartyId, load_regions, party_stream

app = typer.Typer(help="导入 / import", no_args_is_help=True)

LARGEST = 32 * 2**20
"""Bytes of a file that is read as a whole; a notice has some ten thousand."""
LISTED = 20
"""How many places of the same fault are listed for people; `--json` lists all."""
SCHEMA = "ocds-release-schema-1.1.json"


@command(app, "ocds")
def ocds(
    here: Here,
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="OCDS 1.1 的 JSON 或 JSON Lines 文件 / a file of OCDS 1.1 as JSON or JSON Lines",
        ),
    ],
    *,
    region: Annotated[
        str, typer.Option(help="公告没有行政区划代码时采用 / region where the notice has none")
    ] = "370500",
    category: Annotated[
        Literal["works", "goods", "services"] | None, typer.Option(help="公告没有类别时采用 / category likewise")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查（缺省）/ check only, the default")] = False,
    send: Annotated[bool, typer.Option("--send", help="检查无误后登记主体并起草 / then register and draft")] = False,
    operator: Annotated[str, typer.Option(help="登记主体的运营账户 / the operator's account")] = "",
) -> None:
    """导入 OCDS 公告：先全部校验，再登记主体（--operator）并起草项目（--as）/ import OCDS notices as drafts."""
    if dry_run and send:
        raise Misused("--dry-run 与 --send 只能用其一", "give --dry-run or --send, not both")
    if (size := file.stat().st_size) > LARGEST:
        raise Misused(
            f"{file} 有 {size / 2**20:.0f} MiB，一次至多 {LARGEST / 2**20:.0f} MiB；请只留要导入的项目",
            f"{file} has {size / 2**20:.0f} MiB, {LARGEST / 2**20:.0f} at most at once: keep what is to be imported",
        )
    made = read_plan(file.read_bytes(), Defaults(region, category))
    if made.blocked:
        _refuse(here, made)
    commands = [*party_commands(made.parties), *draft_commands(made)]
    if send:
        sending.send(here, commands, operator)
    _tell(here, made, sent=send)


def read_plan(data: bytes, defaults: Defaults) -> Plan:
    """Return what importing a file's bytes would do, by the schema and the regions that the program ships with."""
    schema = json.loads((files("cli.data") / SCHEMA).read_text("utf-8"))
    return plan(data, schema, load_regions(), defaults)


def party_commands(parties: tuple[Party, ...]) -> list[tuple[str, dict[str, Any]]]:
    """Return stream and body of each registration, as the registry reads them."""
    made = []
    for party in parties:
        identifier = PartyId(scheme=party.scheme, id=party.id)
        body = {"type": "registry.register_party", "identifier": identifier.model_dump()}
        body |= {"name": party.name, "kind": party.kind}
        made.append((party_stream(identifier), readable(line("registry"), body)))
    return made


def draft_commands(made: Plan) -> list[tuple[str, dict[str, Any]]]:
    """Return procedure and body of each draft, as bidding reads them."""
    bidding = line("bidding")
    return [
        (tender.procedure, readable(bidding, {"type": "bidding.draft_tender", **tender.draft}))
        for tender in made.tenders
    ]


def _refuse(here: Here, made: Plan) -> None:
    blocking = [finding for finding in made.findings if finding.blocking]
    if not here.as_json:
        _findings(made.findings)
    raise Refused(
        f"{len(blocking)} 处须先更正，未导入任何内容",
        f"{len(blocking)} thing(s) must be put right first: nothing was imported",
        findings=[finding.to_json() for finding in made.findings],
    )


def _tell(here: Here, made: Plan, *, sent: bool) -> None:
    if here.as_json:
        here.say(
            {
                "sent": sent,
                "tenders": [{"procedure": tender.procedure, "draft": tender.draft} for tender in made.tenders],
                "parties": [{"party": str(party), "name": party.name, "kind": party.kind} for party in made.parties],
                "findings": [finding.to_json() for finding in made.findings],
            }
        )
        return
    _findings(made.findings)
    rows = [[tender.procedure, tender.draft["title"], tender.draft["buyer"]["name"]] for tender in made.tenders]
    table("草稿 / drafts", ["项目编号", "项目名称", "招标人"], rows)
    table("主体 / parties", ["标识", "名称", "类别"], [[party, party.name, party.kind] for party in made.parties])
    done = "已导入 / imported" if sent else "检查通过，加 --send 即导入 / checked; --send imports it"
    here.say({"drafts": len(made.tenders), "parties": len(made.parties)}, done)


def _findings(found: tuple[Finding, ...]) -> None:
    """Print what was found, one line for the same thing at several places."""
    grouped: dict[tuple[bool, str, str], list[str]] = {}
    for finding in found:
        grouped.setdefault((finding.blocking, finding.zh, finding.en), []).append(finding.path)
    for (blocking, zh, en), paths in grouped.items():
        shown = paths[: LISTED if blocking else 1]
        more = f" (+{len(paths) - len(shown)})" if len(paths) > len(shown) else ""
        line = f"{'✗' if blocking else '!'} {', '.join(shown)}{more}\n    {zh}\n    {en}"
        out.print(line, style="red" if blocking else None, markup=False, highlight=False, soft_wrap=True)
