"""Further minutes for keys (补救方案): only where the tender documents set them, once, and while keys are collected."""

from datetime import timedelta

import pytest

from services.bidding import LINE
from services.bidding.domain.ceremony_events import KeyCollectionExtended, KeyGiven
from services.bidding.domain.commands import EndKeyCollection, ExtendKeyCollection
from services.bidding.domain.state import Collecting, Unsealing
from shared.kernel.errors import NotEntitled, OutOfPhase
from shared.kernel.request import SYSTEM, Actor
from tests.bidding import factories as make
from tests.bidding.phases import collecting

LONGER = ExtendKeyCollection(explanation="平台网络故障")


def test_keys_are_taken_for_the_declared_minutes_longer() -> None:
    play = collecting(remedy_minutes=20)
    due = play.at(Collecting).collection.keys_due

    (extended,) = play.ask(LONGER, at=due - make.MICROSECOND)
    assert isinstance(extended, KeyCollectionExtended)
    assert extended.keys_due == due + timedelta(minutes=20)
    assert [(timer.due_at, timer.command) for timer in LINE.timers(extended)] == [
        (extended.keys_due, EndKeyCollection())
    ]
    assert play.ask(EndKeyCollection(), SYSTEM, due) == ()  # the timer of the first minutes
    (given, *_) = play.key(make.CRANE, at=extended.keys_due - make.MICROSECOND)
    assert isinstance(given, KeyGiven)
    with pytest.raises(OutOfPhase):
        play.key(make.HERON, at=extended.keys_due)
    play.end_keys()
    assert play.at(Unsealing)
    assert play.audit() == play.state


def test_without_a_declared_remedy_no_minute_is_given() -> None:
    play = collecting(remedy_minutes=None)

    with pytest.raises(OutOfPhase) as no:
        play.ask(LONGER)

    assert no.value.article == "电子招标投标办法 第三十一条"


def test_the_remedy_is_given_once_and_not_after_the_minutes() -> None:
    play, late = collecting(), collecting()
    play.ask(LONGER)

    with pytest.raises(OutOfPhase):
        play.ask(LONGER)
    with pytest.raises(OutOfPhase):
        late.ask(LONGER, at=late.at(Collecting).collection.keys_due)


def test_only_those_who_run_the_tender_give_it() -> None:
    other = Actor(account="agency-2", role="agency", region="370500", party="X-AGENCY:2")
    with pytest.raises(NotEntitled):
        collecting().ask(LONGER, other)
