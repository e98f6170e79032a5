"""A calendar is published while a tender runs: its publicity goes on for longer, and every decision holds again."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli import calendar
from cli.demo import made
from cli.demo.cast import OPERATOR, SUPERVISOR
from cli.demo.stage import Stage
from cli.output import Refused
from shared.kernel.canonical import decode, encode, parse_instant
from shared.law.calendar import DAY, packaged, parse_year
from shared.law.findings import day_of
from shared.ledger.directory import folder
from shared.ledger.policy import parse_policy
from shared.ledger.verify import verify_bundle
from tests.system.mischief import bilingual, refusal
from tests.system.reading import ask
from tests.system.scene import INSTANT, Scene, Tender

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def tender(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tender]:
    """Return a tender whose candidates are before the public, on an installation of its own."""
    with Stage(tmp_path_factory.mktemp("calendar") / "data") as stage:
        scene = Scene(stage)
        tender = scene.tender()
        companies = scene.companies(3)
        for company, price in zip(companies, made.PRICES_FEN, strict=False):
            tender.bid(company, price_fen=price)
        tender.open(companies)
        tender.give(tender.agency, {"type": "bidding.report_evaluation"})
        tender.give(tender.agency, {"type": "bidding.publish_candidates"})
        yield tender


def published(day: date) -> bytes:
    """Return the file of a year in which one more day is off by an invented notice."""
    body = decode(next(data for data in packaged() if parse_year(data).year == day.year))
    off = {"date": day.isoformat(), "name": "元旦", "statutory": False}
    worked = [row for row in body["workdays"] if row["date"] != day.isoformat()]
    return encode({**body, "provisional": False, "holidays": [*body["holidays"], off], "workdays": worked})


def publish(tender: Tender, body: bytes) -> Any:
    """Publish a calendar as the operator does."""
    operator = tender.scene.player(OPERATOR)
    calendar.publish(operator, tender.file(operator, "calendar.json", body))
    return operator.said


def restart(stage: Stage) -> None:
    """End the platform and start it again, with nothing in its memory."""
    platform = stage._processes.pop(0)
    platform.terminate()
    platform.wait(40)
    stage.start_platform()
    stage._processes.insert(0, stage._processes.pop())
    stage.wait("the platform", lambda: stage.client.get("/api/health")["ok"])


def redecided(tender: Tender) -> Any:
    return ask(tender.stage, f"/api/procedures/{tender.procedure}/redecide", tender.scene.player(SUPERVISOR)).json


def test_a_running_tender_goes_on_under_a_calendar_published_meanwhile(tender: Tender) -> None:
    stage = tender.stage
    before = tender.page()["candidates"]
    last = day_of(parse_instant(before["ends"]) - INSTANT)

    said = publish(tender, published(last))
    stage.wait("the count", lambda: "recounted" in tender.page())
    page = tender.page()

    ends = parse_instant(page["candidates"]["ends"])
    assert said["year"] == last.year
    assert ends >= parse_instant(before["ends"]) + DAY
    assert page["recounted"]["deadline"]["was"] == before["ends"]
    assert page["candidates"]["provisional"] == []
    award = {"type": "bidding.award_tender", "bid": page["candidates"]["candidates"][0]["bid"]}
    early = refusal(lambda: tender.give(tender.agency, award))
    assert bilingual(early.zh, early.en)
    stage.move_to(ends)
    tender.give(tender.agency, award)
    awarded = tender.page()["award"]
    expected = [2027] if parse_instant(awarded["contract_due"]).year == 2027 != last.year else []
    assert awarded["provisional"] == expected


def test_the_same_calendar_is_refused_the_second_time(tender: Tender) -> None:
    body = published(date(2026, 1, 5))
    publish(tender, body)

    with pytest.raises(Refused) as again:
        publish(tender, body)

    assert "已经公布" in again.value.zh


def test_everyone_may_look_at_the_calendars(tender: Tender) -> None:
    player = tender.scene.player(OPERATOR)

    calendar.show(player)
    listed = player.said["calendars"]
    calendar.show(player, 2020)

    assert [year["year"] for year in listed] == list(range(2020, 2028))
    assert (player.said["provisional"], player.said["revision"]) == (False, 0)
    assert player.said["holidays"]


def test_the_platform_starts_again_and_every_decision_is_made_again_the_same(tender: Tender, tmp_path: Path) -> None:
    stage = tender.stage
    price = tender.page()["award"]["price_fen"]

    restart(stage)
    tender.give(tender.agency, {"type": "bidding.sign_contract", "contract_sha256": "0" * 64, "price_fen": price})
    remade = stage.wait("the ledger", lambda: redecided(tender))
    policy = parse_policy(stage.client.fetch("/api/ledger/policy"))

    def bundle() -> Any:
        answer = ask(stage, f"/api/procedures/{tender.procedure}/bundle", tender.scene.player(SUPERVISOR))
        report = verify_bundle(answer.body, policy, folder(stage.data / "ledger"))
        return report if report.failed is None else None

    assert (remade["ok"], remade["difference"]) == (True, None)
    assert stage.wait("the bundle", bundle).failed is None
