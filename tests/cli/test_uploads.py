"""Uploads that break off, go on, are forgotten, and end."""

from pathlib import Path

import pytest

from cli import uploads
from cli.command import Here
from cli.output import Unanswered
from cli.uploads import Uploads, sha256_of
from tests.cli.door import Door

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uploads, "CHUNK", 1000)
    path = tmp_path / "bid.sealed"
    path.write_bytes(CONTENT)
    return path


def _send(here: Here, file: Path) -> None:
    Uploads(here.client, here.wallet).send(file, sha256_of(file), here.asker())


def test_a_file_arrives_whole_and_nothing_of_the_upload_is_kept(here: Here, door: Door, file: Path) -> None:
    _send(here, file)

    assert list(door.uploads.values()) == [CONTENT]
    assert here.wallet.names("uploads") == []


def test_a_broken_connection_goes_on_where_it_broke(here: Here, door: Door, file: Path) -> None:
    door.break_after = 300

    _send(here, file)

    assert list(door.uploads.values()) == [CONTENT]


def test_after_a_crash_the_upload_goes_on(here: Here, door: Door, file: Path) -> None:
    door.stuck = True
    with pytest.raises(Unanswered, match="0 of 10240 bytes"):
        _send(here, file)
    door.stuck = False

    _send(here, file)

    assert list(door.uploads.values()) == [CONTENT]


def test_an_upload_that_the_platform_forgot_begins_again(here: Here, door: Door, file: Path) -> None:
    here.wallet.write({"place": "/api/uploads/forgotten"}, "uploads", sha256_of(file))

    _send(here, file)

    assert list(door.uploads.values()) == [CONTENT]


def test_an_empty_file_needs_no_parts(here: Here, door: Door, file: Path) -> None:
    file.write_bytes(b"")

    _send(here, file)

    assert list(door.uploads.values()) == [b""]
