"""A deadline that passes while the platform does not run: nothing is closed, the deadline moves, nobody is late."""

from datetime import datetime, timedelta

import pytest

from services.bidding import LINE
from services.bidding.domain.ceremony_events import KeyCollectionExtended, KeysCollected
from services.bidding.domain.commands import CloseReception, ExtendKeyCollection
from services.bidding.domain.events import BidRefused, ReceptionClosed, SealedReceived
from services.bidding.domain.outages.messages import OutageNoted, Silence
from services.bidding.domain.state import Accepting, Closed, Collecting
from services.bidding.domain.timetable.messages import DeadlineMoved
from shared.kernel.errors import NotYet
from shared.kernel.request import SYSTEM
from shared.seal.sealed import Cover
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.bidding.remedies import warned
from tests.bidding.test_outages import OUTAGE, fell

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def silent(starts: datetime, until: datetime) -> Silence:
    return Silence(starts=starts, until=until)


def due(play: Play) -> datetime:
    return play.at(Accepting).tender.terms.bids_due


def test_a_deadline_in_a_silence_moves_by_its_length_and_a_day_at_least_remains() -> None:
    short, long = stage.accepting(), stage.accepting()

    noted, moved = short.close(at=make.DUE + HOUR, silence=silent(make.DUE - HOUR, make.DUE + HOUR))
    long.close(at=make.DUE + 3 * HOUR, silence=silent(make.DUE - 47 * HOUR, make.DUE + 3 * HOUR))

    assert isinstance(noted, OutageNoted)
    assert isinstance(moved, DeadlineMoved)
    assert (noted.outage, noted.extended, noted.article) == ("silence-20261222T000000Z", True, "平台规则")
    assert due(short) == make.DUE + 25 * HOUR
    assert due(long) == make.DUE + 50 * HOUR
    assert [timer.due_at for timer in LINE.timers(moved)] == [moved.closes_at]
    for event in (noted, moved):
        assert LINE.visible(event, "public", short.state)
    assert "outage_found" in warned(short)


@pytest.mark.parametrize(("seconds", "closed"), [(300, False), (299, True)])
def test_a_silence_of_five_minutes_counts_and_a_second_less_does_not(seconds: int, *, closed: bool) -> None:
    play = stage.accepting()
    until = make.DUE + MINUTE

    event = play.close(at=until, silence=silent(until - timedelta(seconds=seconds), until))[0]

    assert isinstance(event, ReceptionClosed) == closed


@pytest.mark.parametrize(
    ("starts", "until", "closed"),
    [
        (make.DUE, make.DUE + HOUR, False),  # it ran until the very deadline
        (make.DUE + make.MICROSECOND, make.DUE + HOUR, True),
        (make.DUE - HOUR, make.DUE + make.MICROSECOND, False),
        (make.DUE - HOUR, make.DUE, True),  # it ran again at the deadline
    ],
)
def test_only_a_silence_over_the_deadline_counts(starts: datetime, until: datetime, *, closed: bool) -> None:
    play = stage.accepting()

    event = play.close(at=make.DUE + HOUR, silence=silent(starts, until))[0]

    assert isinstance(event, ReceptionClosed) == closed


def test_a_bid_that_comes_before_the_deadline_is_moved_waits_and_is_received_then() -> None:
    play, over = stage.accepting(), silent(make.DUE - HOUR, make.DUE + HOUR)
    at = make.DUE + HOUR

    with pytest.raises(NotYet):
        play.deliver(make.CRANE, Cover(), at=at, silence=over)
    play.close(at=at, silence=over)
    (received,) = play.bid(make.CRANE, at=at)

    assert isinstance(received, SealedReceived)


def test_without_a_silence_a_late_bid_is_refused_as_ever() -> None:
    play = stage.accepting()

    (refused,) = play.deliver(make.CRANE, Cover(), at=make.DUE + HOUR)

    assert isinstance(refused, BidRefused)


def test_the_declaration_that_follows_moves_nothing_again_unless_the_outage_lasted_longer() -> None:
    play = stage.accepting()
    play.close(at=make.DUE + HOUR, silence=silent(make.DUE - HOUR, make.DUE + HOUR))

    fell(play, make.DUE - HOUR, make.DUE + HOUR, make.DUE + 2 * HOUR)
    same = due(play)
    fell(play, make.DUE - HOUR, make.DUE + 3 * HOUR, make.DUE + 4 * HOUR, outage=f"{OUTAGE}-b")

    assert same == make.DUE + 25 * HOUR
    assert due(play) > same


def test_a_tender_that_was_moved_is_closed_at_its_new_deadline_and_its_decisions_are_made_again() -> None:
    play, over = stage.accepting(), silent(make.DUE - HOUR, make.DUE + HOUR)
    play.close(at=make.DUE + HOUR, silence=over)
    for bidder in stage.BIDDERS:
        play.bid(bidder, at=make.DUE + 2 * HOUR)

    assert play.ask(CloseReception(), SYSTEM, make.DUE + 2 * HOUR) == ()
    play.close(at=make.DUE + 25 * HOUR + make.MICROSECOND)

    assert play.audit() == play.at(Closed)


def test_minutes_for_keys_that_were_over_in_a_silence_begin_anew_and_the_remedy_is_left() -> None:
    play = stage.collecting(remedy_minutes=20)
    keys_due = play.at(Collecting).collection.keys_due
    until = keys_due + HOUR

    (longer,) = play.end_keys(early=-HOUR, silence=silent(keys_due - MINUTE, until))
    play.key(make.CRANE, at=until + MINUTE)
    (remedy,) = play.ask(ExtendKeyCollection(explanation="网络故障"), make.AGENCY)

    assert isinstance(longer, KeyCollectionExtended)
    assert (longer.keys_due, longer.cause) == (until + 30 * MINUTE, "silence")
    assert [timer.due_at for timer in LINE.timers(longer)] == [longer.keys_due]
    assert isinstance(remedy, KeyCollectionExtended)
    assert remedy.keys_due == longer.keys_due + 20 * MINUTE
    assert play.audit() == play.state


def test_without_a_silence_a_key_that_did_not_come_is_its_bidders_own_fault() -> None:
    play = stage.collecting()

    (ended, *_) = play.end_keys(early=-HOUR)

    assert isinstance(ended, KeysCollected)
