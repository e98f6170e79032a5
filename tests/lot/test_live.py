"""What a fact alone shows is what the lot then stands at, so that a room filled by facts shows the truth."""

from typing import Any

from services.land import LINE
from shared.kernel.canonical import instant
from shared.kernel.request import SYSTEM
from shared.procedure.lot import commands
from shared.procedure.lot.endings import LotFrozen
from shared.procedure.lot.events import BidPlaced, RequestRefused
from shared.procedure.lot.live import moved, standing_at, times_at
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Reading
from tests.lot.play import Play, play
from tests.lot.test_freezing import thaw


def follow(lot: Play) -> dict[str, int]:
    """See after each fact that it told all that it changed; return how many told nothing, some of it, or not all."""
    state, shown, told = lot.line.decider.initial, dict[str, Any](), {"nothing": 0, "some": 0, "ask": 0}
    for event in lot.events:
        state = lot.line.decider.evolve(state, event)
        change = moved(event)
        told["ask" if change is None else "some" if change else "nothing"] += 1
        if not isinstance(state, Lot):
            continue
        shown = dict(standing_at(state)) if change is None else shown | dict(change)
        assert shown == standing_at(state), event
    return told


def test_bids_calls_and_refusals_tell_all_that_they_change_through_a_whole_lot() -> None:
    lot = play(LINE).started(proxies=True)
    lot.bid(1, 100_000)
    lot.proxy(2, 105_000)
    lot.bid(3, 102_000)
    lot.tick()
    lot.bid(1, 106_000, at=lot.later(seconds=30))
    lot.tick()
    lot.bid(3, 107_000, at=lot.later(seconds=5))
    lot.run_out()

    told = follow(lot)

    assert min(told.values()) > 0
    assert sum(isinstance(event, BidPlaced) for event in lot.events) >= 5


def test_when_it_is_over_no_next_bid_is_shown_and_its_extensions_are_kept() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.tick()
    lot.tick()
    lot.bid(1, 102_000, at=lot.later(seconds=30))
    lot.bid(2, 103_000, at=lot.later(seconds=30))
    before = standing_at(lot.lot)
    lot.run_out()

    follow(lot)

    shown = standing_at(lot.lot)
    assert (before["next_fen"], before["extensions"]) == (104_000_00, 2)
    assert (shown["phase"], shown["next_fen"], shown["extensions"]) == (lot.lot.phase, None, 2)
    assert lot.lot.phase == "review"


def test_a_lot_that_stands_still_shows_no_time() -> None:
    lot = play(LINE).started()
    lot.bid(1, 100_000)
    lot.bid(2, 101_000)
    lot.tick()
    lot.reading = Reading(age_ms=9_000)
    lot.run_out()

    follow(lot)

    assert isinstance(lot.lot.frozen, LotFrozen)
    assert standing_at(lot.lot)["ends_at"] is None


def test_a_lot_is_in_the_phase_that_its_pages_show_wherever_its_line_is_asked() -> None:
    lot = play(LINE)
    assert LINE.phase(lot.state) == "unborn"
    assert LINE.phase(lot.started().state) == "free"
    lot.ask(commands.Freeze(cause="dispute", notice="中止"))
    assert LINE.phase(lot.state) == "frozen"


def test_what_nobody_may_learn_shows_nothing() -> None:
    lot = play(LINE).started()
    event = RequestRefused(command_type="land.place_bid", body_digest="0" * 64, code="x", article="")

    assert moved(event) == {}
    assert lot.ask(commands.KeepTime(), SYSTEM, lot.now) == ()


def test_a_lots_times_are_those_that_its_halts_have_moved() -> None:
    lot = play(LINE).announce()
    told = times_at(lot.lot)
    lot.ask(commands.Freeze(cause="dispute", notice="中止"))
    lot.ask(thaw(lot.later(days=2)))

    moved_on = times_at(lot.lot)

    assert told["starts_at"] == instant(lot.lot.announced.terms.bidding_starts)
    assert all(moved_on[name] > told[name] for name in told)
