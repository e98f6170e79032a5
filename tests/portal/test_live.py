"""The public sees what it may see, as it happens; who breaks off goes on where it stopped, or is told to load again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from services.portal import live, streaming
from services.portal.desk import make_desk
from services.portal.live import Frame, Live
from services.portal.problems import Problem
from services.portal.rooms import Rooms
from shared.kernel.canonical import encode
from shared.messaging.bus import Told
from tests.portal.house import Browser, House, until

pytestmark = pytest.mark.anyio

HIDDEN = "till.sealed.v1"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "GATHER_SECONDS", 0.02)


class Journal:
    """Records something and tells it; the public history shows all but what is sealed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.events: list[dict[str, Any]] = []
        self.position = 0
        house.answers["history"] = self.history

    def history(self, query: Any) -> dict[str, Any]:
        assert query.actor.role == "public"
        shown = [event for event in self.events if event["type"] != HIDDEN and event["stream"] == query.arguments["id"]]
        return {"events": [{name: event[name] for name in ("type", "at", "data")} for event in shown]}

    def record(self, stream: str = "t1", kind: str = "till.coin_put.v1", **data: Any) -> Told:
        self.position += 1
        at = f"2026-12-01T01:00:00.{self.position:06d}Z"
        event = {"service": "till", "position": self.position, "stream": stream, "type": kind, "at": at, "data": data}
        self.events.append(event)
        return Told(kind, {"kind": "record"}, encode({**event, "salt": "00"}))

    def tell(self, *arguments: Any, **data: Any) -> None:
        self.house.bus.tell(self.record(*arguments, **data))

    def head(self) -> Told:
        return Told("till.head", {"kind": "head"}, encode({"service": "till", "position": self.position}))


@pytest.fixture
def journal(house: House) -> Journal:
    return Journal(house)


def make_live(house: House) -> Live:
    desk = make_desk(house.settings, house.given())
    return Live(desk, Rooms(desk))


@asynccontextmanager
async def watching(browser: Browser, path: str = "/api/events", last: str = "") -> AsyncIterator[AsyncIterator[Any]]:
    """Give the frames as they come: (id, name, data)."""
    headers = {"Last-Event-ID": last} if last else {}
    async with browser.http.stream("GET", path, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        frames = _frames(answer.aiter_lines())
        assert (await anext(frames))[1] == "retry"
        yield frames


async def _frames(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str, Any]]:
    fields: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line and not line.startswith(":"):
            fields[name] = value
        elif fields:
            yield fields.get("id", ""), fields.get("event", next(iter(fields))), orjson.loads(fields.get("data", "{}"))
            fields = {}


async def take(frames: AsyncIterator[Any], count: int) -> list[Any]:
    async with asyncio.timeout(10):
        return [await anext(frames) for _ in range(count)]


async def test_what_is_public_comes_as_it_is_recorded(served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        journal.tell("t1", fen=1)
        journal.tell("t2", fen=2)

        got = await take(frames, 2)

    assert [(id_, name, data["procedure"], data["data"]) for id_, name, data in got] == [
        ("till-1", "recorded", "t1", {"fen": 1}),
        ("till-2", "recorded", "t2", {"fen": 2}),
    ]


async def test_what_is_sealed_does_not_come(served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        journal.tell("t1", HIDDEN, who="7" * 64)
        journal.tell("t1", fen=1)

        ((id_, _, data),) = await take(frames, 1)

    assert (id_, data["type"]) == ("till-2", "till.coin_put.v1")


async def test_one_procedure_can_be_watched_alone(served: Browser, journal: Journal) -> None:
    async with watching(served, "/api/events?procedure=t2") as frames:
        journal.tell("t1", fen=1)
        journal.tell("t2", fen=2)

        ((id_, _, data),) = await take(frames, 1)

    assert (id_, data["procedure"]) == ("till-2", "t2")


async def test_who_broke_off_goes_on_where_it_stopped(served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        journal.tell("t1", fen=1)
        ((last, _, _),) = await take(frames, 1)
    async with watching(served) as other:
        for fen in (2, 3):
            journal.tell("t1", fen=fen)
        await take(other, 2)

    async with watching(served, last=last) as frames:
        journal.tell("t1", fen=4)
        got = await take(frames, 3)

    assert [data["data"]["fen"] for _, _, data in got] == [2, 3, 4]


async def test_who_was_away_too_long_is_told_to_load_again(served: Browser, journal: Journal) -> None:
    async with watching(served, last="till-9999") as frames:
        ((id_, name, _),) = await take(frames, 1)

    assert (id_, name) == ("", "reset")


async def test_a_gap_is_told(served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        journal.tell("t1", fen=1)
        await take(frames, 1)
        journal.record("t1", fen=2)  # recorded, and lost on the way
        served.house.bus.tell(journal.head())
        ((_, beacon, _),) = await take(frames, 1)
        journal.record("t1", fen=3)
        journal.tell("t1", fen=4)
        rest = await take(frames, 2)

    assert beacon == "reset"
    assert [name for _, name, _ in rest] == ["reset", "recorded"]


async def test_what_is_told_twice_comes_once(served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        first = journal.record("t1", fen=1)
        for _ in range(3):
            served.house.bus.tell(first)
        journal.tell("t1", fen=2)

        got = await take(frames, 2)

    assert [id_ for id_, _, _ in got] == ["till-1", "till-2"]


async def test_a_service_that_does_not_answer_is_a_gap(served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        served.house.bus.silent.add("till_views.query")
        journal.tell("t1", fen=1)

        ((_, name, _),) = await take(frames, 1)

    assert name == "reset"


async def test_a_slow_reader_is_cut_off_and_the_others_are_not(house: House, journal: Journal) -> None:
    at = make_live(house)
    slow, quick = at.watch("", ""), at.watch("", "")
    await anext(slow)
    await anext(quick)

    got = 0
    for number in range(live.BEHIND + 10):
        at.hear(journal.record("t1", number=number))
        if number % 50 == 0:
            await asyncio.sleep(0.05)
            while got <= number:
                assert b"recorded" in await anext(quick)
                got += 1

    await asyncio.sleep(0.1)
    left = [frame async for frame in slow]
    assert len(left) < live.BEHIND + 10
    assert len(at._watchers) == 1


async def test_who_takes_nothing_from_the_wire_is_let_go(
    house: House, served: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SLOW_SECONDS", 0.3)
    at: Live = house.app.state.live
    url = served.http.base_url
    _reader, writer = await asyncio.open_connection(url.host, url.port, limit=1024)
    writer.write(b"GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: len(at._watchers) == 1)
    (watcher,) = at._watchers

    for number in range(200):
        at._emit(Frame(f"till-{number}", "t1", b":" + b"x" * 200_000 + b"\n\n"))
        await asyncio.sleep(0.005)

    await until(lambda: not at._watchers)
    assert not watcher.cut_off  # it is the wire that was full, not the queue
    writer.transport.abort()


async def test_many_records_at_once_are_one_question(house: House, journal: Journal) -> None:
    at = make_live(house)
    frames = at.watch("", "")
    await anext(frames)

    for number in range(100):
        at.hear(journal.record("t1", number=number))
    for _ in range(100):
        await anext(frames)

    assert len(house.queries("history")) == 1


async def test_there_is_a_most_of_watchers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WATCHERS", 1)
    at = make_live(house)
    first = at.watch("", "")
    await anext(first)

    with pytest.raises(Problem):
        at.watch("", "")
    await first.aclose()

    assert at.watch("", "")


async def test_who_leaves_is_forgotten(house: House, served: Browser, journal: Journal) -> None:
    async with watching(served) as frames:
        journal.tell("t1", fen=1)
        await take(frames, 1)

    await until(lambda: not house.app.state.live._watchers)
