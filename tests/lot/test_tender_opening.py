"""The opening of a tender: halves and shares, whose fault it is that a price stays shut, and who wins (T6, L4)."""

from datetime import timedelta

import pytest

from shared.kernel.errors import OutOfPhase
from shared.procedure.lot import commands
from shared.procedure.lot.endings import (
    LotFrozen,
    LotSold,
    LotUnsold,
    ReserveOpened,
    ReserveShareRefused,
)
from shared.procedure.lot.sealed.commands import GivePriceKey
from shared.procedure.lot.sealed.events import (
    PriceKeyRefused,
    PriceSharesRefused,
    PricesRead,
)
from shared.procedure.lot.seen import visible
from shared.seal.faults import Code, NotOpenable, Whose
from shared.seal.price import Offered, open_price
from shared.seal.recovery import recover_key
from shared.seal.wire import AUTHORITIES, raw, text
from tests.lot import factories as make
from tests.lot import tendering
from tests.lot.play import only
from tests.lot.tendering import (
    closed,
    give_key,
    give_keys,
    give_shares,
    hand_in,
    mined,
    opened,
    shares,
    tender,
)

MILLISECOND = timedelta(milliseconds=1)
WRONG = text(bytes(16))


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
    lot, events = opened(120_000, 130_000, 125_000, reserve=tendering.reserve(fen))

    assert only(events, ReserveOpened).reserve_fen == fen
    assert isinstance(events[3], LotSold if sold else LotUnsold)
    assert lot.lot.phase == ("review" if sold else "unsold")
    assert lot.audit() == lot.state


def test_a_reserve_that_does_not_open_halts_the_opening_and_its_share_may_follow() -> None:
    lot = closed(120_000, 130_000, 125_000, reserve=tendering.reserve(100_000_00))
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


def test_what_follows_the_hammer_is_as_for_every_lot() -> None:
    lot, _ = opened(120_000, 130_000, 125_000)

    lot.ask(commands.ReviewWinner(qualified=True, reason="资料齐全"))

    assert lot.lot.phase == "sold"
    assert lot.lot.after.refunds.keys() == {make.bidder(1).account, make.bidder(3).account}
    assert lot.audit() == lot.state
