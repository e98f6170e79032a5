"""Who is drawn where a consortium bids, and what becomes of a committee's seats where several members go at once."""

from datetime import date

import pytest

from services.bidding.domain.committee.commands import RecuseMember, ReplaceMember
from services.bidding.domain.committee.events import CommitteeFormed
from services.bidding.domain.facts import Facts
from services.bidding.domain.state import Evaluated, Opened
from shared.kernel.errors import BreaksClause, NotYet
from shared.procedure.drawn import DrawFile
from shared.procedure.recusal import Ground, Tie
from shared.procedure.seating import Known
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


def tied(sitter: sit.Sitter, party: str = sit.BIDDERS[0], ended: date | None = None) -> Known:
    tie = Tie(expert=sitter.name, party=party, ground=Ground.KIN, ended=ended)
    return sitter.known(ties=(tie,))


def knowing(*known: Known) -> Facts:
    named = {one.member for one in known}
    return sit.facts(known=(*known, *(one for one in sit.KNOWN if one.member not in named)))


@pytest.mark.parametrize("who", [sit.CLERK, sit.EXPERTS[0]])
def test_who_has_a_relation_to_a_bidder_on_file_does_not_sit_whoever_names_it(who: sit.Sitter) -> None:
    with pytest.raises(BreaksClause) as no:
        sit.form(sit.opened(), knowing(tied(who)))

    assert no.value.article == "招标投标法 第三十七条"
    assert who.name in no.value.zh
    assert sit.form(sit.opened(), knowing(tied(who, "X-TEST:nobody")))


def test_an_appointed_expert_has_no_relation_to_a_bidder_either_but_one_that_ended_the_day_before() -> None:
    terms = {"appointed_because": "古建筑修缮，随机抽取难以胜任"}
    appointed = tuple(sitter.name for sitter in sit.LIBRARY[:4])

    with pytest.raises(BreaksClause):
        sit.form(
            sit.opened(committee=terms), knowing(tied(sit.LIBRARY[0], ended=sit.BEGINS.date())), appointed=appointed
        )
    ended = knowing(tied(sit.LIBRARY[0], ended=sit.BEGINS.date() - make.DAY))
    (formed,) = sit.form(sit.opened(committee=terms), ended, appointed=appointed)

    assert isinstance(formed, CommitteeFormed)
    assert formed.because


def test_nor_does_a_successor_with_one_take_a_seat() -> None:
    play, other = sit.sitting(), sit.Sitter("deputy")
    body = {"member": sit.CLERK.name, "ground": "absence", "explanation": "出差", "successor": other.name}

    with pytest.raises(BreaksClause):
        play.ask(ReplaceMember.model_validate(body), make.AGENCY, None, knowing(tied(other)))
    play.ask(ReplaceMember.model_validate(body), make.AGENCY, None, knowing(other.known()))

    assert other.name in {seat.member for seat in play.at(Opened).beside.committee.seats}
