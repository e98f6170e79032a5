"""How state property is sold: in competition where two or more come, by agreement with one alone (S1, S13, S14)."""

import pytest

from services.property import LINE
from shared.kernel.errors import BadInput, BreaksClause
from shared.kernel.request import SYSTEM
from shared.procedure.lot.after.commands import NoteIdentities
from shared.procedure.lot.endings import AgreementOpened, LotSold, LotUnsold
from shared.procedure.lot.events import BiddingStarted, TimedStarted
from tests.lot import judging, tendering
from tests.lot.play import only
from tests.property import factories as make
from tests.property.factories import asset, capital_increase, equity


def test_two_takers_bid_free_and_then_timed() -> None:
    lot = equity().announce().admit(1, 2)
    (started,) = lot.tick()
    assert isinstance(started, BiddingStarted)
    lot.bid(1, 100_000)
    (timed,) = lot.tick()
    assert isinstance(timed, TimedStarted)
    assert timed.type.startswith(LINE.name)  # type: ignore[attr-defined]  # the line's own class has it
    lot.bid(2, 101_000)
    assert isinstance(lot.run_out()[-1], LotSold)
    assert lot.audit() == lot.state


def test_timed_alone_the_countdown_runs_from_the_start() -> None:
    lot = equity().announce(bidding_ends=make.STARTS).admit(1, 2)
    (timed,) = lot.tick()
    assert isinstance(timed, TimedStarted)
    lot.bid(2, 100_000)
    assert isinstance(lot.run_out()[-1], LotSold)
    assert lot.audit() == lot.state


def test_free_bidding_is_always_followed_by_timed_bidding() -> None:
    with pytest.raises(BreaksClause, match="自由竞价和限时竞价"):
        equity().announce(trigger="automatic")


def test_a_single_taker_agrees_at_no_less_than_the_listed_price() -> None:
    lot = equity().announce().admit(1)
    (opened,) = lot.tick()
    assert isinstance(opened, AgreementOpened)
    with pytest.raises(BreaksClause):
        lot.bid(1, 99_999)
    lot.bid(1, 100_000)
    sold = lot.tick()[-1]
    assert isinstance(sold, LotSold)
    assert sold.price_fen == 100_000_00
    assert lot.audit() == lot.state


def test_without_a_taker_it_is_not_sold() -> None:
    lot = equity().announce()
    (unsold,) = lot.tick()
    assert isinstance(unsold, LotUnsold)
    assert unsold.cause == "no_bidder"


@pytest.mark.parametrize("way", ["listing"])
def test_a_listing_is_no_way_to_sell_it(way: str) -> None:
    with pytest.raises(BadInput, match="交易方式"):
        equity().announce({"way": way})


@pytest.mark.parametrize("bidders", [3, 2])
def test_by_tender_three_sealed_prices_are_opened_and_two_are_not(bidders: int) -> None:
    lot = equity().announce({"way": "tender"}, **tendering.TERMS).admit(1, 2, 3)
    lot.tick()
    for bidder in range(1, bidders + 1):
        tendering.hand_in(lot, bidder, 100_000 + bidder)
    events = lot.tick()
    if bidders < 3:
        assert only(events, LotUnsold).cause == "too_few"
        return
    tendering.give_keys(lot)
    assert only(tendering.give_shares(lot, "agency", "supervisor"), LotSold).price_fen == 100_003_00
    assert lot.audit() == lot.state


def test_by_tender_for_the_best_conditions_a_committee_of_experienced_experts_judges() -> None:
    lot = equity().announce({"way": "tender"}, **judging.terms()).admit(1, 2, 3)
    lot.tick()
    for bidder, yuan in enumerate((101_000, 103_000, 102_000), start=1):
        judging.hand_in(lot, bidder, yuan)
    lot.tick()
    tendering.give_shares(lot, "agency", "supervisor")
    for bidder in (1, 2, 3):
        judging.give_key(lot, bidder)
    lot.ask(NoteIdentities(), SYSTEM)

    for young in (judging.known("expert-1", years=7), judging.known("expert-1", senior=False)):
        with pytest.raises(BreaksClause, match="满八年") as refused:
            judging.seat(lot, young)
        assert "第三十七条" in refused.value.article
    judging.seat(lot)
    judging.score_all(lot, judging.POINTS)

    sold = only(judging.report(lot), LotSold)
    assert sold.number == lot.number(1)
    assert "第四十一条" in sold.article
    assert lot.audit() == lot.state


def test_what_someone_has_a_right_of_first_refusal_in_is_not_sold_on_sealed_prices() -> None:
    with pytest.raises(BadInput, match="优先购买权"):
        equity().announce({"way": "tender"}, **tendering.TERMS, priority=("股东甲",))


def test_assets_and_new_shares_are_bid_for_in_the_same_way() -> None:
    for lot in (asset(), capital_increase()):
        if lot.drafted["kind"] == "capital_increase":
            lot.announce(
                applications_due=make.LATE, deposits_due=make.LATE, bidding_starts=make.LATE, bidding_ends=make.LATE
            )
        else:
            lot.announce()
        lot.admit(1, 2)
        lot.tick()
        lot.bid(1, 100_000)
        if lot.lot.phase == "free":
            lot.tick()
        assert isinstance(lot.run_out()[-1], LotSold)
        assert lot.audit() == lot.state
