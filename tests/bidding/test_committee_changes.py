"""What happens to a committee that sits: a member withdraws and is replaced, and time is extended."""

from typing import Any

import pytest

from services.bidding.domain.committee.commands import (
    AskMoreTime,
    ExtendEvaluation,
    RecuseMember,
    ReplaceMember,
)
from services.bidding.domain.committee.events import MemberReplaced, MoreTimeAsked
from services.bidding.domain.state import Evaluated, Opened
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, NotYet, OutOfPhase
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding.play import Play

SUCCESSOR = sit.Sitter(sit.NEXT.chosen[-1])


def test_a_member_who_withdraws_leaves_its_seat_and_nothing_is_reported_until_it_is_taken() -> None:
    play, gone = sit.sitting(), sit.EXPERTS[0]
    play.ask(RecuseMember(explanation="配偶任职于投标人"), gone.actor)

    with pytest.raises(BreaksClause) as no:
        sit.report(play)
    with pytest.raises(NotEntitled):
        sit.propose(play, gone, sit.rejecting("bid-of-crane"))
    replaced = sit.replace(play, gone.name)
    sit.report(play)

    assert no.value.article == "招标投标法实施条例 第四十八条"
    assert isinstance(replaced, MemberReplaced)
    assert replaced.seat.member == SUCCESSOR.name
    assert play.at(Evaluated)


def test_what_a_replaced_member_found_and_scored_is_void_and_done_again() -> None:
    play, gone = sit.sitting(method=sit.WEIGHTED), sit.EXPERTS[0]
    number = sit.propose(play, gone, sit.rejecting("bid-of-egret"))
    sit.vote(play, number, *sit.SEATED[1:3])
    left = sit.NAMES[:2]
    sit.all_score(play, bids=left)

    sit.replace(play, gone.name)

    committee = play.at(Opened).beside.committee
    assert [vote.member for vote in committee.matters[0].votes] == [sitter.name for sitter in sit.SEATED[1:3]]
    assert gone.name not in committee.scores
    with pytest.raises(OutOfPhase):
        sit.report(play)
    sit.vote(play, number, SUCCESSOR)
    sit.score(play, SUCCESSOR, sit.sheet("70", bids=left))
    sit.report(play)
    assert play.at(Evaluated).report.candidates == left


def test_only_who_is_next_in_the_same_draw_takes_the_seat() -> None:
    play, gone = sit.sitting(), sit.EXPERTS[0].name
    another = sit.draw(draw=f"{make.STREAM}-draw-2", refused=())

    for file in (sit.draw(), another, sit.draw(refused=(sit.EXPERTS[1].name,))):
        with pytest.raises(NotYet):
            sit.replace(play, gone, file)
    with pytest.raises(NotFound):
        sit.replace(play, "nobody")
    sit.replace(play, gone)


def test_a_representative_is_replaced_by_who_is_named_and_never_comes_back() -> None:
    play = sit.sitting()
    other = sit.Sitter("clerk-2")
    known = sit.facts(known=(*sit.KNOWN, other.known(years=0, senior=False)))
    body: dict[str, Any] = {"member": sit.CLERK.name, "ground": "health", "explanation": "因病"}

    with pytest.raises(BadInput):
        play.ask(ReplaceMember(**body), make.AGENCY, None, known)
    play.ask(ReplaceMember(**body, successor="clerk-2"), make.AGENCY, None, known)
    with pytest.raises(BadInput):
        play.ask(
            ReplaceMember(member="clerk-2", ground="health", explanation="因病", successor=sit.CLERK.name),
            make.AGENCY,
            None,
            known,
        )

    assert play.at(Opened).beside.committee.seats[-1].member == "clerk-2"


def say_short(play: Play, *sitters: sit.Sitter) -> list[bool]:
    said = [play.ask(AskMoreTime(explanation="技术标篇幅大"), sitter.actor)[0] for sitter in sitters]
    return [event.owed for event in said if isinstance(event, MoreTimeAsked)]


def test_one_of_five_who_says_that_the_time_is_too_short_does_not_hold_up_the_report_and_two_do() -> None:
    one, two = sit.sitting(), sit.sitting()

    assert say_short(one, sit.SEATED[0]) == [False]
    assert say_short(two, *sit.SEATED[:2]) == [False, True]
    with pytest.raises(OutOfPhase):
        say_short(two, sit.SEATED[0])
    sit.report(one)
    with pytest.raises(BreaksClause) as no:
        sit.report(two)

    assert no.value.article == "招标投标法实施条例 第四十八条"


def test_an_extension_grants_the_time_that_is_owed_and_is_later() -> None:
    play = sit.sitting()
    say_short(play, *sit.SEATED[:2])

    with pytest.raises(BadInput):
        play.ask(ExtendEvaluation(until=sit.UNTIL))
    play.ask(ExtendEvaluation(until=sit.UNTIL + make.DAY))
    sit.report(play)

    assert play.at(Evaluated).beside.committee.until == sit.UNTIL + make.DAY


def test_time_is_extended_by_the_tenders_own_and_only_for_a_committee_that_sits() -> None:
    with pytest.raises(OutOfPhase):
        sit.opened().ask(ExtendEvaluation(until=sit.UNTIL))
    other = make.AGENCY.model_copy(update={"account": "agency-9", "party": "X-AGENCY:9"})
    with pytest.raises(NotEntitled):
        sit.sitting().ask(ExtendEvaluation(until=sit.UNTIL + make.DAY), other)
