"""`ggzy import ocds`: checked first, told in full, sent whole or not at all."""

from pathlib import Path

import pytest

from tests.cli.door import Door, problem
from tests.cli.notices import DATA
from tests.cli.test_commands import document, ggzy

REAL = str(DATA / "ocds-social-services-2024.json")


def test_an_import_is_checked_only_unless_it_is_to_be_sent(tmp_path: Path) -> None:
    data = ggzy("import", "ocds", REAL, "--home", str(tmp_path), "--url", "http://127.0.0.1:9", "--json")

    assert data.exit_code == 0
    assert document(data)["sent"] is False
    assert len(document(data)["parties"]) == 6


def test_an_import_that_is_refused_lists_every_path(tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"ocid": 1}')

    data = ggzy("import", "ocds", str(file), "--json")

    assert data.exit_code == 1
    assert {finding["path"] for finding in document(data)["error"]["findings"]} >= {"$.ocid", "$.id", "$.tag"}


SEND = ("import", "ocds", REAL, "--send", "--as", "agency", "--operator", "op", "--json")


@pytest.mark.parametrize(
    ("path", "page", "told"),
    [
        ("/api/accounts/agency", {"role": "bidder"}, "账户 agency 的角色为投标人或竞买人"),
        ("/api/accounts/op", {"role": "agency"}, "账户 op 的角色为代理机构"),
        ("/api/parties/GB-COH/920817521", {"stream": "party-1", "name": "Others"}, "已登记为「Others」"),
        ("/api/procedures/ocds-4933bbe9aea88b9e84e457b3", {"phase": "accepting"}, "不能再改写草稿"),
    ],
)
def test_an_import_that_would_be_refused_half_way_sends_nothing(
    door: Door, office: dict[str, str], path: str, page: dict[str, str], told: str
) -> None:
    door.pages[path] = page

    data = ggzy(*SEND, **office)

    assert data.exit_code == 1
    assert [told in one["zh"] for one in document(data)["error"]["obstacles"]] == [True]
    assert door.given == []


def test_a_file_too_large_to_be_a_clerks_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as made:
        made.truncate(2**40)

    data = ggzy("import", "ocds", str(file))

    assert data.exit_code == 2
    assert "1048576 MiB" in data.stderr


def test_a_list_of_faults_names_every_place(tmp_path: Path) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"tender": {}}')

    data = ggzy("import", "ocds", str(file))

    assert "✗ $.tender.id, $.ocid, $.id, $.date, $.tag, $.initiationType\n" in data.stdout


def test_an_import_broken_off_is_finished_by_importing_again(door: Door, office: dict[str, str]) -> None:
    door.decide = lambda _procedure, _command: problem(500, "fault") if len(door.given) == 4 else None
    assert ggzy(*SEND, **office).exit_code == 1
    door.decide = lambda _procedure, _command: None

    assert ggzy(*SEND, **office).exit_code == 0

    ids = [id_ for id_, _ in door.given]
    assert len(door.outcomes) == 7
    assert len(ids) == 8
    assert len(set(ids)) == 7


def test_a_party_that_is_registered_already_does_not_stop_an_import(door: Door, office: dict[str, str]) -> None:
    known = {"stream": "party-1", "name": "Moss kommune - Anskaffelser"}
    door.pages["/api/parties/GB-COH/920817521"] = known

    data = ggzy(*SEND, **office)

    assert data.exit_code == 0
    assert len(door.outcomes) == 6
