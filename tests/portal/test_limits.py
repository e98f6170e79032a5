"""Who asks too much waits; who submits never does; and nobody uses up what is another's."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from services.portal import limits
from services.portal.app import make_app
from services.portal.limits import Buckets, Rate, address_of
from tests.portal.house import TOKEN, Browser, House

pytestmark = pytest.mark.anyio

RATE = Rate("public", 5, 30)
FEW = {"burst_public": 3, "burst_signed": 3, "rate_public": 1, "rate_signed": 1}
KEYS = "/api/keys"
NAMED = {"id": "t1", "scheme": "CN-USCC", "year": 2026, "path": "checkpoint", "party": "p1", "draw": "D1"}
NAMED |= {"sha256": "0" * 64, "person": "0" * 64}


@pytest.fixture
def strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Give a house in which three requests are allowed at once, and time stands still."""
    house = House(tmp_path)
    house.settings = house.settings.model_copy(update=FEW)
    monkeypatch.setattr(limits.Limits.__init__, "__defaults__", (lambda: 0.0,))
    house.app = make_app(house.settings, house.given())
    return house


@pytest.fixture
async def asking(strict: House) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=from_(strict, "192.0.2.1"), base_url="http://portal") as http:
        yield Browser(strict, http)


@pytest.fixture
async def elsewhere(strict: House) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(transport=from_(strict, "192.0.2.2"), base_url="http://portal") as http:
        yield Browser(strict, http)


def from_(house: House, address: str) -> httpx.ASGITransport:
    return httpx.ASGITransport(house.app, raise_app_exceptions=False, client=(address, 1000))


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    buckets = Buckets(RATE, lambda: now[0])

    burst = [buckets.take("a").left >= 0 for _ in range(31)]
    other = buckets.take("b").left
    now[0] = 1.0
    later = [buckets.take("a").left >= 0 for _ in range(6)]

    assert (burst.count(True), burst[-1], other) == (30, False, 29)
    assert (later.count(True), later[-1]) == (5, False)


def test_buckets_take_no_more_memory_however_many_come() -> None:
    buckets = Buckets(RATE, lambda: 0.0)

    for number in range(limits.REMEMBERED + 500):
        buckets.take(str(number))

    assert len(buckets._buckets) == limits.REMEMBERED


def test_one_client_has_one_network_of_ipv6() -> None:
    assert address_of("2001:db8::1") == address_of("2001:db8::ffff:2")
    assert address_of("2001:db8:0:1::1") != address_of("2001:db8::1")
    assert address_of("192.0.2.1") != address_of("192.0.2.2")
    assert address_of("") == ""


async def test_a_limit_is_stated_as_the_draft_says(asking: Browser) -> None:
    answers = [await asking.ask("GET", KEYS) for _ in range(4)]

    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"public";r=2;t=1', '"public";r=1;t=1', '"public";r=0;t=1', '"public";r=0;t=1',
    ]  # fmt: skip
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"public";q=3;w=3'}


async def test_who_asks_too_much_is_told_when_to_come_again_and_time_is_always_told(asking: Browser) -> None:
    answers = [await asking.ask("GET", KEYS) for _ in range(5)]
    time = await asking.ask("GET", "/api/time")

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "1"
    assert (answers[-1].json()["code"], answers[-1].json()["status"]) == ("too_many_requests", 429)
    assert time.status_code == 200, "nothing can be signed without it"


async def test_another_address_has_its_own(asking: Browser, elsewhere: Browser) -> None:
    for _ in range(4):
        await asking.ask("GET", KEYS)

    assert (await elsewhere.ask("GET", KEYS)).status_code == 200


async def test_a_submission_is_never_refused(strict: House, asking: Browser) -> None:
    holder = strict.holder()
    for _ in range(10):
        await asking.ask("GET", KEYS)

    given = [await asking.give(holder, f"c{number}") for number in range(10)]
    fetched = [await asking.ask("GET", "/api/outcomes/c1", holder) for _ in range(10)]
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "1", "Upload-Metadata": f"sha256 {'MDAw' * 21}MA=="}
    begun = [await asking.ask("POST", "/api/uploads", holder, headers=headers) for _ in range(10)]
    begun += [await asking.ask("POST", "/api/uploads", strict.person("bob"), headers=headers) for _ in range(10)]
    parts = [await asking.ask("HEAD", "/api/uploads/" + "0" * 32, headers=headers) for _ in range(10)]

    answered = [*given, *fetched, *begun, *parts]
    assert {answer.status_code for answer in given + fetched} == {200}
    assert {answer.status_code for answer in begun} == {201}
    assert {answer.status_code for answer in parts} == {404}
    assert all("ratelimit" not in answer.headers for answer in answered), "what is not counted states no limit"


async def test_what_is_no_submission_is_counted(strict: House, asking: Browser) -> None:
    ann = strict.person("ann")

    closed = [await asking.give(ann, f"c{number}", kind="till.close_till") for number in range(4)]

    assert [answer.status_code for answer in closed][-1] == 429
    assert closed[0].headers["ratelimit"] == '"signed";r=2;t=1'


async def test_who_may_not_submit_is_counted_for_trying(strict: House, asking: Browser) -> None:
    given = [await asking.give(strict.person("bob"), f"c{number}") for number in range(4)]

    assert [answer.status_code for answer in given] == [403, 403, 403, 429]
    assert len(strict.arrivals()) == 3


async def test_one_accounts_limit_is_another_ones_only_by_its_signature(strict: House, asking: Browser) -> None:
    forged = {**strict.person("sue").headers, "X-Ggzy-At": "2026-12-01T01:00:00.000000Z", "X-Ggzy-Signature": "A" * 86}
    for _ in range(10):
        await asking.ask("GET", "/api/outcomes/c1", headers=forged)
    for _ in range(10):
        await asking.ask("GET", "/api/outcomes/c1", strict.person("ann"))

    answer = await asking.ask("GET", "/api/accounts/sue", strict.person("sue"))

    assert answer.status_code == 429, "unproven names from there are not looked up for a while"


async def test_forgers_slow_nobody_elsewhere_and_nobody_who_was_proven(
    strict: House, asking: Browser, elsewhere: Browser
) -> None:
    sue = strict.person("sue")
    await asking.ask("GET", "/api/accounts/sue", sue)
    for number in range(10):
        await asking.ask("GET", "/api/accounts/sue", headers=strict.person(f"nobody-{number}").headers)
    looked_up = len(strict.queries("account"))

    proven = await asking.ask("GET", "/api/accounts/sue", sue)
    other = await elsewhere.ask("GET", "/api/accounts/ann", strict.person("ann"))
    await asking.ask("GET", "/api/accounts/sue", headers=strict.person("nobody-x").headers)

    assert (proven.status_code, other.status_code) == (200, 200)
    assert not [query for query in strict.queries("account")[looked_up:] if query.arguments["id"] == "nobody-x"]


async def test_a_pseudonym_has_a_limit_that_no_account_shares(strict: House, asking: Browser) -> None:
    path, holder = "/api/procedures/t1/history", strict.holder()
    strict.answers["history"] = lambda _query: {"events": []}
    for _ in range(4):
        await asking.ask("GET", path, strict.person("bob"))

    answers = [await asking.ask("GET", path, holder) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert TOKEN not in answers[-1].text + str(answers[-1].headers)


async def test_every_route_counts_or_verifies_whatever_name_is_given(strict: House, elsewhere: Browser) -> None:
    described = (await elsewhere.ask("GET", "/api/openapi.json")).json()["paths"]
    forged = {"X-Ggzy-Account": "ann", "X-Ggzy-At": "2026-12-01T01:00:00.000000Z", "X-Ggzy-Signature": "A" * 86}
    addresses = (f"198.51.100.{number}" for number in count(1))
    found: dict[str, str] = {}
    for path in (path for path, methods in described.items() if "get" in methods):
        asked = path.format(**NAMED)
        query = {"/api/procedures": "?line=till", "/api/ledger/proof": "?service=till&position=1"}.get(path, "")
        if path == "/api/events":
            continue
        async with httpx.AsyncClient(transport=from_(strict, next(addresses)), base_url="http://portal") as http:
            answer = await http.get(asked + query, headers=forged)
        found[path] = "verified" if answer.status_code == 401 else answer.headers.get("ratelimit", "free")[:8]

    assert {path for path, how in found.items() if how == "free"} == {"/api/time"}
    assert set(found.values()) == {"verified", '"public"', "free"}
