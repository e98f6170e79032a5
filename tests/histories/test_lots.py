"""Golden histories of lots fold to what they meant, decide again to the same events, and keep their exact words."""

from collections import Counter

import pytest

from services.land import BOOKS, LINE
from shared.kernel.canonical import decode, encode
from shared.kernel.decider import Decision, redecide
from shared.procedure.lot.endings import LotFrozen, LotSold, LotUnsold
from shared.procedure.lot.events import BidPlaced, RequestRefused
from shared.procedure.lot.judged.events import JudgingReported
from shared.procedure.lot.named import NamingReckoned
from shared.procedure.lot.state import Lot
from tests.histories.history import HERE, read

NAMES = ("land-below-reserve", "land-frozen", "land-judged", "land-one-price", "land-sold")


def told(name: str) -> tuple[Lot, list[object]]:
    """Return the state that a history ends in, and its events."""
    events = [event for decision in read(name, LINE, BOOKS) for event in decision.events]
    state = LINE.decider.replay(events)
    assert isinstance(state, Lot)
    return state, events


def test_the_histories_of_lots_are_here() -> None:
    assert tuple(sorted(path.stem for path in HERE.glob("land-*.jsonl"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_history_of_a_lot_keeps_its_exact_words(name: str) -> None:
    decisions = read(name, LINE, BOOKS)
    for row, decision in zip((HERE / f"{name}.jsonl").read_bytes().splitlines(), decisions, strict=True):
        events = [decode(event.canonical()) for event in decision.events]
        assert encode({"request": decode(decision.request.canonical()), "events": events}) == row


@pytest.mark.parametrize("name", NAMES)
def test_a_history_of_a_lot_decides_again_to_the_same_events(name: str) -> None:
    decisions = read(name, LINE, BOOKS)
    events = [event for decision in decisions for event in decision.events]
    secrets = LINE.released(events)
    record = [Decision(one.request.model_copy(update={"secrets": secrets}), one.events) for one in decisions]
    assert redecide(LINE.audited(), record, LINE.refused) == LINE.decider.replay(events)


def test_the_lot_that_was_sold_after_timed_bidding_still_is() -> None:
    state, events = told("land-sold")
    assert state.phase == "sold"
    (sale,) = (event for event in events if isinstance(event, LotSold))
    assert (sale.price_fen, state.reserve_fen) == (126_000_00, 120_000_00)
    assert sum(isinstance(event, BidPlaced) and event.automatic for event in events) == 5
    assert sum(isinstance(event, RequestRefused) for event in events) == 6


def test_the_lot_that_stood_still_twice_still_went_on_to_its_price() -> None:
    state, events = told("land-frozen")
    causes = [event.cause for event in events if isinstance(event, LotFrozen)]
    assert (state.phase, causes) == ("review", ["dispute", "outage"])
    assert state.offer is not None
    assert state.offer.price_fen == 103_000_00


def test_the_lot_below_its_reserve_is_still_not_sold() -> None:
    state, events = told("land-below-reserve")
    assert state.phase == "unsold"
    (unsold,) = (event for event in events if isinstance(event, LotUnsold))
    assert unsold.cause == "below_reserve"


def test_of_one_price_each_the_nearest_to_the_mean_and_the_earlier_of_two_still_wins() -> None:
    state, events = told("land-one-price")
    (reckoned,) = (event for event in events if isinstance(event, NamingReckoned))
    assert Counter(one.price_fen for one in reckoned.prices) == {130_000_00: 2, 140_000_00: 1}
    assert (reckoned.mean_fen, reckoned.number) == (133_333_33, reckoned.prices[1].number)
    assert state.offer is not None
    assert state.offer.price_fen == 130_000_00


def test_of_the_judged_offers_the_best_that_is_fit_still_wins() -> None:
    state, events = told("land-judged")
    (reported,) = (event for event in events if isinstance(event, JudgingReported))
    assert [(row.price_fen, row.unfit, str(row.total)) for row in reported.rows[:2]] == [
        (121_000_00, 0, "84.23"),
        (130_000_00, 0, "72.5"),
    ]
    assert (reported.rows[2].unfit, reported.rows[2].rank) == (4, None)
    assert state.tender.read is not None
    assert [row.outcome for row in state.tender.read.rows] == ["below_reserve", "valid", "valid", "valid"]
    assert (state.phase, state.offer and state.offer.price_fen) == ("sold", 121_000_00)
    assert state.judged.replaced == ("expert-1",)
