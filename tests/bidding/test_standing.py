"""A sanction that begins between the opening and the award: no award to who is under it, and the next in order wins."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from services.bidding.domain.access.values import name_of
from services.bidding.domain.commands import AwardTender
from services.bidding.domain.events import TenderEvent
from services.bidding.domain.facts import Facts
from services.bidding.domain.result.messages import CandidateDropped, DropCandidate
from services.bidding.domain.rows import Sanctioned
from services.bidding.domain.state import Awarded, Publicised
from shared.kernel.errors import BadInput, BreaksClause
from shared.seal.statement import Consortium
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.bidding.remedies import warned

BEGAN = make.beijing(25)
OF_BOTH = "招标投标法实施条例 第五十五条、第五十六条"


def over(play: Play) -> datetime:
    return play.at(Publicised).publicity.ends


def under(party: Any = make.CRANE.party, *, since: datetime = BEGAN, until: datetime = make.VALID_UNTIL) -> Facts:
    """Return what the handler finds of a party that was banned."""
    sanction = {"cause": "banned", "article": "招标投标法 第五十三条", "since": since, "until": until}
    return Facts(sanctioned=(Sanctioned.model_validate({"party": name_of(party), "sanctions": (sanction,)}),))


def award(play: Play, bid: str, facts: Facts, at: datetime | None = None) -> Sequence[TenderEvent]:
    return play.ask(AwardTender(bid=bid), make.AGENCY, at or over(play), facts)


def drop(play: Play, facts: Facts, bid: str = "bid-of-crane") -> Sequence[TenderEvent]:
    command = DropCandidate(bid=bid, ground="sanctioned", explanation="公示期间被列入禁入名单")
    return play.ask(command, make.AGENCY, over(play), facts)


def test_who_is_banned_after_the_opening_does_not_win_and_the_next_in_order_does() -> None:
    play = stage.publicised()
    with pytest.raises(BreaksClause) as no:
        award(play, "bid-of-crane", under())
    assert no.value.article == OF_BOTH
    assert warned(play)["candidate_sanctioned"].article == OF_BOTH
    with pytest.raises(BreaksClause):
        award(play, "bid-of-heron", under())

    (dropped,) = drop(play, under())
    award(play, "bid-of-heron", under(), play.now)

    assert isinstance(dropped, CandidateDropped)
    assert (dropped.ground, dropped.fine_at_most_fen) == ("sanctioned", None)
    assert play.at(Awarded).award.bid == "bid-of-heron"
    assert play.audit() == play.state


def test_a_sanction_counts_from_the_instant_it_begins_to_the_instant_it_ends() -> None:
    play = stage.publicised()
    at, early, late = over(play), play.copy(), play.copy()

    award(early, "bid-of-crane", under(since=at + make.MICROSECOND))
    award(late, "bid-of-crane", under(until=at))

    for inside in (under(since=at), under(until=at + make.MICROSECOND)):
        with pytest.raises(BreaksClause):
            award(play, "bid-of-crane", inside)
    assert "candidate_sanctioned" not in {**warned(early), **warned(late)}


def test_a_sanction_of_another_party_hinders_nobody() -> None:
    play = stage.publicised()

    award(play, "bid-of-crane", under(make.STORK.party))

    assert play.at(Awarded).award.bid == "bid-of-crane"


def test_a_sanction_of_one_member_of_a_consortium_hinders_them_all() -> None:
    partner = make.Bidder("ibis", "朱鹮").party
    play = stage.accepting()
    play.bid(make.CRANE, consortium=Consortium(members=(partner,), agreement="施工组织设计.pdf"))
    for bidder, price in zip(stage.BIDDERS[1:], stage.PRICES[1:], strict=True):
        play.bid(bidder, price)
    stage.finish_opening(play)
    play.report(at=make.beijing(23, 9))
    play.publicise(at=make.beijing(24, 9))

    with pytest.raises(BreaksClause):
        award(play, "bid-of-crane", under(partner))


def test_nobody_falls_away_for_a_sanction_that_is_not_in_force() -> None:
    play = stage.publicised()

    for found in (Facts(), under(make.HERON.party), under(since=over(play) + make.MICROSECOND)):
        with pytest.raises(BadInput):
            drop(play, found)
