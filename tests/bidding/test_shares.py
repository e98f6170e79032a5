"""The authorities' shares: all bids or none, wrong ones named, rubbish the bidder's only where proven."""

import pytest

from services.bidding.domain.ceremony_events import KeysCollected, SharesGiven, SharesRefused
from services.bidding.domain.commands import GiveShares
from services.bidding.domain.rows import Share
from services.bidding.domain.state import Collecting
from shared.kernel.errors import BadInput
from shared.seal.faults import Code, Whose
from shared.seal.wire import Authority, text
from tests.bidding import factories as make
from tests.bidding import opening
from tests.bidding.phases import BIDDERS, accepting, collecting
from tests.bidding.play import Play


def test_an_authority_gives_a_share_for_every_bid_or_none() -> None:
    play = collecting()
    whole = opening.give_shares("agency", play.at(Collecting).bids)

    with pytest.raises(BadInput):
        play.ask(whole.model_copy(update={"shares": whole.shares[:2]}), make.AUTHORITY)
    with pytest.raises(BadInput):
        play.ask(whole.model_copy(update={"shares": (*whole.shares, whole.shares[0])}), make.AUTHORITY)
    (event,) = play.ask(whole, make.AUTHORITY)

    assert isinstance(event, SharesGiven)
    assert play.ask(whole, make.AUTHORITY) == ()


def tampered(play: Play, authority: Authority, share: str | None, key: str | None = None) -> GiveShares:
    """Return an authority's shares with the first changed."""
    whole = opening.give_shares(authority, play.at(Collecting).bids)
    first = Share(bid=whole.shares[0].bid, share=share)
    return whole.model_copy(update={"shares": (first, *whole.shares[1:]), "private_key": key})


@pytest.mark.parametrize(
    ("share", "key", "code"),
    [
        (text(bytes(16) + b"\x01"), None, Code.SHARE_WRONG),
        (None, None, Code.SHARE_WRONG),
        (None, make.KEYS.of("agency"), Code.COMPLAINT_FALSE),
        (None, make.KEYS.of("platform"), Code.AUTHORITY_KEY_WRONG),
        (text(bytes(16) + b"\x01"), make.KEYS.of("agency"), Code.SHARE_WRONG),
        (None, text(bytes(32)), Code.AUTHORITY_KEY_WRONG),
    ],
)
def test_a_share_that_is_not_good_is_the_authoritys_fault_unless_its_key_proves_otherwise(
    share: str | None, key: str | None, code: Code
) -> None:
    play = collecting()

    (refused,) = play.ask(tampered(play, "agency", share, key), make.AUTHORITY)
    given = play.shares("agency")

    assert isinstance(refused, SharesRefused)
    assert refused.faults[0].fault.code == code
    assert refused.faults[0].fault.whose == Whose.AUTHORITY
    assert isinstance(given[0], SharesGiven)


def with_a_cheat(*authorities: Authority) -> Play:
    """Return an opening in which one bidder sealed rubbish for some authorities, and every key is in."""
    play = accepting()
    play.bid_sealed(make.CRANE, opening.with_rubbish_for(make.CRANE.bid(), *authorities))
    play.bid(make.HERON)
    play.bid(make.EGRET)
    play.close()
    play.convene()
    play.witness()
    for bidder in BIDDERS:
        play.key(bidder)
    return play


def test_rubbish_proven_by_the_authoritys_key_is_the_bidders_and_the_third_authority_may_still_save_the_bid() -> None:
    play = with_a_cheat("agency")

    (given,) = play.shares("agency")
    assert isinstance(given, SharesGiven)
    assert given.shares[0].share is None
    assert [(item.bid, item.fault.whose) for item in given.rubbish] == [("bid-of-crane", Whose.BIDDER)]
    assert given.private_key == make.KEYS.of("agency")
    waiting = play.shares("supervisor")
    _, collected = play.shares("platform")

    assert len(waiting) == 1
    assert isinstance(collected, KeysCollected)
    assert all(bid.openable for bid in collected.bids)


def test_rubbish_for_two_authorities_keeps_a_bid_shut_by_its_bidders_fault() -> None:
    play = with_a_cheat("agency", "platform")

    *_, collected = play.shares("agency", "supervisor", "platform")

    assert isinstance(collected, KeysCollected)
    crane, heron, egret = collected.bids
    assert crane.fault is not None
    assert (crane.fault.code, crane.fault.whose) == (Code.SHARE_RUBBISH, Whose.BIDDER)
    assert heron.openable
    assert egret.openable
