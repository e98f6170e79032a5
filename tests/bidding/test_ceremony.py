"""The ceremony: witnesses, signing in, keys and shares; nothing opens before all is in or the minutes are over."""

from datetime import timedelta

import pytest

from services.bidding.domain.commands import EndKeyCollection, GiveShares, SignIn, StartOpening
from services.bidding.domain.events import (
    BidderSignedIn,
    KeyCollectionStarted,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    OpeningStarted,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.rows import Share
from services.bidding.domain.state import Closed, Collecting, Convened, Unsealing
from shared.kernel.errors import BadInput, NotEntitled, NotYet, OutOfPhase
from shared.kernel.request import SYSTEM
from shared.seal.faults import Code, Whose
from shared.seal.wire import Authority, text
from tests.bidding import factories as make
from tests.bidding.play import BIDDERS, OPENING, Play, accepting, closed, collecting

MINUTE = timedelta(minutes=1)
OTHER_KEY = text(b"not the same key")


def test_the_opening_starts_once_and_only_after_the_deadline() -> None:
    play = closed()

    (event,) = play.convene()

    assert isinstance(event, OpeningStarted)
    assert event.witness_until == OPENING + 5 * MINUTE
    with pytest.raises(OutOfPhase):
        play.convene()
    with pytest.raises(OutOfPhase):
        accepting().convene()


def test_an_operator_may_start_the_opening_for_a_tenderer_who_does_not() -> None:
    play = closed()

    play.ask(StartOpening(), make.OPERATOR)

    assert play.at(Convened)


def test_keys_are_collected_under_a_witnessed_checkpoint() -> None:
    play = closed()
    play.convene()

    (event,) = play.witness()

    assert isinstance(event, KeyCollectionStarted)
    assert event.witnessed
    assert event.checkpoint == make.WITNESS
    assert event.keys_due == OPENING + 30 * MINUTE


def test_the_opening_goes_on_unwitnessed_when_the_minutes_are_over_and_not_before() -> None:
    play = closed()
    play.convene()

    with pytest.raises(OutOfPhase):
        play.proceed(at=OPENING + 5 * MINUTE - make.MICROSECOND)
    (event,) = play.proceed(at=OPENING + 5 * MINUTE)

    assert isinstance(event, KeyCollectionStarted)
    assert not event.witnessed
    assert event.checkpoint is None


def test_a_witness_or_a_timer_that_comes_too_late_decides_nothing() -> None:
    play = collecting()

    assert play.witness() == ()
    assert play.proceed(at=OPENING + 5 * MINUTE) == ()


def test_a_bidder_signs_in_once_from_the_deadline_on() -> None:
    play = closed()

    (event,) = play.ask(SignIn(), make.CRANE.actor)

    assert isinstance(event, BidderSignedIn)
    assert play.at(Closed).signed_in == {make.CRANE.token}
    assert play.ask(SignIn(), make.CRANE.actor) == ()
    with pytest.raises(OutOfPhase):
        accepting().ask(SignIn(), make.CRANE.actor)


def test_who_signed_in_stays_signed_in_through_the_opening() -> None:
    play = closed()
    play.ask(SignIn(), make.CRANE.actor)
    play.convene()
    play.ask(SignIn(), make.HERON.actor)
    play.witness()
    play.ask(SignIn(), make.EGRET.actor)

    assert play.at(Collecting).signed_in == {bidder.token for bidder in BIDDERS}


def test_only_those_with_a_standing_bid_sign_in_and_give_keys() -> None:
    play = collecting()
    play.bids["stork"] = make.STORK.bid()

    with pytest.raises(NotEntitled):
        play.ask(SignIn(), make.STORK.actor)
    with pytest.raises(NotEntitled):
        play.key(make.STORK)


def test_a_key_is_taken_once() -> None:
    play = collecting()

    (event,) = play.key(make.CRANE)

    assert isinstance(event, KeyGiven)
    assert play.at(Collecting).keys == {"bid-of-crane": play.bids["crane"].k_b}
    assert play.key(make.CRANE) == ()


def test_a_wrong_key_is_named_as_the_bidders_and_may_be_mended() -> None:
    play = collecting()

    (refused,) = play.key(make.CRANE, OTHER_KEY)
    (given,) = play.key(make.CRANE)

    assert isinstance(refused, KeyRefused)
    assert (refused.fault.code, refused.fault.whose) == (Code.BIDDER_KEY_WRONG, Whose.BIDDER)
    assert isinstance(given, KeyGiven)


def test_nobody_gives_a_key_for_another() -> None:
    play = collecting()
    of_crane = make.CRANE.give_key(play.bids["crane"])

    with pytest.raises(NotEntitled):
        play.ask(of_crane, make.HERON.actor)
    with pytest.raises(NotEntitled):
        play.ask(of_crane.model_copy(update={"k_b": OTHER_KEY}), make.CRANE.actor)


def test_keys_are_taken_to_the_last_microsecond_of_the_minutes() -> None:
    play = collecting()
    due = play.at(Collecting).collection.keys_due

    (event,) = play.key(make.CRANE, at=due - make.MICROSECOND)
    with pytest.raises(OutOfPhase):
        play.key(make.HERON, at=due)

    assert isinstance(event, KeyGiven)


def test_no_key_is_taken_before_the_collection_starts() -> None:
    play = closed()
    play.convene()

    with pytest.raises(OutOfPhase):
        play.key(make.CRANE)


def test_an_authority_gives_a_share_for_every_bid_or_none() -> None:
    play = collecting()
    whole = make.give_shares("agency", play.at(Collecting).bids)

    with pytest.raises(BadInput):
        play.ask(whole.model_copy(update={"shares": whole.shares[:2]}), make.AUTHORITY)
    with pytest.raises(BadInput):
        play.ask(whole.model_copy(update={"shares": (*whole.shares, whole.shares[0])}), make.AUTHORITY)
    (event,) = play.ask(whole, make.AUTHORITY)

    assert isinstance(event, SharesGiven)
    assert play.ask(whole, make.AUTHORITY) == ()


def tampered(play: Play, authority: Authority, share: str | None, key: str | None = None) -> GiveShares:
    """Return an authority's shares with the first changed."""
    whole = make.give_shares(authority, play.at(Collecting).bids)
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
    play.bid_sealed(make.CRANE, make.with_rubbish_for(make.CRANE.bid(), *authorities))
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


def test_every_key_and_two_authorities_end_the_collection_and_less_does_not() -> None:
    play = collecting()
    for bidder in BIDDERS[:2]:
        play.key(bidder)
    one, two = play.shares("agency", "supervisor")

    given, collected = play.key(make.EGRET)

    assert isinstance(one, SharesGiven)
    assert isinstance(two, SharesGiven)
    assert isinstance(given, KeyGiven)
    assert isinstance(collected, KeysCollected)
    assert play.at(Unsealing)


def test_a_third_authority_may_be_recorded_while_a_key_is_still_missing() -> None:
    play = collecting()

    events = play.shares("agency", "supervisor", "platform")

    assert [type(event) for event in events] == [SharesGiven] * 3


def test_the_collection_ends_with_its_minutes_and_not_a_microsecond_before() -> None:
    play = collecting()

    with pytest.raises(OutOfPhase):
        play.end_keys(early=make.MICROSECOND)
    with pytest.raises(NotYet):
        play.end_keys(pending_arrivals=1)
    (event,) = play.end_keys()

    assert isinstance(event, KeysCollected)


def test_a_key_that_never_came_is_the_bidders_fault() -> None:
    play = collecting()
    play.key(make.CRANE)
    play.key(make.HERON)
    play.shares("agency", "platform")

    (collected,) = play.end_keys()

    assert isinstance(collected, KeysCollected)
    assert [bid.fault and bid.fault.code for bid in collected.bids] == [None, None, Code.BIDDER_KEY_MISSING]


def test_with_one_authority_alone_no_bid_opens_and_no_bidder_is_to_blame() -> None:
    play = collecting()
    play.key(make.CRANE)
    play.shares("agency")

    (collected,) = play.end_keys()

    assert isinstance(collected, KeysCollected)
    faults = [bid.fault for bid in collected.bids]
    assert [fault and (fault.code, fault.whose) for fault in faults] == [(Code.SHARE_MISSING, Whose.AUTHORITY)] * 3


def test_after_the_collection_a_key_is_too_late_and_its_timer_is_stale() -> None:
    play = collecting()
    play.end_keys()

    with pytest.raises(OutOfPhase):
        play.key(make.CRANE)
    assert play.ask(EndKeyCollection(), SYSTEM) == ()
