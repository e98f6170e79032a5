"""A hostile client: others' objects, smuggled fields and headers, replays, forgeries, odd bytes and paths.

Every attack is made by somebody who has an account or a credential of their own, at a real door.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cli.client import Asker
from cli.demo.cast import AGENCY, OPERATOR, SUPERVISOR
from tests.system.reading import Answer, ask_as, command
from tests.system.scene import IDLE, OTHER_AGENCY, Company, Scene, Tender

pytestmark = pytest.mark.system

COMMANDS = "/api/commands"
OPENING = {"type": "bidding.start_opening"}


@pytest.fixture(scope="module")
def scene(embedded_scene: Scene) -> Scene:
    return embedded_scene


@pytest.fixture(scope="module")
def companies(scene: Scene) -> list[Company]:
    return scene.companies(2)


@pytest.fixture(scope="module")
def tender(scene: Scene, companies: list[Company]) -> Tender:
    """Return a tender that receives bids, with one bid in."""
    made = scene.tender("敌意测试工程")
    made.bid(companies[0])
    return made


@pytest.fixture
def raw_client(scene: Scene) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=scene.stage.url, trust_env=False, timeout=30) as client:
        yield client


def asker_of(scene: Scene, account: str) -> Asker:
    return scene.player(account).asker()


def signed(
    scene: Scene, asker: Asker, path: str, body: bytes, *, method: str = "POST", **late: float
) -> dict[str, str]:
    """Return the headers of a signed request; `late` is how long ago it was signed."""
    now = scene.stage.settings.make_clock().now() - timedelta(**late)
    return {**asker.headers(method, path, now, hashlib.sha256(body).hexdigest()), "Content-Type": "application/json"}


def body_of(procedure: str, given: dict[str, Any]) -> bytes:
    return orjson.dumps({"procedure": procedure, "command": given})


def code(answer: Answer | httpx.Response) -> tuple[int, str]:
    status = answer.status if isinstance(answer, Answer) else answer.status_code
    body = answer.body if isinstance(answer, Answer) else answer.content
    return status, orjson.loads(body)["code"]


def fresh_id() -> str:
    return secrets.token_hex(8)


def test_another_partys_draft_is_not_there(scene: Scene) -> None:
    draft = Tender(scene, f"T-{secrets.token_hex(5)}")
    draft.draft("未公告工程")

    for account in (OTHER_AGENCY, IDLE, SUPERVISOR, OPERATOR):
        seen = ask_as(scene.stage, f"/api/procedures/{draft.procedure}", asker_of(scene, account))
        none = ask_as(scene.stage, "/api/procedures/T-nothing", asker_of(scene, account))
        assert code(seen) == code(none) == (404, "not_found")
        assert orjson.loads(seen.body)["detail_zh"] == orjson.loads(none.body)["detail_zh"]


def test_anothers_tender_is_not_run(scene: Scene, tender: Tender) -> None:
    before = tender.history(scene.player(AGENCY))

    for given in (OPENING, {"type": "bidding.publish_candidates"}, {"type": "bidding.award_tender", "bid": "b1"}):
        answer = command(scene.stage, asker_of(scene, OTHER_AGENCY), tender.procedure, given, fresh_id())
        assert answer.status in {403, 409}

    assert tender.history(scene.player(AGENCY)) == before


def test_a_credential_of_one_tender_opens_no_other(scene: Scene, tender: Tender, companies: list[Company]) -> None:
    other = scene.tender("另一工程")
    asker = tender.desk(companies[1]).asker

    for path in (f"/api/procedures/{other.procedure}", f"/api/procedures/{other.procedure}/history"):
        assert code(ask_as(scene.stage, path, asker)) == (401, "not_authentic")
    assert code(command(scene.stage, asker, other.procedure, {"type": "bidding.sign_in"}, fresh_id()))[0] == 401


def test_an_outcome_is_its_own_actors_alone(scene: Scene, tender: Tender, companies: list[Company]) -> None:
    id_ = fresh_id()
    command(scene.stage, asker_of(scene, AGENCY), tender.procedure, OPENING, id_)

    assert ask_as(scene.stage, f"/api/outcomes/{id_}", asker_of(scene, AGENCY)).status == 200
    for asker in (asker_of(scene, SUPERVISOR), asker_of(scene, OPERATOR), tender.desk(companies[1]).asker):
        assert code(ask_as(scene.stage, f"/api/outcomes/{id_}", asker)) == (404, "not_found")


@pytest.mark.parametrize(
    "field", ["actor", "role", "received_at", "facts", "secrets", "region", "evidence", "until", "at"]
)
def test_what_only_the_platform_says_is_no_field_of_a_command(scene: Scene, tender: Tender, field: str) -> None:
    asker = asker_of(scene, OTHER_AGENCY)
    for value in ("operator", {"account": "operator", "role": "operator"}, None):
        inside = command(scene.stage, asker, tender.procedure, {**OPENING, field: value}, fresh_id())
        beside = orjson.dumps({"procedure": tender.procedure, "command": OPENING, field: value})
        outside = ask_as(
            scene.stage, COMMANDS, asker, method="POST", body=beside, headers={"Idempotency-Key": fresh_id()}
        )
        assert code(inside) == code(outside) == (422, "bad_input")


def test_a_field_given_twice_means_what_was_signed_or_nothing(scene: Scene, tender: Tender) -> None:
    body = body_of(tender.procedure, OPENING).replace(b'"command":', b'"procedure":"T-other","command":')

    answer = ask_as(
        scene.stage,
        COMMANDS,
        asker_of(scene, AGENCY),
        method="POST",
        body=body,
        headers={"Idempotency-Key": fresh_id()},
    )

    assert answer.status in {403, 404, 409, 422}


def test_a_request_sent_twice_has_one_outcome(scene: Scene, tender: Tender, raw_client: httpx.Client) -> None:
    body, id_ = body_of(tender.procedure, OPENING), fresh_id()
    headers = {**signed(scene, asker_of(scene, AGENCY), COMMANDS, body), "Idempotency-Key": id_}
    length = len(tender.history(scene.player(AGENCY)))

    answers = [raw_client.post(COMMANDS, content=body, headers=headers).json() for _ in range(3)]

    assert len({orjson.dumps(answer["outcome"]) for answer in answers}) == 1
    assert len(tender.history(scene.player(AGENCY))) == length + 1, "the refusal is on record once"


def test_a_signature_is_good_for_its_own_body_path_method_and_five_minutes(
    scene: Scene, tender: Tender, raw_client: httpx.Client
) -> None:
    asker, body = asker_of(scene, AGENCY), body_of(tender.procedure, OPENING)
    headers = signed(scene, asker, COMMANDS, body)
    late, early = (signed(scene, asker, COMMANDS, body, minutes=minutes) for minutes in (6, -6))
    other = body_of(tender.procedure, {"type": "bidding.publish_candidates"})

    def sent(content: bytes, given: dict[str, str]) -> tuple[int, str]:
        return code(raw_client.post(COMMANDS, content=content, headers={**given, "Idempotency-Key": fresh_id()}))

    assert sent(other, headers) == (401, "not_authentic")
    assert sent(body, late) == sent(body, early) == (401, "request_too_old")
    assert code(raw_client.get("/api/outcomes/x", headers=headers)) == (401, "not_authentic")


@pytest.mark.parametrize("account", [SUPERVISOR, OPERATOR, "system", "public", "nobody"])
def test_a_foreign_signature_is_nobodys(scene: Scene, account: str) -> None:
    forger = Asker.account(account, Ed25519PrivateKey.generate())

    assert code(ask_as(scene.stage, "/api/ledger/findings", forger)) == (401, "not_authentic")


def test_a_credential_that_was_changed_is_none(scene: Scene, tender: Tender, companies: list[Company]) -> None:
    desk = tender.desk(companies[1])
    key = Ed25519PrivateKey.generate()
    own = desk.credential.model_dump(mode="json")
    for change in ({"tender": "T-other"}, {"token": "0" * 64}, {"valid_until": "2099-01-01T00:00:00.000000Z"}):
        forged = Asker.token({**own, **change}, key)
        assert ask_as(scene.stage, f"/api/procedures/{tender.procedure}", forged).status == 401


def test_two_names_are_none(scene: Scene, tender: Tender, companies: list[Company], raw_client: httpx.Client) -> None:
    path = f"/api/procedures/{tender.procedure}"
    account = signed(scene, asker_of(scene, IDLE), path, b"", method="GET")
    token = signed(scene, tender.desk(companies[1]).asker, path, b"", method="GET")

    both = raw_client.get(path, headers={**account, "X-Ggzy-Credential": token["X-Ggzy-Credential"]})
    session = raw_client.get(path, headers={**account, "Authorization": "Bearer x.y"})

    assert code(both) == code(session) == (400, "malformed")


@pytest.mark.parametrize("name", ["X-Ggzy-Account", "X-Ggzy-Signature", "X-Ggzy-At"])
def test_a_header_twice_does_not_smuggle_anyone_in(scene: Scene, raw_client: httpx.Client, name: str) -> None:
    path = "/api/ledger/findings"
    own = signed(scene, asker_of(scene, IDLE), path, b"", method="GET")
    smuggled = {"X-Ggzy-Account": SUPERVISOR, "X-Ggzy-Signature": "A" * 86, "X-Ggzy-At": own["X-Ggzy-At"]}[name]

    for first, second in ((own[name], smuggled), (smuggled, own[name])):
        rest = [(key, value) for key, value in own.items() if key != name]
        answer = raw_client.get(path, headers=[*rest, (name, first), (name, second)])
        assert answer.status_code in {401, 403}, "never the supervisor's answer"


def test_proxies_headers_change_neither_path_nor_method(scene: Scene, raw_client: httpx.Client) -> None:
    odd = {"X-HTTP-Method-Override": "POST", "X-Original-URL": "/api/ledger/findings", "X-Rewrite-URL": "/api/parties"}

    assert raw_client.get("/api/time", headers=odd).json()["zone"] == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\x00", 400),
        (b"null", 422),
        (b"[" * 100_000, 400),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (b'{"procedure":"t\\u0000","command":{"type":"bidding.start_opening"}}', 422),
        (b'{"procedure":"t","command":{"type":"bidding.start_opening","x":"\\ud800"}}', 400),
        (b'{"procedure":"t","command":{"type":"\xff"}}', 400),
        (b'{"procedure":"t","command":{"type":"bidding.award_tender","bid":"e\xcc\x81"}}', 422),
        (b'{"procedure":"t","command":{"type":"bidding.award_tender","bid":1e400}}', 400),
        (b'{"procedure":"t","command":{"type":"bidding.award_tender","bid":NaN}}', 400),
        (b'{"procedure":"t","command":{"type":"' + b"x" * 300_000 + b'"}}', 413),
    ],
    ids=range(12),
)
def test_what_is_no_command_is_refused_and_is_no_fault(scene: Scene, body: bytes, status: int) -> None:
    answer = ask_as(
        scene.stage,
        COMMANDS,
        asker_of(scene, AGENCY),
        method="POST",
        body=body,
        headers={"Idempotency-Key": fresh_id()},
    )

    assert answer.status == status or (status == 400 and answer.status == 422), answer.body[:300]
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "kind", ["text/html", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_another_content_type_gets_nothing_else_in(scene: Scene, tender: Tender, kind: str) -> None:
    for body in (b"<command/>", b"procedure=t&command=x", b"--x--"):
        headers = {"Idempotency-Key": fresh_id(), "Content-Type": kind}
        answer = ask_as(scene.stage, COMMANDS, asker_of(scene, AGENCY), method="POST", body=body, headers=headers)
        assert code(answer)[0] in {400, 415, 422}


@pytest.mark.parametrize(
    "path",
    [
        "/ledger/../keys/door.key", "/ledger/%2e%2e/keys/door.key", "/ledger/..%2fkeys%2fdoor.key",
        "/ledger/tile/0/../../../keys/door.key", "/ledger//etc/passwd", "/ledger/%00", "/ledger/checkpoint%00",
        "/ledger/tile/0/000/", "/ledger/tile/entries/%2e%2e/checkpoint", "/api/blobs/..%2f..%2fkeys%2fdoor.key",
        "/api/blobs/%2e%2e", "/api/uploads/..%2f..%2fkeys", "/api/procedures/..%2f..%2fkeys/bundle",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_its_folder(scene: Scene, raw_client: httpx.Client, path: str) -> None:
    url = httpx.URL(scene.stage.url).copy_with(raw_path=path.encode())

    answer = raw_client.send(raw_client.build_request("GET", url))

    assert answer.status_code in {400, 404, 405, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_year_without_a_calendar_is_refused_and_is_no_fault(scene: Scene, tender: Tender) -> None:
    given = {"type": "bidding.recount_deadlines", "year": 1}

    answer = command(scene.stage, asker_of(scene, IDLE), tender.procedure, given, fresh_id())

    assert code(answer) == (403, "not_entitled")
