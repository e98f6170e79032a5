"""An auction room shows everyone the newest state, five times a second at most, and a bidder its own bids at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic

import orjson
import pytest

from services.portal import room, rooms
from services.portal.room import NEVER, Watcher
from shared.kernel.canonical import instant
from shared.messaging.hallmark import Hallmark
from shared.platform.door import Query
from tests.portal.auction import ENDS, OWN, Auction, price, reach, watching
from tests.portal.conftest import serve
from tests.portal.house import TOKEN, Browser, until
from tests.store.till import AT, CoinPut, RequestRefused, TillClosed

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(tmp_path: Path) -> Auction:
    return Auction(tmp_path)


@pytest.fixture
async def auction(house: Auction) -> AsyncIterator[Browser]:
    async with serve(house) as browser:
        await until(lambda: bool(house.bus.listeners))
        house.head()
        await until(lambda: bool(house.app.state.rooms._last_word))
        yield browser


async def test_a_watcher_sees_at_once_how_the_lot_stands_by_the_servers_clock(house: Auction, auction: Browser) -> None:
    house.version = 3
    house.head()
    async with watching(auction) as take:
        name, first = await take()

    assert name == "lot"
    assert (first["procedure"], first["phase"], first["price_fen"]) == ("t1", "timed", None)
    assert (first["at"], first["ends_at"], first["left_ms"]) == (instant(AT), ENDS, 300_000)
    assert "version" not in first


async def test_bids_show_without_a_question_and_many_in_one_frame(house: Auction, auction: Browser) -> None:
    async with watching(auction) as take:
        await take()
        for fen in range(1, 51):
            house.bid(fen)
        frames = await reach(take, price(50))

    assert len(frames) <= 2
    assert len(house.queries("live")) == 1


async def test_five_frames_a_second_are_the_most(house: Auction, auction: Browser) -> None:
    loop = asyncio.get_running_loop()
    async with watching(auction) as take:
        await take()
        since, came = loop.time(), 0
        for fen in range(1, 31):
            house.bid(fen)
            await asyncio.sleep(0.02)
        while not price(30)(await take()):
            came += 1

        assert came <= (loop.time() - since) / rooms.PAUSE_SECONDS + 1


async def test_a_bidder_sees_its_own_bid_at_once_on_every_device(house: Auction, auction: Browser) -> None:
    holder = house.holder("t1")
    async with watching(auction, holder) as first, watching(auction, holder) as second, watching(auction) as other:
        for take in (first, second, other):
            await take()
        house.bid(2, OWN)
        house.bid(3)  # of its proxy: under its number, though another gave cause
        house.bid(4)
        mine = [
            await reach(take, lambda frame: frame == ("own", frame[1]) and price(3)(frame)) for take in (first, second)
        ]
        theirs = await reach(other, price(4))

    for frames in mine:
        assert [data["price_fen"] for name, data in frames if name == "own"] == [2, 3]
        assert frames[0][0] == "own"  # before the frame that everyone is shown
    assert {name for name, _ in theirs} == {"lot"}


async def test_what_a_record_alone_does_not_tell_is_asked_for_and_what_is_hidden_shows_nothing(
    house: Auction, auction: Browser
) -> None:
    async with watching(auction) as take:
        await take()
        house.bus.tell(house.record(RequestRefused(code="x")))
        house.standing["phase"] = "ended"
        house.bus.tell(house.record(TillClosed()))
        frames = await reach(take, lambda frame: frame[1]["phase"] == "ended")

    assert len(frames) == 1
    assert len(house.queries("live")) == 2


async def test_after_a_gap_watchers_are_told_and_shown_the_truth(house: Auction, auction: Browser) -> None:
    async with watching(auction) as take:
        house.bid(1)
        await reach(take, price(1))
        house.record(CoinPut(fen=2))  # lost on the way
        house.head()
        frames = await reach(take, price(2))

    assert "reset" in {name for name, _ in frames}


async def test_what_somebody_at_the_broker_made_up_shows_nothing(house: Auction, auction: Browser) -> None:
    async with watching(auction) as take:
        await take()
        false = house.record(CoinPut(fen=99), mark=Hallmark(b"0" * 32))
        house.version, house.standing["price_fen"] = 0, None
        house.bus.tell(false)
        house.standing["phase"] = "free"
        frames = [await take() for _ in range(2)]

    assert [data["price_fen"] for _, data in frames if "price_fen" in data] == [None] * len(frames)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(room, "LOST_SECONDS", 0.5)


@pytest.mark.usefixtures("quick")
async def test_a_room_in_which_nothing_happens_beats_and_is_current_by_the_words_of_its_line(
    house: Auction, auction: Browser
) -> None:
    async with watching(auction) as take:
        house.head()
        house.answering = False
        await reach(take, lambda frame: frame[1].get("connected") is True)
        house.clock.advance(seconds=299)
        frames = await reach(take, lambda frame: frame[1].get("left_ms") == 1000)

    assert frames[-1][1]["price_fen"] is None


@pytest.mark.usefixtures("quick")
async def test_while_the_bus_is_silent_a_room_is_current_by_its_lines_own_answers(
    house: Auction, auction: Browser
) -> None:
    async with watching(auction) as take:
        house.record(CoinPut(fen=7))  # which nobody tells
        frames = await reach(take, price(7))
        later = [await take() for _ in range(5)]

    assert {data["connected"] for _, data in [frames[-1], *later]} == {True}


@pytest.mark.usefixtures("quick")
async def test_what_neither_a_word_nor_an_answer_vouches_for_is_shown_as_what_was(
    house: Auction, auction: Browser
) -> None:
    async with watching(auction) as take:
        house.bid(1)
        await reach(take, price(1))
        house.answering = False
        frames = await reach(take, lambda frame: frame[1].get("connected") is False)
        for _ in range(3):
            house.bus.tell(house.beacon(position=1))  # an old one, which somebody kept
            frames.append(await take())
        house.answering = True
        back = await reach(take, lambda frame: frame[1].get("connected") is True)

    assert {data["connected"] for _, data in frames[-3:]} == {False}
    assert back[-1][1]["price_fen"] == frames[-1][1]["price_fen"] == 1


async def test_what_was_recorded_while_a_room_opened_is_not_missed(house: Auction, auction: Browser) -> None:
    house.meanwhile = lambda: house.bid(7)
    async with watching(auction) as take:
        frames = await reach(take, lambda frame: price(7)(frame) and frame[1]["connected"])

    assert all(not data["connected"] for _, data in frames[:-1])
    assert len(house.queries("live")) == 2


async def test_after_a_gap_a_room_is_not_current_until_its_line_has_answered_again(house: Auction) -> None:
    desk = house.app.state.rooms
    desk._desk._streams["t1"] = "till"
    frames = desk._frames("t1", Watcher(frozenset()), rooms.Opening(house.live(_asked()), monotonic(), 0))
    await anext(frames)
    at = desk._rooms["t1"]
    assert at.is_current(NEVER)

    desk.gap()

    assert not at.is_current(monotonic())
    await frames.aclose()


async def test_a_slow_reader_is_cut_off_and_the_room_is_not(house: Auction) -> None:
    desk = house.app.state.rooms
    desk._desk._streams["t1"] = "till"
    slow = desk._frames("t1", Watcher(frozenset({TOKEN})), rooms.Opening(house.live(_asked()), monotonic(), 0))
    quick = desk._frames("t1", Watcher(frozenset()), None)
    for frames in (slow, quick):
        await anext(frames)

    for fen in range(1, rooms.MOST_OWN + 10):
        told = house.record(CoinPut(fen=fen), OWN)
        desk.hear(told, orjson.loads(told.body))

    assert [frame async for frame in slow] == []
    assert b'"price_fen":' in await anext(quick)
    await quick.aclose()


async def test_what_is_no_lot_has_no_room_and_who_leaves_takes_it_along(house: Auction, auction: Browser) -> None:
    answer = await auction.ask("GET", "/api/procedures/t2/live")
    assert answer.status_code == 404

    async with watching(auction) as take:
        await take()
        assert house.watchers == 1
    await until(lambda: not house.app.state.rooms._rooms)


async def test_there_is_a_most_of_watchers(house: Auction, auction: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_WATCHERS", 2)
    async with AsyncExitStack() as held:
        for _ in range(2):
            take = await held.enter_async_context(watching(auction))
            await take()
        answer = await auction.ask("GET", "/api/procedures/t1/live")

    assert (answer.status_code, answer.json()["code"]) == (503, "too_many_watchers")


def _asked() -> Query:
    return Query(name="live", arguments={"id": "t1"}, actor=OWN, at=AT)
