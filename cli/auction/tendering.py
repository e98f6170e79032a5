"""Lots sold by tender, for who bids: `auction hand-in|take-back|key`; a price is sealed here, its key stays."""

from pathlib import Path
from typing import Annotated

import typer

from cli.auction.bidding import Amount
from cli.auction.sealed import Box, papers_of
from cli.auction.selling import app
from cli.command import Here, Procedure, command
from cli.terms import fen
from shared.kernel.money import format_yuan


@command(app, "hand-in")
def hand_in(
    here: Here,
    procedure: Procedure,
    amount: Amount,
    *,
    offer: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="综合评审的：投标文件，可重复 / the offer's documents"),
    ] = None,
) -> None:
    """招标：在本机密封报价并递交，已有的以此替换（规则允许的）/ seal a price here and hand it in, or replace one.

    密钥和投标文件留在本机，开标时用 ggzy auction key 提交；报价已绑定文件的摘要 / Key and documents stay here until the
    opening asks for them; the price binds the documents by their digest.
    """
    price, box = fen(amount), Box(here, procedure)
    papers = papers_of(box.lot, offer or ())
    shown = {"procedure": procedure, "price": format_yuan(price)}
    if box.standing and (box.standing["yuan"], box.standing.get("papers", [])) == (shown["price"], papers):
        here.say({**shown, "bid": box.standing["bid"], "events": []}, "已递交，仍然有效 / it stands already")
        return
    sealed = box.seal(price, papers)
    events = box.give("hand_in", sealed=sealed["sealed"])
    shown |= {"bid": sealed["bid"], "replaces": sealed["replaces"] or "—"}
    here.say({**shown, "events": events}, "已密封递交，请备份本机密钥 / handed in; keep a copy of the key")


@command(app, "take-back")
def take_back(here: Here, procedure: Procedure) -> None:
    """招标：截止前撤回报价（规则允许的）/ take the price back before the deadline, where the line allows it."""
    box = Box(here, procedure)
    bid = box.needed()["bid"]
    events = box.give("hand_in", sealed=box.withdraw()["sealed"])
    here.say({"procedure": procedure, "bid": bid, "events": events}, "已撤回 / taken back")


@command(app, "key")
def key(here: Here, procedure: Procedure) -> None:
    """招标：开标时提交本人报价的密钥和投标文件 / give the half of the key and the documents, at the opening."""
    box = Box(here, procedure)
    half = box.half()
    events = box.give("give_price_key", k_b=half.k_b, **box.handed_over())
    here.say({"procedure": procedure, "bid": half.bid, "events": events}, "已提交 / handed in")
