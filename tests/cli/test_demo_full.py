"""`ggzy demo --scenario full`: a project of two lots, played by the commands anyone has, and shown by its records."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.demo.full.people import ALONE
from cli.demo.stage import MARK
from tests.cli.test_commands import document, ggzy

pytestmark = pytest.mark.system

SHOWN = {
    "prequalification", "lot_1", "lot_2", "consortium", "late_clarification", "clarification_postpones",
    "objection", "objection_suspends", "suspension_postpones", "fails_to_unseal", "committee", "scores",
    "report_signed", "rejected_for_price", "tie", "publicity", "first_gives_up", "next_awarded", "contract",
    "countersigned", "reported", "deposit", "deposits_back", "lot_2_too_few", "held_again", "result_objection",
    "complaint", "complaint_accepted", "complaint_suspends", "complaint_decided", "evaluated_again",
    "lot_2_contract",
}  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Play it where an earlier demo has left something, and give the answer."""
    data = tmp_path_factory.mktemp("full") / "data"
    (data / "ledger").mkdir(parents=True)
    for left in (MARK, "clock.json", "ledger/checkpoint"):
        (data / left).write_text("left by an earlier demo")
    made = subprocess.run(
        [sys.executable, "-m", "cli.main", "demo", "--scenario", "full", "--data", str(data), "--json"],
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert made.returncode == 0, made.stderr.decode() + made.stdout.decode()
    told: dict[str, Any] = json.loads(made.stdout)
    return data, told


def by_name(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["procedure"]: entry for entry in told["procedures"]}


def test_both_lots_end_as_they_must(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played

    qualified, first, second, again = told["procedures"]

    assert {"procedure", "bundle", "policy", "events", "winner", "price"} <= set(first)
    assert (qualified["phase"], qualified["bidders"], qualified["winner"]) == ("qualified", 7, None)
    assert (first["phase"], first["bidders"], first["opened"]) == ("contracted", 6, 5)
    assert (first["winner"], first["price"]) == (ALONE[0], 98_750_000_00)
    assert (second["phase"], second["opened"], second["winner"], second["price"]) == ("failed", 0, None, None)
    assert (again["phase"], again["winner"], again["price"]) == ("contracted", ALONE[3], 59_640_000_00)


def test_every_step_is_in_the_record_with_its_article(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played
    steps = {step["step"]: step for step in told["steps"]}

    assert set(steps) >= SHOWN
    assert all(step["found"] and step["version"] and step["article"] for step in told["steps"])
    assert {step["procedure"] for step in told["steps"]} == set(by_name(told))
    assert steps["rejected_for_price"]["article"] == "招标投标法实施条例 第五十一条"
    assert steps["fails_to_unseal"]["article"] == "电子招标投标办法 第三十一条"
    assert steps["objection_suspends"]["at"] < steps["suspension_postpones"]["at"]
    assert steps["first_gives_up"]["at"] < steps["next_awarded"]["at"] < steps["countersigned"]["at"]


def test_the_draws_are_made_again_and_are_those_of_the_committees(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played
    first, again = told["draws"]

    assert [(draw["result"], draw["agrees"], len(draw["chosen"])) for draw in (first, again)] == [
        ("recomputed", True, 4),
        ("recomputed", True, 4),
    ]
    (left_out,) = first["left_out"]
    assert (left_out["ground"], left_out["article"]) == ("employment", "招标投标法 第三十七条")
    assert left_out["expert"] not in first["chosen"]
    assert again["left_out"] == []


def test_every_bundle_verifies_by_the_policy_and_against_the_log(played: tuple[Path, dict[str, Any]]) -> None:
    data, told = played

    for entry in told["procedures"]:
        answer = ggzy("verify", entry["bundle"], "--policy", entry["policy"], "--log", str(data / "ledger"), "--json")
        assert (answer.exit_code, document(answer)["overall"]) == (0, "verified"), entry["procedure"]
