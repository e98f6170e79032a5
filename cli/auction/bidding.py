"""Lots, for who bids and for the seats: `auction join|bid|proxy|name-price|status|share`, behind the token alone."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import authority
from cli.auction.lots import QUIET, Lot, ask, desk_of, known_lot, lot_of
from cli.auction.reserve import share_of
from cli.auction.sealed import shares_of
from cli.auction.selling import app
from cli.auction.telling import clock, followed
from cli.authority import Seat
from cli.command import Here, Procedure, command
from cli.output import Refused, blocks, note
from cli.procedures import history_of
from cli.terms import fen
from cli.uploads import sha256_of
from cli.words import phase_zh
from shared.kernel.canonical import digest, encode, parse_instant
from shared.kernel.money import format_yuan
from shared.seal.proxy import seal_maximum

Amount = Annotated[str, typer.Argument(metavar="YUAN", help="元 / yuan")]


@command(app, "join")
def join(
    here: Here,
    procedure: Procedure,
    *,
    document: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="报名材料，只登记摘要 / by digest")
    ] = None,
    priority: Annotated[bool, typer.Option("--priority", help="主张优先购买权 / claim first refusal")] = False,
) -> None:
    """领取一次性凭证并报名，领得竞买号 / fetch a one-time credential, apply, and be given a bidder number."""
    lot, desk = known_lot(here, procedure), desk_of(here, procedure)
    said = {"documents": [sha256_of(path) for path in document or ()], "priority": priority}
    outcome = desk.give({"type": f"{lot.line}.apply", **said})
    own = _own(lot_of(here, procedure, desk.asker))
    here.say({"procedure": procedure, "number": own["number"], "events": outcome["events"]}, "已报名 / applied")


def _own(lot: Lot) -> dict[str, Any]:
    """Return what the lot says of the asker's application. Raise Refused where it has not applied."""
    if lot.own is None:
        raise Refused("尚未报名，请先 ggzy auction join", "you have not applied: do `ggzy auction join` first")
    return dict(lot.own)


@command(app, "bid")
def bid(here: Here, procedure: Procedure, amount: Amount) -> None:
    """报价（元），一经记录不得撤回 / bid a price in yuan, which is not taken back."""
    price = fen(amount)
    lot, desk = known_lot(here, procedure), desk_of(here, procedure)
    outcome = desk.give({"type": f"{lot.line}.place_bid", "price_fen": price})
    now = standing(here, lot_of(here, procedure))  # a proxy may have answered already
    here.say({"procedure": procedure, "placed": format_yuan(price), **now, "events": outcome["events"]}, "已报价 / bid")


@command(app, "proxy")
def proxy(here: Here, procedure: Procedure, amount: Amount) -> None:
    """设置自动出价的最高价：只有平台的竞价服务能读，结束后公开 / let the platform bid up to a maximum.

    密封至竞价服务 / It is sealed to the service that runs the lot, which must read it, and is disclosed after the end.
    """
    most = fen(amount)
    events = _give_sealed(here, procedure, "set_proxy", most, f"proxy-{most}")
    here.say({"procedure": procedure, "most": format_yuan(most), "events": events}, "已设置 / set")


@command(app, "name-price")
def name_price(here: Here, procedure: Procedure, amount: Amount) -> None:
    """一次报价：在本机密封后递交，只报一次，不得更改 / name the only price where one decides; it is not taken back.

    密封至竞价服务，期满一并公开 / It is sealed to the service that runs the lot, and opened with all others.
    """
    price = fen(amount)
    events = _give_sealed(here, procedure, "name_price", price, f"named-{price}")
    here.say({"procedure": procedure, "named": format_yuan(price), "events": events}, "已报价 / named")


def _give_sealed(here: Here, procedure: str, what: str, amount_fen: int, kept_as: str) -> Any:
    """Give a command with an amount that is sealed here for one's own number, and kept; return what was recorded."""
    desk = desk_of(here, procedure)
    lot = lot_of(here, procedure, desk.asker)
    number, place = str(_own(lot)["number"]), ("bids", here.who, procedure, kept_as)
    if not here.wallet.has(*place):
        key = str(lot.announcement["proxy_key"])
        commitment, sealed = seal_maximum(procedure, number, amount_fen, key, os.urandom)
        here.wallet.write({"commitment": commitment, "sealed": sealed}, *place)
    return desk.give({"type": f"{lot.line}.{what}", **here.wallet.read(*place)})["events"]


@command(app, "status")
def status(here: Here, procedure: Procedure) -> None:
    """本人的竞买号、资格、保证金，及现价 / one's own number, admission and deposit, and the price that leads."""
    desk = desk_of(here, procedure)
    lot = lot_of(here, procedure, desk.asker)
    own = _own(lot)
    shown = {"procedure": procedure, "phase": phase_zh(lot.phase) if not here.as_json else lot.phase}
    shown |= {"number": own["number"], "admitted": own["admitted"], "deposit": format_yuan(own["deposit_fen"])}
    if here.as_json:
        here.say(shown | standing(here, lot) | {"refund": own.get("refund")})
        return
    here.say(shown | standing(here, lot))
    tell_halt(lot)
    if lot.phase not in QUIET:
        tell_followed(followed(history_of(here.client, procedure, desk.asker)))


def tell_halt(lot: Lot) -> None:
    """Say why a lot stands still, where it does."""
    if halt := lot.page.get("standstill"):
        note(f"标的中止：{halt['zh']}（{halt['article']}）", f"the lot stands still: {halt['en']}")


def tell_followed(told: Sequence[Mapping[str, str]]) -> None:
    """Print what was told of a lot's record, in both languages, each with its time."""
    if told:
        lines = [(clock(one["at"]), f"{one['zh']}\n{one['en']}") for one in told]
        blocks("经过（北京时间）/ what followed (Beijing time)", lines)


def standing(here: Here, lot: Lot) -> dict[str, Any]:
    """Return what leads, the least that may be bid next, and when the phase ends; people are not told what is not."""
    now, resumes = lot.now, lot.now.get("resumes_at")
    is_past = resumes is not None and not here.as_json and parse_instant(resumes) <= here.client.now()
    ahead = {
        "next": None if now["next_fen"] is None else format_yuan(int(now["next_fen"])),
        "resumes_at": None if is_past else resumes,
        "ends_at": now["ends_at"],
    }
    return {
        "price": None if now["price_fen"] is None else format_yuan(int(now["price_fen"])),
        "leader": now["number"],
        **{name: value for name, value in ahead.items() if here.as_json or value is not None},
        "extensions": now["extensions"],
    }


@command(app, "share")
def share(here: Here, procedure: Procedure, seat: Seat = None) -> None:
    """解出并提交本席位的底价分片 / open this seat's share of the reserve and hand it in, when bidding is over.

    招标的，连同每个有效报价的分片 / Of a tender, with its shares of every price that stands, at the opening.
    """
    held = seat or authority.only_seat(here, procedure)
    lot = known_lot(here, procedure)
    if lot.draft["way"] == "tender":
        ask(here, lot, "give_price_shares", "已提交 / handed in", shares_of(here, lot, procedure, held))
        return
    given = share_of(here, lot, procedure, held)
    ask(here, lot, "give_reserve_share", "已提交 / handed in", {"authority": held, "share": given})


@command(app, "sign-confirmation")
def sign_confirmation(here: Here, procedure: Procedure) -> None:
    """竞得人签署成交确认书：摘要由本机按所示内容计算 / sign the confirmation, by the digest of what is shown here."""
    desk = desk_of(here, procedure)
    told = [one["data"] for one in history_of(here.client, procedure, desk.asker) if _is_confirmation(one)]
    if not told:
        raise Refused("成交确认书尚未拟定", "no confirmation is drawn up yet")
    said = told[-1]["confirmation"]
    lot = known_lot(here, procedure)
    outcome = desk.give({"type": f"{lot.line}.sign_confirmation", "confirmation": digest(encode(said))})
    if here.as_json:
        here.say({"procedure": procedure, "confirmation": said, "events": outcome["events"]})
        return
    here.say({"procedure": procedure, **_confirmed(said), "events": outcome["events"]}, "已签署成交确认书 / signed")


def _confirmed(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a confirmation says, as people read it."""
    return {
        "title": said["title"],
        "seller": said["seller"]["name"],
        "winner": said["winner"]["name"],
        "number": said["number"],
        "price": format_yuan(said["price_fen"]),
        "units": said["units"],
        "sold_at": said["sold_at"],
        "sold_where": said["sold_where"],
        "contract_at": said["contract_at"],
        "contract_where": said["contract_where"],
        "digest": digest(encode(said)),
    }


def _is_confirmation(event: Mapping[str, Any]) -> bool:
    return str(event["type"]).partition(".")[2] == "confirmation_drawn_up.v1"
