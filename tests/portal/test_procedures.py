"""Each asker is told what its role may see: by the line that has the procedure, which the door finds."""

import json
from typing import Any

import pytest

from shared.kernel.errors import NotEntitled, NotFound
from tests.portal.house import TOKEN, Browser, House

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("query", "status"), [("", 422), ("?line=nowhere", 404), ("?line=till&region=370500", 422), ("?line=", 404)]
)
async def test_a_list_is_of_one_line_and_by_nothing_unknown(browser: Browser, query: str, status: int) -> None:
    answer = await browser.ask("GET", f"/api/procedures{query}")

    assert answer.status_code == status


@pytest.mark.parametrize("name", ["procedure", "opening", "envelopes", "rulebook"])
@pytest.mark.parametrize(("account", "role"), [(None, "public"), ("sue", "supervisor"), ("ann", "agency")])
async def test_who_asks_is_told_to_the_line(
    house: House, browser: Browser, name: str, account: str | None, role: str
) -> None:
    house.answers[name] = lambda query: {"for": query.actor.role, "of": query.arguments["id"]}
    path = "/api/procedures/t1" + ("" if name == "procedure" else f"/{name}")

    answer = await browser.ask("GET", path, house.person(account) if account else None)

    assert answer.json() == {"for": role, "of": "t1"}


async def test_a_credential_sees_its_own_tender_and_no_other(house: House, browser: Browser) -> None:
    house.answers["history"] = lambda query: {"events": [query.actor.account]}

    own = await browser.ask("GET", "/api/procedures/t1/history", house.holder())
    other = await browser.ask("GET", "/api/procedures/t2/history", house.holder())

    assert own.json()["events"] == [TOKEN]
    assert (other.status_code, other.json()["code"]) == (401, "not_authentic")


async def test_what_is_not_there_and_what_may_not_be_seen_are_told_the_same(house: House, browser: Browser) -> None:
    def none(_query: Any) -> Any:
        raise NotFound("没有该项目", "there is no such procedure")

    house.answers["procedure"] = none

    answer = await browser.ask("GET", "/api/procedures/t1")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_line_that_is_silent_is_no_answer_and_not_a_missing_procedure(house: House, browser: Browser) -> None:
    house.bus.silent.add("till_views.query")

    answer = await browser.ask("GET", "/api/procedures/t1")

    assert (answer.status_code, answer.json()["code"]) == (503, "no_answer")


async def test_a_refusal_of_the_line_is_told_with_its_article(house: House, browser: Browser) -> None:
    def refused(_query: Any) -> Any:
        raise NotEntitled("只有监督部门", "the supervisor only", "招标投标法 第七条")

    house.answers["envelopes"] = refused

    answer = await browser.ask("GET", "/api/procedures/t1/envelopes", house.person("bob"))

    assert (answer.status_code, answer.json()["article"]) == (403, "招标投标法 第七条")


async def test_a_replay_looks_through_a_roles_eyes_at_an_instant(house: House, browser: Browser) -> None:
    house.answers["replay"] = lambda query: {**query.arguments, "for": query.actor.role}

    answer = await browser.ask("GET", "/api/procedures/t1/replay?version=3&as=public", house.person("sue"))
    unsigned = await browser.ask("GET", "/api/procedures/t1/replay")

    assert answer.json() == {"stream": "t1", "version": 3, "as": "public", "for": "supervisor"}
    assert unsigned.status_code == 401


async def test_a_replay_is_asked_for_with_the_key_where_the_line_gives_it(house: House, browser: Browser) -> None:
    house.answers["replay"] = lambda query: query.arguments
    house.answers["stream_key"] = lambda query: {"stream": query.arguments["stream"], "key": "00" * 32, "version": 3}

    answer = await browser.ask("GET", "/api/procedures/t1/replay", house.person("sue"))

    assert answer.json() == {"stream": "t1", "key": "00" * 32}


async def test_decisions_are_made_again_from_every_stored_request(house: House, browser: Browser) -> None:
    stored = [{"version": version, "id": f"c{version}", "request": "e30="} for version in (1, 2)]
    pages = {1: {"requests": stored[:1], "next": 2}, 2: {"requests": stored[1:], "next": None}}
    house.answers["requests"] = lambda query: pages[query.arguments["first"]]
    house.answers["redecide"] = lambda query: query.arguments

    answer = await browser.ask("GET", "/api/procedures/t1/redecide", house.person("sue"))

    assert answer.json() == {"stream": "t1", "service": "till", "requests": stored}


@pytest.mark.parametrize("who", ["sue", "bob", None])
async def test_anothers_outcome_is_not_found(house: House, browser: Browser, who: str | None) -> None:
    await browser.give(house.person("ann"))

    own = await browser.ask("GET", "/api/outcomes/c1", house.person("ann"))
    other = await browser.ask("GET", "/api/outcomes/c1", house.person(who) if who else house.holder())
    unknown = await browser.ask("GET", "/api/outcomes/c2", house.person("ann"))

    assert (own.status_code, own.json()["id"]) == (200, "c1")
    assert (other.status_code, unknown.status_code) == (404, 404)
    assert other.json()["detail_zh"] == unknown.json()["detail_zh"]


async def test_a_credential_is_issued_to_who_asks(house: House, browser: Browser) -> None:
    asked: list[Any] = []

    def issued(query: Any) -> Any:
        asked.append((query.arguments, query.actor.account))
        return {"token": TOKEN}

    house.registry["issue_credential"] = issued

    body = b'{"procedure":"t1","public_key":"AAAA"}'
    good = await browser.ask("POST", "/api/credentials", house.person("bob"), body)
    more = await browser.ask("POST", "/api/credentials", house.person("bob"), body[:-1] + b',"party":"x"}')
    unsigned = await browser.ask("POST", "/api/credentials", None, body)

    assert (good.status_code, good.json()) == (200, {"token": TOKEN})
    assert asked == [({"tender": "t1", "public_key": "AAAA"}, "bob")]
    assert (more.status_code, unsigned.status_code) == (422, 401)


async def test_the_broker_cannot_read_who_is_given_which_token(house: House, browser: Browser) -> None:
    carried: list[str] = []
    registry = house.bus.services["registry_views.query"]
    house.registry["issue_credential"] = lambda _query: {"token": TOKEN}

    def overheard(said: Any) -> Any:
        answered = registry(said)
        if json.loads(said["asked"])["name"] != "account":
            carried.extend((json.dumps(said), json.dumps(answered)))
        return answered

    house.bus.services["registry_views.query"] = overheard
    body = b'{"procedure":"t1","public_key":"AAAA"}'
    answer = await browser.ask("POST", "/api/credentials", house.person("bob"), body)

    assert answer.json() == {"token": TOKEN}
    assert len(carried) == 2
    for told in ('"bob"', '\\"bob', '"t1"', '\\"t1', TOKEN, "issue_credential"):
        assert not any(told in text for text in carried)


async def test_an_account_sees_itself(house: House, browser: Browser) -> None:
    own = await browser.ask("GET", "/api/accounts/ann", house.person("ann"))
    other = await browser.ask("GET", "/api/accounts/sue", house.person("ann"))

    assert (own.status_code, own.json()["role"]) == (200, "agency")
    assert other.status_code == 403
