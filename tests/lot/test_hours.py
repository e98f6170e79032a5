"""Time within a lot: clocks that step back, the very instant of an end, what stands still, what waits for what."""

from datetime import datetime, timedelta

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, NotYet, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import AgreementOpened, LotFrozen
from shared.procedure.lot.events import TimedStarted
from shared.procedure.lot.line import phase_ends
from tests.lot import factories as make
from tests.lot.play import Play, play
from tests.lot.test_freezing import freeze, thaw
from tests.lot.test_prices import ended, share
from tests.property.factories import equity

HOUR, MINUTE, MICROSECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)


def waits(lot: Play, at: datetime) -> bool:
    """Whether a bid that arrives now has no answer before the next phase."""
    try:
        lot.copy().bid(3, 105_000, at)
    except NotYet:
        return True
    except OutOfPhase:
        return False
    return False


def test_a_clock_that_steps_back_an_hour_shortens_no_countdown(lot: Play) -> None:
    (started,) = lot.tick()
    assert isinstance(started, TimedStarted)
    (bid,) = lot.bid(3, 102_000, at=started.ends_at - HOUR)
    assert bid.received_at == make.ENDS
    assert bid.ends_at == started.ends_at
    assert lot.tick(started.ends_at - HOUR) == ()
    lot.run_out()
    assert lot.audit() == lot.state


def test_a_lot_frozen_and_told_to_go_on_by_a_clock_that_stepped_back_does_not_go_back(lot: Play) -> None:
    (frozen,) = lot.ask(freeze(), make.OPERATOR)
    with pytest.raises(BadInput, match="早于"):
        lot.ask(thaw(frozen.at - MINUTE), at=frozen.at - HOUR)
    (thawed,) = lot.ask(thaw(frozen.at), at=frozen.at - HOUR)
    assert thawed.shifted_seconds == 0


@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("trigger", ["automatic", "last_hour", "asked"])
def test_what_waits_for_the_next_phase_is_not_waited_for_by_its_start(*, counts: bool, trigger: str) -> None:
    lot = play(LINE).announce(instant_counts=counts, trigger=trigger).admit(1, 2, 3)
    while lot.lot.phase != "timed":
        ends = lot.lot.times.ends_at
        for at in (ends - MICROSECOND, ends, ends + MICROSECOND):
            assert not (waits(lot, at) and at <= phase_ends(lot.state))
        if lot.lot.phase == "free":
            lot.bid(1, 100_000, at=ends - MINUTE)
            lot.bid(2, 101_000)
        if lot.lot.phase == "asking":
            lot.ask(commands.GoOn(), make.bidder(1))
        lot.tick()
    assert lot.lot.phase == "timed"


@pytest.mark.parametrize("counts", [True, False])
def test_a_bid_at_the_very_end_counts_where_the_notice_says_so(*, counts: bool) -> None:
    lot = play(LINE).started(trigger="always", instant_counts=counts)
    lot.tick()
    ends = lot.lot.times.ends_at
    if counts:
        (bid,) = lot.bid(1, 100_000, at=ends)
        assert bid.ends_at == ends + 5 * MINUTE
    else:
        with pytest.raises(OutOfPhase, match="截止"):
            lot.bid(1, 100_000, at=ends)
    with pytest.raises(OutOfPhase, match="截止"):
        lot.bid(2, 101_000, at=lot.lot.times.ends_at + MICROSECOND)


def test_who_was_being_asked_when_it_was_frozen_is_asked_again_in_full() -> None:
    asked = play(LINE).started(trigger="asked")
    asked.bid(1, 100_000)
    asked.bid(2, 101_000)
    asked.tick()
    asked.ask(freeze(), make.OPERATOR, at=asked.later(minutes=4))
    with pytest.raises(OutOfPhase, match="中止"):
        asked.ask(commands.GoOn(), make.bidder(1))
    (thawed,) = asked.ask(thaw(asked.now + MINUTE), at=asked.later(minutes=1))
    assert (thawed.phase, thawed.ends_at) == ("asking", thawed.resumes_at + 5 * MINUTE)
    asked.ask(commands.GoOn(), make.bidder(1))
    asked.tick()
    assert asked.lot.phase == "timed"
    asked.run_out()
    assert asked.audit() == asked.state


def test_nobody_applies_while_it_stands_still_and_money_that_comes_then_is_not_late() -> None:
    lot = play(LINE).announce()
    lot.ask(commands.Apply(), make.bidder(1))
    lot.ask(freeze("dispute"), at=make.APPLY - HOUR)
    with pytest.raises(OutOfPhase, match="中止"):
        lot.ask(commands.Apply(), make.bidder(2))
    recorded, admitted = lot.ask(make.deposit(lot.number(1), make.APPLY + HOUR, 20_000_00), at=make.APPLY + 2 * HOUR)
    assert recorded.counts
    assert admitted.number == lot.number(1)


def test_the_winner_of_a_lot_that_stands_still_is_not_reviewed() -> None:
    lot = play(LINE).started(trigger="never")
    lot.bid(1, 100_000)
    lot.tick()
    lot.ask(freeze("dispute"))
    with pytest.raises(OutOfPhase):
        lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"))
    lot.ask(thaw(lot.now + 24 * HOUR))
    lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"), at=lot.later(hours=24))
    assert lot.lot.phase == "sold"


def test_a_share_after_the_minutes_of_the_reserve_opens_nothing_even_before_it_stands_still() -> None:
    lot = ended(100_000, 100_000)
    due = lot.lot.times.ends_at
    with pytest.raises(OutOfPhase, match="启封时间已过"):
        lot.ask(share(lot, "agency"), make.authority("agency"), due + MICROSECOND)
    lot.ask(share(lot, "agency"), make.authority("agency"), due)
    assert isinstance(lot.tick()[0], LotFrozen)


def test_nobody_but_the_platform_says_that_a_reserve_did_not_open(lot: Play) -> None:
    with pytest.raises(BadInput, match="平台认定"):
        lot.ask(freeze("reserve_not_opened"))


def test_a_lot_goes_on_within_a_year(lot: Play) -> None:
    lot.ask(freeze(), make.OPERATOR)
    with pytest.raises(BadInput, match="一年"):
        lot.ask(thaw(datetime.max.replace(tzinfo=make.ENDS.tzinfo)))


def test_a_sole_taker_does_not_lose_what_is_agreed_because_the_platform_was_down() -> None:
    lot = equity().announce().admit(1)
    (opened,) = lot.tick()
    assert isinstance(opened, AgreementOpened)
    lot.reading = None
    (frozen,) = lot.tick()
    assert isinstance(frozen, LotFrozen)
    assert frozen.phase == "agreement"
