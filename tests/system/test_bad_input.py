"""Bad input through the real door of one host: each gets a clear answer in both languages, and nothing half done."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from cli.desk import Desk
from cli.output import Misused
from cli.terms import fen
from shared.kernel.canonical import instant, parse_instant
from shared.seal.credential import sign_delivery
from shared.seal.sealed import Cover, seal_meaning
from shared.seal.wire import text
from tests.system.canary import files
from tests.system.mischief import bilingual, check_problem, deliver_without_body, forger, refusal
from tests.system.reading import ask_as, command
from tests.system.scene import Scene, Tender

pytestmark = pytest.mark.system


def fresh() -> str:
    return uuid.uuid4().hex


@pytest.fixture(scope="module")
def drafted(host_scene: Scene) -> Tender:
    """Return a drafted tender, which nothing in this module succeeds in announcing."""
    tender = Tender(host_scene, f"T-{fresh()[:10]}")
    tender.draft("只有草稿的工程")
    return tender


@pytest.fixture(scope="module")
def lawful(drafted: Tender) -> dict[str, Any]:
    return drafted.terms()


@pytest.fixture(scope="module")
def accepting(host_scene: Scene) -> Tender:
    return host_scene.tender()


def give(tender: Tender, body: dict[str, Any]) -> Any:
    """Give a command of the agency's under a new id."""
    return command(tender.stage, tender.agency.asker(), tender.procedure, body, fresh())


def later(moment: str, days: int) -> str:
    return instant(parse_instant(moment) + timedelta(days=days))


def test_an_unknown_field_is_named_and_nothing_is_recorded(drafted: Tender, lawful: dict[str, Any]) -> None:
    before = drafted.history(drafted.agency)

    problem = check_problem(give(drafted, {**lawful, "lucky_number": 8}), 422, "bad_input")

    assert "lucky_number" in problem["detail_zh"]
    assert drafted.history(drafted.agency) == before


@pytest.mark.parametrize("amount", [100.5, 1e2, "100.50", "100", -1, True, None])
def test_a_price_is_a_whole_number_of_fen(accepting: Tender, amount: object) -> None:
    body = {"type": "bidding.sign_contract", "contract_sha256": "0" * 64, "price_fen": amount}

    problem = check_problem(give(accepting, body), 422, "bad_input")

    assert "price_fen" in problem["detail_zh"] or "规范" in problem["detail_zh"]


@pytest.mark.parametrize("yuan", ["1.005", "1e3", "一百", "-1", ""])
def test_a_fraction_of_a_fen_is_refused_on_the_bidders_own_machine(yuan: str) -> None:
    with pytest.raises(Misused) as caught:
        fen(yuan)

    assert bilingual(caught.value.zh, caught.value.en)


@pytest.mark.parametrize(
    ("field", "days", "article"),
    [("bids_due", 20, "第二十四条"), ("sale_ends", 5, "第十六条")],
)
def test_a_period_one_day_short_is_refused_with_its_article(
    drafted: Tender, lawful: dict[str, Any], field: str, days: int, article: str
) -> None:
    short = {**lawful, field: later(lawful["sale_starts"], days)}

    problem = check_problem(give(drafted, short), 409, "breaks_clause")

    assert article in problem["article"]
    assert drafted.page()["phase"] == "drafted"


def test_a_publicity_of_two_days_is_refused_with_its_article(drafted: Tender, lawful: dict[str, Any]) -> None:
    problem = check_problem(give(drafted, {**lawful, "publicity_days": 2}), 409, "breaks_clause")

    assert "第五十四条" in problem["article"]


def test_the_shortest_lawful_periods_are_accepted(host_scene: Scene) -> None:
    tender = Tender(host_scene, f"T-{fresh()[:10]}")
    tender.draft("期限正好的工程")
    terms = tender.terms()
    starts = terms["sale_starts"]

    tender.give(tender.agency, {**terms, "sale_ends": later(starts, 6), "bids_due": later(starts, 21)})

    assert tender.page()["phase"] == "accepting"


def test_another_body_under_a_used_command_id_is_refused_and_the_first_outcome_stays(drafted: Tender) -> None:
    draft = {"type": "bidding.draft_tender", **drafted.page()["draft"]["draft"]}
    id_, asker = fresh(), drafted.agency.asker()
    first = command(drafted.stage, asker, drafted.procedure, draft, id_)

    other = command(drafted.stage, asker, drafted.procedure, {**draft, "title": "改名"}, id_)
    again = command(drafted.stage, asker, drafted.procedure, draft, id_)

    check_problem(other, 422, "command_id_reused")
    assert (first.status, first.json) == (again.status, again.json) == (200, first.json)
    assert drafted.page()["draft"]["draft"]["title"] != "改名"


def cover(desk: Desk) -> dict[str, Any]:
    """Return the command of a dummy message, rightly sealed and signed."""
    token, key = desk.credential.token, desk.announcement.keys.meaning
    sealed = seal_meaning(key, desk.procedure, token, Cover())
    signature = sign_delivery(desk.key.private_key, desk.procedure, token, sealed).signature
    body = {"type": "bidding.deliver_sealed", "credential": desk.credential.model_dump(mode="json")}
    return {**body, "sealed": text(sealed), "signature": signature}


def test_another_message_under_a_used_command_id_is_refused_and_the_first_stays(accepting: Tender) -> None:
    desk, id_ = accepting.desk(accepting.scene.companies(3)[2]), fresh()
    first_body, stage = cover(desk), accepting.stage
    first = command(stage, desk.asker, accepting.procedure, first_body, id_)

    other = command(stage, desk.asker, accepting.procedure, cover(desk), id_)
    again = command(stage, desk.asker, accepting.procedure, first_body, id_)
    own = ask_as(stage, f"/api/procedures/{accepting.procedure}/history", desk.asker).json["events"]

    check_problem(other, 422, "command_id_reused")
    assert (first.status, first.json) == (200, again.json)
    assert [event["data"]["sealed"] for event in own if "sealed" in event["data"]] == [first_body["sealed"]]


def test_a_truncated_upload_is_refused_and_can_be_resumed(accepting: Tender) -> None:
    company = accepting.scene.companies(2)[1]
    desk = accepting.seal(company, "很长的施工方案" * 2000)

    refused = refusal(lambda: deliver_without_body(desk, 10_000))
    sealed = desk.sealed(str(desk.noted()["draft"]))
    blob = accepting.stage.data / "blobs" / sealed.envelope.body.sha256[:2] / sealed.envelope.body.sha256[2:]
    before = blob.exists()
    receipt = desk.submit(replacing=False)

    assert bilingual(refused.zh, refused.en)
    assert "truncated upload" in refused.en
    assert (before, blob.exists()) == (False, True)
    assert receipt["position"] > 0


def test_an_upload_of_other_bytes_than_announced_is_thrown_away(accepting: Tender) -> None:
    asker = accepting.agency.asker()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": f"sha256 {'MDAw' * 21}MA=="}
    made = ask_as(accepting.stage, "/api/uploads", asker, method="POST", headers=headers)
    patch = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}

    answer = ask_as(accepting.stage, made.headers["location"], None, method="PATCH", body=b"other", headers=patch)

    assert made.status == 201
    check_problem(answer, 422, "wrong_digest")
    assert all(content != b"other" for _, content in files(accepting.stage.data / "blobs"))


def test_who_signs_with_anothers_key_is_not_believed(accepting: Tender) -> None:
    scene = accepting.scene
    agency, other = accepting.agency.asker(), scene.player("agency-other").asker()

    answer = command(
        accepting.stage, forger(agency, other), accepting.procedure, {"type": "bidding.start_opening"}, fresh()
    )

    check_problem(answer, 401, "not_authentic")


def test_who_may_not_is_refused_on_record_and_told_so(accepting: Tender) -> None:
    answer = command(
        accepting.stage, accepting.scene.player("bidder-idle").asker(), accepting.procedure,
        {"type": "bidding.close_reception"}, fresh(),
    )  # fmt: skip

    problem = check_problem(answer, 403, "not_entitled")
    assert [event["type"] for event in problem["outcome"]["events"]] == ["bidding.request_refused.v1"]


def test_what_is_no_json_is_malformed(accepting: Tender) -> None:
    answer = ask_as(
        accepting.stage, "/api/commands", accepting.agency.asker(), method="POST", body=b"\xff{",
        headers={"Idempotency-Key": fresh()},
    )  # fmt: skip

    check_problem(answer, 400, "malformed")
