"""Coming in: what is told to the registry alone, and what a session is good for."""

import hashlib
from typing import Any

import pytest

from services.portal import identity
from shared.kernel.canonical import encode
from shared.kernel.errors import NotEntitled, NotFound, NotYet
from shared.platform.door import Query
from tests.portal.house import Browser, House

pytestmark = pytest.mark.anyio

SECRET = "q" * 43
UNTIL = "2026-12-01T01:30:00.000000Z"
BEARER = {"Authorization": f"Bearer {UNTIL}.{SECRET}"}
DIGEST = hashlib.sha256(SECRET.encode()).hexdigest()
LOST = encode({"procedure": "account-ann", "command": {"type": "registry.report_key_lost", "reason": "遗失"}})


@pytest.fixture(autouse=True)
def sessions(house: House) -> None:
    """Let the registry know one session, ann's."""

    def session(query: Query) -> Any:
        if query.actor.role != "system" or query.arguments != {"until": UNTIL, "digest": DIGEST}:
            raise NotFound("没有", "none")
        return {"account": "ann", "until": UNTIL}

    house.registry["session"] = session
    house.registry["end_session"] = lambda _query: {}


async def test_a_session_reads_what_its_account_may(house: House, browser: Browser) -> None:
    await browser.give(house.person("ann"), "c1")

    answer = await browser.ask("GET", "/api/outcomes/c1", headers=BEARER)
    wrong = await browser.ask("GET", "/api/outcomes/c1", headers={"Authorization": f"Bearer {UNTIL}.{SECRET[1:]}"})

    assert (answer.status_code, wrong.status_code) == (200, 401)


@pytest.mark.parametrize(
    "header", ["Bearer x", "Bearer ", "Basic YTpi", f"{UNTIL}.{SECRET}", f"bearer {UNTIL}.{SECRET}"]
)
async def test_anything_else_is_no_session(browser: Browser, header: str) -> None:
    assert (await browser.ask("GET", "/api/outcomes/c1", headers={"Authorization": header})).status_code == 401


async def test_a_session_gives_no_command_that_must_be_signed(house: House, browser: Browser) -> None:
    body = encode({"procedure": "t1", "command": {"type": "till.put_coin", "fen": 1}})

    answer = await browser.ask("POST", "/api/commands", body=body, headers={**BEARER, "Idempotency-Key": "c1"})
    credential = await browser.ask(
        "POST", "/api/credentials", body=encode({"procedure": "t1", "public_key": "AA"}), headers=BEARER
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_entitled")
    assert credential.status_code == 403
    assert house.seen("till.command") == []


async def test_a_session_may_give_those_that_need_no_signature(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "UNSIGNED", frozenset({"till.put_coin"}))
    body = encode({"procedure": "t1", "command": {"type": "till.put_coin", "fen": 1}})

    answer = await browser.ask("POST", "/api/commands", body=body, headers={**BEARER, "Idempotency-Key": "c1"})

    (arrival,) = house.seen("till.command")
    assert answer.status_code == 200
    assert (arrival.actor.account, arrival.evidence) == ("ann", f"session {UNTIL} {DIGEST}")


async def test_only_what_shuts_a_door_needs_no_signature() -> None:
    assert {"registry.set_password", "registry.report_key_lost", "registry.revoke_certificate"} == identity.UNSIGNED


async def test_a_session_and_a_signature_are_not_given_together(house: House, browser: Browser) -> None:
    answer = await browser.ask("GET", "/api/outcomes/c1", house.person("ann"), headers=BEARER)

    assert answer.json()["code"] == "malformed"


async def test_a_session_outlives_its_accounts_key_and_not_its_account(house: House, browser: Browser) -> None:
    opened = house._account
    house.registry["account"] = lambda query: {**opened(query), "public_key": ""}
    signed = await browser.ask("GET", "/api/outcomes/c1", house.person("ann"))
    in_session = await browser.ask("GET", "/api/outcomes/c1", headers=BEARER)

    assert (signed.status_code, in_session.status_code) == (401, 404)


async def test_a_closed_account_has_no_session(house: House, browser: Browser) -> None:
    opened = house._account
    house.registry["account"] = lambda query: {**opened(query), "open": False}

    assert (await browser.ask("GET", "/api/outcomes/c1", headers=BEARER)).status_code == 401


async def test_a_session_is_ended_by_who_holds_it(house: House, browser: Browser) -> None:
    left = await browser.ask("POST", "/api/logout", headers=BEARER)
    nobody = await browser.ask("POST", "/api/logout")

    assert (left.status_code, nobody.status_code) == (200, 401)
    assert house.queries("end_session")[0].arguments == {"until": UNTIL, "digest": DIGEST}


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [(NotEntitled("不符", "wrong"), 401, "not_authentic"), (NotYet("再试", "later"), 429, "too_many_requests")],
)
async def test_a_failed_login_tells_no_more_than_that(
    house: House, browser: Browser, refusal: Exception, status: int, code: str
) -> None:
    def refuse(_query: Query) -> Any:
        raise refusal

    house.registry["log_in_by_password"] = refuse

    answer = await browser.ask("POST", "/api/login/password", body=encode({"account": "ann", "password": "x"}))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_broker_sees_neither_password_nor_secret_nor_name(house: House, browser: Browser) -> None:
    house.registry["log_in_by_password"] = lambda _query: {"session": SECRET, "account": "ann", "until": UNTIL}
    house.registry["keep_person"] = lambda _query: {"person": "5" * 64}

    entered = await browser.ask(
        "POST", "/api/login/password", body=encode({"account": "ann", "password": "hunter2-hunter2"})
    )
    told = await browser.ask("POST", "/api/people", house.person("ann"), encode({"name": "王小明"}))
    await browser.ask("GET", "/api/outcomes/c1", headers=BEARER)

    seen = repr(house.bus.calls)
    assert (entered.json()["session"], told.json()["person"]) == (SECRET, "5" * 64)
    for trace in ("hunter2-hunter2", "王小明", SECRET):
        assert trace not in seen


async def test_an_account_opened_to_look_on_gives_no_command_of_a_line(house: House, browser: Browser) -> None:
    opened = house._account
    house.registry["account"] = lambda query: {**opened(query), "rights": ["read", "administer"]}

    given = await browser.give(house.person("ann"))
    read = await browser.ask("GET", "/api/outcomes/c1", house.person("ann"))
    registry = await browser.ask("POST", "/api/commands", house.person("ann"), LOST, {"Idempotency-Key": "c2"})

    assert (given.status_code, given.json()["code"]) == (403, "not_entitled")
    assert house.seen("till.command") == []
    assert read.status_code == 404
    assert registry.json()["code"] != "not_entitled"
