"""Objections at the opening, on the spot, and the confirmation of its record (E17, D16, D18)."""

from datetime import timedelta

import pytest

from services.bidding.domain.commands import SignIn
from services.bidding.domain.remedies.events import (
    ObjectionRaised,
    OpeningConfirmed,
)
from services.bidding.domain.remedies.messages import ConfirmOpening
from services.bidding.domain.state import Evaluated, Opened, Qualified
from shared.kernel.errors import BreaksClause, NotEntitled, OutOfPhase
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.remedies import answer, object_to, opened_from, opened_with, warned

MINUTES = timedelta(minutes=30)


def test_at_the_opening_only_who_signed_in_objects() -> None:
    play = stage.collecting()
    play.ask(SignIn(), make.CRANE.actor)

    (raised,) = object_to(play, "opening")
    with pytest.raises(NotEntitled):
        object_to(play, "opening", bidder=make.HERON)

    assert isinstance(raised, ObjectionRaised)
    assert raised.articles[0] == "招标投标法实施条例 第四十四条"
    assert opened_from(play).at(Opened).beside.remedies.waits("opening")


def test_after_the_record_an_objection_comes_within_its_minutes_and_before_ones_own_confirmation() -> None:
    play = opened_with(make.CRANE, make.HERON, make.EGRET)
    read_out = play.now

    play.ask(ConfirmOpening(), make.HERON.actor)
    with pytest.raises(BreaksClause):
        object_to(play, "opening", bidder=make.HERON)
    object_to(play, "opening", read_out + MINUTES - make.MICROSECOND)
    with pytest.raises(BreaksClause) as no:
        object_to(play, "opening", read_out + MINUTES, make.EGRET)

    assert no.value.article == "招标投标法实施条例 第四十四条"


def test_nothing_is_reported_before_an_objection_at_the_opening_is_answered() -> None:
    play = opened_with(make.CRANE)
    (raised,) = object_to(play, "opening")

    with pytest.raises(OutOfPhase) as no:
        play.report()
    assert isinstance(raised, ObjectionRaised)
    assert warned(play, raised.answer_due)["answer_overdue"].article == no.value.article
    answer(play, "correct_record")
    play.report()

    assert play.at(Evaluated)


def test_nor_is_an_application_reviewed() -> None:
    play = stage.collecting(**stage.APPLYING, prices=[0, 0, 0])
    play.ask(SignIn(), make.CRANE.actor)
    object_to(opened_from(play), "opening")

    with pytest.raises(OutOfPhase) as no:
        play.review()
    answer(play, "correct_record")
    play.review()

    assert no.value.article == "招标投标法实施条例 第四十四条"
    assert play.at(Qualified)


def test_the_record_is_confirmed_once_by_who_was_there_and_silence_hinders_nothing() -> None:
    play = opened_with(make.CRANE, make.HERON)

    (confirmed,) = play.ask(ConfirmOpening(), make.CRANE.actor)
    again = play.ask(ConfirmOpening(), make.CRANE.actor)
    with pytest.raises(NotEntitled):
        play.ask(ConfirmOpening(), make.EGRET.actor)
    play.report()

    assert isinstance(confirmed, OpeningConfirmed)
    assert again == ()
    with pytest.raises(OutOfPhase):
        play.ask(ConfirmOpening(), make.HERON.actor)
