"""Starting the platform wrongly: told before anything is started, made or lost."""

import socket
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from shared.platform.alone import InUse, claim
from shared.platform.clock import SimulatedClock
from shared.runtime.lines import services_found
from tests.cli.test_commands import document, ggzy

SERVERS = {"GGZY_BROKER": "amqp://127.0.0.1:1", "GGZY_DATABASE": "postgresql+psycopg2://{service}@127.0.0.1:1/none"}


def test_a_data_directory_has_one_platform_at_a_time(tmp_path: Path) -> None:
    with claim(tmp_path):
        data = ggzy("up", GGZY_DATA=str(tmp_path), GGZY_PORT="0")

    assert data.exit_code == 2
    assert "已有平台在运行" in data.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["services.lock"]


def test_a_claim_ends_with_who_made_it(tmp_path: Path) -> None:
    first = claim(tmp_path)
    with pytest.raises(InUse):
        claim(tmp_path)

    first.close()

    claim(tmp_path).close()


@pytest.mark.parametrize("command", ["up", "portal"])
def test_a_port_that_is_taken_is_told_before_anything_starts(tmp_path: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        data = ggzy(command, GGZY_DATA=str(tmp_path / "data"), GGZY_PORT=port)

    assert data.exit_code == 2
    assert f"127.0.0.1:{port}" in data.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", [("serve",), ("serve", "bidding"), ("relay",)])
def test_what_is_run_on_servers_says_so_in_the_embedded_mode(tmp_path: Path, words: tuple[str, ...]) -> None:
    data = ggzy(*words, GGZY_DATA=str(tmp_path))

    assert data.exit_code == 2
    assert "ggzy up" in data.stderr


def test_a_service_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    data = ggzy("serve", "nosuch", "--json", GGZY_DATA=str(tmp_path), **SERVERS)

    assert data.exit_code == 2
    assert document(data)["error"]["zh"] == f"没有服务 nosuch；现有：{'、'.join(services_found())}"


def test_servers_without_keys_are_told_to_migrate_first(tmp_path: Path) -> None:
    data = ggzy("serve", GGZY_DATA=str(tmp_path), **SERVERS)

    assert data.exit_code == 2
    assert "ggzy migrate" in data.stderr


@pytest.mark.parametrize(("admin", "code"), [((), 2), (("--admin", SERVERS["GGZY_DATABASE"]), 1)])
def test_a_migration_says_what_it_lacks(tmp_path: Path, admin: tuple[str, ...], code: int) -> None:
    data = ggzy("migrate", *admin, GGZY_DATA=str(tmp_path), **SERVERS)

    assert data.exit_code == code
    assert "--admin" in data.stderr
    assert "Traceback" not in data.output


@pytest.mark.parametrize("span", ["9999999d", "99999999999d", "999999999999999999999h"])
def test_a_clock_is_not_moved_beyond_the_calendar(tmp_path: Path, span: str) -> None:
    clock = SimulatedClock(tmp_path / "clock.json")
    before = clock.now()
    (tmp_path / "clock.json").write_text('{"offset_microseconds": 0}')

    data = ggzy("clock", "advance", span, "--data", str(tmp_path), GGZY_CLOCK="simulated")

    assert data.exit_code == 2
    assert (clock.now() - before).days == 0


def test_a_clock_whose_file_is_damaged_is_named(tmp_path: Path) -> None:
    (tmp_path / "clock.json").write_text("rubbish")

    told = ggzy("clock", "advance", "1d", "--data", str(tmp_path), GGZY_CLOCK="simulated")
    looked = ggzy("doctor", "--data", str(tmp_path), "--json", GGZY_CLOCK="simulated", GGZY_PORT="9")

    assert (told.exit_code, looked.exit_code) == (2, 1)
    assert "clock.json" in told.stderr
    assert "clock.json" in {part["part"].split()[-1]: part["found"] for part in document(looked)["parts"]}["clock"]


@pytest.mark.parametrize(
    ("words", "zh"),
    [
        (("clock", "next"), "请先 ggzy up"),
        (("portal",), "请先 ggzy migrate"),
        (("migrate", "--admin", "x"), "不用 --admin"),
    ],
)
def test_an_installation_that_is_not_made_yet_is_told_what_to_do(
    tmp_path: Path, words: tuple[str, ...], zh: str
) -> None:
    SimulatedClock(tmp_path / "clock.json").advance(timedelta())

    data = ggzy(*words, GGZY_DATA=str(tmp_path), GGZY_CLOCK="simulated")

    assert data.exit_code == 2
    assert zh in data.stderr


def test_a_wrong_setting_is_named_once_and_without_a_stump() -> None:
    data = ggzy("up", GGZY_BROKER="amqp://127.0.0.1")

    assert data.exit_code == 2
    assert data.stderr.splitlines()[1] == "a real broker goes with PostgreSQL; give GGZY_DATABASE"


@pytest.mark.parametrize("name", ["ledger.other/370500", "ledger.ggzy.localhost/370500"])
def test_a_ledger_begun_under_another_name_is_not_gone_on_with(tmp_path: Path, name: str) -> None:
    (tmp_path / "ledger").mkdir()
    (tmp_path / "keys").mkdir()
    (tmp_path / "ledger" / "checkpoint").write_text(f"{name}\n7\nroot\n")

    data = ggzy("serve", "bidding", GGZY_DATA=str(tmp_path), GGZY_ORIGIN="ledger.mine/1", **SERVERS)

    assert data.exit_code == 2
    assert f"GGZY_ORIGIN={name}" in data.stderr


def test_a_schema_goes_down_while_nothing_is_recorded_and_the_doctor_tells(tmp_path: Path) -> None:
    given = {"GGZY_DATA": str(tmp_path), "GGZY_PORT": "9"}
    made = document(ggzy("migrate", "--json", **given))

    down = ggzy("migrate", "--down", "bidding:base", **given)
    looked = ggzy("doctor", "--json", **given)
    ggzy("migrate", **given)
    again = ggzy("doctor", "--json", **given)

    assert set(made["revisions"]) == set(made["services"])
    assert down.exit_code == 0
    found = [part for data in (looked, again) for part in document(data)["parts"] if part["part"].endswith("databases")]
    assert [part["ok"] for part in found] == [False, True]
    assert "bidding" in found[0]["found"]
    assert "ggzy migrate" in found[0]["todo"]
    assert "服务与门户均不启动" in found[0]["todo"]
    assert f"bidding {made['revisions']['bidding']}" in found[1]["found"]


@pytest.mark.parametrize("words", ["bidding:r0001_first", "bidding:base"])
def test_a_schema_does_not_go_down_while_the_journal_has_rows(tmp_path: Path, words: str) -> None:
    given = {"GGZY_DATA": str(tmp_path)}
    ggzy("migrate", **given)
    with closing(sqlite3.connect(tmp_path / "db" / "bidding.db")) as database, database:
        database.execute("INSERT INTO journal VALUES (1, 's', 1, x'', x'')")

    data = ggzy("migrate", "--down", words, "--json", **given)

    assert data.exit_code == 1
    assert "不得降级" in document(data)["error"]["zh"]
    assert "holds records" in document(data)["error"]["en"]


@pytest.mark.parametrize("words", ["bidding:nothing", "nobody:base", "bidding"])
def test_a_revision_that_is_not_there_is_named(tmp_path: Path, words: str) -> None:
    ggzy("migrate", GGZY_DATA=str(tmp_path))

    data = ggzy("migrate", "--down", words, GGZY_DATA=str(tmp_path))

    assert data.exit_code == 1
    assert "没有" in data.stderr


def test_up_does_not_start_where_the_database_lets_the_record_be_rewritten(tmp_path: Path) -> None:
    given = {"GGZY_DATA": str(tmp_path), "GGZY_PORT": "0"}
    ggzy("migrate", **given)
    with closing(sqlite3.connect(tmp_path / "db" / "bidding.db")) as database, database:
        database.execute("DROP TRIGGER journal_no_DELETE")

    data = ggzy("up", **given)
    ggzy("migrate", "--restore-guards", **given)

    assert data.exit_code == 1
    assert "bidding.journal" in data.stderr
    assert "--restore-guards" in data.stderr
    assert ggzy("migrate", **given).exit_code == 0
