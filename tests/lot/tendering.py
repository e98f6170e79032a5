"""What the tests of tenders share: a tender of land, prices sealed as a bidder's own machine seals them."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.land import LINE
from shared.procedure.lot.sealed import commands
from shared.procedure.lot.sealed.values import PriceShare, StandingPrice
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Tendering
from shared.seal.envelope import open_share
from shared.seal.keys import AnnouncedKeys
from shared.seal.price import Offered, PriceMeaning, SealedPrice, price_ids, seal_price, seal_price_meaning
from shared.seal.reserve import SealedReserve, open_reserve_share, seal_reserve
from shared.seal.sealed import Withdraw
from shared.seal.wire import AUTHORITIES, Authority, text
from tests.lot import factories as make
from tests.lot.play import Play, play
from tests.seal.world import dice

TERMS: dict[str, Any] = {"trigger": "never", "proxies": False, "tender": Tendering(award="price", opening_minutes=60)}
FILES: dict[tuple[int, str], str] = {}
"""The bidders' own halves, by bidder and bid, as their key files keep them."""


def announced(lot: Play) -> AnnouncedKeys:
    """Return the keys that prices are sealed to."""
    said = lot.lot.announced
    return AnnouncedKeys(tender=said.lot, meaning=said.proxy_key, authorities=said.terms.authorities)


def tender(*bidders: int, draft: dict[str, Any] | None = None, **terms: Any) -> Play:
    """Return a tender that takes prices, with bidders 1, 2 and 3, or these, admitted."""
    lot = play(LINE).announce({"way": "tender", **(draft or {})}, **{**TERMS, **terms})
    lot.admit(*(bidders or (1, 2, 3)))
    lot.tick()
    return lot


def mined(*bidders: int) -> Play:
    """Return a tender of a mining right, whose prices may be replaced and taken back until the deadline."""
    said = make.particulars("位置", "面积", "矿种", "年限", "资源储量", "竞买资格")
    draft = {"kind": "mining", "particulars": said, "term_years": 10}
    return tender(*bidders, draft=draft, bidding_starts=make.beijing("2026-04-02"))


def sealed(lot: Play, bidder: int, yuan: int, bid: str = "first") -> SealedPrice:
    """Return a price of whole yuan, sealed; its bidder keeps its half."""
    ids = price_ids(make.STREAM, bid, make.bidder(bidder).account)
    price, file = seal_price(ids, yuan * 100, announced(lot), dice(bidder * 1000 + len(bid)))
    FILES[bidder, bid] = file.k_b
    return price


def message(lot: Play, bidder: int, meaning: PriceMeaning) -> commands.HandIn:
    """Return a meaning in the one sealed shape."""
    return commands.HandIn(sealed=text(seal_price_meaning(announced(lot), make.bidder(bidder).account, meaning)))


def hand_in(lot: Play, bidder: int, yuan: int, bid: str = "first", replaces: str | None = None) -> Sequence[Any]:
    """Hand in a price."""
    meaning = Offered(envelope=sealed(lot, bidder, yuan, bid), replaces=replaces)
    return lot.ask(message(lot, bidder, meaning), make.bidder(bidder))


def withdraw(lot: Play, bidder: int, bid: str = "first") -> Sequence[Any]:
    """Take a price back."""
    return lot.ask(message(lot, bidder, Withdraw(replaces=bid)), make.bidder(bidder))


def closed(*yuan: int, **terms: Any) -> Play:
    """Return a tender after the deadline, with a price of each of bidders 1, 2, and so on."""
    lot = tender(**terms)
    for bidder, amount in enumerate(yuan, start=1):
        hand_in(lot, bidder, amount)
    lot.tick()
    return lot


def give_key(lot: Play, bidder: int, bid: str = "first") -> Sequence[Any]:
    """Let a bidder give its half."""
    return lot.ask(commands.GivePriceKey(k_b=FILES[bidder, bid]), make.bidder(bidder))


def give_keys(lot: Play, *bidders: int) -> Sequence[Any]:
    """Let bidders 1, 2 and 3, or these, give their halves; return what the last leads to."""
    return [give_key(lot, bidder) for bidder in bidders or (1, 2, 3)][-1]


def shares(lot: Play, name: Authority) -> commands.GivePriceShares:
    """Return the shares that an authority opens on its own machine."""
    return shares_of(lot.lot, name)


def shares_of(lot: Lot, name: Authority) -> commands.GivePriceShares:
    """Return the shares of a lot that an authority opens on its own machine."""
    reserve = lot.announced.terms.reserve
    share = None if reserve is None else open_reserve_share(make.SEATS[name], make.STREAM, reserve, name)
    return commands.GivePriceShares(authority=name, shares=tuple(_shares(lot.tender.prices, name)), reserve=share)


def complaining(lot: Play, name: Authority, number: str) -> commands.GivePriceShares:
    """Return the shares of an authority that proves by its private key that one number's is rubbish."""
    prices = [price for price in lot.lot.tender.prices if price.number != number]
    given = (*_shares(prices, name), PriceShare(number=number, share=None))
    return commands.GivePriceShares(authority=name, shares=given, private_key=make.SEATS[name])


def give_shares(lot: Play, *names: Authority) -> Sequence[Any]:
    """Let authorities give their shares; return what the last leads to."""
    return [lot.ask(shares(lot, name), make.authority(name)) for name in names][-1]


def _shares(prices: Sequence[StandingPrice], name: Authority) -> Iterator[PriceShare]:
    for price in prices:
        share = open_share(make.SEATS[name], price.envelope, AUTHORITIES.index(name) + 1)
        yield PriceShare(number=price.number, share=text(share))


def reserve(fen: int) -> SealedReserve:
    """Return a reserve (标底), sealed to the three authorities of the tests."""
    return seal_reserve(make.STREAM, fen, make.AUTHORITIES, dice(7))[0]


def opened(*yuan: int, **terms: Any) -> tuple[Play, list[Any]]:
    """Return a tender that was opened by all, and what its opening led to."""
    lot = closed(*yuan, **terms)
    give_shares(lot, "agency", "supervisor")
    return lot, list(give_keys(lot, *range(1, len(yuan) + 1)))
