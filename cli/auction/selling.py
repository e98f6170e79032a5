"""Lots, for who sells them: `auction new|deposit|admit|refuse|bar`; `publishing` has the notice."""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.auction.lots import LotVerbs, ask, known_lot
from cli.auction.options import Yuan
from cli.auction.terms import OF_DRAFT, check_given, rules_of
from cli.command import Here, Procedure, command
from cli.doing import give
from cli.files import read_object
from cli.law import line
from cli.moments import moment
from cli.numbering import numbered
from cli.output import Misused
from cli.streams import party_of
from cli.tender import Given
from cli.terms import fen, readable
from cli.uploads import sha256_of
from cli.verbs import group
from shared.kernel.canonical import instant
from shared.procedure.lot.values import Way

app = group("挂牌、拍卖、网络竞价 / listings, auctions and online bidding", LotVerbs)

KINDS = "land_use, exploration, mining; property: equity, asset, capital_increase"

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="竞买号 / the bidder's number")]
Reason = Annotated[str, typer.Option(help="理由 / why")]
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
