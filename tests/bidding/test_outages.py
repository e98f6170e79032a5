"""Outages: declared on streams of their own, and each deadline that one fell on is extended, once."""

from datetime import datetime, timedelta

import pytest

from services.bidding import LINE
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.events import SealedReceived, TenderEvent
from services.bidding.domain.facts import Facts
from services.bidding.domain.outages.messages import DeclareOutage, ExtendAfterOutage, OutageDeclared, OutageNoted
from services.bidding.domain.state import Accepting, Closed, Outage, TenderState, Unborn
from services.bidding.domain.timetable.messages import DeadlineMoved
from shared.kernel.errors import BadInput, NotEntitled, Refusal
from shared.kernel.request import SYSTEM, Actor
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.bidding.remedies import SUPERVISOR, warned

HOUR = timedelta(hours=1)
OUTAGE = "outage-1"
NOTICE = "平台网络中断，投标截止时间顺延。"


def declare(
    starts: datetime,
    until: datetime,
    state: TenderState | None = None,
    *,
    stream: str = OUTAGE,
    actor: Actor = make.OPERATOR,
) -> TenderEvent:
    """Declare an outage and return its event."""
    command = DeclareOutage(cause="网络中断", starts=starts, until=until, notice=NOTICE)
    request = TenderRequest(
        id="c", stream=stream, actor=actor, received_at=starts, command=command, facts=Facts()
    )  # fmt: skip
    (event,) = LINE.decide(request, state or Unborn())
    assert isinstance(event, OutageDeclared)
    return event


def fell(play: Play, starts: datetime, until: datetime, at: datetime | None = None, outage: str = OUTAGE) -> Play:
    """Let the platform tell a tender of an outage."""
    command = ExtendAfterOutage(outage=outage, starts=starts, until=until, notice=NOTICE)
    play.ask(command, SYSTEM, at or starts)
    return play


def due(play: Play) -> datetime:
    return play.at(Accepting).tender.terms.bids_due


def test_an_outage_is_declared_by_the_operator_on_a_stream_of_its_own_for_all_to_see() -> None:
    event = declare(make.DUE, make.DUE + HOUR)
    state = LINE.decider.replay([event])

    assert isinstance(state, Outage)
    assert LINE.visible(event, "public", state)
    assert LINE.knows(make.CRANE.actor, state)
    for stream, actor, kind in (("tender-9", make.OPERATOR, BadInput), (OUTAGE, SUPERVISOR, NotEntitled)):
        with pytest.raises(kind):
            declare(make.DUE, make.DUE + HOUR, stream=stream, actor=actor)
    with pytest.raises(BadInput):
        declare(make.DUE, make.DUE)


def test_a_declared_outage_may_last_longer_and_never_shorter() -> None:
    state = LINE.decider.replay([declare(make.DUE, make.DUE + HOUR)])

    again = declare(make.DUE, make.DUE + 2 * HOUR, state)
    for starts, until in ((make.DUE, make.DUE + HOUR), (make.DUE - HOUR, make.DUE + 2 * HOUR)):
        with pytest.raises(BadInput):
            declare(starts, until, state)

    assert LINE.decider.replay([again], state) == Outage(again) if isinstance(again, OutageDeclared) else False


def test_no_tender_is_named_like_an_outage_and_no_outage_is_a_tender() -> None:
    state = LINE.decider.replay([declare(make.DUE, make.DUE + HOUR)])
    for command, given in (
        (drafts.draft_tender(), Unborn()),
        (drafts.draft_tender(), state),
        (CloseReception(), state),
    ):
        actor = SYSTEM if isinstance(command, CloseReception) else make.AGENCY
        request = TenderRequest(
            id="c", stream=OUTAGE, actor=actor, received_at=make.DUE, command=command, facts=Facts()
        )  # fmt: skip
        with pytest.raises(Refusal):
            LINE.decide(request, given)


def test_a_deadline_in_the_outage_or_a_day_after_it_moves_and_others_do_not() -> None:
    cases = {
        (make.DUE, make.DUE + HOUR): True,  # from the very deadline on
        (make.DUE + make.MICROSECOND, make.DUE + HOUR): False,
        (make.DUE - 25 * HOUR, make.DUE - 24 * HOUR + make.MICROSECOND): True,
        (make.DUE - 25 * HOUR, make.DUE - 24 * HOUR): False,  # a whole day was left
    }
    for (starts, until), moved in cases.items():
        play = fell(stage.accepting(), starts, until, make.DUE - make.DAY)

        assert (due(play) > make.DUE) == moved


def test_it_moves_by_the_time_lost_and_a_day_at_least_remains() -> None:
    short = fell(stage.accepting(), make.DUE - HOUR, make.DUE + HOUR)
    long = fell(stage.accepting(), make.DUE - 49 * HOUR, make.DUE - HOUR)

    assert due(short) == make.DUE + 25 * HOUR
    assert due(long) == make.DUE + 48 * HOUR
    noted, moved = short.events[-2:]
    assert isinstance(noted, OutageNoted)
    assert noted.extended
    assert isinstance(moved, DeadlineMoved)
    assert (moved.cause, moved.notice, moved.article) == ("extension", NOTICE, "平台规则")
    assert [timer.due_at for timer in LINE.timers(moved)] == [moved.closes_at]


def test_a_deadline_is_never_moved_to_a_day_off() -> None:
    play = fell(stage.accepting(), make.DUE - HOUR, make.beijing(24, 12))  # a day after it is Friday the 25th

    assert due(play) == make.beijing(25, 12)
    play = fell(stage.accepting(), make.DUE - HOUR, make.beijing(25, 12))  # Saturday
    assert due(play) == make.beijing(28, 12)


def test_told_twice_it_moves_once_and_told_longer_by_what_is_added() -> None:
    play = fell(stage.accepting(), make.DUE - HOUR, make.DUE + 36 * HOUR)
    first = due(play)

    fell(play, make.DUE - HOUR, make.DUE + 36 * HOUR)
    again = due(play)
    fell(play, make.DUE - HOUR, make.DUE + 38 * HOUR)

    assert first == make.DUE + 60 * HOUR
    assert again == first
    assert due(play) == make.DUE + 62 * HOUR


def test_in_the_time_given_bids_are_received() -> None:
    play = fell(stage.accepting(), make.DUE - HOUR, make.DUE + HOUR)

    assert play.close(at=make.DUE + make.MICROSECOND) == ()
    (received,) = play.bid(make.CRANE, at=make.DUE + 25 * HOUR)

    assert isinstance(received, SealedReceived)


def test_an_outage_declared_after_reception_was_closed_is_noted_and_told_to_the_supervisor() -> None:
    play = fell(stage.closed(), make.DUE - HOUR, make.DUE, make.DUE + HOUR)

    noted = play.events[-1]

    assert isinstance(noted, OutageNoted)
    assert not noted.extended
    assert "outage_too_late" in warned(play)
    assert play.at(Closed).tender.terms.bids_due == make.DUE


def test_every_decision_of_an_extended_tender_is_made_again_from_its_record() -> None:
    play = fell(stage.accepting(), make.DUE - HOUR, make.DUE + HOUR)
    for bidder in stage.BIDDERS:
        play.bid(bidder)
    play.close(at=make.DUE + 26 * HOUR)

    assert play.audit() == play.at(Closed)
