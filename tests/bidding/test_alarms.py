"""What a supervisor is warned of: each rule just kept raises nothing, just broken an alarm with its article."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from services.bidding import BOOKS
from services.bidding.domain.access.messages import ScreenBids
from services.bidding.domain.alarms import OPENING_GRACE, WORDS, Alarm, alarms
from services.bidding.domain.receiving import law_of
from services.bidding.domain.result.messages import ReportToSupervisor
from services.bidding.domain.state import Accepting, Announced, Awarded
from shared.kernel.request import SYSTEM
from shared.law.calendar import DAY
from tests.bidding import factories as make
from tests.bidding.phases import (
    ALL,
    accepting,
    awarded,
    closed,
    collecting,
    drafted,
    evaluated,
    finish_opening,
    opened,
    unsealing,
)
from tests.bidding.play import Play, but_publication


def warned(play: Play, now: datetime | None = None) -> dict[str, Alarm]:
    """Return the alarms of a tender by their codes, as whoever is told everything gets them."""
    assert isinstance(play.state, Announced)
    told = [(play.now, event) for event in play.events]
    found = alarms(told, play.state, law_of(play.state, BOOKS), now or play.now)
    return {alarm.code: alarm for alarm in but_publication(found)}


def test_a_tender_in_order_raises_no_alarm() -> None:
    play = awarded()
    play.sign(100_000_000_00, at=play.now + DAY)

    assert warned(play) == {}


def test_invalid_bids_and_bids_that_resemble_each_other_are_warned_of() -> None:
    play = accepting(found={"operators": ("X-TEST:stork",)})
    clear = opened()
    for number, bidder in enumerate(ALL):
        play.bid(bidder, 100_00 + number)
    finish_opening(play)
    play.ask(ScreenBids(), SYSTEM)

    assert warned(play)["bid_invalid"].article == "电子招标投标办法 第二十三条"
    assert warned(play)["collusion_noted"].article == "招标投标法实施条例 第四十条"
    assert not {"bid_invalid", "collusion_noted"} & warned(clear).keys()


def test_a_draft_raises_none_whoever_asks() -> None:
    play = drafted()

    told, law = [(play.now, event) for event in play.events], law_of(accepting().at(Accepting), BOOKS)
    assert alarms(told, play.state, law, play.now) == ()


def test_an_opening_is_held_at_the_deadline() -> None:
    latest = make.DUE + OPENING_GRACE
    in_time, late, waiting = closed(), closed(), closed()

    in_time.convene(at=latest)
    late.convene(at=latest + make.MICROSECOND)

    assert "opening_late" not in warned(in_time)
    assert warned(late)["opening_late"].article == "招标投标法 第三十四条"
    assert "opening_overdue" not in warned(waiting, latest)
    assert warned(waiting, latest + make.MICROSECOND)["opening_overdue"].since == latest


def test_an_opening_without_witnesses_is_told() -> None:
    witnessed, alone = collecting(), closed()
    alone.convene()
    alone.proceed(at=alone.now + timedelta(minutes=5))

    assert "opening_unwitnessed" not in warned(witnessed)
    assert warned(alone)["opening_unwitnessed"].since == alone.now


def test_a_bid_turned_away_is_told_with_the_article_it_was_refused_by() -> None:
    play = closed()
    assert "bid_refused" not in warned(play)

    play.bid(make.STORK, 1_00, at=make.DUE + make.MICROSECOND)

    assert warned(play)["bid_refused"].article == "招标投标法实施条例 第三十六条、电子招标投标办法 第二十七条"


def test_a_bid_that_is_not_unsealed_is_told() -> None:
    whole = opened()
    lacking = collecting(below_three_unsealed="continue")
    for bidder in (make.CRANE, make.HERON):
        lacking.key(bidder)
    lacking.shares("agency", "platform")
    lacking.end_keys()
    lacking.unseal()
    lacking.disclose(make.CRANE, make.HERON, make.EGRET)

    assert "not_unsealed" not in warned(whole)
    assert warned(lacking)["not_unsealed"].article == "电子招标投标办法 第三十一条"


def test_candidates_are_publicised_within_three_days_of_the_report() -> None:
    play, late = evaluated(), evaluated()  # reported on Wednesday 23; the third day, Saturday, moves to Monday
    over = make.beijing(29)

    late.publicise(at=over)

    assert "publicity_overdue" not in warned(play, over - make.MICROSECOND)
    assert warned(play, over)["publicity_overdue"].since == over
    assert warned(late)["publicity_late"].article == "招标投标法实施条例 第五十四条"


def test_a_contract_is_signed_within_thirty_days() -> None:
    waiting, late = awarded(), awarded()
    due = waiting.at(Awarded).award.contract_due

    late.sign(100_000_000_00, at=due)

    assert "contract_overdue" not in warned(waiting, due - make.MICROSECOND)
    assert warned(waiting, due)["contract_overdue"].article == "招标投标法 第四十六条"
    assert warned(late)["contract_late"].since == due


def test_a_tender_that_failed_is_told() -> None:
    play = accepting()
    play.close()

    assert "招标投标法 第二十八条" in warned(play)["tender_failed"].article


@pytest.mark.parametrize("phase", [unsealing, opened])
def test_while_nothing_is_due_nothing_is_overdue(phase: Callable[[], Play]) -> None:
    play = phase()

    assert warned(play, play.now + 60 * DAY) == {}


def test_the_oldest_comes_first_and_every_code_has_its_words() -> None:
    play = closed()
    play.bid(make.STORK, 1_00, at=make.DUE + timedelta(hours=1))
    play.convene(at=make.DUE + timedelta(hours=2))
    play.proceed(at=make.DUE + timedelta(hours=3))

    assert list(warned(play)) == ["opening_late", "bid_refused", "opening_unwitnessed"]
    assert all(zh and en for zh, en in WORDS.values())


def test_the_winner_is_decided_while_bids_bind() -> None:
    play = evaluated(validity_days=10)
    over = make.beijing(5, month=1, year=2027)

    assert "validity_over" not in warned(play, over - make.MICROSECOND)
    assert warned(play, over)["validity_over"].since == over


def test_the_report_to_the_supervisor_is_handed_in_within_fifteen_days() -> None:
    waiting, late = awarded(), awarded()
    due = make.beijing(14, month=1, year=2027)

    late.ask(ReportToSupervisor(report_sha256="d" * 64), at=due)

    assert "report_overdue" not in warned(waiting, due - make.MICROSECOND)
    assert warned(waiting, due)["report_overdue"].article == "工程建设项目施工招标投标办法 第六十五条"
    assert "report_overdue" not in warned(late, due)
    assert warned(late)["report_late"].since == due
