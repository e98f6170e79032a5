"""Experts and draws from the command line: nonces stay on this machine until they are revealed."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.procedure.draw import commit
from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy
from tests.registry.world import BRIDGE

STATUS = {"draw": "D1", "attempt": "D1-2", "stage": "committing"}
QUALIFIED = ("--speciality", "市政工程", "--years", "8", "--region", "370502")


@pytest.fixture(autouse=True)
def pages(door: Door) -> None:
    door.pages["/api/draws/D1"] = STATUS


def test_a_nonce_is_committed_to_by_its_digest_and_revealed_later(door: Door, office: dict[str, str]) -> None:
    assert ggzy("draw", "commit", "D1", "--as", "agency", **office).exit_code == 0
    assert ggzy("draw", "commit", "D1", "--as", "agency", **office).exit_code == 0
    assert ggzy("draw", "reveal", "D1", "--as", "agency", **office).exit_code == 0

    bound, *_, shown = (command for _, command in door.given)
    file = Path(office["GGZY_HOME"]) / "draws" / "agency-D1-2.json"
    assert bound["digest"] == commit("agency", bytes.fromhex(shown["nonce"]), "D1-2").digest
    assert {command["digest"] for _, command in door.given if "digest" in command} == {bound["digest"]}
    assert json.loads(file.read_text())["nonce"] == shown["nonce"]
    assert file.stat().st_mode & 0o077 == 0


def test_only_an_agency_and_a_supervisor_commit(door: Door, office: dict[str, str]) -> None:
    assert ggzy("draw", "commit", "D1", "--as", "op", **office).exit_code == 2
    assert door.given == []


def test_what_was_not_committed_to_here_is_not_revealed_here(door: Door, office: dict[str, str]) -> None:
    assert ggzy("draw", "reveal", "D1", "--as", "agency", **office).exit_code == 2


def test_a_request_names_whom_the_experts_must_not_be_tied_to(door: Door, office: dict[str, str]) -> None:
    words = ("--tender", "T1", "--speciality", "市政工程", "--seats", "5", "--on", "2026-12-05", "--region", "370500")

    result = ggzy("draw", "request", "D1", *words, "--avoid", BRIDGE.id, "--as", "agency", **office)

    assert result.exit_code == 0, result.output
    wanted: Any = door.given[0][1]["wanted"]
    assert (wanted["parties"], wanted["seats"], wanted["reserve"]) == ([f"CN-USCC:{BRIDGE.id}"], 5, 0)


def test_a_draws_file_is_fetched_to_be_verified(door: Door, office: dict[str, str], tmp_path: Path) -> None:
    door.pages["/api/draws/D1/file"] = {"draw": "D1-2", "chosen": []}
    out = tmp_path / "draw.json"

    assert ggzy("draw", "file", "D1", "--out", str(out), **office).exit_code == 0
    assert json.loads(out.read_text())["draw"] == "D1-2"
    assert ggzy("draw", "verify", str(out)).exit_code == 2
    assert document(ggzy("draw", "status", "D1", "--as", "agency", "--json", **office)) == STATUS


def test_an_expert_is_enrolled_with_past_employers_and_their_last_days(door: Door, office: dict[str, str]) -> None:
    past = f"{BRIDGE.id}=2025-06-30"

    result = ggzy("expert", "enrol", "e01", *QUALIFIED, "--past", past, "--as", "op", **office)

    assert result.exit_code == 0, result.output
    found: Any = door.given[0][1]["qualification"]
    assert found["past"] == [{"party": f"CN-USCC:{BRIDGE.id}", "ended": "2025-06-30"}]
    assert (found["title"], found["equivalent"], found["years"]) == ("senior", False, 8)
    assert ggzy("expert", "enrol", "e01", *QUALIFIED, "--past", BRIDGE.id, "--as", "op", **office).exit_code == 2


@pytest.mark.parametrize(
    ("words", "kind"),
    [(("change", "e01", *QUALIFIED), "change_expert"), (("tie", "e01", BRIDGE.id, "kin"), "tie_expert"),
     (("standing", "e01", "paused", "--reason", "出差"), "set_expert_standing")],
)  # fmt: skip
def test_what_is_done_to_an_expert_is_one_command(
    door: Door, office: dict[str, str], words: tuple[str, ...], kind: str
) -> None:
    assert ggzy("expert", *words, "--as", "op", **office).exit_code == 0
    assert door.given[0][1]["type"] == f"registry.{kind}"


def test_the_library_is_listed(door: Door, office: dict[str, str]) -> None:
    row = {"expert": "e01", "standing": "available", "specialities": ["市政工程"], "years": 8, "region": "370502"}
    door.pages["/api/experts"] = {"experts": [row], "after": None}

    assert document(ggzy("expert", "list", "--as", "op", "--json", **office)) == {"experts": [row]}
