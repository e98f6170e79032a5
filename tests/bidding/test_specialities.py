"""Experts of several specialities: one draw for each, nobody twice, and each seat goes on in its own draw."""

from typing import Any

import pytest

from services.bidding.domain.committee.commands import RecuseMember, ReplaceMember
from services.bidding.domain.committee.events import CommitteeFormed
from services.bidding.domain.facts import Facts
from services.bidding.domain.state import Accepting, Evaluated, Opened
from shared.kernel.errors import BadInput, BreaksClause, NotYet
from shared.procedure.drawn import DrawFile
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play

ROADS, COSTS = "市政工程", "工程造价"
TWO: dict[str, Any] = {
    "specialities": [{"speciality": ROADS, "experts": 3}, {"speciality": COSTS, "experts": 1}],
}


def roads(**changes: Any) -> DrawFile:
    return sit.draw(**{"of": sit.LIBRARY[:5], "seats": 3, "reserve": 2, "others": None, **changes})


def costs(**changes: Any) -> DrawFile:
    fields = {"of": sit.LIBRARY[5:], "seats": 1, "reserve": 2, "others": None, "speciality": COSTS}
    fields |= {"draw": f"{make.STREAM}-costs-1"}
    return sit.draw(**{**fields, **changes})


def found(*files: DrawFile) -> Facts:
    """Return what the handler finds: the draw that had its result first, and all of them where there are several."""
    return Facts(draw=files[0], draws=files if len(files) > 1 else (), members=sit.KNOWN)


def formed(play: Play, *files: DrawFile) -> CommitteeFormed:
    (event,) = sit.form(play, found(*files))
    assert isinstance(event, CommitteeFormed)
    return event


def test_the_specialities_add_up_to_the_experts_and_each_is_named_once() -> None:
    assert stage.accepting(committee=sit.COMMITTEE | TWO).at(Accepting)
    for wrong in (
        [{"speciality": ROADS, "experts": 3}],
        [{"speciality": ROADS, "experts": 4}, {"speciality": COSTS, "experts": 1}],
        [{"speciality": ROADS, "experts": 3}, {"speciality": ROADS, "experts": 1}],
    ):
        with pytest.raises(BadInput):
            stage.accepting(committee=sit.COMMITTEE | {"specialities": wrong})
    with pytest.raises(BadInput):
        stage.accepting(committee=sit.COMMITTEE | TWO | {"appointed_because": "古建筑修缮"})


def test_what_was_announced_without_specialities_says_nothing_of_them() -> None:
    assert "specialities" not in stage.accepting(committee=sit.COMMITTEE).at(Accepting).tender.canonical().decode()


def test_a_committee_is_formed_of_one_draw_for_each_speciality() -> None:
    play = sit.opened(committee=TWO)

    event = formed(play, costs(), roads())

    assert [seat.member for seat in event.seats] == [*roads().chosen, *costs().chosen, sit.CLERK.name]
    assert event.draw is None
    assert [(one.speciality, one.drawn.draw, one.members) for one in event.draws] == [
        (ROADS, roads().draw, roads().chosen),
        (COSTS, costs().draw, costs().chosen),
    ]
    sit.report(play)
    assert play.audit() == play.at(Evaluated)


def test_until_every_speciality_is_drawn_nobody_sits() -> None:
    play = sit.opened(committee=TWO)

    for files in ((roads(),), (costs(),), (costs(), roads(speciality="园林"))):
        with pytest.raises(NotYet):
            formed(play, *files)


def test_each_draw_is_of_as_many_as_its_speciality_needs_and_names_every_bidder() -> None:
    for wrong in (roads(seats=2), roads(parties=sit.BIDDERS[1:]), roads(chosen=roads().chosen[::-1])):
        with pytest.raises(BreaksClause) as no:
            formed(sit.opened(committee=TWO), wrong, costs())
        assert no.value.article == "招标投标法实施条例 第四十六条"


def test_a_draw_that_was_asked_for_wrongly_counts_for_nothing_and_the_next_seats_the_committee() -> None:
    right, another = sit.draw(draw="t1-right"), sit.draw(draw="t1-another")

    for wrong in (sit.draw(parties=sit.BIDDERS[1:]), sit.draw(seats=3, others=None)):
        with pytest.raises(BreaksClause, match="重新申请抽取"):
            sit.form(sit.opened(), found(wrong))
        (event,) = sit.form(sit.opened(), found(wrong, right, another))
        assert isinstance(event, CommitteeFormed)
        assert event.draw is not None
        assert event.draw.draw == right.draw

    of_each = formed(sit.opened(committee=TWO), roads(seats=2), costs(parties=()), costs(), roads()).draws
    assert [one.members for one in of_each] == [roads().chosen, costs().chosen]


def test_of_draws_that_were_asked_for_rightly_the_first_counts_even_where_it_does_not_hold() -> None:
    bad = sit.draw(chosen=sit.draw().chosen[::-1])

    with pytest.raises(BreaksClause, match="抽取文件第7步不成立"):
        sit.form(sit.opened(), found(bad, sit.draw(draw="t1-again")))


def test_nobody_sits_who_was_drawn_twice_until_the_later_draw_goes_on() -> None:
    both = roads().chosen[0]
    overlapping = tuple(sitter for sitter in sit.LIBRARY if sitter.name == both)
    twice = costs(of=(*overlapping, *sit.LIBRARY[5:7]), seats=1, reserve=2)
    names = [name for name in (sitter.name for sitter in (*overlapping, *sit.LIBRARY[5:7])) if name != both]
    while twice.chosen != (both,):
        twice = costs(of=(*overlapping, *sit.LIBRARY[5:7]), reserve=2, draw=f"{twice.draw}x")
    play = sit.opened(committee=TWO)

    with pytest.raises(BadInput, match=both):
        formed(play, roads(), twice)
    gone_on = costs(of=(*overlapping, *sit.LIBRARY[5:7]), reserve=2, draw=twice.draw, refused=(both,))
    event = formed(play, roads(), gone_on)

    assert {*event.draws[1].members} <= {*names}


def test_who_goes_is_replaced_from_the_draw_of_its_own_speciality() -> None:
    play, gone = sit.opened(committee=TWO), sit.Sitter(costs().chosen[0])
    formed(play, roads(), costs())
    play.ask(RecuseMember(explanation="配偶任职于投标人"), gone.actor)

    with pytest.raises(NotYet):
        replaced(play, gone, roads(refused=roads().chosen[:1]), costs())
    after = costs(refused=(gone.name,))
    replaced(play, gone, roads(), after)

    committee = play.at(Opened).beside.committee
    assert [group.members for group in committee.groups] == [roads().chosen, after.chosen]
    first = sit.Sitter(roads().chosen[0])
    replaced(play, first, roads(refused=(first.name,)), after)
    sit.report(play)
    assert play.audit() == play.at(Evaluated)


def replaced(play: Play, gone: sit.Sitter, *files: DrawFile) -> None:
    body = {"member": gone.name, "ground": "recusal", "explanation": "与投标人有利害关系"}
    play.ask(ReplaceMember.model_validate(body), make.AGENCY, None, found(*files))
