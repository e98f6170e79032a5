"""Who bids with whom, for the tests of who may: declarations, consortia, and an opening of such bids."""

from typing import Any

from services.bidding.domain.rows import OpenedRow
from services.bidding.domain.state import Opened
from shared.seal.statement import Consortium, Declared, Related
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.phases import ALL
from tests.bidding.play import Play


def headed(person: str) -> dict[str, Any]:
    return {"declared": Declared(persons_in_charge=(person,))}


def controlled_by(bidder: make.Bidder) -> dict[str, Any]:
    return {"declared": Declared(controllers=(Related(scheme="X-TEST", id=bidder.name),))}


def with_partner(partner: make.Bidder, **more: Any) -> dict[str, Any]:
    return {"consortium": Consortium(members=(partner.party,), **more)}


def opened(*bids: dict[str, Any], holders: dict[str, dict[str, Any]] | None = None, **terms: Any) -> Play:
    """Return the opening of a tender in which each bidder's bid has something of its own in it."""
    play = stage.accepting(**terms)
    for number, (bidder, more) in enumerate(zip(ALL, bids, strict=False)):
        play.bid(bidder, 100_00 + number * number, **more)
    bidders = ALL[: len(bids)]
    play.close()
    play.convene()
    play.witness()
    for bidder in bidders:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal()
    play.disclose_holders(*(bidder.holder(**(holders or {}).get(bidder.name, {})) for bidder in bidders))
    return play


def rows(play: Play) -> dict[str, OpenedRow]:
    return {row.party.id: row for row in play.at(Opened).rows}


def invalid(play: Play) -> dict[str, list[str]]:
    """Return why which bids are invalid, by bidder."""
    return {name: [ground.code for ground in row.grounds] for name, row in rows(play).items() if row.grounds}
