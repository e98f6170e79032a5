"""Sealed prices on the machines that seal and open them: a bidder's own, and those of the three seats."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from cli import authority
from cli.auction.lots import Lot, desk_of, lot_of
from cli.auction.reserve import share_of
from cli.command import Here
from cli.output import Misused, Refused, note
from cli.procedures import history_of
from cli.terms import document_of
from cli.uploads import Uploads, sha256_of
from cli.wallet import as_wire
from shared.kernel.money import format_yuan
from shared.procedure.lot.sealed.papers import digest_of
from shared.procedure.lot.values import Document
from shared.seal.keys import AnnouncedKeys, BidderKeyFile
from shared.seal.price import Offered, PriceMeaning, SealedPrice, price_ids, seal_price, seal_price_meaning
from shared.seal.sealed import Withdraw
from shared.seal.wire import Authority, text


class Box:
    """What one bidder hands in for one lot: every message is kept here before it is sent, a price with its key.

    Which of them stands, the platform's record says, and no note of this machine: a lost answer changes nothing.
    """

    def __init__(self, here: Here, procedure: str) -> None:
        self._here, self._procedure = here, procedure
        self._folder = ("bids", here.who, procedure)
        self._desk = desk_of(here, procedure)

    @cached_property
    def lot(self) -> Lot:
        """The lot as its bidder is shown it."""
        return lot_of(self._here, self._procedure, self._desk.asker)

    @cached_property
    def standing(self) -> dict[str, Any] | None:
        """The bidder's price that stands, as it is kept here; None for none. Raise Misused if it was sealed elsewhere.

        It has `bid`, `yuan`, `key` and `sealed`.
        """
        kept = {one["sealed"]: one for one in self._kept()}
        standing = None
        for sealed in self._received:
            if sealed not in kept:
                folder = self._here.wallet.path(*self._folder, "_").parent
                zh = f"您递交的报价是在另一台机器上密封的，请将那台机器的 {folder} 拷来"
                raise Misused(zh, f"your price was sealed on another machine: copy its {folder} here")
            standing = kept[sealed] if kept[sealed]["key"] else None
        return standing

    def seal(self, amount_fen: int, papers: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Return a price sealed and kept here, in the place of the standing one; one that waits is the same again.

        `papers` are the documents of the offer as `papers_of` lists them.
        """
        bid, replaces, token = f"bid-{os.urandom(8).hex()}", self._standing_bid, self._desk.credential.token
        ids, bound = price_ids(self._procedure, bid, token), digest_of(_documents(papers)) if papers else None
        price, key = seal_price(ids, amount_fen, keys_of(self.lot), os.urandom, bound)
        said: dict[str, Any] = {
            "bid": bid,
            "yuan": format_yuan(amount_fen),
            "replaces": replaces,
            "key": key.model_dump(mode="json"),
        }
        said |= {"papers": list(papers)} if papers else {}
        return self._keep(bid, said, Offered(envelope=price, replaces=replaces))

    def withdraw(self) -> dict[str, Any]:
        """Return the message, kept here, that takes the standing price back. Raise Refused where none stands."""
        bid = self.needed()["bid"]
        return self._keep(f"back-{bid}", {"yuan": None, "replaces": bid, "key": None}, Withdraw(replaces=bid))

    def needed(self) -> dict[str, Any]:
        """Return the standing price. Raise Refused where none stands."""
        if self.standing is None:
            raise Refused("您没有有效的报价", "no price of yours stands")
        return self.standing

    def half(self) -> BidderKeyFile:
        """Return the bidder's half of the key to its standing price. Raise Refused where none stands."""
        kept = self.needed()
        return as_wire(BidderKeyFile, kept["key"], self._here.wallet.path(*self._folder, kept["bid"]))

    def handed_over(self) -> dict[str, Any]:
        """Return the documents of the standing offer for the key's command, uploaded; empty where it has none."""
        papers = self.needed().get("papers", [])
        for one in papers:
            path = Path(one["path"])
            if not path.exists() or sha256_of(path) != one["sha256"]:
                zh = f"投标文件 {path} 已不在或者已改动，请恢复密封报价时的文件"
                raise Misused(zh, f"{path} is gone or changed: put back the document that the price was sealed with")
            Uploads(self._here.client, self._here.wallet).send(path, one["sha256"], self._desk.asker)
        return {"documents": [one.model_dump(mode="json") for one in _documents(papers)]} if papers else {}

    def give(self, what: str, **said: Any) -> list[Any]:
        """Give a command behind the token; return what was recorded. Raise Refused, Unanswered."""
        events: list[Any] = self._desk.give({"type": f"{self.lot.line}.{what}", **said})["events"]
        return events

    @property
    def _standing_bid(self) -> str | None:
        return None if self.standing is None else str(self.standing["bid"])

    @cached_property
    def _received(self) -> list[str]:
        """What the platform has of this bidder, oldest first; others' prices are shown too when the time is over."""
        token, told = self._desk.credential.token, history_of(self._here.client, self._procedure, self._desk.asker)
        return [one["data"]["sealed"] for one in told if _is(one, "price_handed_in") and one["data"]["token"] == token]

    def _kept(self) -> Iterator[dict[str, Any]]:
        wallet = self._here.wallet
        for name in wallet.names(*self._folder):
            if name.startswith(("bid-", "back-")):
                yield wallet.read(*self._folder, name)

    def _keep(self, name: str, said: dict[str, Any], meaning: PriceMeaning) -> dict[str, Any]:
        """Return what is kept and not received yet if it means the same, else keep and return this."""
        for kept in self._kept():
            same = all(kept.get(name) == said.get(name) for name in ("yuan", "replaces", "papers"))
            if same and kept["sealed"] not in self._received:
                return kept
        sealed = seal_price_meaning(keys_of(self.lot), self._desk.credential.token, meaning)
        made = {**said, "sealed": text(sealed)}
        self._here.wallet.write(made, *self._folder, name)
        return made


def papers_of(lot: Lot, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return an offer's documents with where they lie. Raise Misused unless the notice asks for what is given."""
    judged = (lot.terms.get("tender") or {}).get("judging") is not None
    if judged != bool(paths):
        zh, en = (
            "综合评审的招标须用 --offer 给出投标文件，其他的不需要",
            "--offer is for tenders whose offers are judged",
        )
        raise Misused(zh, f"{en}, and needed there")
    return [{**document_of(path, sha256_of(path)), "path": str(path.resolve())} for path in paths]


def _documents(papers: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Return documents without where they lie."""
    return [Document(name=one["name"], size=one["size"], sha256=one["sha256"]) for one in papers]


def keys_of(lot: Lot) -> AnnouncedKeys:
    """Return the keys that prices are sealed to. Raise Misused where the notice has none that can be used."""
    said = {"tender": lot.page["procedure"], "meaning": lot.announcement["proxy_key"]}
    return as_wire(AnnouncedKeys, {**said, "authorities": lot.terms["authorities"]}, "公告的密钥 / announced keys")


def shares_of(here: Here, lot: Lot, procedure: str, seat: Authority) -> dict[str, Any]:
    """Return a seat's shares of every standing price, and of the reserve, opened with its key here.

    What a bidder sealed as rubbish has no share, and the seat's key to this lot proves it. Raise Refused before the
    prices are closed.
    """
    closed = [one["data"] for one in history_of(here.client, procedure, here.asker()) if _is(one, "tender_closed")]
    if not closed:
        raise Refused("投标尚未截止，或者本标的不是招标", "the prices are not closed yet")
    key, announced = authority.key_of(here, procedure, seat), keys_of(lot)
    shares = [
        {"number": one["number"], "share": authority.share_of(key, one["envelope"], announced, SealedPrice)}
        for one in closed[-1]["prices"]
    ]
    rubbish = [one["number"] for one in shares if one["share"] is None]
    if rubbish:
        authority.tell_rubbish(rubbish)
    proof = key.private_key if rubbish else None
    return {"authority": seat, "shares": shares, "reserve": _reserve(here, lot, procedure, seat), "private_key": proof}


def _reserve(here: Here, lot: Lot, procedure: str, seat: Authority) -> str | None:
    """Return the share of the reserve; None for no reserve, or, said aloud, one that the seller sealed as rubbish."""
    if lot.terms.get("reserve") is None:
        return None
    try:
        return share_of(here, lot, procedure, seat)
    except Refused as refused:
        note(refused.zh, refused.en)  # the bidders' prices are opened all the same
        return None


def _is(event: Any, name: str) -> bool:
    return str(event["type"]).partition(".")[2] == f"{name}.v1"
