"""Covers of a tender: committed in its announcement, no bid in the count, revealed when reception closes."""

import pytest

from services.bidding import BOOKS
from services.bidding.covers import promised
from services.bidding.domain.commands import CloseReception
from services.bidding.domain.events import CoversRevealed, ReceptionClosed, TenderAnnounced
from services.bidding.domain.facts import Facts, Secrets
from services.bidding.domain.rows import Covers
from services.bidding.domain.state import Failed
from services.bidding.domain.timetable.messages import ExtendDeadline
from shared.kernel.request import SYSTEM
from shared.law.findings import day_of
from shared.procedure.asking import FactMissing
from shared.seal.covers import commitment, later, number
from shared.seal.sealed import Cover
from shared.seal.wire import text
from tests.bidding import drafts
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import OPENING, Play

SEED = b"\x07" * 32
MOST = 9
SECRETS = Secrets(meaning_key=make.KEYS.meaning, cover_seed=text(SEED))


def announced(per_day: int | None = None) -> Play:
    play = stage.drafted()
    rulebook, calendar = BOOKS.put(make.rulebook(day_of(make.ANNOUNCED), play.calendar), play.calendar)
    facts = Facts(
        rulebook=rulebook,
        calendar=calendar,
        meaning_public_key=make.KEYS.announced.meaning,
        covers=Covers(commitment=commitment(make.STREAM, SEED), most=MOST, per_day=per_day),
    )
    play.ask(drafts.publish_tender(), at=make.ANNOUNCED, facts=facts)
    return play


def test_the_announcement_commits_and_the_end_of_reception_reveals() -> None:
    play = announced()
    for bidder in stage.BIDDERS:
        play.bid(bidder)
    play.deliver(make.STORK, Cover())

    closed, revealed = play.ask(CloseReception(), SYSTEM, OPENING, Facts(), SECRETS)

    assert isinstance(closed, ReceptionClosed)
    assert isinstance(revealed, CoversRevealed)
    assert (len(closed.bids), closed.covers) == (3, 1)
    assert revealed == CoversRevealed(seed=text(SEED), number=number(make.STREAM, SEED, MOST), received=1)


def test_covers_are_no_bidders() -> None:
    play = announced()
    for bidder in stage.BIDDERS[:2]:
        play.bid(bidder)
    play.deliver(make.EGRET, Cover())
    play.deliver(make.STORK, Cover())

    play.ask(CloseReception(), SYSTEM, OPENING, Facts(), SECRETS)

    assert play.at(Failed).failure.cause == "fewer_than_three"


def test_another_seed_than_the_one_committed_to_closes_nothing() -> None:
    play = announced()

    for seed in (None, text(b"\x08" * 32)):
        with pytest.raises(FactMissing):
            play.ask(CloseReception(), SYSTEM, OPENING, Facts(), Secrets(make.KEYS.meaning, seed))


def test_a_tender_without_covers_says_nothing_of_them() -> None:
    (announcement,) = (event for event in stage.accepting().events if isinstance(event, TenderAnnounced))

    assert "covers" not in announcement.model_dump(mode="json")
    assert not any(isinstance(event, CoversRevealed) for event in stage.closed().events)


def test_decisions_with_covers_are_made_again_from_what_the_record_reveals() -> None:
    play = announced()
    play.bid(make.CRANE)
    play.deliver(make.STORK, Cover())
    play.ask(CloseReception(), SYSTEM, OPENING, Facts(), SECRETS)

    assert play.audit() == play.state


def test_a_deadline_that_moved_has_the_covers_of_the_days_that_it_gained() -> None:
    play = announced(per_day=3)
    due = make.DUE + 10 * make.DAY
    for later_due in (make.DUE + 4 * make.DAY, due):
        play.ask(ExtendDeadline(bids_due=later_due, notice="延长"), make.BUYER, make.beijing(10))

    _, revealed, *_ = play.ask(CloseReception(), SYSTEM, due + make.MICROSECOND, Facts(), SECRETS)

    gained = later(make.STREAM, SEED, 3, make.DUE, due)
    assert isinstance(revealed, CoversRevealed)
    assert gained
    assert revealed.number == number(make.STREAM, SEED, MOST) + len(gained)
    assert play.audit() == play.state


def test_what_was_announced_without_later_covers_has_none() -> None:
    play = announced()
    due = make.DUE + 10 * make.DAY
    play.ask(ExtendDeadline(bids_due=due, notice="延长"), make.BUYER, make.beijing(10))

    _, revealed, *_ = play.ask(CloseReception(), SYSTEM, due + make.MICROSECOND, Facts(), SECRETS)

    assert isinstance(revealed, CoversRevealed)
    assert revealed.number == number(make.STREAM, SEED, MOST)


def test_as_many_covers_a_day_are_promised_as_in_the_days_announced() -> None:
    made = "0" * 64

    assert promised(made, 0, 20 * make.DAY) is None
    for most, window, per_day in ((20, 20 * make.DAY, 1), (21, 20 * make.DAY, 2), (20, make.DAY, 20)):
        said = promised(made, most, window)
        assert said == Covers(commitment=made, most=most, per_day=per_day)
