"""Tenders played to each phase, for a rule to be tried there."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.bidding.domain.state import Collecting, Publicised, Unsealing
from tests.bidding import factories as make
from tests.bidding.play import Play

ALL = (make.CRANE, make.HERON, make.EGRET, make.STORK)
BIDDERS = ALL[:3]
PRICES = (100_000_000_00, 101_000_000_00, 102_000_000_00)


def drafted(**changes: Any) -> Play:
    """Return a tender in draft."""
    return Play().draft(**changes)


def accepting(*, ceiling_fen: int | None = make.CEILING, draft: Mapping[str, Any] | None = None, **terms: Any) -> Play:
    """Return an announced tender; `draft` are changes to its draft."""
    play = drafted(ceiling_fen=ceiling_fen, **(draft or {}))
    play.publish(**terms)
    return play


def closed(*, prices: Sequence[int] = PRICES, bidders: Sequence[make.Bidder] = BIDDERS, **terms: Any) -> Play:
    """Return a tender whose deadline has passed with a bid from each bidder."""
    play = accepting(**terms)
    for bidder, price in zip(bidders, prices, strict=True):
        play.bid(bidder, price)
    play.close()
    return play


def collecting(**terms: Any) -> Play:
    """Return an opening that collects keys."""
    play = closed(**terms)
    play.convene()
    play.witness()
    return play


def unsealing(**terms: Any) -> Play:
    """Return an opening with every key and share in."""
    play = collecting(**terms)
    for bid in play.at(Collecting).bids:
        play.key(next(bidder for bidder in ALL if bidder.token == bid.token))
    play.shares("agency", "platform")
    return play


def finish_opening(play: Play) -> Play:
    """Play a tender that has its bids to the end of its opening."""
    play.close()
    play.convene()
    play.witness()
    bidders = [bidder for bidder in ALL if bidder.name in play.bids]
    for bidder in bidders:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal()
    play.disclose(*bidders)
    return play


def opened(**terms: Any) -> Play:
    """Return a tender read out."""
    play = unsealing(**terms)
    bids = play.at(Unsealing).bids
    play.unseal()
    play.disclose(*(bidder for bidder in ALL if bidder.token in {bid.token for bid in bids}))
    return play


def evaluated(**terms: Any) -> Play:
    """Return a tender with a report that adjusts nothing."""
    play = opened(**terms)
    play.report(at=make.beijing(23, 9))
    return play


def publicised(**terms: Any) -> Play:
    """Return a tender whose candidates are before the public."""
    play = evaluated(**terms)
    play.publicise(at=make.beijing(24, 9))
    return play


def awarded(**terms: Any) -> Play:
    """Return a tender with a winner."""
    play = publicised(**terms)
    play.award(play.at(Publicised).report.candidates[0], at=play.at(Publicised).publicity.ends)
    return play


def reviewed(*failed: make.Bidder, bidders: Sequence[make.Bidder] = ALL, **terms: Any) -> Play:
    """Return a prequalification that has come to its result: who `failed` lacks the licence."""
    play = opened(**{**APPLYING, "bidders": bidders, "prices": [0] * len(bidders), **terms})
    play.review(*failed)
    return play


CRITERIA = {"kind": "qualification", "criteria": [{"criterion": "licence", "title": "施工总承包一级资质"}]}
APPLYING: dict[str, Any] = {"draft": {"kind": "prequalification"}, "method": CRITERIA}
"""The terms of a prequalification."""
PROPOSING: dict[str, Any] = {"draft": {"kind": "first_stage"}, "method": {"kind": "proposals"}}
"""The terms of a first stage."""
