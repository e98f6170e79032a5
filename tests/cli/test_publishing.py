"""`tender publish` as a clerk calls it: what falls short is listed, what is lawful is announced with its documents."""

import json
from pathlib import Path

from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy
from tests.cli.test_terms import KEYS


def test_terms_that_fall_short_are_listed_and_nothing_is_sent(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    paper, file = tmp_path / "招标文件.txt", tmp_path / "terms.json"
    paper.write_text("招标文件")
    times = {"sale_starts": "2026-11-22", "sale_ends": "2026-11-24", "bids_due": "2026-12-01 09:00"}
    file.write_text(json.dumps({**times, "authorities": KEYS}))

    data = ggzy("tender", "publish", "p1", "--file", str(file), "--document", str(paper), "--json", **place)

    assert data.exit_code == 1
    assert [short["rule"] for short in document(data)["error"]["shortfalls"]] == ["E3", "E6"]
    assert door.given == []
    assert door.uploads == {}


def test_lawful_terms_are_announced_after_their_documents_are_up(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    paper, file = tmp_path / "招标文件.txt", tmp_path / "terms.json"
    paper.write_text("招标文件")
    times = {"sale_starts": "2026-11-22", "sale_ends": "2026-11-28", "bids_due": "2026-12-13 09:00"}
    file.write_text(json.dumps({**times, "authorities": KEYS}))

    data = ggzy("tender", "publish", "p1", "--file", str(file), "--document", str(paper), "--json", **place)

    assert data.exit_code == 0
    ((_, command),) = door.given
    assert command["documents"][0]["name"] == "招标文件.txt"
    assert list(door.uploads.values()) == ["招标文件".encode()]


def test_a_committee_is_declared_by_an_option(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    paper, file = tmp_path / "招标文件.txt", tmp_path / "terms.json"
    paper.write_text("招标文件")
    times = {"sale_starts": "2026-11-22", "sale_ends": "2026-11-28", "bids_due": "2026-12-13 09:00"}
    file.write_text(json.dumps({**times, "authorities": KEYS}))
    words = ("tender", "publish", "p1", "--file", str(file), "--document", str(paper))
    declared = "members=5,experts=4,combine=mean,answer_minutes=60,sign_minutes=30"

    lacking = ggzy(*words, "--committee", "members=5", "--json", **place)
    done = ggzy(*words, "--committee", declared, **place)

    assert (lacking.exit_code, done.exit_code) == (2, 0)
    ((_, command),) = door.given
    committee = command["committee"]
    assert (committee["members"], committee["experts"], committee["combine"]) == (5, 4, "mean")
    assert (committee["answer_minutes"], committee["sign_minutes"]) == (60, 30)
