"""Documents taken to this machine: those in force, each what its digest says, under a name that stays in the folder."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy
from tests.cli.test_desk import announced
from tests.seal.world import TENDER


def offered(door: Door, name: str, data: bytes, *, clarified: bool = False) -> None:
    """Publish a document, by the announcement or by a clarification of it."""
    digest = sha256(data).hexdigest()
    door.files[f"/api/blobs/{digest}"] = data
    page: dict[str, Any] = door.pages.setdefault(f"/api/procedures/{TENDER}", announced())
    listed = [{"name": name, "size": len(data), "sha256": digest}]
    if clarified:
        page["clarifications"] = [{"documents": listed}]
    else:
        page["announcement"]["terms"]["documents"] = listed


def test_the_documents_in_force_are_fetched_by_anyone(door: Door, tmp_path: Path) -> None:
    offered(door, "招标文件.txt", b"one")
    first = ggzy("document", "get", TENDER, "--to", str(tmp_path / "a"), "--json", GGZY_URL=door.url)
    offered(door, "招标文件.txt", b"two", clarified=True)
    second = ggzy("document", "get", TENDER, "--to", str(tmp_path / "b"), "--json", GGZY_URL=door.url)

    texts = [Path(path).read_bytes() for told in (first, second) for path in document(told)["files"]]
    assert texts == [b"one", b"two"]
    assert door.given == []


def test_what_is_here_already_stays_and_is_not_overwritten_by_another(door: Door, tmp_path: Path) -> None:
    offered(door, "a.txt", b"one")
    words = ("document", "get", TENDER, "--to", str(tmp_path), "--json")

    codes = [ggzy(*words, GGZY_URL=door.url).exit_code for _ in range(2)]
    offered(door, "a.txt", b"two", clarified=True)
    other = ggzy(*words, GGZY_URL=door.url)

    assert codes == [0, 0]
    assert other.exit_code == 2
    assert (tmp_path / "a.txt").read_bytes() == b"one"


@pytest.mark.parametrize("name", ["../a.txt", "/tmp/a.txt", "a/b.txt", "..", "."])
def test_a_name_that_leads_elsewhere_is_refused(door: Door, tmp_path: Path, name: str) -> None:
    offered(door, name, b"one")

    told = ggzy("document", "get", TENDER, "--to", str(tmp_path / "in"), GGZY_URL=door.url)

    assert told.exit_code == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["in"]


def test_other_bytes_than_those_published_are_not_kept(door: Door, tmp_path: Path) -> None:
    offered(door, "a.txt", b"one")
    door.files[f"/api/blobs/{sha256(b'one').hexdigest()}"] = b"two"

    told = ggzy("document", "get", TENDER, "--to", str(tmp_path), GGZY_URL=door.url)

    assert told.exit_code == 1
    assert not list(tmp_path.iterdir())
