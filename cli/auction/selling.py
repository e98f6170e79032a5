"""Lots, for who sells them: `auction new|publish|deposit|admit|refuse|bar`; the other verbs are made of commands."""

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cli.auction.lots import Lot, LotVerbs, ask, known_lot, lot_of
from cli.auction.reserve import sealed_reserve
from cli.auction.terms import (
    OF_DRAFT,
    OF_NOTICE,
    check_given,
    check_notice,
    compose,
    judging_of,
    rules_of,
    shortfalls,
)
from cli.command import Here, Procedure, command
from cli.doing import give
from cli.files import read_object
from cli.law import line, rulebook_on
from cli.moments import moment
from cli.numbering import numbered
from cli.output import Misused
from cli.streams import party_of
from cli.tender import Documents, Given, SeatKey, tell_shortfalls
from cli.terms import document_of, fen, readable
from cli.times import local
from cli.uploads import sha256_of
from cli.verbs import group
from shared.kernel.canonical import encode, instant, parse_instant
from shared.law.findings import BEIJING
from shared.procedure.books import Law
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.values import Draft, Terms, Way

app = group("挂牌、拍卖、网络竞价 / listings, auctions and online bidding", LotVerbs)

KINDS = "land_use, exploration, mining; property: equity, asset, capital_increase"

Award = Literal["price", "conditions"]
Confirmation = Literal["direct", "proof"]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="竞买号 / the bidder's number")]
Reason = Annotated[str, typer.Option(help="理由 / why")]
Yuan = Annotated[str, typer.Option(metavar="YUAN", help="元 / yuan")]
Time = Annotated[str, typer.Option(metavar="'YYYY-MM-DD [HH:MM]'", help="北京时间 / Beijing time")]
NewId = Annotated[str, typer.Argument(metavar="PROCEDURE", help="项目编号，缺省自动编制 / made if left out")]


@command(app, "new")
def new(
    here: Here,
    procedure: NewId = "",
    *,
    file: Given = None,
    of_line: Annotated[str, typer.Option("--line", help="业务线 / the line that sells it")] = "land",
    kind: Annotated[str, typer.Option(help=f"标的类别 / what is sold: {KINDS}")] = "",
    title: Annotated[str, typer.Option(help="标的名称 / title")] = "",
    region: Annotated[str, typer.Option(help="行政区划代码 GB/T 2260 / region")] = "",
    seller: Annotated[str, typer.Option(help="出让人、转让方标识 / the seller, SCHEME:ID")] = "",
    seller_name: Annotated[str, typer.Option(help="其名称 / its name")] = "",
    way: Annotated[Way | None, typer.Option(help="挂牌、拍卖、网络竞价、招标 / how it is sold")] = None,
    particular: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="公告载明的事项，可重复 / what the notice says")
    ] = None,
    approval: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="批准文件，只登记摘要 / the approval, by digest")
    ] = None,
    clear: Annotated[bool, typer.Option(help="权属清晰 / nobody disputes whose it is")] = True,
    seized: Annotated[bool, typer.Option(help="被查封、扣押 / sealed up or seized")] = False,
    appraised: Yuan = "",
    term_years: Annotated[int | None, typer.Option(min=1, help="出让年限 / years")] = None,
) -> None:
    """起草标的，或改写草稿 / write the draft of a lot, or write it anew."""
    given: dict[str, Any] = {"kind": kind, "title": title, "region": region, "way": way, "term_years": term_years}
    given["seller"] = {**party_of(seller)[0].model_dump(), "name": seller_name} if seller else None
    given["particulars"] = [_particular(text) for text in particular] if particular else None
    if approval is not None:
        given["right"] = {"approval": sha256_of(approval), "clear": clear, "seized": seized}
    given["appraised_fen"] = fen(appraised) if appraised else None
    stood = read_object(file) if file else {}
    body = {"kind": "land_use", "way": "listing", "particulars": [], **stood}
    body |= {name: value for name, value in given.items() if value is not None and value != ""}
    draft(here, procedure, of_line, body)


def draft(here: Here, procedure: str, of_line: str, body: dict[str, Any]) -> None:
    """Write a draft under a procedure's id, or under a new one."""
    rules_of(line(of_line), str(body["kind"]))
    check_given(body, OF_DRAFT)
    made = readable(line(of_line), {**body, "type": f"{of_line}.draft_lot"})
    give(here, numbered(here, procedure, made["region"]), made, {}, title="已起草 / drafted")


def _particular(text: str) -> dict[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise Misused(f"应写作 NAME=VALUE：{text}", f"write it as NAME=VALUE, not {text}")
    return {"name": name.strip(), "value": value.strip()}


@command(app, "publish")
def publish(
    here: Here,
    procedure: Procedure,
    *,
    document: Documents = None,
    file: Given = None,
    applications_due: Time = "",
    deposits_due: Time = "",
    bidding_starts: Time = "",
    bidding_ends: Time = "",
    start: Yuan = "",
    step: Yuan = "",
    deposit: Yuan = "",
    most: Yuan = "",
    units: Annotated[int | None, typer.Option(min=1, help="份数，价格为一份的 / how many; prices are of one")] = None,
    confirmation: Annotated[Confirmation | None, typer.Option(help="成交确认：即签或先签竞得证明 / how")] = None,
    first_percent: Annotated[int | None, typer.Option(min=1, max=99, help="分期：首付百分比 / the part first")] = None,
    rest_months: Annotated[int | None, typer.Option(min=1, max=60, help="分期：余款期限，月 / for the rest")] = None,
    loan_rate: Annotated[
        list[str] | None, typer.Option(metavar="YYYY-MM-DD=RATE", help="贷款年利率，如 0.0345，可重复 / by the year")
    ] = None,
    reserve: Annotated[str, typer.Option(metavar="YUAN", help="底价，在本机密封 / the reserve, sealed here")] = "",
    award: Annotated[Award | None, typer.Option(help="招标：价高者得（缺省）/ what decides a tender")] = None,
    opening_minutes: Annotated[int | None, typer.Option(min=1, max=180, help="招标：开标时限，分钟 / minutes")] = None,
    price_points: Annotated[int | None, typer.Option(help="综合评审：报价分值 / points of the price")] = None,
    criterion: Annotated[
        list[str] | None,
        typer.Option(metavar="factor=…,title=…,points=…", help="综合评审：评审标准，可重复 / a criterion"),
    ] = None,
    members: Annotated[int | None, typer.Option(help="综合评审：评标小组人数 / members of the committee")] = None,
    experts: Annotated[int | None, typer.Option(help="综合评审：其中专家人数 / experts among them")] = None,
    agency_key: SeatKey = "",
    supervisor_key: SeatKey = "",
    platform_key: SeatKey = "",
    check: Annotated[bool, typer.Option("--check", help="只检查，不发送 / check only, send nothing")] = False,
) -> None:
    """发布公告：先按当日法规核对期限，密封底价，再上传文件 / check the periods, seal the reserve, announce."""
    stood = read_object(file) if file else {}
    judging = judging_of(
        stood.get("tender", {}).get("judging") or {}, criterion or (),
        price_points=price_points, members=members, experts=experts,
    )  # fmt: skip
    given = _given(
        stood,
        times={"applications_due": applications_due, "deposits_due": deposits_due}
        | {"bidding_starts": bidding_starts, "bidding_ends": bidding_ends},
        money={"start_fen": start, "step_fen": step, "deposit_fen": deposit, "most_fen": most},
        tender={"award": award, "opening_minutes": opening_minutes, "judging": judging},
        instalments={"first_percent": first_percent, "rest_months": rest_months, "rates": _rates(loan_rate or ())},
        authorities={"agency": agency_key, "supervisor": supervisor_key, "platform": platform_key},
    )
    given |= {name: said for name, said in (("units", units), ("confirmation", confirmation)) if said is not None}
    files = {sha256_of(path): path for path in document or ()}
    lot = lot_of(here, procedure, here.asker())
    body = terms_of(lot, given, files)
    check_terms(here, procedure, lot, body, whole=check)
    if check:
        told = "期限、公告内容、保证金和起始价均符合规则 / periods, contents, deposit and start price keep the rules"
        here.say({"procedure": procedure, "lawful": True}, told)
    else:
        _announce(here, procedure, body, files, reserve)


def _announce(here: Here, procedure: str, body: dict[str, Any], files: dict[str, Path], reserve: str) -> None:
    """Seal the reserve, if there is one, and publish the lot on these terms with its documents."""
    if reserve:
        body["reserve"] = sealed_reserve(here, procedure, fen(reserve), body["authorities"])
    starts = local(parse_instant(body["bidding_starts"]))
    give(here, procedure, body, files, title=f"已公告，{starts} 开始报价 / announced")


def _rates(texts: Sequence[str]) -> list[dict[str, str]]:
    """Return the bank's yearly rates, each from its day on, as a notice states them; oldest first."""
    parts = sorted(text.partition("=") for text in texts)
    for since, found, yearly in parts:
        if not (since and found and yearly):
            raise Misused("利率应写作 YYYY-MM-DD=RATE", "write a rate as YYYY-MM-DD=RATE")
    return [{"since": since.strip(), "yearly": yearly.strip()} for since, _, yearly in parts]


def _given(
    file: Mapping[str, Any], *, times: Mapping[str, str], money: Mapping[str, str], **groups: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the clerk gave: the options go before what stands in the file, and each in its group."""
    given = {**file, **{name: text for name, text in times.items() if text}}
    given |= {name: fen(text) for name, text in money.items() if text}
    for group_, fields in groups.items():
        if said := {name: value for name, value in fields.items() if value not in (None, "", [])}:
            given[group_] = given.get(group_, {}) | said
    return given


def terms_of(lot: Lot, given: Mapping[str, Any], files: Mapping[str, Path]) -> dict[str, Any]:
    """Return the command that announces a lot, as its line reads it, from what the clerk gave and the documents."""
    of = line(lot.line)
    documents = [document_of(path, digest) for digest, path in files.items()]
    composed = compose(given, documents, rules_of(of, str(lot.draft["kind"])), way=str(lot.draft["way"]))
    check_given(composed, OF_NOTICE)
    return readable(of, {**composed, "type": f"{lot.line}.announce_lot"})


def check_terms(here: Here, procedure: str, lot: Lot, body: Mapping[str, Any], *, whole: bool) -> None:
    """Raise Refused that lists every period the terms fall short of, and by how much; then for all else, if `whole`."""
    now, of = here.client.now(), line(lot.line)
    law = Law(*rulebook_on(lot.line, now.astimezone(BEIJING).date()))
    terms = Terms.model_validate_json(encode({name: value for name, value in body.items() if name != "type"}))
    told = Draft.model_validate_json(encode(dict(lot.draft)))
    ground = Ground(rules_of(of, told.kind), law)
    tell_shortfalls(here, shortfalls(told, terms, now, ground))
    if whole:
        check_notice(procedure, told, terms, now, ground)


@command(app, "deposit")
def deposit(
    here: Here,
    procedure: Procedure,
    number: Number,
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="到账金额（元）/ what came in, in yuan")],
    *,
    payer: Annotated[str, typer.Option("--from", metavar="ACCOUNT", help="付款账号，只登记摘要 / payer's account")],
    payment: Annotated[str, typer.Option(help="银行流水号，只登记摘要 / the bank's reference of the payment")],
    received_at: Annotated[str, typer.Option(help="到账时间，缺省为现在 / when it came in, now if left out")] = "",
    own_name: Annotated[bool, typer.Option(help="付款人即竞买人 / paid by the applicant itself")] = True,
) -> None:
    """登记竞买保证金到账 / record a deposit that came in; account and payment go by digests under this desk's key."""
    at = moment(received_at) if received_at else instant(here.client.now())
    said: dict[str, Any] = {"number": number, "amount_fen": fen(amount), "received_at": at, "own_name": own_name}
    said |= {"account": hidden(here, payer), "payment": hidden(here, payment)}
    ask(here, known_lot(here, procedure), "record_deposit", "已登记 / recorded", said)


def hidden(here: Here, value: str) -> str:
    """Return the digest of a value under this desk's own key: equal values are equal, and nobody can guess them."""
    return hmac.new(own_key(here), value.strip().encode(), hashlib.sha256).hexdigest()


def own_key(here: Here) -> bytes:
    """Return the key of this desk's digests, made when first asked for."""
    place = ("lots", "digests")
    if not here.wallet.has(*place):
        here.wallet.write({"key": os.urandom(32).hex()}, *place)
    return bytes.fromhex(str(here.wallet.read(*place)["key"]))


@command(app, "admit")
def admit(
    here: Here,
    procedure: Procedure,
    number: Number,
    *,
    priority: Annotated[bool, typer.Option("--priority", help="确认优先购买权 / confirm first refusal")] = False,
) -> None:
    """确认竞买资格 / admit an applicant whose deposit is in."""
    said = {"number": number, "priority": priority}
    ask(here, known_lot(here, procedure), "admit_bidder", "已确认 / admitted", said)


@command(app, "refuse")
def refuse(
    here: Here,
    procedure: Procedure,
    number: Number,
    *,
    reason: Reason,
    condition: Annotated[int | None, typer.Option(min=1, help="不符合的公告条件序号 / which condition")] = None,
) -> None:
    """不予竞买资格 / refuse an applicant, naming the condition of the notice that it does not meet."""
    said = {"number": number, "reason": reason, "condition": condition}
    ask(here, known_lot(here, procedure), "refuse_bidder", "已登记 / recorded", said)


@command(app, "bar")
def bar(here: Here, procedure: Procedure, number: Number, *, reason: Reason) -> None:
    """限制竞买号，已报价格有效 / bar a number from bidding on; what it bid stands."""
    ask(here, known_lot(here, procedure), "bar_bidder", "已限制 / barred", {"number": number, "reason": reason})
