"""A tender that the price decides: its notice, what is handed in unseen until the deadline, and how many it needs."""

from datetime import timedelta
from typing import Any

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotYet, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import LotFrozen, LotUnsold
from shared.procedure.lot.events import Phase
from shared.procedure.lot.live import moved
from shared.procedure.lot.sealed.commands import GivePriceKey
from shared.procedure.lot.sealed.events import (
    PriceHandedIn,
    TenderClosed,
)
from shared.procedure.lot.seen import visible
from shared.procedure.lot.values import Reading
from shared.seal.sealed import Withdraw
from shared.seal.wire import text
from tests.lot import factories as make
from tests.lot import tendering
from tests.lot.play import HEALTHY, only, play
from tests.lot.tendering import (
    hand_in,
    mined,
    tender,
    withdraw,
)

MILLISECOND = timedelta(milliseconds=1)
WRONG = text(bytes(16))


@pytest.mark.parametrize("bidders", [0, 2])
def test_fewer_than_three_prices_end_the_tender_and_nothing_is_opened(bidders: int) -> None:
    lot = tender()
    for bidder in range(1, bidders + 1):
        hand_in(lot, bidder, 120_000)

    ended, unsold, *_ = lot.tick()

    assert isinstance(ended, TenderClosed)
    assert isinstance(unsold, LotUnsold)
    assert (unsold.cause, "第十三条" in unsold.article) == ("too_few", True)
    with pytest.raises(OutOfPhase):
        lot.ask(GivePriceKey(k_b=WRONG), make.bidder(1))
    assert lot.audit() == lot.state


def test_three_of_whom_one_withdrew_are_two() -> None:
    lot = mined()
    for bidder in (1, 2, 3):
        hand_in(lot, bidder, 120_000)
    withdraw(lot, 3)

    events = lot.tick()

    assert only(events, TenderClosed).withdrawn == 1
    assert only(events, LotUnsold).cause == "too_few"
    assert lot.audit() == lot.state


def test_a_mining_right_is_tendered_by_its_own_rule_of_three() -> None:
    lot = mined()
    hand_in(lot, 1, 120_000)
    hand_in(lot, 2, 120_000)

    unsold = only(lot.tick(), LotUnsold)

    assert (unsold.cause, "四川" in unsold.article) == ("too_few", True)
    assert lot.audit() == lot.state


def test_what_is_in_the_box_of_a_parcel_is_neither_replaced_nor_taken_back() -> None:
    lot = tender()
    hand_in(lot, 1, 120_000)

    with pytest.raises(BreaksClause, match="不可撤回") as replaced:
        hand_in(lot, 1, 130_000, "second", replaces="first")
    with pytest.raises(BreaksClause, match="不可撤回") as withdrawn:
        withdraw(lot, 1)

    assert str(replaced.value) == str(withdrawn.value)
    assert "第十三条" in withdrawn.value.article


def test_a_price_a_replacement_and_a_withdrawal_look_alike_and_nobody_else_sees_any() -> None:
    lot = mined()
    (first,) = hand_in(lot, 1, 120_000)
    (second,) = hand_in(lot, 1, 125_000, "second", replaces="first")
    (third,) = withdraw(lot, 1, "second")

    assert [set(dict(event)) for event in (first, second, third)] == [set(dict(first))] * 3
    assert len({len(event.canonical()) for event in (first, second, third)}) == 1
    for event in (first, second, third):
        assert isinstance(event, PriceHandedIn)
        assert not any(visible(event, role, lot.state) for role in ("public", "token", "agency", "supervisor"))
        assert not visible(event, "authority", lot.state)
        assert moved(event) == {}


def test_what_takes_no_effect_is_refused_alike_whatever_it_was() -> None:
    lot = mined()
    hand_in(lot, 1, 120_000)
    first, second = (pytest.raises(BadInput, match="不能生效") for _ in range(2))

    with first as again:
        hand_in(lot, 1, 130_000, "second")
    with second as taken_back:
        withdraw(lot, 2)
    with pytest.raises(BadInput, match="不能生效") as foreign:
        lot.ask(tendering.message(lot, 1, Withdraw(replaces="first")), make.bidder(2))

    assert len({str(no.value) for no in (again, taken_back, foreign)}) == 1


def test_a_price_counts_when_it_arrives_before_the_deadline_and_not_at_it() -> None:
    lot = tender()
    lot.now = make.ENDS - MILLISECOND
    hand_in(lot, 1, 120_000)
    lot.now = make.ENDS

    with pytest.raises(OutOfPhase, match="截止") as late:
        hand_in(lot, 2, 120_000)

    assert "第五十三条" in late.value.article


def test_a_price_before_the_start_and_one_of_nobody_admitted_are_refused() -> None:
    lot = play(LINE).announce({"way": "tender"}, **tendering.TERMS).admit(1)
    with pytest.raises(OutOfPhase, match="尚未开始"):
        hand_in(lot, 1, 120_000)
    lot.now = make.STARTS
    with pytest.raises(NotYet):
        hand_in(lot, 1, 120_000)
    lot.tick()

    with pytest.raises(NotEntitled):
        hand_in(lot, 9, 120_000)


def test_open_bids_and_proxies_have_no_place_in_a_tender() -> None:
    lot = tender()

    with pytest.raises(OutOfPhase, match="密封"):
        lot.bid(1, 120_000)
    with pytest.raises(BadInput):
        lot.proxy(1, 120_000)


def test_a_deadline_that_passed_while_the_platform_was_down_halts_the_tender() -> None:
    lot = tender()
    hand_in(lot, 1, 120_000)
    lot.reading = Reading(age_ms=60_000)

    (frozen,) = lot.tick()

    assert isinstance(frozen, LotFrozen)
    assert (frozen.cause, frozen.phase) == ("outage", "tendering")
    lot.reading = HEALTHY
    lot.ask(commands.Thaw(resumes_at=lot.now, notice="恢复投标"))
    hand_in(lot, 2, 130_000)
    hand_in(lot, 3, 125_000)
    only(lot.tick(), TenderClosed)
    assert lot.audit() == lot.state


def test_a_tender_that_is_ended_tells_what_was_handed_in_and_no_price() -> None:
    lot = tender()
    hand_in(lot, 1, 120_000)

    lot.ask(commands.Terminate(cause="policy", notice="政策调整"))

    phase: Phase = lot.lot.phase
    assert phase == "ended"
    assert lot.audit() == lot.state


@pytest.mark.parametrize("wrong", [{"tender": None}, {"proxies": True}, {"trigger": "automatic"}])
def test_a_notice_of_a_tender_says_how_it_is_opened_and_offers_no_open_bidding(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        tender(**wrong)


def test_a_tender_is_announced_twenty_days_before_it_begins() -> None:
    with pytest.raises(BreaksClause, match="20日"):
        tender(bidding_starts=make.ANNOUNCED + timedelta(days=19))
