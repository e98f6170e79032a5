"""On one host: an objection stops a tender, an outage extends all that it fell on, a terminated one stays sealed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from cli.demo.cast import OPERATOR, SUPERVISOR
from shared.kernel.canonical import instant, parse_instant
from tests.servers.postgres import Postgres, PrivatePostgres
from tests.servers.rabbitmq import PrivateRabbitMQ, RabbitMQ
from tests.system.mischief import bilingual, refusal
from tests.system.own_host import OwnHost
from tests.system.reading import ask
from tests.system.scene import IDLE, Scene, Tender

pytestmark = pytest.mark.system

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def scene(rabbitmq: RabbitMQ, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    if not isinstance(rabbitmq, PrivateRabbitMQ) or not isinstance(postgres, PrivatePostgres):
        pytest.skip("an outage extends every tender of its host, so the host must be the test's own")
    with OwnHost(tmp_path_factory.mktemp("remedies") / "data", rabbitmq, postgres) as stage:
        yield Scene(stage)


def due_of(tender: Tender) -> Any:
    return parse_instant(tender.page()["announcement"]["terms"]["bids_due"])


def redecided(tender: Tender) -> Any:
    path = f"/api/procedures/{tender.procedure}/redecide"
    answer = ask(tender.stage, path, tender.scene.player(SUPERVISOR))
    return answer.json if answer.status == 200 else None


def page_for(tender: Tender, who: str | None) -> Any:
    player = None if who is None else tender.scene.player(who)
    return ask(tender.stage, f"/api/procedures/{tender.procedure}", player).json


def test_an_objection_stops_the_tender_until_it_is_answered(scene: Scene) -> None:
    tender, (company,) = scene.tender(), scene.companies(1)
    before = due_of(tender)

    tender.desk(company).give({"type": "bidding.raise_objection", "about": "documents", "text": "资格条件过高"})
    stopped = page_for(tender, None)
    scene.stage.move_to(scene.stage.client.now() + HOUR)
    body = {"type": "bidding.answer_objection", "number": 1, "follows": "correct_documents", "text": "予以更正"}
    tender.give(tender.agency, body)
    page = page_for(tender, None)

    assert stopped["suspended"] == ["objection-1"]
    assert "objections" not in stopped  # who objects, and why, is not yet the public's
    assert tender.page()["objections"][0]["text"] == "资格条件过高"
    assert "suspended" not in page
    assert page["answers"][0]["follows"] == "correct_documents"
    assert due_of(tender) >= before + HOUR


def test_an_outage_extends_every_tender_that_it_fell_on_and_tells_the_public(scene: Scene) -> None:
    fell, also = scene.tender(), scene.tender()
    spared = scene.tender(bids_due=instant(fell.due + timedelta(days=7)))
    before, spared_before = fell.due, spared.due
    body = {"type": "bidding.declare_outage", "cause": "机房断电", "notice": "平台故障，投标截止时间顺延。"}
    body |= {"starts": instant(before - HOUR), "until": instant(before + HOUR)}
    operator, stream = scene.player(OPERATOR), "outage-20261201"

    operator.give(stream, body)
    scene.stage.wait("the extensions", lambda: all(due_of(tender) > before for tender in (fell, also)) or None)

    assert page_for(spared, None)["phase"] == "accepting"
    assert spared.due == spared_before
    shown = page_for(fell, None)
    assert shown["outages"][0]["outage"] == stream
    assert shown["deadline_moves"][0]["notice"] == body["notice"]
    assert ask(scene.stage, f"/api/procedures/{stream}").json["outage"]["cause"] == "机房断电"
    assert due_of(fell) >= before + 25 * HOUR
    again = refusal(lambda: operator.give(stream, body))
    assert bilingual(again.zh, again.en)
    scene.stage.move_to(before + timedelta(seconds=1))
    assert fell.page()["phase"] == "accepting"


def test_a_complaint_is_decided_and_a_terminated_tender_is_never_opened(scene: Scene) -> None:
    tender, (company,) = scene.tender(), scene.companies(1)
    supervisor = scene.player(SUPERVISOR)
    desk = tender.bid(company)
    body = desk.sealed(desk.noted()["standing"]).envelope.body.sha256
    complaint = {"type": "bidding.make_complaint", "about": "conduct", "letter_sha256": "d" * 64}

    tender.give(scene.player(IDLE), {**complaint, "knew_at": instant(scene.stage.client.now() - HOUR)})
    tender.give(supervisor, {"type": "bidding.examine_complaint", "number": 1, "accepted": True, "ground": "受理"})
    tender.give(supervisor, {"type": "bidding.decide_complaint", "number": 1, "order": "none", "text": "驳回"})
    seen = page_for(tender, SUPERVISOR)
    assert "complaints" not in page_for(tender, None)
    assert "complaints" not in tender.page()
    assert (seen["complaints"][0]["about"], seen["complaint_decisions"][0]["order"]) == ("conduct", "none")

    tender.give(tender.agency, {"type": "bidding.terminate_tender", "notice": "项目取消"})
    page = page_for(tender, None)

    assert page["phase"] == "failed"
    assert "项目取消" in page["failure"]["zh"]
    path = f"/api/blobs/{body}?procedure={tender.procedure}"
    for player in (tender.agency, supervisor):
        assert ask(scene.stage, path, player).status == 404
    alarms = ask(scene.stage, f"/api/procedures/{tender.procedure}/alarms", supervisor).json["alarms"]
    assert [alarm["code"] for alarm in alarms] == ["notice_incomplete", "tender_terminated"]
    assert scene.stage.wait("the ledger", lambda: redecided(tender))["ok"]
