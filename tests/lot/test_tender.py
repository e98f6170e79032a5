"""A tender that the price decides: sealed until all is opened together, the highest not below the reserve (T6, L4)."""

from datetime import timedelta
from typing import Any

import pytest

from services.land import LINE
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotYet, OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.events import LotFrozen, LotSold, LotUnsold, Phase, ReserveOpened, ReserveShareRefused
from shared.procedure.lot.live import moved
from shared.procedure.lot.sealed.commands import GivePriceKey
from shared.procedure.lot.sealed.events import (
    PriceHandedIn,
    PriceKeyRefused,
    PriceSharesRefused,
    PricesRead,
    TenderClosed,
)
from shared.procedure.lot.seen import visible
from shared.procedure.lot.values import Reading, Tendering
from shared.seal.faults import Code, NotOpenable, Whose
from shared.seal.price import Offered, open_price
from shared.seal.recovery import recover_key
from shared.seal.reserve import SealedReserve, seal_reserve
from shared.seal.sealed import Withdraw
from shared.seal.wire import AUTHORITIES, raw, text
from tests.lot import factories as make
from tests.lot import tendering
from tests.lot.play import HEALTHY, Play, only, play
from tests.lot.tendering import closed, give_key, give_keys, give_shares, hand_in, mined, shares, tender, withdraw
from tests.seal.world import dice

MILLISECOND = timedelta(milliseconds=1)
WRONG = text(bytes(16))


def reserve(fen: int) -> SealedReserve:
    """Return a reserve (标底), sealed to the three authorities of the tests."""
    return seal_reserve(make.STREAM, fen, make.AUTHORITIES, dice(7))[0]


def opened(*yuan: int, **terms: Any) -> tuple[Play, list[Any]]:
    """Return a tender that was opened by all, and what its opening led to."""
    lot = closed(*yuan, **terms)
    give_shares(lot, "agency", "supervisor")
    return lot, list(give_keys(lot, *range(1, len(yuan) + 1)))


def test_all_prices_are_read_out_together_and_the_highest_wins() -> None:
    lot, events = opened(120_000, 130_000, 125_000)

    read, sold = only(events, PricesRead), only(events, LotSold)

    assert {row.number: row.price_fen for row in read.rows} == {
        lot.number(1): 120_000_00,
        lot.number(2): 130_000_00,
        lot.number(3): 125_000_00,
    }
    assert (sold.number, sold.price_fen) == (lot.number(2), 130_000_00)
    assert "第十四条" in read.article
    assert lot.audit() == lot.state


def test_of_equal_prices_the_one_handed_in_earlier_wins() -> None:
    lot, events = opened(120_000, 130_000, 130_000)

    assert only(events, LotSold).number == lot.number(2)


def test_a_price_that_was_replaced_is_as_old_as_its_replacement() -> None:
    lot = mined()
    hand_in(lot, 1, 120_000)
    hand_in(lot, 2, 130_000)
    hand_in(lot, 3, 110_000)
    hand_in(lot, 1, 130_000, "second", replaces="first")
    lot.tick()
    give_shares(lot, "agency", "supervisor")
    give_key(lot, 1, "second")

    events = give_keys(lot, 2, 3)

    assert only(events, LotSold).number == lot.number(2)
    assert lot.audit() == lot.state


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


def test_one_authority_with_the_bidder_or_all_authorities_without_it_open_nothing() -> None:
    lot = closed(120_000, 130_000, 125_000)
    price = lot.lot.tender.prices[0].envelope
    half = raw(tendering.FILES[1, "first"])
    dealt = {n: raw(str(shares(lot, name).shares[0].share)) for n, name in enumerate(AUTHORITIES, start=1)}

    with pytest.raises(NotOpenable) as alone:
        recover_key(price, half, {1: dealt[1]})
    with pytest.raises(NotOpenable) as without:
        recover_key(price, None, dealt)
    whole = recover_key(price, half, {1: dealt[1], 3: dealt[3]}).key

    assert alone.value.fault.whose is Whose.AUTHORITY
    assert without.value.fault.code is Code.BIDDER_KEY_MISSING
    assert open_price(price, whole) == 120_000_00


def test_nothing_is_read_before_all_is_in_and_until_then_no_half_and_no_share_is_seen() -> None:
    lot = closed(120_000, 130_000, 125_000)
    (given,) = give_keys(lot, 1)
    (shared,) = give_shares(lot, "agency")
    give_shares(lot, "platform")
    give_keys(lot, 2)

    assert lot.lot.tender.read is None
    for event in (given, shared):
        assert not any(visible(event, role, lot.state) for role in ("public", "token", "agency", "supervisor"))
    only(give_keys(lot, 3), PricesRead)
    assert visible(given, "public", lot.state)


def test_a_wrong_half_is_the_bidders_fault_its_price_is_revoked_and_the_others_go_on() -> None:
    lot = closed(120_000, 130_000, 125_000)
    give_shares(lot, "agency", "supervisor")
    (refused,) = lot.ask(GivePriceKey(k_b=WRONG), make.bidder(2))
    give_keys(lot, 1, 3)

    events = lot.tick()

    assert isinstance(refused, PriceKeyRefused)
    assert refused.fault.whose is Whose.BIDDER
    row = next(row for row in only(events, PricesRead).rows if row.number == lot.number(2))
    assert (row.outcome, row.price_fen) == ("revoked", None)
    assert only(events, LotSold).number == lot.number(3)
    assert lot.audit() == lot.state


def test_a_half_that_was_wrong_may_be_given_again_in_its_minutes_and_not_after_them() -> None:
    lot = closed(120_000, 130_000, 125_000)
    lot.ask(GivePriceKey(k_b=WRONG), make.bidder(2))
    lot.now = lot.lot.times.ends_at - MILLISECOND
    give_keys(lot, 2)
    lot.now = lot.lot.times.ends_at

    with pytest.raises(OutOfPhase, match="已过"):
        give_keys(lot, 1)


def test_a_wrong_share_is_the_authoritys_fault_and_another_takes_its_place() -> None:
    lot = closed(120_000, 130_000, 125_000)
    good = shares(lot, "agency")
    others = [*good.shares[1:], good.shares[0]]
    pairs = zip(good.shares, others, strict=True)
    swapped = tuple(one.model_copy(update={"share": other.share}) for one, other in pairs)
    (refused,) = lot.ask(good.model_copy(update={"shares": swapped}), make.authority("agency"))
    give_shares(lot, "supervisor", "platform")

    events = give_keys(lot)

    assert isinstance(refused, PriceSharesRefused)
    assert {fault.fault.whose for fault in refused.faults} == {Whose.AUTHORITY}
    assert only(events, LotSold).price_fen == 130_000_00
    assert lot.audit() == lot.state


def test_a_complaint_without_proof_is_the_authoritys_fault_and_a_false_one_too() -> None:
    lot = closed(120_000, 130_000, 125_000)
    good = shares(lot, "agency")
    nothing = tuple(one.model_copy(update={"share": None}) for one in good.shares)
    for key in (None, make.SEATS["agency"], make.SEATS["platform"]):
        said = good.model_copy(update={"shares": nothing, "private_key": key})

        (refused,) = lot.ask(said, make.authority("agency"))

        assert isinstance(refused, PriceSharesRefused)
        assert {fault.fault.whose for fault in refused.faults} == {Whose.AUTHORITY}


def test_rubbish_that_a_bidder_sealed_is_its_own_fault_once_two_authorities_prove_it() -> None:
    lot = tender()
    hand_in(lot, 1, 120_000)
    hand_in(lot, 3, 125_000)
    good = tendering.sealed(lot, 2, 130_000)
    wraps = tuple(wrap.model_copy(update={"sealed": text(bytes([4]) + bytes(97))}) for wrap in good.wraps)
    rubbish = Offered(envelope=good.model_copy(update={"wraps": wraps}), replaces=None)
    lot.ask(tendering.message(lot, 2, rubbish), make.bidder(2))
    lot.tick()
    for name in ("agency", "platform"):
        lot.ask(tendering.complaining(lot, name, lot.number(2)), make.authority(name))
    give_keys(lot)

    events = lot.tick()

    row = next(row for row in only(events, PricesRead).rows if row.number == lot.number(2))
    assert (row.outcome, row.reason and row.reason.code) == ("revoked", Code.SHARE_RUBBISH)
    assert only(events, LotSold).number == lot.number(3)
    assert lot.audit() == lot.state


def test_where_authorities_are_wanting_the_opening_stands_still_and_no_bidder_loses_by_it() -> None:
    lot = closed(120_000, 130_000, 125_000)
    give_shares(lot, "agency")
    give_keys(lot)

    (frozen,) = lot.tick()

    assert isinstance(frozen, LotFrozen)
    assert frozen.cause == "not_opened"
    lot.ask(commands.Thaw(resumes_at=lot.now, notice="恢复开标"))
    assert only(give_shares(lot, "platform"), LotSold).price_fen == 130_000_00
    assert lot.audit() == lot.state


@pytest.mark.parametrize(("fen", "sold"), [(130_000_00, True), (130_000_01, False)])
def test_the_reserve_is_opened_with_the_prices_and_reached_by_just_its_amount(fen: int, sold: bool) -> None:
    lot, events = opened(120_000, 130_000, 125_000, reserve=reserve(fen))

    assert only(events, ReserveOpened).reserve_fen == fen
    assert isinstance(events[3], LotSold if sold else LotUnsold)
    assert lot.lot.phase == ("review" if sold else "unsold")
    assert lot.audit() == lot.state


def test_a_reserve_that_does_not_open_halts_the_opening_and_its_share_may_follow() -> None:
    lot = closed(120_000, 130_000, 125_000, reserve=reserve(100_000_00))
    give_shares(lot, "agency")
    silent = shares(lot, "platform").model_copy(update={"reserve": None})
    lot.ask(silent, make.authority("platform"))
    give_keys(lot)
    (frozen,) = lot.tick()
    lot.ask(commands.Thaw(resumes_at=lot.now, notice="恢复开标"))
    foreign = shares(lot, "platform").model_copy(update={"reserve": shares(lot, "agency").reserve})

    (refused,) = lot.ask(foreign, make.authority("platform"))
    events = give_shares(lot, "platform")

    assert isinstance(frozen, LotFrozen)
    assert isinstance(refused, ReserveShareRefused)
    assert only(events, LotSold).price_fen == 130_000_00
    assert lot.audit() == lot.state


def test_a_price_below_the_start_price_does_not_count() -> None:
    _, events = opened(99_999, 99_998, 99_997)

    assert {row.outcome for row in only(events, PricesRead).rows} == {"below_start"}
    assert only(events, LotUnsold).cause == "no_bid"


def test_a_price_above_the_highest_taken_is_read_out_and_does_not_count() -> None:
    lot, events = opened(120_000, 130_000, 125_000, most_fen=129_999_99)

    assert {row.outcome for row in only(events, PricesRead).rows} == {"valid", "above_most"}
    assert only(events, LotSold).number == lot.number(3)


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


def test_a_tender_for_the_best_conditions_is_not_held_here_yet_and_says_so() -> None:
    with pytest.raises(BreaksClause, match="价高者得") as refused:
        tender(tender=Tendering(award="conditions"))

    assert "第十三条" in refused.value.article


@pytest.mark.parametrize("wrong", [{"tender": None}, {"proxies": True}, {"trigger": "automatic"}])
def test_a_notice_of_a_tender_says_how_it_is_opened_and_offers_no_open_bidding(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        tender(**wrong)


def test_a_tender_is_announced_twenty_days_before_it_begins() -> None:
    with pytest.raises(BreaksClause, match="20日"):
        tender(bidding_starts=make.ANNOUNCED + timedelta(days=19))


def test_what_follows_the_hammer_is_as_for_every_lot() -> None:
    lot, _ = opened(120_000, 130_000, 125_000)

    lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"))

    assert lot.lot.phase == "sold"
    assert lot.lot.after.refunds.keys() == {make.bidder(1).account, make.bidder(3).account}
    assert lot.audit() == lot.state
