"""What is kept is sent again until it has its outcome, oldest first, for ever."""

import asyncio

import pytest

from services.portal import sweeper
from services.portal.desk import Desk, make_desk
from services.portal.sweeper import Sweeper
from tests.portal.house import Browser, House, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(house: House) -> Desk:
    return make_desk(house.settings, house.given())


async def kept(browser: Browser, *ids: str, fen: int = 1) -> None:
    """Leave commands that are kept and were never sent on."""
    browser.house.bus.silent.add("till.command")
    for id_ in ids:
        assert (await browser.give(browser.house.person("ann"), id_, fen=fen)).status_code == 202
        browser.house.clock.advance(milliseconds=1)
    browser.house.bus.silent.clear()
    browser.house.bus.calls.clear()


async def test_what_has_no_outcome_after_two_seconds_is_sent_again(house: House, browser: Browser, desk: Desk) -> None:
    await kept(browser, "b", "a", "c")

    early = await Sweeper(desk, "till").sweep()
    house.clock.advance(seconds=2.5)
    settled = await Sweeper(desk, "till").sweep()
    rest = await Sweeper(desk, "till").sweep()

    assert (early, settled, rest) == (0, 3, 0)
    assert [sent.id for sent in house.seen("till.command")] == ["b", "a", "c"]
    assert house.outcomes() == ["a", "b", "c"]


async def test_it_is_sent_as_it_arrived(house: House, browser: Browser, desk: Desk) -> None:
    arrived = house.clock.now()
    await kept(browser, "a")
    house.clock.advance(hours=3)

    await Sweeper(desk, "till").sweep()

    (sent,) = house.seen("till.command")
    assert (sent.received_at, sent.until, sent.actor.account) == (arrived, None, "ann")


async def test_it_goes_on_while_nobody_answers(house: House, browser: Browser, desk: Desk) -> None:
    await kept(browser, "a")
    house.clock.advance(seconds=3)
    at = Sweeper(desk, "till")

    house.bus.silent.add("till.command")
    lost = [await at.sweep(), await at.sweep()]
    house.bus.silent.clear()

    assert (lost, await at.sweep()) == ([0, 0], 1)


async def test_what_cannot_be_decided_keeps_none_behind_it_waiting(
    house: House, browser: Browser, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "BATCH", 2)
    await kept(browser, "a", "b", fen=13)  # the till fails at 13
    await kept(browser, "c", "d", "e")
    house.clock.advance(seconds=3)
    at = Sweeper(desk, "till")

    settled = [await at.sweep(), await at.sweep(), await at.sweep()]

    assert settled == [0, 2, 1]
    assert house.outcomes() == ["c", "d", "e"]


async def test_what_somebody_waits_for_is_not_sent_twice(house: House, browser: Browser, desk: Desk) -> None:
    await kept(browser, "a", "b")
    house.clock.advance(seconds=3)
    desk.waited_for.add(("ann", "a"))

    settled = await Sweeper(desk, "till").sweep()

    assert settled == 1
    assert [sent.id for sent in house.seen("till.command")] == ["b"]


async def test_it_looks_from_the_oldest_that_waits_and_by_a_clock_set_back_at_all(
    house: House, browser: Browser, desk: Desk
) -> None:
    at = Sweeper(desk, "till")
    await kept(browser, "a", fen=13)  # the till fails at 13
    house.clock.advance(seconds=3)
    stuck = await at.sweep()
    await kept(browser, "b")
    house.clock.advance(seconds=3)
    behind = await at.sweep()
    house.clock.advance(hours=-1)
    await kept(browser, "c")
    house.clock.advance(seconds=3)

    assert (stuck, behind, await at.sweep()) == (0, 1, 1)
    assert house.outcomes() == ["b", "c"]


async def test_the_portal_sweeps_while_it_serves(house: House, served: Browser) -> None:
    await kept(served, "a")
    house.clock.advance(seconds=3)

    await until(lambda: house.outcomes() == ["a"])


async def test_what_hangs_is_kept_for_who_comes_after_a_crash(house: House, served: Browser, desk: Desk) -> None:
    house.bus.hung.add("till.command")
    giving = asyncio.create_task(served.give(house.person("ann")))
    await until(lambda: house.arrivals() == ["c1"])
    giving.cancel()
    house.bus.hung.clear()
    house.clock.advance(seconds=3)

    await Sweeper(desk, "till").sweep()

    assert house.outcomes() == ["c1"]
