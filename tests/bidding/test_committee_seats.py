"""Who is drawn where a consortium bids, and what becomes of a committee's seats where several members go at once."""

import pytest

from services.bidding.domain.committee.commands import RecuseMember
from services.bidding.domain.committee.events import CommitteeFormed
from services.bidding.domain.state import Evaluated, Opened
from shared.kernel.errors import BreaksClause, NotYet
from shared.procedure.drawn import DrawFile
from shared.seal.statement import Consortium
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play


def without(*gone: sit.Sitter) -> DrawFile:
    """Return the draw again, without some who were drawn."""
    return sit.draw(refused=tuple(sitter.name for sitter in gone))


def recused(*gone: sit.Sitter) -> Play:
    """Return a tender some of whose experts have given up their seats."""
    play = sit.sitting()
    for sitter in gone:
        play.ask(RecuseMember(explanation="配偶任职于投标人"), sitter.actor)
    return play


@pytest.mark.parametrize("count", [2, 3])
def test_who_recuse_before_any_is_replaced_are_replaced_in_the_order_of_the_draw(count: int) -> None:
    gone = sit.EXPERTS[:count]
    play, file = recused(*gone), without(*gone)

    seated = [sit.replace(play, sitter.name, file).seat.member for sitter in reversed(gone)]

    assert tuple(seated) == file.chosen[-count:]
    sit.report(play)
    assert play.audit() == play.at(Evaluated)


def test_of_two_who_recuse_one_is_replaced_before_the_draw_tells_of_the_other() -> None:
    first, second = sit.EXPERTS[:2]
    play = recused(first, second)

    with pytest.raises(NotYet):
        sit.replace(play, second.name, without(first))
    sit.replace(play, first.name, without(first))
    sit.replace(play, second.name, without(first, second))

    assert {seat.member for seat in play.at(Opened).beside.committee.seats[:4]} == {*without(first, second).chosen}


def test_who_does_not_go_and_a_draw_that_brings_nobody_new_leave_the_seat_empty() -> None:
    first, second, third = sit.EXPERTS[:3]
    play = recused(first, second)

    for gone, file in ((third, without(first, second)), (first, sit.draw())):
        with pytest.raises(NotYet):
            sit.replace(play, gone.name, file)


def test_every_member_of_a_consortium_is_among_the_parties_whom_experts_may_have_an_interest_in() -> None:
    partner = make.Bidder("ibis", "朱鹮").party
    play = stage.accepting(committee=sit.COMMITTEE)
    play.bid(make.CRANE, consortium=Consortium(members=(partner,), agreement="施工组织设计.pdf"))
    for bidder in stage.BIDDERS[1:]:
        play.bid(bidder)
    stage.finish_opening(play)

    with pytest.raises(BreaksClause) as no:
        sit.form(play)
    whole = sit.draw(parties=(*sit.BIDDERS, f"{partner.scheme}:{partner.id}"))
    (formed,) = sit.form(play, sit.facts(whole))

    assert no.value.article == "招标投标法实施条例 第四十六条"
    assert "联合体各方" in no.value.zh
    assert isinstance(formed, CommitteeFormed)
