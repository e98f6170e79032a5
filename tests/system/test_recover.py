"""A line's database is restored from an older backup: it takes nothing, is given its records again, and goes on."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.demo import made
from cli.demo.cast import SUPERVISOR
from cli.demo.stage import Player, Stage
from shared.kernel.canonical import parse_instant
from shared.ledger.directory import folder
from shared.ledger.policy import parse_policy
from shared.ledger.verify import verify_bundle
from shared.store import journal
from shared.store.connect import connect
from shared.store.ledger_read import last_positions
from tests.system.mischief import refusal
from tests.system.reading import ask
from tests.system.scene import INSTANT, Company, Scene, Tender

pytestmark = pytest.mark.system

ID = "given-after-the-backup"


class Named(Tender):
    """A tender whose commands are given under an id that is known, so that they can be given again."""

    def give(self, player: Player, command: dict[str, Any]) -> dict[str, Any]:
        return player.client.command(player.asker(), self.procedure, command, ID)


@dataclass(frozen=True)
class Restored:
    """Tenders of an installation: `old` is in the backup, `new` and `draft` came later, as two bids in `old` did."""

    stage: Stage
    old: Tender
    new: Tender
    draft: Named
    companies: list[Company]
    lost: int


def stop(stage: Stage) -> None:
    platform = stage._processes.pop(0)
    platform.terminate()
    platform.wait(40)


def start(stage: Stage) -> None:
    stage.start_platform()
    stage._processes.insert(0, stage._processes.pop())
    stage.wait("the platform", lambda: health(stage)["ok"])


def health(stage: Stage) -> Any:
    return stage.client.get("/api/health")


def position(stage: Stage) -> int:
    database = connect(stage.settings, "bidding")
    with database.read() as connection:
        last = journal.last_position(connection)
    database.close()
    return last


def entered(stage: Stage) -> int:
    """Return how far the ledger holds bidding's journal."""
    database = connect(stage.settings, "audit")
    last = last_positions(database).get("bidding", 0)
    database.close()
    return last


def copy(source: Path, to: Path) -> None:
    """Put a database in the place of another, of which nothing is left; no process has either open."""
    for path in to.parent.glob(f"{to.name}*"):
        path.unlink()
    for path in source.parent.glob(f"{source.name}*"):
        shutil.copy(path, to.parent / path.name)


def ggzy(stage: Stage, *words: str) -> tuple[int, Any]:
    """Run a command on the platform's machine; return its exit status and what it answered."""
    command = [sys.executable, "-m", "cli.main", *words, "--json"]
    done = subprocess.run(command, env=stage.environment, capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout or done.stderr)


@pytest.fixture(scope="module")
def restored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restored]:
    backup = tmp_path_factory.mktemp("backup") / "bidding.db"
    with Stage(tmp_path_factory.mktemp("recover") / "data") as stage:
        scene, live = Scene(stage), stage.data / "db" / "bidding.db"
        companies, old = scene.companies(3), scene.tender()
        old.bid(companies[0], price_fen=made.PRICES_FEN[0])
        stop(stage)
        copy(live, backup)
        before = position(stage)
        start(stage)
        old.bid(companies[1], price_fen=made.PRICES_FEN[1])
        draft, new = Named(scene, "T-draft"), scene.tender("备份之后公告的工程")
        draft.draft("备份之后起草的工程")
        for company, price in zip(companies, made.PRICES_FEN, strict=False):
            new.bid(company, price_fen=price)
        stage.wait("the ledger", lambda: entered(stage) == position(stage))
        lost = position(stage) - before
        stop(stage)
        copy(backup, live)
        start(stage)
        yield Restored(stage, old, new, draft, companies, lost)


def test_a_journal_behind_the_ledger_takes_no_command_and_everyone_is_told_why(restored: Restored) -> None:
    stage, old = restored.stage, restored.old
    before = position(stage)

    refused = refusal(lambda: old.give(old.agency, {"type": "bidding.start_opening"}))
    behind = stage.wait("the guard", lambda: health(stage).get("behind"))
    status, told = ggzy(stage, "doctor")

    assert refused.details["code"] == "not_yet"
    assert "ggzy recover" in refused.zh
    assert "ggzy recover" in refused.en
    assert behind == ["bidding"]
    assert status == 1
    assert [part["todo"] for part in told["parts"] if not part["ok"]] == ["ggzy recover bidding"]
    assert position(stage) == before
    assert "commands_stopped_journal_behind" in (stage.data / "platform.log").read_text()


def test_the_records_come_back_and_it_goes_on_to_the_contract(restored: Restored) -> None:
    stage, old, companies = restored.stage, restored.old, restored.companies

    assert ggzy(stage, "recover", "registry")[1]["records"] == 0
    status, told = ggzy(stage, "recover", "bidding")
    again = ggzy(stage, "recover", "bidding")

    assert (status, told["records"]) == (0, restored.lost)
    assert (again[0], again[1]["records"]) == (0, 0)
    assert "behind" not in health(stage)
    old.bid(companies[2], price_fen=made.PRICES_FEN[2])
    rows = old.open(companies)
    assert {row["outcome"] for row in rows.values()} == {"unsealed"}
    old.give(old.agency, {"type": "bidding.report_evaluation"})
    old.give(old.agency, {"type": "bidding.publish_candidates"})
    candidates = old.page()["candidates"]
    stage.move_to(parse_instant(candidates["ends"]) + INSTANT)
    old.give(old.agency, {"type": "bidding.award_tender", "bid": candidates["candidates"][0]["bid"]})
    price = old.page()["award"]["price_fen"]
    old.give(old.agency, {"type": "bidding.sign_contract", "contract_sha256": "0" * 64, "price_fen": price})
    assert old.page()["phase"] == "contracted"
    whole(stage, old)


def test_a_tender_announced_after_the_backup_is_opened(restored: Restored) -> None:
    restored.new.convene()
    restored.new.share("agency", "supervisor")
    restored.new.unseal(restored.companies)

    assert {row["outcome"] for row in restored.new.rows().values()} == {"unsealed"}
    whole(restored.stage, restored.new)


def test_a_command_given_again_is_not_executed_again_whatever_it_says(restored: Restored) -> None:
    before = position(restored.stage)

    restored.draft.draft("备份之后起草的工程")
    restored.draft.draft("另一名称")

    assert position(restored.stage) == before
    assert "备份之后起草的工程" in str(restored.draft.page())
    assert "另一名称" not in str(restored.draft.page())


def test_decisions_whose_requests_are_lost_are_not_said_to_be_made_again(restored: Restored) -> None:
    path = f"/api/procedures/{restored.new.procedure}/redecide"

    answer = ask(restored.stage, path, restored.new.scene.player(SUPERVISOR))

    assert answer.status == 403
    assert "lost with a database" in answer.json["detail_en"]


def whole(stage: Stage, tender: Tender) -> None:
    """Wait for a tender's bundle that verifies under the policy and in the whole log."""
    policy = parse_policy(stage.client.fetch("/api/ledger/policy"))

    def look() -> bool:
        answer = ask(stage, f"/api/procedures/{tender.procedure}/bundle", tender.scene.player(SUPERVISOR))
        return verify_bundle(answer.body, policy, folder(stage.data / "ledger")).overall == "verified"

    assert stage.wait("the bundle", look)
