"""自动出价: who answers whom, of equal maxima the earlier, raised and never lowered, and never for who may not bid."""

import pytest

from services.land import LINE
from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.errors import BadInput, BreaksClause
from shared.procedure.lot import commands
from shared.procedure.lot.pricing import Ladder, Maximum, settle
from shared.procedure.lot.values import Timing
from tests.lot import factories as make
from tests.lot.play import Play, play
from tests.property.factories import equity


@pytest.fixture
def lot() -> Play:
    """Return a listing in which bidder 1 has bid the start price."""
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    return lot


def leader(lot: Play) -> str:
    assert lot.lot.offer is not None
    return lot.lot.offer.number


def test_a_maximum_is_raised_and_never_lowered(lot: Play) -> None:
    lot.proxy(2, 110_000)
    for yuan in (109_000, 110_000):
        with pytest.raises(BreaksClause, match="只能提高") as refused:
            lot.proxy(2, yuan)
        assert "第三十一条" in refused.value.article
    raised = lot.sealed(2, 111_000_00)
    lot.ask(raised, make.bidder(2))
    assert lot.ask(raised, make.bidder(2)) == ()  # the very same once more: whoever lost the answer may ask again
    lot.bid(1, 112_000)
    lot.tick()
    lot.run_out()
    assert lot.audit() == lot.state


def test_of_equal_maxima_the_one_that_was_said_earlier_leads(lot: Play) -> None:
    lot.proxy(2, 110_000)
    lot.proxy(3, 110_000)
    assert (leader(lot), lot.price) == (lot.number(2), 110_000_00)


def test_who_raises_its_maximum_to_anothers_comes_after_it(lot: Play) -> None:
    lot.proxy(2, 105_000)
    lot.proxy(3, 110_000)
    lot.proxy(2, 110_000)
    assert (leader(lot), lot.price) == (lot.number(3), 110_000_00)


def test_of_maxima_that_reach_the_same_whole_step_the_earlier_leads() -> None:
    ladder = Ladder(start_fen=100, step_fen=10, price_fen=100, whole_steps=True)
    assert settle(ladder, "A", [Maximum("B", 152), Maximum("C", 157)]) == (("C", 140), ("B", 150))
    free = Ladder(start_fen=100, step_fen=10, price_fen=100, whole_steps=False)
    assert settle(free, "A", [Maximum("B", 152), Maximum("C", 157)]) == (("B", 147), ("C", 157))


def test_the_proxy_of_a_barred_number_answers_nobody(lot: Play) -> None:
    lot.proxy(2, 110_000)
    lot.ask(commands.BarBidder(number=lot.number(2), reason="涉嫌串通"))
    assert [event.automatic for event in lot.bid(3, 102_000)] == [False]
    assert leader(lot) == lot.number(3)


def test_a_leader_may_bid_over_itself_and_its_proxy_does_not(lot: Play) -> None:
    lot.proxy(1, 110_000)
    assert lot.price == 100_000_00
    assert len(lot.bid(1, 101_000)) == 1
    assert lot.price == 101_000_00


def test_a_smaller_step_brings_a_maximum_in_reach_at_once() -> None:
    lot = play(LINE).started(whole_steps=False)
    lot.bid(1, 100_000)
    lot.proxy(2, 102_500)
    assert len(lot.bid(1, 102_000)) == 1
    _, answered = lot.ask(commands.ChangeStep(step_fen=500_00, notice="调整增价幅度"))
    assert (answered.number, answered.price_fen) == (lot.number(2), 102_500_00)


def test_a_smaller_step_in_the_preparation_is_answered_when_the_timed_phase_begins() -> None:
    late = play(LINE).started(trigger="last_hour", whole_steps=False)
    late.bid(1, 100_000, at=make.ENDS - make.MINUTE)
    late.proxy(2, 102_500)
    late.bid(1, 102_000)
    late.tick()
    late.ask(commands.ChangeStep(step_fen=500_00, notice="调整增价幅度"))
    started, answered = late.tick()
    assert (started.from_fen, answered.price_fen) == (102_000_00, 102_500_00)
    assert answered.extensions == 0
    late.run_out()
    assert late.audit() == late.state


def test_who_did_not_want_to_go_on_sets_no_proxy_in_the_timed_phase() -> None:
    asked = play(LINE).started(trigger="asked")
    asked.bid(1, 100_000)
    asked.bid(2, 101_000)
    asked.tick()
    asked.ask(commands.GoOn(), make.bidder(1))
    asked.tick()
    with pytest.raises(BreaksClause, match="未表示继续竞价"):
        asked.proxy(2, 110_000)


def test_the_answers_of_one_instant_restart_the_countdown_once() -> None:
    lot = play(LINE).started(trigger="always", timing=Timing(extensions_most=2))
    lot.tick()
    lot.proxy(1, 110_000)
    lot.now = lot.later(minutes=1)
    bids = lot.proxy(2, 108_000)[1:]
    assert len(bids) == 2
    assert {bid.extensions for bid in bids} == {1}


def test_a_price_beyond_all_numbers_is_refused_and_breaks_nothing(lot: Play) -> None:
    for price in (MAX_INTEGER, MAX_INTEGER - make.STEP_FEN + 1):
        with pytest.raises(BreaksClause, match="核对"):
            lot.ask(commands.PlaceBid(price_fen=price), make.bidder(2))
    with pytest.raises(BadInput, match="过大"):
        lot.ask(commands.ChangeStep(step_fen=MAX_INTEGER, notice="调整"))
    assert lot.price == 100_000_00


def test_a_step_leaves_room_for_one_more_price_below_the_announced_limit() -> None:
    lot = play(LINE).announce(most_fen=150_000_00).admit(1, 2)
    lot.tick()
    lot.bid(1, 100_000)
    with pytest.raises(BadInput, match="上限"):
        lot.ask(commands.ChangeStep(step_fen=51_000_00, notice="调整"))
    lot.ask(commands.ChangeStep(step_fen=25_000_00, notice="调整"))
    lot.bid(2, 125_000)


def test_of_two_holders_of_the_same_right_the_earlier_holds() -> None:
    lot = equity().announce(priority=("甲", "乙")).admit(1, 2, 3, priority=(1, 2))
    lot.tick()
    lot.bid(3, 100_000)
    lot.bid(1, 101_000)
    with pytest.raises(BreaksClause, match="先报者"):
        lot.bid(2, 101_000)
    lot.bid(3, 102_000)
    (taken,) = lot.bid(2, 102_000)
    assert taken.priority
    with pytest.raises(BreaksClause, match="先报者"):
        lot.bid(1, 102_000)


def test_a_maximum_that_was_refused_is_judged_again_when_the_lot_is_ended() -> None:
    lot = play(LINE).started()
    with pytest.raises(BreaksClause):
        lot.proxy(1, 99_000)
    lot.ask(commands.Terminate(cause="policy", notice="终止公告"))
    assert lot.audit() == lot.state
