"""What comes to a lot and may not: each gets its refusal with the article, and the lot's history stays exact."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.land import LINE
from shared.kernel.canonical import digest, encode
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase, Refusal
from shared.procedure.lot import commands
from shared.procedure.lot.endings import LotFrozen
from shared.procedure.lot.events import BidPlaced, RequestRefused
from tests.lot import factories as make
from tests.lot.play import Play, only, play
from tests.lot.test_freezing import freeze, thaw
from tests.lot.test_prices import ended, share

MILLISECOND, MINUTE = timedelta(milliseconds=1), timedelta(minutes=1)


@pytest.fixture
def lot() -> Play:
    """Return a lot in its timed phase at 101,000 yuan, bidder 4 not yet reviewed and bidder 3 barred."""
    lot = play(LINE).announce(most_fen=200_000_00, review="before").admit(1, 2, 3)
    lot.ask(commands.Apply(), make.bidder(4))
    lot.ask(commands.BarBidder(number=lot.number(3), reason="涉嫌串通"))
    lot.tick()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.tick()
    return lot


def end(lot: Play) -> None:
    lot.run_out()


def halt(lot: Play) -> None:
    lot.ask(freeze("dispute"))


def late(lot: Play) -> None:
    lot.now = lot.lot.times.ends_at + MILLISECOND


def nothing(_lot: Play) -> None:
    """Change nothing."""


@pytest.mark.parametrize(
    ("before", "bidder", "yuan", "refusal", "article"),
    [
        (nothing, 1, 101_999, BreaksClause, "第三十条"),  # below the step
        (nothing, 1, 102_500, BreaksClause, "第三十条"),  # no whole step
        (nothing, 1, 201_000, BreaksClause, "第三十条"),  # above the highest taken
        (nothing, 1, 101_000, BreaksClause, "第十九条"),  # the price that leads already
        (nothing, 1, 100_000, BreaksClause, "第三十条"),  # out of order: of a price that was passed since
        (nothing, 2, 101_000, BreaksClause, "第三十条"),  # the leader's own, once more
        (nothing, 3, 102_000, NotEntitled, "第二十五条"),  # barred
        (nothing, 4, 102_000, NotEntitled, "第二十五条"),  # not reviewed
        (nothing, 9, 102_000, NotEntitled, "第二十五条"),  # never applied
        (halt, 1, 102_000, OutOfPhase, "第五十四条"),
        (late, 1, 102_000, OutOfPhase, "第五十三条"),
        (end, 1, 102_000, OutOfPhase, "第五十三条"),
    ],
)
def test_a_bid_that_may_not_be_is_refused_with_its_article_and_changes_nothing(  # noqa: PLR0917 - a table of cases
    lot: Play, before: Callable[[Play], None], bidder: int, yuan: int, refusal: type[Refusal], article: str
) -> None:
    before(lot)
    state = lot.state

    with pytest.raises(refusal) as met:
        lot.bid(bidder, yuan)

    assert article in met.value.article
    assert lot.state == state
    left = lot.events[-1]
    assert isinstance(left, RequestRefused)
    assert (left.command_type, left.code, left.article) == ("land.place_bid", met.value.code, met.value.article)
    body = {"stream": make.STREAM, "command": lot.record[-1].request.command.model_dump(mode="json")}
    assert left.body_digest == digest(encode(body))


def test_a_lot_goes_on_only_after_notice() -> None:
    lot = play(LINE).started()
    halt(lot)
    with pytest.raises(BreaksClause, match="24小时") as met:
        lot.ask(thaw(lot.now + MINUTE))
    assert "第五十七条" in met.value.article


def test_a_reserve_that_does_not_open_halts_the_lot_with_its_cause_and_sells_nothing() -> None:
    lot = ended(100_000, 150_000)
    lot.ask(share(lot, "agency"), make.authority("agency"))
    frozen = only(lot.tick(), LotFrozen)
    assert (frozen.cause, lot.lot.phase, lot.lot.reserve_fen) == ("reserve_not_opened", "reserve", None)
    assert "第五十四条" in frozen.article
    with pytest.raises(OutOfPhase, match="不启封"):
        lot.ask(share(lot, "platform"), make.authority("platform"))


def test_fifty_bids_for_the_last_second_from_fifty_bidders_are_each_met_in_the_order_of_the_record() -> None:
    lot = play(LINE).announce().admit(*range(1, 51))
    lot.tick()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.tick()
    ends, price, taken = lot.lot.times.ends_at, 101_000, 0
    for bidder in range(1, 51):
        at = ends - timedelta(seconds=1) + bidder * 19 * MILLISECOND
        if not bidder % 3:
            with pytest.raises(BreaksClause, match="先报者"):  # it saw the price before the last one
                lot.bid(bidder, price, at=at)
            continue
        (bid,) = lot.bid(bidder, price + 1_000, at=at)
        price, taken = price + 1_000, taken + 1
        assert isinstance(bid, BidPlaced)
        assert bid.ends_at == at + 5 * MINUTE
    assert taken == 34
    assert lot.price == price * 100
    lot.run_out()
    assert lot.audit() == lot.state


def test_who_may_not_know_of_a_lot_learns_nothing_of_it() -> None:
    drafted = play(LINE)
    drafted.ask(make.draft())
    asked: Any = commands.PlaceBid(price_fen=100_000_00)
    with pytest.raises(NotFound):
        drafted.ask(asked, make.bidder(1))
