"""Termination: from the announcement to the award, told to everyone; what was not opened never is."""

from collections.abc import Callable

import pytest

from services.bidding.domain.facts import Secrets
from services.bidding.domain.remedies.events import TenderTerminated
from services.bidding.domain.remedies.messages import TerminateTender
from services.bidding.domain.state import Failed
from services.bidding.domain.timetable.messages import SuspendTender
from services.bidding.domain.visible import reads_bids, visible
from shared.kernel.errors import NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.bidding.remedies import SUPERVISOR, object_to, warned

END = TerminateTender(notice="项目规划调整，本次招标终止")


def terminated(play: Play) -> TenderTerminated:
    (event,) = play.ask(END)
    assert isinstance(event, TenderTerminated)
    return event


@pytest.mark.parametrize("begin", [stage.accepting, stage.closed, stage.opened, stage.evaluated, stage.publicised])
def test_a_tender_may_be_terminated_until_the_award(begin: Callable[[], Play]) -> None:
    play = begin()

    event = terminated(play)

    assert event.article == "招标投标法实施条例 第三十一条"
    assert END.notice in event.zh
    assert visible(event, "public", play.state)
    assert warned(play)["tender_terminated"].article == event.article
    assert play.at(Failed).failure == event


@pytest.mark.parametrize("begin", [stage.collecting, stage.unsealing, stage.awarded])
def test_not_while_it_is_being_opened_nor_after_the_award(begin: Callable[[], Play]) -> None:
    with pytest.raises(OutOfPhase) as no:
        begin().ask(END)

    assert no.value.article == "招标投标法实施条例 第三十一条"


def test_it_ends_once_and_by_its_own_tenderer_or_agency_even_while_it_stands_still() -> None:
    play = stage.accepting()
    play.ask(SuspendTender(cause="supervision", notice="责令暂停"), SUPERVISOR, make.beijing(2))
    with pytest.raises(NotEntitled):
        play.ask(END, Actor(account="agency-9", role="agency", party="X-AGENCY:9"))

    play.ask(END, make.BUYER)

    with pytest.raises(OutOfPhase):
        play.ask(END)


@pytest.mark.parametrize("begin", [stage.accepting, stage.closed])
def test_bids_that_were_not_opened_are_read_by_nobody(begin: Callable[[], Play]) -> None:
    play = begin()

    event = terminated(play)

    assert not event.bids_opened
    assert not any(reads_bids(actor, play.state) for actor in (make.AGENCY, make.BUYER, SUPERVISOR))
    opened = stage.opened()
    assert terminated(opened).bids_opened
    assert reads_bids(make.AGENCY, opened.state)


def test_after_the_end_no_bid_is_received_and_no_deadline_closes_anything() -> None:
    play = stage.accepting()
    terminated(play)

    with pytest.raises(OutOfPhase):
        play.bid(make.CRANE)
    assert play.close() == ()


def test_every_decision_is_made_again_with_the_key_that_the_end_releases() -> None:
    play = stage.accepting()
    play.bid(make.CRANE)
    play.bid(make.HERON)
    object_to(play, "documents", make.beijing(8))
    event = terminated(play)

    assert event.meaning_key == make.KEYS.meaning
    assert play.audit() == play.at(Failed)
    assert play.audit(Secrets(meaning_key=event.meaning_key)) == play.state
