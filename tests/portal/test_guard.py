"""What every answer has and no answer or log holds, whatever goes wrong."""

import asyncio
import logging
from typing import Any

import pytest

from services.portal import guard
from services.portal.problems import OTHER, TITLES, prefers_english
from tests.portal.house import TOKEN, Browser, House

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/api/time", "no-store"),
        ("/api/nothing", "no-store"),
        ("/api/outcomes/c1", "no-store"),
        ("/api/openapi.json", "no-cache"),
    ],
)
async def test_every_answer_has_the_security_headers(browser: Browser, path: str, kept: str) -> None:
    answer = await browser.ask("GET", path)

    assert {name: answer.headers[name] for name in guard.HEADERS if name != "Cache-Control"} == {
        name: value for name, value in guard.HEADERS.items() if name != "Cache-Control"
    }
    assert answer.headers["cache-control"] == kept
    assert len(answer.headers["x-trace-id"]) == 16
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("", "未找到"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "未找到"),
        ("en-GB,en;q=0.9", "Not found"),
        ("en;q=0.5, zh;q=0.4", "Not found"),
        ("fr", "未找到"),
        ("en;q=nonsense", "未找到"),
    ],
)
async def test_a_problem_is_told_in_both_languages(browser: Browser, language: str, title: str) -> None:
    answer = await browser.ask("GET", "/api/nothing", headers={"Accept-Language": language})

    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["title"], problem["status"], problem["type"]) == (title, 404, "/problems/not-found")
    assert problem["detail_zh"] != problem["detail_en"]
    assert problem["trace_id"] == answer.headers["x-trace-id"]
    assert set(problem) == {
        "type", "title", "status", "code", "detail_zh", "detail_en", "article", "trace_id",
    }  # fmt: skip


def test_english_is_preferred_only_where_it_comes_first() -> None:
    assert prefers_english("en")
    assert not prefers_english("zh,en")
    assert not prefers_english("en;q=0,zh;q=0")


def test_every_title_has_a_status_that_is_a_problem() -> None:
    for status, zh, en in [*TITLES.values(), OTHER]:
        assert 400 <= status < 600
        assert zh
        assert en.isascii()


async def test_a_fault_tells_nothing_of_itself(
    house: House, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_asked: Any) -> Any:
        raise RuntimeError("the password is hunter2")

    house.bus.services["till_views.query"] = broken

    answer = await browser.ask("GET", "/api/procedures?line=till")

    assert (answer.status_code, answer.json()["code"]) == (500, "fault")
    assert "hunter2" not in answer.text + caplog.text


async def test_a_wrong_method_is_a_problem(browser: Browser) -> None:
    answer = await browser.ask("DELETE", "/api/time")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


async def test_neither_account_nor_token_is_ever_logged(
    house: House, served: Browser, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    house.registry["issue_credential"] = lambda _query: {"token": TOKEN}
    bob, holder = house.person("bob"), house.holder()
    wanted = b'{"procedure":"t1","public_key":"AAAA"}'

    await served.ask("POST", "/api/credentials", bob, wanted)
    await served.give(holder)
    await served.give(holder, fen=1000, procedure="t2")
    house.bus.silent.add("till.command")
    await served.give(holder, "c2")
    house.bus.silent.clear()
    house.bus.faulty.add("till.command")
    await served.give(holder, "c3")
    await served.ask("GET", "/api/outcomes/c1", holder)
    house.clock.advance(seconds=3)
    await asyncio.sleep(1.2)  # the sweeper sends again

    printed = capfd.readouterr()
    logged = caplog.text + printed.out + printed.err
    for secret in (TOKEN, "bob", bob.headers["X-Ggzy-Account"], holder.headers["X-Ggzy-Credential"][:40]):
        assert secret not in logged


INVENTORY = """
GET /api/accounts/{id}
GET /api/blacklist
GET /api/blobs/{sha256}
GET /api/calendars
GET /api/calendars/{year}
POST /api/certificates
POST /api/commands
POST /api/credentials
GET /api/draws/{draw}
GET /api/draws/{draw}/file
GET /api/events
GET /api/experts
GET /api/health
GET /api/keys
GET /api/ledger/findings
GET /api/ledger/policy
GET /api/ledger/proof
GET /api/ledger/unwitnessed
POST /api/login/certificate
POST /api/login/challenge
POST /api/login/password
POST /api/logout
GET /api/outcomes/{id}
GET /api/parties
GET /api/parties/{party}/relations
GET /api/parties/{party}/staff
GET /api/parties/{scheme}/{id}
POST /api/passwords
POST /api/people
GET /api/people/{person}
GET /api/procedures
GET /api/procedures/{id}
GET /api/procedures/{id}/alarms
GET /api/procedures/{id}/bundle
GET /api/procedures/{id}/envelopes
GET /api/procedures/{id}/history
GET /api/procedures/{id}/live
GET /api/procedures/{id}/opening
GET /api/procedures/{id}/redecide
GET /api/procedures/{id}/replay
GET /api/procedures/{id}/rulebook
GET /api/procedures/{id}/trail
GET /api/time
OPTIONS /api/uploads
POST /api/uploads
HEAD /api/uploads/{id}
PATCH /api/uploads/{id}
GET /ledger/{path}
"""


async def test_there_is_no_route_but_those_that_are_known(browser: Browser) -> None:
    described = (await browser.ask("GET", "/api/openapi.json")).json()["paths"]

    found = sorted((path, method.upper()) for path, methods in described.items() for method in methods)
    assert [f"{method} {path}" for path, method in found] == INVENTORY.strip().splitlines()


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/metrics", "/"])
async def test_what_frameworks_add_is_not_there(browser: Browser, path: str) -> None:
    assert (await browser.ask("GET", path)).status_code == 404


async def test_the_time_is_told_before_anything_can_be_signed(house: House, browser: Browser) -> None:
    answer = await browser.ask("GET", "/api/time")

    assert answer.json() == {"now": "2026-12-01T01:00:00.000000Z", "simulated": True, "zone": "Asia/Shanghai"}


async def test_public_keys_are_told_and_no_others(house: House, browser: Browser) -> None:
    answer = await browser.ask("GET", "/api/keys")

    assert answer.json() == {name: house.keyring.public_text(name) for name in ("receipts", "credentials")}


async def test_health_tells_what_the_door_can_do(house: House, browser: Browser) -> None:
    good = await browser.ask("GET", "/api/health")
    house.bus.silent.add("till.command")
    bad = await browser.ask("GET", "/api/health")

    assert (good.status_code, good.json()) == (200, {"ok": True, "bus": True, "clock_offset_ms": 0, "lines": ["till"]})
    assert (bad.status_code, bad.json()["ok"]) == (503, False)
