"""Bids, for who makes them: `bid keygen|seal|submit|replace|withdraw|unseal|status|receipt`."""

import json
import re
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import receipts
from cli.command import Here, Procedure, command
from cli.desk import Desk
from cli.files import read_policy, receipt_key_in
from cli.output import Misused, Refused, note, steps
from cli.procedures import published_keys
from cli.registry import find_party
from cli.terms import fen
from cli.times import local
from cli.verbs import group
from cli.words import phase_zh
from shared.kernel.canonical import parse_instant
from shared.kernel.codes import USCC
from shared.kernel.money import format_yuan, uppercase
from shared.seal.receipt import Receipt, verify_receipt
from shared.seal.wire import SealError, raw

app = group("投标 / bids")

Files = Annotated[list[Path] | None, typer.Argument(exists=True, dir_okay=False, help="投标文件 / the bid's documents")]
SHOWN = ("procedure", "token", "received_at", "position", "record_digest", "sealed_digest")
"""What people are shown of a receipt."""

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")


@command(app, "keygen")
def keygen(here: Here, procedure: Procedure) -> None:
    """生成本项目一次性密钥并领取匿名凭证 / make a one-time key and get the pseudonymous credential for a tender."""
    desk = Desk(here, procedure)
    _ = desk.announcement  # a credential for a tender that nobody announced would only mislead
    credential = desk.request_credential()
    shown = {"procedure": procedure, "token": credential.token, "public_key": credential.public_key}
    here.say({**shown, "valid_until": local(parse_instant(credential.valid_until))}, "凭证已领取 / credential issued")


@command(app, "seal")
def seal(
    here: Here,
    procedure: Procedure,
    files: Files = None,
    *,
    price: Annotated[str, typer.Option(metavar="YUAN", help="投标报价（元）/ the price in yuan")],
    days: Annotated[int, typer.Option(min=0, help="工期（日）/ days offered")],
    quality: Annotated[str, typer.Option(help="质量承诺 / quality offered")] = "合格",
    factor: Annotated[
        list[str] | None, typer.Option(metavar="CODE=VALUE", help="评审因素的值 / a factor's value")
    ] = None,
    party: Annotated[str, typer.Option(help="投标人标识，首次须给出 / the bidder, needed once")] = "",
) -> None:
    """在本机制作并加密投标文件，不发送任何内容 / build and seal a bid on this machine; nothing is sent."""
    amount, desk = fen(price), Desk(here, procedure)
    _warn_of_ceiling(desk, amount)
    offer = {"party": bidder(here, party), "price_fen": amount, "days": days, "quality": quality}
    sealed = desk.seal({**offer, "factors": [factor_of(text) for text in factor or ()]}, files or [])
    shown = {
        "procedure": procedure,
        "bid": sealed.envelope.bid,
        "price": f"{format_yuan(amount)}（{uppercase(amount)}）",
    }
    shown |= {"size": str(sealed.envelope.body.size), "sha256": sealed.envelope.body.sha256, "file": str(sealed.file)}
    here.say(shown, "已加密，尚未递交；请备份本机密钥目录 / sealed, not sent yet; keep a copy of the wallet")


def factor_of(text: str) -> dict[str, Any]:
    """Return the factor that `CODE=VALUE` names; whole numbers are integers, others decimal text. Raise Misused."""
    code, found, value = text.partition("=")
    if not found:
        raise Misused(f"因素应写作 CODE=VALUE：{text}", f"write a factor as CODE=VALUE, not {text}")
    return {"code": code, "value": int(value) if _INTEGER.fullmatch(value) else value}


def bidder(here: Here, given: str) -> dict[str, str]:
    """Return the bidder as registered: by the identifier given, or the one given before; kept in the wallet."""
    place = ("parties", here.who)
    if not given:
        if not here.wallet.has(*place):
            zh, en = "请用 --party 给出投标人标识（仅首次）", "say who bids with --party (needed once)"
            raise Misused(zh, en)
        kept = here.wallet.read(*place)
        return {name: str(kept[name]) for name in ("scheme", "id", "name")}
    found = find_party(here, given)
    codes = [item for item in found["identifiers"] if item["scheme"] == USCC]
    if not codes:
        raise Refused("该主体未登记统一社会信用代码，不能投标", "the party has no 统一社会信用代码 and cannot bid")
    party = {"scheme": USCC, "id": str(codes[0]["id"]), "name": str(found["name"])}
    here.wallet.write(party, *place)
    return party


def _warn_of_ceiling(desk: Desk, amount: int) -> None:
    ceiling = desk.announcement.body["draft"].get("ceiling_fen")
    if ceiling is not None and amount > ceiling:
        note(
            f"报价高于最高投标限价 {format_yuan(ceiling)} 元，将被否决（实施条例 第五十一条）",
            f"above the ceiling of {format_yuan(ceiling)} yuan: such a bid is rejected [实施条例 第五十一条]",
        )


@command(app, "submit")
def submit(here: Here, procedure: Procedure) -> None:
    """上传并递交已加密的投标文件，取得回执 / upload and submit the sealed bid, and get a receipt."""
    _told(here, Desk(here, procedure).submit(replacing=False), "已递交 / submitted")


@command(app, "replace")
def replace(here: Here, procedure: Procedure) -> None:
    """以新加密的投标文件替换已递交的 / put the bid sealed last in the place of the standing one."""
    _told(here, Desk(here, procedure).submit(replacing=True), "已替换 / replaced")


@command(app, "withdraw")
def withdraw(here: Here, procedure: Procedure) -> None:
    """截止前撤回投标 / take the standing bid back before the deadline."""
    _told(here, Desk(here, procedure).withdraw(), "已撤回 / withdrawn")


def _told(here: Here, receipt: dict[str, Any], title: str) -> None:
    here.say({name: receipt[name] for name in SHOWN}, title)


@command(app, "unseal")
def unseal(here: Here, procedure: Procedure) -> None:
    """开标时签到并提交己方半把密钥 / sign in at the opening and give the bidder's half of the key."""
    outcome = Desk(here, procedure).unseal()
    here.say({"procedure": procedure, "events": outcome["events"]}, "已签到并提交密钥 / signed in, key given")


@command(app, "status")
def status(here: Here, procedure: Procedure) -> None:
    """显示本机投标状态与项目阶段 / show where this bid and its tender stand."""
    desk = Desk(here, procedure)
    found = desk.announcement
    noted, now = desk.noted(), here.client.now()
    due = parse_instant(found.terms["bids_due"])
    shown = {
        "procedure": procedure,
        "token": desk.token,
        "phase": found.phase if here.as_json else phase_zh(found.phase),
        "now": local(now),
        "bids_due": local(due),
        "seconds_left": max(0, int((due - now).total_seconds())),
        "standing": noted.get("standing"),
        "sealed_not_sent": noted.get("draft"),
        "receipts": len(desk.receipts()),
    }
    collection = found.page.get("key_collection")
    here.say({**shown, "keys_due": local(parse_instant(collection["keys_due"])) if collection else None})


@command(app, "receipt")
def receipt(
    here: Here,
    procedure: Procedure = "",
    *,
    out: Annotated[Path | None, typer.Option("--out", "-o", dir_okay=False, help="另存为 / where to save it")] = None,
    verify: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="离线核验此文件 / verify this file")
    ] = None,
    policy: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="信任策略 / trust policy")] = None,
    platform_key: Annotated[str, typer.Option(help="平台回执公钥 / the platform's public key for receipts")] = "",
) -> None:
    """显示并保存回执及其账本证明；或离线核验 / show and save the receipt with its proof; or verify one offline."""
    if verify is not None:
        report = receipts.verify(verify.read_bytes(), read_policy(policy), platform_key or receipt_key_in(policy))
        steps(report, report.overall, good=report.complete, as_json=here.as_json)
    elif not procedure:
        raise Misused("请给出项目编号，或用 --verify 核验文件", "give a procedure, or a file with --verify")
    else:
        _show_receipt(here, Desk(here, procedure), out, platform_key)


def _show_receipt(here: Here, desk: Desk, out: Path | None, platform_key: str) -> None:
    sent = desk.receipts()
    if not sent:
        raise Refused("本机没有该项目的回执", "no receipt of this tender is on this machine")
    message = sent[-1]
    key = platform_key or _published_key(here)
    if key is None:
        note(
            "平台未公布回执公钥，签名未核对；请向平台索取并用 --platform-key 给出",
            "the platform publishes no key for receipts, so the signature is not checked: give it with --platform-key",
        )
    else:
        _check_signature(message, key)
    found = receipts.find(message["receipt"], lambda path: here.client.find(f"/ledger/{path}"))
    file = receipts.make_file(message, key, found)
    target = out or here.wallet.path("receipts", desk.procedure, f"p{message['receipt']['position']}")
    here.wallet.save(target, json.dumps(file, ensure_ascii=False, indent=1))
    names = message["receipt"] if here.as_json else SHOWN
    shown = {name: message["receipt"][name] for name in names}
    shown |= {"signature_holds": key is not None or None, "in_ledger": found is not None, "file": str(target)}
    if found is None:
        note("检查点尚未包含该记录，请稍后重新获取", "no checkpoint holds the record yet: fetch it again later")
    here.say(shown, "回执已保存 / receipt saved")


def _published_key(here: Here) -> str | None:
    """Return the platform's public key for receipts as it publishes it, None where it does not."""
    return published_keys(here.client).get("receipts")


def _check_signature(message: dict[str, Any], key: str) -> None:
    """Raise Refused unless the platform's receipt is genuine and for the message that was sent."""
    try:
        verify_receipt(Receipt.model_validate_json(json.dumps(message["receipt"])), key, raw(message["sealed"]))
    except (SealError, ValueError) as error:
        raise Refused("回执签名无效，请保存证据并联系监督部门", f"the receipt is not genuine: {error}") from error
