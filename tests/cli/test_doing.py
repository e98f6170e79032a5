"""`ggzy do`: any command from a file or written out, as whoever may give it; and the list of what there is."""

import json
from pathlib import Path

import pytest

from cli.commanded import NEEDED, fields_of
from services.bidding import LINE
from shared.runtime.lines import lines
from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy

CLARIFY = {"type": "bidding.clarify_tender", "text": "更正", "affects_bids": False}


def test_a_command_in_a_file_is_given(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "command.json"
    file.write_text(json.dumps({"procedure": "p1", "command": CLARIFY}))

    done = ggzy("do", str(file), "--json", **place)

    assert done.exit_code == 0
    assert document(done)["procedure"] == "p1"
    assert [command["text"] for _, command in door.given] == ["更正"]


def test_a_command_written_out_is_given_with_its_documents(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    paper = tmp_path / "补遗.txt"
    paper.write_text("补遗")
    written = ("bidding.clarify_tender", "p1", "text=2027", "affects_bids=false", "--document", str(paper))

    refused = ggzy("do", *written, **place)
    done = ggzy("do", written[0], "p1", 'text="2027"', *written[3:], **place)

    assert refused.exit_code == 2
    assert done.exit_code == 0
    ((_, command),) = door.given
    assert (command["text"], command["affects_bids"]) == ("2027", False)
    assert command["documents"][0]["name"] == "补遗.txt"
    assert list(door.uploads.values()) == ["补遗".encode()]


@pytest.mark.parametrize(
    "words",
    [
        ("bidding.no_such_thing", "p1"),
        ("bidding.clarify_tender", "p1", "text"),
        ("bidding.clarify_tender", "p1", "text=a", "affects_bids=false", "role=operator"),
        ("bidding.clarify_tender",),
    ],
)
def test_what_is_no_command_is_told_and_nothing_is_sent(
    door: Door, place: dict[str, str], words: tuple[str, ...]
) -> None:
    told = ggzy("do", *words, "--json", **place)

    assert told.exit_code == 2
    assert document(told)["error"]["en"]
    assert door.given == []


def test_every_command_is_listed_with_its_roles_and_fields() -> None:
    listed = document(ggzy("commands", "--json"))["commands"]
    of_token = document(ggzy("commands", "--role", "token", "--json"))["commands"]
    fields = document(ggzy("commands", "--fields", "bidding.clarify_tender", "--json"))["fields"]

    assert {one["type"] for one in listed} >= set(LINE.entitled)
    assert {"type": "bidding.ask_question", "roles": ["token"]} in of_token
    assert [field["name"] for field in fields] == ["text", "documents", "affects_bids", "answers"]
    assert [field["name"] for field in fields if field["default"] == NEEDED] == ["text", "affects_bids"]
    assert "whether it may" in ggzy("commands", "--fields", "bidding.clarify_tender").stderr


def test_every_command_of_every_line_tells_its_fields() -> None:
    for line in lines().values():
        for name in line.entitled:
            assert all(kind for _, kind, _ in fields_of(name))
