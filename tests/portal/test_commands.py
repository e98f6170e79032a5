"""A command is known to be its sender's, kept before it is sent, and answered or told to be fetched later."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from services.portal import commands
from services.portal.reading import COMMAND_LIMIT
from shared.kernel.canonical import encode
from tests.portal.house import TOKEN, Browser, House
from tests.store.till import AT

pytestmark = pytest.mark.anyio


async def test_a_command_is_answered_with_its_outcome(house: House, browser: Browser) -> None:
    answer = await browser.give(house.person("ann"))

    assert answer.status_code == 200
    assert answer.json()["id"] == "c1"
    assert [event["type"] for event in answer.json()["events"]] == ["till.coin_put.v1"]
    assert answer.json()["receipts"] == [{"position": 1}]


async def test_what_is_sent_says_who_when_and_on_what_evidence(house: House, browser: Browser) -> None:
    await browser.give(house.person("ann"))

    (sent,) = house.seen("till.command")
    assert (sent.actor.account, sent.actor.role, sent.actor.region) == ("ann", "agency", "370500")
    assert (sent.received_at, sent.until) == (AT, None)
    at, body_digest, signature = sent.evidence.split(" ")
    assert (len(body_digest), len(signature)) == (64, 86)
    assert at == "2026-12-01T01:00:00.000000Z"


async def test_it_is_kept_before_it_is_sent(house: House, browser: Browser) -> None:
    kept_when_sent: list[list[str]] = []
    handle = house.bus.services["till.command"]

    def look_then_handle(asked: Mapping[str, Any]) -> Any:
        kept_when_sent.append(house.arrivals())
        return handle(asked)

    house.bus.services["till.command"] = look_then_handle

    await browser.give(house.person("ann"))

    assert kept_when_sent == [["c1"]]


@pytest.mark.parametrize("trouble", ["silent", "faulty"])
async def test_without_an_answer_it_is_kept_and_can_be_fetched_later(
    house: House, browser: Browser, trouble: str
) -> None:
    getattr(house.bus, trouble).add("till.command")
    ann = house.person("ann")

    answer = await browser.give(ann)
    getattr(house.bus, trouble).clear()
    early = await browser.ask("GET", "/api/outcomes/c1", ann)
    again = await browser.give(ann)
    later = await browser.ask("GET", "/api/outcomes/c1", ann)

    assert (answer.status_code, answer.json()) == (202, {"id": "c1"})
    assert (early.status_code, again.status_code, later.status_code) == (404, 200, 200)
    assert later.json() == again.json()


async def test_a_fault_inside_the_service_leaves_it_kept(house: House, browser: Browser) -> None:
    answer = await browser.give(house.person("ann"), fen=13)

    assert answer.status_code == 202
    assert (house.arrivals(), house.outcomes()) == (["c1"], [])


async def test_it_keeps_the_time_of_its_first_arrival(house: House, browser: Browser) -> None:
    house.bus.silent.add("till.command")
    await browser.give(house.person("ann"))
    house.bus.silent.clear()
    house.clock.advance(minutes=3)

    await browser.give(house.person("ann"))

    assert [sent.received_at for sent in house.seen("till.command")] == [AT, AT]


async def test_the_clock_is_read_when_the_last_byte_is_in(house: House, browser: Browser) -> None:
    ann = house.person("ann")
    body = encode({"procedure": "t1", "command": {"type": "till.put_coin", "fen": 1}})
    headers = {**ann.sign("POST", "/api/commands", AT, body), "Idempotency-Key": "c1"}

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:20]
        house.clock.advance(seconds=40)
        yield body[20:]

    answer = await browser.http.post("/api/commands", content=slowly(), headers=headers)

    assert answer.status_code == 200
    assert house.seen("till.command")[0].received_at == AT + timedelta(seconds=40)


async def test_what_is_not_kept_expires_with_the_wait(house: House, browser: Browser) -> None:
    await browser.give(house.person("ann"), kind="till.close_till")

    (sent,) = house.seen("till.command")
    assert sent.until == AT + commands.WAIT
    assert house.arrivals() == []


async def test_what_is_not_kept_and_not_answered_is_to_be_sent_again(house: House, browser: Browser) -> None:
    house.bus.silent.add("till.command")

    answer = await browser.give(house.person("ann"), kind="till.close_till")

    assert (answer.status_code, answer.json()["code"]) == (503, "no_answer")
    assert answer.headers["retry-after"]


async def test_an_id_in_quotes_is_the_same_id(house: House, browser: Browser) -> None:
    bare, quoted = await browser.give(house.person("ann"), "c1"), await browser.give(house.person("ann"), '"c1"')

    assert quoted.json() == bare.json()
    assert house.arrivals() == ["c1"]


@pytest.mark.parametrize("key", ["", '"', '""', '"c1', "a" * 65, "with space", "中文"])
async def test_a_command_needs_a_good_id(house: House, browser: Browser, key: str) -> None:
    body = encode({"procedure": "t1", "command": {"type": "till.put_coin", "fen": 1}})
    headers = house.person("ann").sign("POST", "/api/commands", AT, body)

    given = [(name.encode(), value.encode()) for name, value in {**headers, "Idempotency-Key": key}.items()]
    answer = await browser.http.post("/api/commands", content=body, headers=given)

    assert (answer.status_code, answer.json()["code"]) == (400, "no_idempotency_key")
    assert house.bus.calls == []


async def test_another_body_under_a_used_id_is_refused(house: House, browser: Browser) -> None:
    first = await browser.give(house.person("ann"), fen=1)

    other = await browser.give(house.person("ann"), fen=2)
    again = await browser.give(house.person("ann"), fen=1)

    assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")
    assert again.json() == first.json()


async def test_two_people_may_use_the_same_id(house: House, browser: Browser) -> None:
    await browser.give(house.person("ann"))

    answer = await browser.give(house.holder())
    own = [await browser.ask("GET", "/api/outcomes/c1", person) for person in (house.person("ann"), house.holder())]
    other = await browser.ask("GET", "/api/outcomes/c1", house.person("bob"))

    assert answer.status_code == 200
    assert [outcome.json()["events"][0]["position"] for outcome in own] == [1, 2]
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"[]", 422, "bad_input"),
        (b'{"procedure":"t1"}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"type":"till.put_coin","fen":1},"role":"operator"}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"type":"till.put_coin","fen":1,"role":"operator"}}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"type":"till.put_coin","fen":"1"}}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"type":"till.put_coin","fen":1.5}}', 422, "bad_input"),
        (b'{"procedure":"../t1","command":{"type":"till.put_coin","fen":1}}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"type":"land.sell","fen":1}}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"fen":1}}', 422, "bad_input"),
        (b'{"procedure":"t1","command":{"type":["till.put_coin"],"fen":1}}', 422, "bad_input"),
    ],
)
async def test_what_cannot_be_read_is_refused_and_not_kept(
    house: House, browser: Browser, body: bytes, status: int, code: str
) -> None:
    answer = await browser.ask("POST", "/api/commands", house.person("ann"), body, {"Idempotency-Key": "c1"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (house.arrivals(), house.seen("till.command")) == ([], [])


async def test_too_large_a_body_is_refused_before_it_is_read(house: House, browser: Browser) -> None:
    body = b"x" * (COMMAND_LIMIT + 1)

    answer = await browser.ask("POST", "/api/commands", house.person("ann"), body, {"Idempotency-Key": "c1"})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_too_large_a_body_of_no_declared_length_is_refused(house: House, browser: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(COMMAND_LIMIT // 1000 + 2):
            yield b"x" * 1000

    answer = await browser.http.post("/api/commands", content=endless(), headers={"Idempotency-Key": "c1"})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_who_hangs_up_in_the_middle_leaves_nothing(
    house: House, served: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    url = served.http.base_url
    _reader, writer = await asyncio.open_connection(url.host, url.port)
    head = "POST /api/commands HTTP/1.1\r\nHost: x\r\nIdempotency-Key: c1\r\nContent-Length: 1000\r\n\r\n"
    writer.write(head.encode() + b'{"procedure":')
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.transport.abort()
    await asyncio.sleep(0.2)

    assert (house.arrivals(), house.bus.calls) == ([], [])
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("account", "fen", "expected"), [("ann", 1000, (409, "breaks_clause")), ("bob", 1, (403, "not_entitled"))]
)
async def test_a_refusal_tells_its_article_and_holds_the_outcome(
    house: House, browser: Browser, account: str, fen: int, expected: tuple[int, str]
) -> None:
    answer = await browser.give(house.person(account), fen=fen)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == expected
    assert problem["outcome"]["refusal"]["article"] == problem["article"]
    assert problem["outcome"]["id"] == "c1"


async def test_a_credential_hides_who_asks(house: House, browser: Browser) -> None:
    answer = await browser.give(house.holder())

    (sent,) = house.seen("till.command")
    assert answer.status_code == 200
    assert (sent.actor.account, sent.actor.role) == (TOKEN, "token")
    assert house.queries("account") == []


@pytest.mark.parametrize("offset_ms", [-101, 101])
async def test_a_clock_that_is_off_takes_no_bids_but_all_else(house: House, browser: Browser, offset_ms: int) -> None:
    house.app.state.clock_watch.offset = timedelta(milliseconds=offset_ms)

    bid = await browser.give(house.person("ann"))
    other = await browser.give(house.person("ann"), "c2", kind="till.close_till")
    health = await browser.ask("GET", "/api/health")

    assert (bid.status_code, bid.json()["code"]) == (503, "clock_off")
    assert (other.status_code, house.arrivals()) == (200, [])
    assert (health.status_code, health.json()["ok"]) == (503, False)
    assert health.json()["clock_offset_ms"] == offset_ms


async def test_a_clock_that_is_a_tenth_of_a_second_off_is_right(house: House, browser: Browser) -> None:
    house.app.state.clock_watch.offset = timedelta(milliseconds=-100)

    answer = await browser.give(house.person("ann"))

    assert answer.status_code == 200


async def test_fifty_at_once_each_have_their_own_outcome(house: House, browser: Browser) -> None:
    asked = [browser.give(house.person("ann"), f"c{number}", procedure=f"t{number}") for number in range(50)]

    answers = await asyncio.gather(*asked)

    assert [answer.json()["stream"] for answer in answers] == [f"t{number}" for number in range(50)]
    assert len(house.arrivals()) == 50
