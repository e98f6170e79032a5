"""The authorities of an opening: `authority keygen|share`. Each key serves one tender and stays on its own machine."""

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.command import Here, Procedure, command
from cli.output import Misused, Refused, note
from cli.procedures import announcement_of
from cli.wallet import as_wire
from shared.seal.envelope import Dealt, Envelope, check_announced, open_share
from shared.seal.faults import Code, NotOpenable
from shared.seal.keys import AnnouncedKeys, TenderKeyFile, hpke_public, new_hpke_key
from shared.seal.wire import AUTHORITIES, Authority, SealError, text

app = typer.Typer(help="开标机构的密钥与分片 / keys and shares of the opening's authorities", no_args_is_help=True)

Seat = Annotated[Authority | None, typer.Option("--seat", help="席位 / which of the three")]

_PLACE = "authorities"


@command(app, "keygen")
def keygen(
    here: Here,
    procedure: Procedure,
    seat: Seat = None,
) -> None:
    """为一个项目生成密钥对并显示公钥；私钥不离开本机 / make the key pair of one tender and print its public half.

    席位由 --seat 给出，或由 --as agency|supervisor|platform 表明 / --as may name the seat itself.
    """
    seat = seat or _named(here.account)
    if seat is None:
        raise Misused("请用 --seat 指明席位", f"say which seat with --seat {'|'.join(AUTHORITIES)}")
    place = (_PLACE, seat, procedure)
    if not here.wallet.has(*place):
        private = new_hpke_key(os.urandom)
        fields = {"tender": procedure, "holder": seat, "public_key": hpke_public(private), "private_key": private}
        here.wallet.keep(TenderKeyFile.model_validate(fields), *place)
    kept = key_of(here, procedure, seat)
    shown = {"procedure": procedure, "seat": seat, "public_key": kept.public_key, "file": str(here.wallet.path(*place))}
    here.say(shown, "请将公钥交代理机构写入公告，并备份密钥文件 / give the public key to the agency; keep a copy")


@command(app, "share")
def share(here: Here, procedure: Procedure, seat: Seat = None) -> None:
    """取得密封信封，解出并提交本席位的分片 / open this seat's shares and hand them in, while keys are collected."""
    held = seat or only_seat(here, procedure)
    key = key_of(here, procedure, held)
    announced = announcement_of(here.client, procedure, here.asker()).keys
    bids = here.client.get(f"/api/procedures/{procedure}/envelopes", here.asker())["bids"]
    shares = [{"bid": bid["bid"], "share": share_of(key, bid["envelope"], announced)} for bid in bids]
    rubbish = [item["bid"] for item in shares if item["share"] is None]
    proof = key.private_key if rubbish else None
    if rubbish:
        tell_rubbish(rubbish)
    body = {"type": "bidding.give_shares", "authority": held, "shares": shares, "private_key": proof}
    outcome = here.give(procedure, body)
    shown = {"procedure": procedure, "seat": held, "shares": len(shares), "rubbish": rubbish}
    here.say({**shown, "events": outcome["events"]}, "已提交 / handed in")


def tell_rubbish(bids: Sequence[str]) -> None:
    """Say whose sealed shares are rubbish, and that the key which proves it is about to be published."""
    listed = "、".join(bids)
    note(
        f"{listed} 封装给本席位的分片无效，将公布本项目私钥以资证明",
        f"what {listed} sealed to this seat is rubbish: this tender's private key is published to prove it",
    )


def share_of(
    key: TenderKeyFile, envelope: dict[str, Any], announced: AnnouncedKeys, kind: type[Dealt] = Envelope
) -> str | None:
    """Return an authority's share of one bid, base64url, or None where what the bidder sealed to it is rubbish.

    `kind` is what was sealed: a bid with a body, or a price alone.
    Raise Refused where the envelope is not one of this tender, or the key is not the announced one.
    """
    sealed = as_wire(kind, envelope, "envelope")
    seat = _named(key.holder)
    if seat is None:
        raise Misused(f"{key.holder} 不是席位密钥", f"the key of {key.holder} is not that of a seat")
    try:
        check_announced(sealed, announced)
        return text(open_share(key.private_key, sealed, AUTHORITIES.index(seat) + 1))
    except NotOpenable as error:
        if error.fault.code is Code.SHARE_RUBBISH:
            return None
        raise Refused(error.fault.zh, error.fault.en) from error
    except SealError as error:
        zh = "本机密钥不是公告公布的密钥，请使用原密钥文件"
        raise Refused(zh, f"the key here is not the announced one: use the right file ({error})") from error


def _named(name: str) -> Authority | None:
    return next((seat for seat in AUTHORITIES if seat == name), None)


def only_seat(here: Here, procedure: str) -> Authority:
    """Return the one seat whose key for this tender is here. Raise Misused for none or several."""
    held = [seat for seat in AUTHORITIES if here.wallet.has(_PLACE, seat, procedure)]
    if len(held) == 1:
        return held[0]
    if held:
        raise Misused("本机有多个席位的密钥，请用 --seat 指明", "several seats' keys are here: say which with --seat")
    raise Misused(f"本机没有 {procedure} 的席位密钥", f"no seat's key for {procedure} is on this machine")


def key_of(here: Here, procedure: str, seat: Authority) -> TenderKeyFile:
    """Return the key of a seat for a procedure. Raise Misused if it is not on this machine."""
    place = (_PLACE, seat, procedure)
    return as_wire(TenderKeyFile, here.wallet.read(*place), here.wallet.path(*place))
