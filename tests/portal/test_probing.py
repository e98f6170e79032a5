"""The door probes the way to the lines with timed auctions, and to no other."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.portal import probing
from services.portal.desk import make_desk
from services.portal.probing import MOST_UNDER_WAY, Probing
from shared.kernel.canonical import encode
from shared.messaging.bus import Told
from shared.platform import keys
from shared.platform.door import Gatekeeper, Probe
from tests.portal import house as houses
from tests.portal.house import LINE, Browser, House, until

pytestmark = pytest.mark.anyio
TIMED = replace(LINE, timed=True)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(houses, "LINE", TIMED)
    monkeypatch.setattr(probing, "PAUSE_SECONDS", 0.01)
    house = House(tmp_path)
    house.bus.services["till.probe"] = lambda _asked: {}
    return house


@pytest.fixture
async def probing_house(house: House) -> AsyncIterator[House]:
    """Give the house while its door probes."""
    running = asyncio.create_task(Probing(make_desk(house.settings, house.given())).run())
    await until(lambda: bool(house.bus.listeners))
    yield house
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def sent(house: House) -> list[Probe]:
    gatekeeper = Gatekeeper(house.keyring.public(keys.DOOR))
    return [gatekeeper.probe(**asked) for name, asked in house.bus.calls if name == "till.probe"]


def beacon(body: bytes) -> Told:
    return Told("till.head", {"kind": "head"}, body)


async def test_a_probe_brings_back_the_last_echo_that_was_heard(probing_house: House) -> None:
    before = sent(probing_house)

    for number in (1, 2):
        probing_house.bus.tell(beacon(encode({"service": "till", "position": 3, "echo": f"p{number}"})))
    await until(lambda: sent(probing_house)[-1].echo == "p2")

    assert {probe.echo for probe in before} <= {""}
    assert {probe.service for probe in sent(probing_house)} == {"till"}


@pytest.mark.parametrize("body", [b"no json", b"[]", b"{}", b'{"service":"till","echo":' + b'"' + b"x" * 999 + b'"}'])
async def test_a_head_that_is_none_does_not_stop_the_probing(probing_house: House, body: bytes) -> None:
    probing_house.bus.tell(beacon(body))
    count = len(sent(probing_house))

    await until(lambda: len(sent(probing_house)) > count + 5)


async def test_without_answers_only_a_few_probes_are_under_way(probing_house: House) -> None:
    probing_house.bus.hung.add("till.probe")
    under_way = asyncio.Event()
    call, waiting = probing_house.bus.call, []

    async def counted(*given: object) -> object:
        waiting.append(given)
        under_way.set()
        return await call(*given)  # type: ignore[arg-type]  # passed on as given

    probing_house.bus.call = counted  # type: ignore[assignment]  # a bus that counts
    await until(lambda: len(waiting) >= MOST_UNDER_WAY)
    await asyncio.sleep(0.3)

    assert len(waiting) == MOST_UNDER_WAY


async def test_a_line_without_timed_auctions_is_not_probed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(houses, "LINE", LINE)
    plain = Probing(make_desk(house.settings, house.given()))

    running = asyncio.create_task(plain.run())
    await asyncio.sleep(0.1)
    running.cancel()

    assert sent(house) == []


async def probes_of(house: House, own: tuple[str, int]) -> int:
    """Return how many probes a door at an address sends in half a second."""
    before = len(sent(house))
    running = asyncio.create_task(Probing(make_desk(house.settings, house.given()), own).run())
    await asyncio.sleep(0.5)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return len(sent(house)) - before


@pytest.mark.parametrize(("answer", "probes"), [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 503 \r\n\r\n", False)])
async def test_a_door_that_takes_no_requests_sends_no_probes(house: House, answer: bytes, probes: bool) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1") as server:
        own = server.sockets[0].getsockname()
        while_it_listens = await probes_of(house, own)
    after_it_closed = await probes_of(house, own)

    assert (while_it_listens > 2, after_it_closed) == (probes, 0)


async def test_a_door_that_hangs_sends_no_probes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    monkeypatch.setattr(probing, "KNOCK_SECONDS", 0.05)
    async with await asyncio.start_server(hang, "127.0.0.1") as server:
        assert await probes_of(house, server.sockets[0].getsockname()) == 0


async def test_the_real_door_hears_itself(served: Browser, house: House) -> None:
    assert await probes_of(house, ("127.0.0.1", int(served.http.base_url.port or 0))) > 2


async def test_the_served_door_probes(served: Browser) -> None:
    await until(lambda: len(sent(served.house)) > 2)


@pytest.mark.parametrize("round_trip", [None, {"age_ms": 612, "mended_at": "2026-12-01T01:00:00.000000Z"}])
async def test_health_tells_of_the_last_that_came_round(
    house: House, browser: Browser, round_trip: dict[str, object] | None
) -> None:
    silent = (await browser.ask("GET", "/api/health")).json()
    house.answers["round_trip"] = lambda _query: {"round_trip": round_trip}
    told = (await browser.ask("GET", "/api/health")).json()

    assert (silent["ok"], silent["round_trips"]) == (True, {"till": None})
    assert (told["ok"], told["round_trips"]) == (True, {"till": round_trip})
