"""Others with an interest (其他利害关系人) object and complain by their accounts; who objects again is told of."""

from typing import get_args

import pytest

from services.bidding.domain.remedies.events import (
    ComplaintMade,
    InterestDeclared,
    ObjectionAnswered,
    ObjectionRaised,
    ObjectionRepeated,
)
from services.bidding.domain.remedies.messages import RaiseObjection, WithdrawObjection
from services.bidding.domain.state import Accepting, Opened, Publicised
from services.bidding.domain.visible import visible
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled
from shared.kernel.message import Event
from shared.kernel.request import Actor, Role
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.bidding.remedies import (
    INTEREST,
    NEIGHBOUR,
    answer,
    complain,
    object_by_name,
    object_to,
    opened_with,
    warned,
)

OTHER = Actor(account="neighbour-2", role="bidder", party="X-NEIGHBOUR:2")
FIRST_BID = make.beijing(9)


def seen_by(play: Play, event: Event) -> set[Role]:
    return {role for role in get_args(Role) if visible(event, role, play.state)}


def test_another_interested_party_objects_to_the_documents_in_its_own_name_and_the_tender_waits() -> None:
    play = stage.accepting()

    raised, declared, _ = object_by_name(play, "documents", make.beijing(12))

    assert isinstance(raised, ObjectionRaised)
    assert isinstance(declared, InterestDeclared)
    assert (declared.party, declared.interest) == ("X-NEIGHBOUR:1", INTEREST)
    assert play.at(Accepting).beside.timetable.suspended
    late = stage.accepting()
    with pytest.raises(BreaksClause) as no:
        object_by_name(late, "documents", make.beijing(13))
    assert no.value.article == "招标投标法实施条例 第二十二条"


def test_it_objects_to_the_result_within_the_publicity_and_not_to_the_opening() -> None:
    play = stage.publicised()
    ends = play.at(Publicised).publicity.ends
    late, opened = play.copy(), opened_with(make.CRANE)

    object_by_name(play, "result", ends - make.MICROSECOND)

    assert play.at(Publicised).beside.timetable.suspended
    with pytest.raises(BreaksClause):
        object_by_name(late, "result", ends)
    with pytest.raises(NotEntitled):
        object_by_name(opened, "opening")


def test_it_says_what_its_interest_is_and_who_objects_by_a_token_says_none() -> None:
    play = stage.accepting()

    with pytest.raises(BreaksClause) as no:
        object_by_name(play, "documents", interest=None)
    assert no.value.article == "招标投标法实施条例 第二十二条、第五十四条、第六十条"
    with pytest.raises(BadInput):
        play.ask(RaiseObjection(about="documents", text="异议", interest=INTEREST), make.CRANE.actor)


@pytest.mark.parametrize(
    "actor",
    [
        Actor(account="nobody-1", role="bidder"),
        Actor(account="buyers-own", role="bidder", party="X-BUYER:1"),
    ],
)
def test_who_has_no_party_or_is_the_tenders_own_does_not(actor: Actor) -> None:
    with pytest.raises(NotEntitled):
        object_by_name(stage.accepting(), "documents", by=actor)


def test_who_it_is_is_told_to_who_answers_and_who_supervises_alone() -> None:
    play = stage.accepting()
    raised, declared, _ = object_by_name(play, "documents", make.beijing(8))
    answer(play, at=make.beijing(8, 1))
    assert isinstance(raised, ObjectionRaised)

    assert seen_by(play, declared) == seen_by(play, raised) == {"tenderer", "agency", "supervisor", "system"}
    for bidder in stage.BIDDERS:
        play.bid(bidder, at=FIRST_BID)
    play.close(at=make.beijing(22, 12))

    assert seen_by(play, declared) == seen_by(play, raised) == {"tenderer", "agency", "supervisor", "system"}
    assert NEIGHBOUR.account not in raised.canonical().decode()
    with_another = stage.accepting()
    (same, *_) = object_by_name(with_another, "documents", make.beijing(8), by=OTHER)
    assert isinstance(same, ObjectionRaised)
    assert same.by == raised.by


def test_it_withdraws_its_own_and_nobody_elses() -> None:
    play = stage.accepting()
    object_by_name(play, "documents", make.beijing(8))
    for stranger in (OTHER, make.CRANE.actor):
        with pytest.raises(NotEntitled):
            play.ask(WithdrawObjection(number=1), stranger)

    play.ask(WithdrawObjection(number=1), NEIGHBOUR)

    assert not play.at(Accepting).beside.timetable.suspended


def test_it_complains_about_the_documents_after_it_has_objected_and_another_may_not_lean_on_that() -> None:
    play = stage.accepting()
    with pytest.raises(BreaksClause) as no:
        complain(play, "documents", knew_at=make.ANNOUNCED, by=NEIGHBOUR)
    assert no.value.article == "招标投标法实施条例 第六十条"
    object_by_name(play, "documents", make.beijing(2, 9))
    answer(play, at=make.beijing(3, 9))
    with pytest.raises(BreaksClause):
        complain(play, "documents", knew_at=make.ANNOUNCED, objection=1, by=OTHER)

    (made,) = complain(play, "documents", knew_at=make.ANNOUNCED, objection=1, by=NEIGHBOUR)

    assert isinstance(made, ComplaintMade)
    assert seen_by(play, made) == {"supervisor", "system"}
    assert play.audit() == play.at(Accepting)


def test_who_objects_to_the_same_again_suspends_it_again_and_the_supervisor_alone_is_told() -> None:
    play = stage.accepting()
    object_to(play, "documents", make.beijing(8))
    answer(play, at=make.beijing(8, 1))
    object_to(play, "documents", make.beijing(8, 2), make.HERON)
    answer(play, at=make.beijing(8, 3), number=2)
    assert "objection_repeated" not in warned(play)

    _, repeated, _ = object_to(play, "documents", make.beijing(8, 4))

    assert isinstance(repeated, ObjectionRepeated)
    assert (repeated.number, repeated.earlier) == (3, 1)
    assert play.at(Accepting).beside.timetable.suspended
    assert "objection_repeated" in warned(play)
    assert seen_by(play, repeated) == {"supervisor", "system"}


def test_who_objects_in_its_own_name_again_is_told_of_too() -> None:
    play = stage.accepting()
    object_by_name(play, "documents", make.beijing(8))
    play.ask(WithdrawObjection(number=1), NEIGHBOUR)
    *_, repeated, _ = object_by_name(play, "documents", make.beijing(8, 1))

    assert isinstance(repeated, ObjectionRepeated)
    with pytest.raises(BadInput):
        object_by_name(play, "documents", make.beijing(8, 2))


def test_a_new_result_is_another_matter() -> None:
    play = stage.publicised()
    object_to(play, "result", make.beijing(24, 10))
    again = play.copy()
    answer(again, at=make.beijing(24, 11))
    object_to(again, "result", make.beijing(24, 12))
    answered = answer(play, "re_evaluate", make.beijing(24, 11))[0]
    assert isinstance(answered, ObjectionAnswered)
    play.at(Opened)
    play.report(at=make.beijing(24, 12))
    play.publicise(at=make.beijing(25, 9))
    object_to(play, "result", make.beijing(25, 10))

    assert "objection_repeated" in warned(again)
    assert "objection_repeated" not in warned(play)
