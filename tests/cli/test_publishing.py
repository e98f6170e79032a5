"""`tender publish` as a clerk calls it: what falls short is listed, what is lawful is announced with its documents."""

import json
from pathlib import Path

from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy
from tests.cli.test_terms import KEYS

LAWFUL = {"sale_starts": "2026-11-22", "sale_ends": "2026-11-28", "bids_due": "2026-12-13 09:00"}


def publishing(folder: Path, times: dict[str, str]) -> tuple[str, ...]:
    """Return the words that publish a tender with these times and one document."""
    paper, file = folder / "招标文件.txt", folder / "terms.json"
    paper.write_text("招标文件")
    file.write_text(json.dumps({**times, "authorities": KEYS}))
    return "tender", "publish", "p1", "--file", str(file), "--document", str(paper)


def test_terms_that_fall_short_are_listed_and_nothing_is_sent(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    publish = publishing(tmp_path, {**LAWFUL, "sale_ends": "2026-11-24", "bids_due": "2026-12-01 09:00"})

    data = ggzy(*publish, "--json", **place)

    assert data.exit_code == 1
    assert [short["rule"] for short in document(data)["error"]["shortfalls"]] == ["E3", "E6"]
    assert door.given == []
    assert door.uploads == {}


def test_lawful_terms_are_announced_after_their_documents_are_up(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    publish = publishing(tmp_path, LAWFUL)

    data = ggzy(*publish, "--json", **place)

    assert data.exit_code == 0
    ((_, command),) = door.given
    assert command["documents"][0]["name"] == "招标文件.txt"
    assert list(door.uploads.values()) == ["招标文件".encode()]


def test_a_committee_is_declared_by_an_option(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    publish = publishing(tmp_path, LAWFUL)
    declared = "members=5,experts=4,combine=mean,answer_minutes=60,sign_minutes=30"

    lacking = ggzy(*publish, "--committee", "members=5", "--json", **place)
    done = ggzy(*publish, "--committee", declared, **place)

    assert (lacking.exit_code, done.exit_code) == (2, 0)
    ((_, command),) = door.given
    committee = command["committee"]
    assert (committee["members"], committee["experts"], committee["combine"]) == (5, 4, "mean")
    assert (committee["answer_minutes"], committee["sign_minutes"]) == (60, 30)
