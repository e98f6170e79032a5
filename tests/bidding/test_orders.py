"""What a decision on a complaint orders, and that it is carried out (E36, D25)."""

import pytest

from services.bidding.domain.remedies.events import (
    ComplaintDecided,
    EvaluationSetAside,
    TenderTerminated,
)
from services.bidding.domain.result.messages import CandidateDropped
from services.bidding.domain.state import Accepting, Failed, Opened, Publicised
from shared.kernel.errors import OutOfPhase
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.remedies import accept, accepted_on_the_result, complained, decide, warned


def test_the_order_to_evaluate_again_is_carried_out_even_after_the_award() -> None:
    before, after = accepted_on_the_result(), accepted_on_the_result()
    after.award("bid-of-crane", at=make.beijing(29))

    for play in (before, after):
        _, aside = decide(play, "re_evaluate", make.beijing(29, 9))
        assert isinstance(aside, EvaluationSetAside)
        assert aside.article == "电子招标投标办法 第五十二条"
        assert play.at(Opened).rows


def test_the_order_that_a_candidate_falls_away_is_carried_out() -> None:
    play = accepted_on_the_result()

    _, dropped = decide(play, "next_candidate", bid="bid-of-crane")

    assert isinstance(dropped, CandidateDropped)
    assert (dropped.ground, dropped.by) == ("unlawful", "supervisor")
    assert play.at(Publicised)
    assert play.award("bid-of-heron", at=make.beijing(29))


def test_the_order_to_hold_it_again_ends_the_tender() -> None:
    play = accepted_on_the_result()

    _, ended = decide(play, "retender")

    assert isinstance(ended, TenderTerminated)
    assert (ended.cause, ended.number, ended.bids_opened) == ("complaint", 1, True)
    assert play.at(Failed)


def test_an_order_that_cannot_be_carried_out_is_refused_and_a_dismissal_changes_nothing() -> None:
    play = complained()
    accept(play, make.beijing(2, 10))
    for order in ("re_evaluate", "next_candidate"):  # there is no report yet
        with pytest.raises(OutOfPhase):
            decide(play, order, bid="bid-of-crane" if order == "next_candidate" else None)

    (dismissed,) = decide(play)

    assert isinstance(dismissed, ComplaintDecided)
    assert play.at(Accepting)


def test_the_order_to_correct_the_documents_is_for_the_time_before_the_deadline() -> None:
    ordered, too_late = complained(), accepted_on_the_result()
    accept(ordered, make.beijing(2, 10))

    decide(ordered, "correct_documents")
    with pytest.raises(OutOfPhase):
        decide(too_late, "correct_documents")
    for bidder in stage.BIDDERS:
        ordered.bid(bidder)
    ordered.close()

    assert warned(ordered)["documents_uncorrected"].article == "电子招标投标办法 第五十二条"
