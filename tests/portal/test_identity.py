"""Nobody is believed without a signature over exactly this request, made now, by the key that is theirs."""

from datetime import timedelta

import pytest

from services.portal import identity
from shared.kernel.canonical import encode
from tests.portal.house import Browser, House, Person, key_of
from tests.store.till import AT

pytestmark = pytest.mark.anyio

BODY = encode({"procedure": "t1", "command": {"type": "till.put_coin", "fen": 1}})
PATH = "/api/commands"


async def sent(browser: Browser, headers: dict[str, str], body: bytes = BODY, path: str = PATH) -> tuple[int, str]:
    answer = await browser.http.post(path, content=body, headers={**headers, "Idempotency-Key": "c1"})
    return answer.status_code, answer.json().get("code", "")


async def test_a_good_signature_is_believed(house: House, browser: Browser) -> None:
    assert await sent(browser, house.person("ann").sign("POST", PATH, AT, BODY)) == (200, "")


@pytest.mark.parametrize("change", ["body", "path", "method", "at", "signature", "key", "account"])
async def test_a_signature_over_anything_else_is_not_believed(house: House, browser: Browser, change: str) -> None:
    ann = house.person("ann")
    headers = ann.sign("POST", PATH, AT, BODY)
    match change:
        case "body":
            result = await sent(browser, headers, BODY.replace(b'"fen":1', b'"fen":2'))
        case "path":
            result = await sent(browser, headers, path=PATH + "?x=1")
        case "method":
            result = await sent(browser, ann.sign("PUT", PATH, AT, BODY))
        case "at":
            result = await sent(browser, {**headers, "X-Ggzy-At": "2026-12-01T01:00:01.000000Z"})
        case "signature":
            result = await sent(browser, {**headers, "X-Ggzy-Signature": headers["X-Ggzy-Signature"][::-1]})
        case "key":
            result = await sent(browser, Person(ann.headers, key_of("mallory")).sign("POST", PATH, AT, BODY))
        case _:
            result = await sent(browser, {**headers, "X-Ggzy-Account": "sue"})

    assert result == (401, "not_authentic")
    assert house.seen("till.command") == []


@pytest.mark.parametrize("missing", ["X-Ggzy-Signature", "X-Ggzy-At"])
async def test_half_a_signature_is_none(house: House, browser: Browser, missing: str) -> None:
    headers = house.person("ann").sign("POST", PATH, AT, BODY)
    del headers[missing]

    status, _code = await sent(browser, headers)

    assert status in {400, 401}
    assert house.seen("till.command") == []


@pytest.mark.parametrize(("seconds", "status"), [(300, 200), (301, 401), (-300, 200), (-301, 401)])
async def test_a_signature_is_good_for_five_minutes(house: House, browser: Browser, seconds: int, status: int) -> None:
    headers = house.person("ann").sign("POST", PATH, AT - timedelta(seconds=seconds), BODY)

    assert (await sent(browser, headers))[0] == status


async def test_an_unknown_account_and_a_closed_one_are_told_the_same(house: House, browser: Browser) -> None:
    house.accounts["eve"] = "agency"
    opened = house._account
    house.registry["account"] = lambda query: {**opened(query), "open": False}

    closed = await browser.ask("GET", "/api/outcomes/c1", house.person("eve"))
    unknown = await browser.ask("GET", "/api/outcomes/c1", house.person("nobody"))

    ignored = {"trace_id"}
    assert closed.status_code == 401
    assert {k: v for k, v in closed.json().items() if k not in ignored} == {
        k: v for k, v in unknown.json().items() if k not in ignored
    }


@pytest.mark.parametrize("name", ["system", "public"])
async def test_nobody_asks_under_the_platforms_own_names(house: House, browser: Browser, name: str) -> None:
    house.accounts[name] = "operator"

    answer = await browser.give(house.person(name))

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authentic")
    assert answer.headers["www-authenticate"].startswith("GgzySignature")


async def test_what_must_be_signed_is_not_answered_to_the_public(house: House, browser: Browser) -> None:
    for method, path in [("POST", PATH), ("GET", "/api/outcomes/c1"), ("GET", "/api/accounts/ann")]:
        answer = await browser.ask(method, path, None, BODY if method == "POST" else b"", {"Idempotency-Key": "c1"})

        assert (answer.status_code, answer.json()["code"]) == (401, "not_authentic"), path


async def test_an_account_and_a_credential_together_are_refused(house: House, browser: Browser) -> None:
    both = {**house.person("ann").headers, **house.holder().headers}

    result = await sent(browser, Person(both, key_of("one-time t1")).sign("POST", PATH, AT, BODY))

    assert result == (400, "malformed")


@pytest.mark.parametrize(("tender", "hours", "status"), [("t1", 1, 200), ("t2", 1, 401), ("t1", -1, 401)])
async def test_a_credential_is_good_for_its_own_tender_and_time(
    house: House, browser: Browser, tender: str, hours: int, status: int
) -> None:
    answer = await browser.give(house.holder(tender, hours=hours))

    assert answer.status_code == status


async def test_a_credential_that_the_registry_did_not_sign_is_refused(house: House, browser: Browser) -> None:
    holder = house.holder()
    forged = Person({"X-Ggzy-Credential": holder.headers["X-Ggzy-Credential"][:-8] + "AAAAAAAA"}, holder.key)

    answer = await browser.give(forged)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authentic")


async def test_a_credential_is_not_enough_without_its_one_time_key(house: House, browser: Browser) -> None:
    answer = await browser.give(Person(house.holder().headers, key_of("thief")))

    assert answer.status_code == 401


async def test_an_account_is_looked_up_once_in_a_while(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [0.0]
    monkeypatch.setattr(identity, "monotonic", lambda: seconds[0])

    for at in (0.0, identity.KEPT_SECONDS - 1, identity.KEPT_SECONDS + 1):
        seconds[0] = at
        await browser.ask("GET", "/api/outcomes/c1", house.person("ann"))

    assert [query.actor.role for query in house.queries("account")] == ["system", "system"]


async def test_a_registry_that_is_away_is_no_answer_and_not_a_wrong_signature(house: House, browser: Browser) -> None:
    house.bus.silent.add("registry_views.query")

    answer = await browser.give(house.person("ann"))

    assert (answer.status_code, answer.json()["code"]) == (503, "no_answer")


async def test_the_signature_covers_the_query_as_it_was_sent(house: House, browser: Browser, served: Browser) -> None:
    house.answers["replay"] = lambda query: query.arguments
    path = "/api/procedures/t1/replay?at=2026-12-01T01%3A00%3A00.000000Z&as=bidder"

    for door in (browser, served):
        good = await door.ask("GET", path, house.person("sue"))
        other = await door.http.get(path.replace("%3A", ":"), headers=house.person("sue").sign("GET", path, AT))

        assert (good.status_code, good.json()["as"]) == (200, "bidder")
        assert other.status_code == 401
