"""Tenders, for who runs them: `tender new|publish|award|contract|show|list`, and the verbs made of commands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import typer

from cli import noticed, results
from cli.command import Here, Procedure, command
from cli.files import read_object
from cli.law import line, rulebook_on
from cli.numbering import numbered
from cli.output import Refused, err
from cli.streams import party_of
from cli.terms import Shortfall, compose, document_of, fen, readable, shortfalls
from cli.times import local
from cli.uploads import Uploads, sha256_of
from cli.verbs import fields, group
from cli.words import phase_zh
from cli.written import Reader
from shared.kernel.canonical import parse_instant
from shared.kernel.money import format_yuan, uppercase
from shared.law.findings import BEIJING

app = group("招标项目 / tenders")

Given = Annotated[
    Path | None,
    typer.Option("--file", exists=True, dir_okay=False, help="JSON 文件，选项优先 / a JSON file; options go first"),
]
Documents = Annotated[
    list[Path] | None,
    typer.Option(exists=True, dir_okay=False, help="招标文件，可重复 / a tender document, repeatable"),
]
Yuan = Annotated[str, typer.Option(metavar="YUAN", help="估算价、最高投标限价（元）/ estimate, ceiling price")]
SeatKey = Annotated[str, typer.Option(help="席位公钥 / the public key of that seat")]
Committee = Annotated[
    str,
    typer.Option(
        metavar="NAME=VALUE,…|FILE.json",
        help="评标委员会，如 members=5,experts=4,combine=mean,answer_minutes=60,sign_minutes=60 / the committee",
    ),
]
Time = Annotated[str, typer.Option(help="如 2026-12-23 09:00（北京时间）/ as 2026-12-23 09:00, Beijing time")]


@command(app, "new")
def new(
    here: Here,
    procedure: Annotated[
        str, typer.Argument(metavar="PROCEDURE", help="项目编号，缺省自动编制 / made if left out")
    ] = "",
    *,
    file: Given = None,
    title: Annotated[str, typer.Option(help="项目名称 / title")] = "",
    description: Annotated[str, typer.Option(help="项目概况 / description")] = "",
    region: Annotated[str, typer.Option(help="行政区划代码 GB/T 2260 / region")] = "",
    category: Annotated[
        Literal["works", "goods", "services"] | None, typer.Option(help="工程、货物或服务 / category")
    ] = None,
    lot: Annotated[str, typer.Option(help="标段编号与名称，如 '1 教学楼' / lot: id and title")] = "",
    buyer: Annotated[str, typer.Option(help="招标人标识 / the buyer, SCHEME:ID")] = "",
    buyer_name: Annotated[str, typer.Option(help="招标人名称 / its name")] = "",
    estimate: Yuan = "",
    ceiling: Yuan = "",
) -> None:
    """起草招标项目，或改写草稿 / write a draft, or write it anew."""
    body = read_object(file) if file else {}
    given: dict[str, Any] = {"title": title, "description": description, "region": region, "category": category}
    given["lot"] = lot_of(lot, title or str(body.get("title", ""))) if lot else None
    given["buyer"] = {**party_of(buyer)[0].model_dump(), "name": buyer_name} if buyer else None
    given |= {"estimate_fen": fen(estimate) if estimate else None, "ceiling_fen": fen(ceiling) if ceiling else None}
    draft(here, procedure, body | {name: value for name, value in given.items() if value is not None and value != ""})


def lot_of(text: str, title: str) -> dict[str, str]:
    """Return the lot that `ID TITLE` names; without a title of its own it has the tender's."""
    id_, _, name = text.partition(" ")
    return {"id": id_, "title": name.strip() or title}


def draft(here: Here, procedure: str, body: dict[str, Any]) -> None:
    """Write a draft under a procedure's id, or under a new one."""
    whole = {"description": "", "lot": lot_of("1", str(body.get("title", ""))), **body}
    made = readable(line("bidding"), {**whole, "type": "bidding.draft_tender"})
    stream = numbered(here, procedure, made["region"])
    outcome = here.give(stream, made)
    here.say({"procedure": stream, "title": made["title"], "events": outcome["events"]}, "已起草 / drafted")


@command(app, "publish")
def publish(
    here: Here,
    procedure: Procedure,
    *,
    document: Documents = None,
    file: Given = None,
    sale_starts: Time = "",
    sale_ends: Time = "",
    bids_due: Time = "",
    committee: Committee = "",
    agency_key: SeatKey = "",
    supervisor_key: SeatKey = "",
    platform_key: SeatKey = "",
    check: Annotated[bool, typer.Option("--check", help="只检查，不发送 / check only, send nothing")] = False,
) -> None:
    """发布招标公告：先按当日法规核对期限，再上传文件 / check the legal periods, upload the documents, announce."""
    times = {"sale_starts": sale_starts, "sale_ends": sale_ends, "bids_due": bids_due}
    keys = {"agency": agency_key, "supervisor": supervisor_key, "platform": platform_key}
    files = {sha256_of(path): path for path in document or ()}
    given = (read_object(file) if file else {}) | committee_of(committee)
    body = terms_of(given, times, keys, files)
    check_periods(here, body)
    if check:
        here.say({"procedure": procedure, "lawful": True}, "各法定期限均已满足 / every legal period is kept")
    else:
        announce(here, procedure, body, files)


def committee_of(text: str) -> dict[str, Any]:
    """Return the terms that declare a committee, from its record or a JSON file; none of an empty text."""
    field = next(of for of in fields("bidding.publish_tender") if of.name == "committee")
    return {field.name: Reader().read(field, text)} if text else {}


def terms_of(
    given: dict[str, Any], times: dict[str, str], keys: dict[str, str], files: dict[str, Path]
) -> dict[str, Any]:
    """Return the terms as the line reads them, from a file's, and the options, which go first, and the documents."""
    given |= {name: text for name, text in times.items() if text}
    given["authorities"] = given.get("authorities", {}) | {name: key for name, key in keys.items() if key}
    documents = [document_of(path, sha256) for sha256, path in files.items()]
    return readable(line("bidding"), compose(given, documents))


def announce(here: Here, procedure: str, body: dict[str, Any], files: dict[str, Path]) -> None:
    """Upload the documents, by their digests, and publish the tender on these terms."""
    for sha256, path in files.items():
        Uploads(here.client, here.wallet).send(path, sha256, here.asker())
    outcome = here.give(procedure, body)
    due = local(parse_instant(body["bids_due"]))
    here.say({"procedure": procedure, "bids_due": due, "events": outcome["events"]}, "已公告 / announced")


def check_periods(here: Here, body: dict[str, Any]) -> None:
    """Raise Refused that lists every period the terms fall short of, and by how much."""
    now = here.client.now()
    rulebook, calendar = rulebook_on("bidding", now.astimezone(BEIJING).date())
    tell_shortfalls(here, shortfalls(body, now, rulebook, calendar))


def tell_shortfalls(here: Here, found: Sequence[Shortfall]) -> None:
    """Raise Refused that lists the periods that are too short, unless there are none."""
    if not found:
        return
    if not here.as_json:
        for short in found:
            line = f"✗ {short.field}（{short.article}）\n  {short.zh}\n  {short.en}"
            err.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    raise Refused(
        f"{len(found)} 项法定期限不足，未发送",
        f"{len(found)} legal period(s) too short: nothing was sent",
        shortfalls=[short.to_json() for short in found],
    )


@command(app, "award")
def award(
    here: Here,
    procedure: Procedure,
    bid: Annotated[str, typer.Option(help="中标投标编号，缺省为第一候选人 / by default the first candidate's")] = "",
) -> None:
    """确定中标人并发出中标通知书 / decide the winner and give notice."""
    chosen = bid or _first_candidate(here, procedure)
    _give(here, procedure, {"type": "bidding.award_tender", "bid": chosen}, f"已定标 {chosen} / awarded")


def _first_candidate(here: Here, procedure: str) -> str:
    page = here.client.get(f"/api/procedures/{procedure}", here.asker())
    listed = (page.get("candidates") or {}).get("candidates") or []
    if not listed:
        raise Refused("尚未公示中标候选人", "no candidates are public yet")
    return str(min(listed, key=lambda one: int(one["rank"]))["bid"])


@command(app, "contract")
def contract(
    here: Here,
    procedure: Procedure,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="已签署的合同文件 / the signed contract")],
    price: Annotated[
        str, typer.Option(metavar="YUAN", help="合同价（元），缺省为中标价 / by default the award's")
    ] = "",
) -> None:
    """记录已订立的合同（只登记摘要与价格）/ record the signed contract, by its digest, and its price."""
    amount = fen(price) if price else _award_price(here, procedure)
    digest = sha256_of(file)
    body = {"type": "bidding.sign_contract", "contract_sha256": digest, "price_fen": amount}
    _give(here, procedure, body, f"合同已记录，{format_yuan(amount)} 元（{uppercase(amount)}）/ recorded")


def _award_price(here: Here, procedure: str) -> int:
    page = here.client.get(f"/api/procedures/{procedure}", here.asker())
    if not page.get("award"):
        raise Refused("尚未定标", "nothing is awarded yet")
    return int(page["award"]["price_fen"])


@command(app, "show")
def show(here: Here, procedure: Procedure) -> None:
    """显示项目（不用 --as 时为公众所见）/ show a tender; without --as what the public sees."""
    asker = here.asker() if here.account else None
    page = here.client.get(f"/api/procedures/{procedure}", asker)
    if here.as_json:
        here.say(page)
        return
    draft = (page.get("announcement") or {}).get("draft") or (page.get("draft") or {}).get("draft") or {}
    shown = {"procedure": page["procedure"], "phase": phase_zh(page["phase"]), "title": draft.get("title", "")}
    terms = (page.get("announcement") or {}).get("terms")
    if terms:
        shown["bids_due"] = local(parse_instant(terms["bids_due"]))
    here.say(shown)
    noticed.show(page)
    results.show(page)


@command(app, "list")
def list_(
    here: Here,
    after: Annotated[str, typer.Option(help="从此处继续 / go on from here")] = "",
) -> None:
    """列出已公告的项目 / list announced tenders, newest first."""
    query = urlencode({"line": "bidding", **({"after": after} if after else {})})
    page = here.client.get(f"/api/procedures?{query}")
    rows = [
        [one["stream"], phase_zh(one["phase"]), one["title"], local(parse_instant(one["bids_due"]))]
        for one in page["procedures"]
    ]
    here.show(page, "招标项目 / tenders", ["项目编号", "阶段", "项目名称", "投标截止"], rows)


def _give(here: Here, procedure: str, body: dict[str, Any], title: str) -> None:
    outcome = here.give(procedure, body)
    here.say({"procedure": procedure, "events": outcome["events"]}, title)
