"""The log's files are served as they are and nothing else is; a bundle verifies with no network and no database."""

import base64
from typing import Any

import pytest

from services.portal.bundles import NO_RULEBOOK
from shared.kernel.errors import NotEntitled, NotFound
from shared.ledger import bundle
from shared.ledger.verify import VERIFIED, verify_bundle
from tests.ledger.factories import KEY, RULEBOOK, commands, evidence, ledger, policy, records
from tests.portal.house import Browser, House

pytestmark = pytest.mark.anyio

COUNT = 5
MADE = evidence(records(COUNT), ledger(records(COUNT)), commands(COUNT))
BUNDLE = f"/api/procedures/{MADE.stream}/bundle"


def b64(data: bytes | None) -> str:
    assert data is not None, "an honest stream withholds nothing"
    return base64.b64encode(data).decode()


@pytest.fixture
def recorded(house: House) -> House:
    """Let line and audit answer with an honest stream."""

    def stream_key(query: Any) -> Any:
        if query.actor.role not in {"supervisor", "agency"}:
            raise NotFound("没有找到", "nothing there")
        return {"stream": MADE.stream, "key": KEY.hex(), "version": COUNT}

    def requests(query: Any) -> Any:
        if query.actor.role != "supervisor":
            raise NotEntitled("仅限监督部门", "for the supervisor only")
        listed = [{"version": v, "id": f"c{v}", "request": b64(raw)} for v, raw in MADE.commands.items()]
        return {"requests": listed, "next": None}

    def told(query: Any) -> Any:
        assert query.arguments == {"service": "till", "stream": MADE.stream, "key": KEY.hex()}
        pairs = zip(MADE.records, MADE.proofs, strict=True)
        listed = [
            {"record": b64(raw), "index": index, "hashes": [b64(hash_) for hash_ in hashes]}
            for raw, (index, hashes) in pairs
        ]
        return {"service": MADE.service, "checkpoint": MADE.checkpoint.decode(), "records": listed}

    rulebook = {"rulebook": RULEBOOK.decode()}
    house.answers |= {"stream_key": stream_key, "requests": requests, "evidence": told}
    house.answers["rulebook"] = lambda _query: rulebook
    return house


async def test_a_bundle_verifies(recorded: House, browser: Browser) -> None:
    answer = await browser.ask("GET", BUNDLE, recorded.person("sue"))

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert verify_bundle(answer.content, policy()).overall == VERIFIED
    assert bundle.numbered(bundle.read(answer.content), "commands") == dict(MADE.commands)


async def test_a_request_behind_the_records_of_a_bundle_stays_out_of_it(recorded: House, browser: Browser) -> None:
    honest = recorded.answers["requests"]

    def with_one_more(query: Any) -> Any:
        listed = honest(query)["requests"]
        return {"requests": [*listed, {"version": COUNT + 1, "id": "c", "request": b64(b"{}")}], "next": None}

    recorded.answers["requests"] = with_one_more

    answer = await browser.ask("GET", BUNDLE, recorded.person("sue"))

    assert verify_bundle(answer.content, policy()).overall == VERIFIED
    assert bundle.numbered(bundle.read(answer.content), "commands") == dict(MADE.commands)


async def test_who_may_not_have_the_requests_has_a_bundle_without_them(recorded: House, browser: Browser) -> None:
    answer = await browser.ask("GET", BUNDLE, recorded.person("ann"))

    assert verify_bundle(answer.content, policy()).overall == VERIFIED
    assert bundle.numbered(bundle.read(answer.content), "commands") == {}


@pytest.mark.parametrize("account", ["bob", None])
async def test_who_may_not_have_the_stream_has_no_bundle(
    recorded: House, browser: Browser, account: str | None
) -> None:
    who = recorded.person(account) if account else None

    answer = await browser.ask("GET", BUNDLE, who)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_stream_under_no_rulebook_has_an_empty_one(recorded: House, browser: Browser) -> None:
    def none(_query: Any) -> Any:
        raise NotFound("没有规则库", "no rulebook")

    recorded.answers["rulebook"] = none

    answer = await browser.ask("GET", BUNDLE, recorded.person("sue"))

    assert bundle.read(answer.content)[bundle.RULEBOOK] == NO_RULEBOOK.encode()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("checkpoint", "no-cache"),
        ("tile/0/000", "immutable"),
        ("tile/0/x001/234.p/112", "immutable"),
        ("tile/entries/000.p/5", "immutable"),
    ],
)
async def test_the_logs_files_are_served(house: House, browser: Browser, path: str, kept: str) -> None:
    file = house.settings.data / "ledger" / path
    file.parent.mkdir(parents=True)
    file.write_bytes(b"as they are\n")

    answer = await browser.ask("GET", f"/ledger/{path}")

    assert (answer.status_code, answer.content) == (200, b"as they are\n")
    assert kept in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["", "tile", "../keys/door.key", "%2e%2e/keys/door.key", "tile/0/../../../keys/door.key"]
)
async def test_nothing_else_is_served(house: House, browser: Browser, path: str) -> None:
    (house.settings.data / "ledger" / "tile").mkdir(parents=True)

    answer = await browser.ask("GET", f"/ledger/{path}")

    assert answer.status_code == 404


async def test_the_policy_and_proofs_are_text(house: House, browser: Browser) -> None:
    house.answers |= {"policy": lambda _query: {"policy": "quorum none\n"}, "proof": lambda query: query.arguments}
    house.answers["proof"] = lambda query: {"proof": f"{query.arguments['service']} {query.arguments['position']}\n"}

    text = await browser.ask("GET", "/api/ledger/policy")
    proof = await browser.ask("GET", "/api/ledger/proof?service=till&position=3")
    wrong = await browser.ask("GET", "/api/ledger/proof?service=till&position=0")

    assert (text.text, proof.text, wrong.status_code) == ("quorum none\n", "till 3\n", 422)
    assert text.headers["content-type"].startswith("text/plain")
