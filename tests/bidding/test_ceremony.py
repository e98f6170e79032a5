"""The ceremony: witnesses, signing in, keys and shares; nothing opens before all is in or the minutes are over."""

from datetime import timedelta

import pytest

from services.bidding.domain.ceremony_events import (
    BidderSignedIn,
    KeyCollectionStarted,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    OpeningStarted,
    SharesGiven,
)
from services.bidding.domain.commands import EndKeyCollection, SignIn, StartOpening
from services.bidding.domain.state import Closed, Collecting, Convened, Unsealing
from shared.kernel.errors import NotEntitled, NotYet, OutOfPhase
from shared.kernel.request import SYSTEM
from shared.seal.faults import Code, Whose
from shared.seal.wire import text
from tests.bidding import factories as make
from tests.bidding.phases import BIDDERS, accepting, closed, collecting
from tests.bidding.play import OPENING

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
