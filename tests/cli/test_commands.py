"""The program as people call it: help, exit statuses, and one JSON document with `--json`."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from cli.main import app
from cli.wallet import Wallet
from shared.runtime.lines import lines
from tests.cli.door import Door, problem
from tests.cli.notices import DATA

REAL = str(DATA / "ocds-social-services-2024.json")


PROGRAM = get_command(app)
"""All commands as one tree, made once: to make it takes much longer than most of them."""


def ggzy(*words: str, **environment: str) -> Result:
    """Call the program in an environment of its own."""
    cleared = {"GGZY_URL": "", "GGZY_ACCOUNT": "", "GGZY_HOME": "/nonexistent", "COLUMNS": "200", **environment}
    runner, code = CliRunner(), 0
    with runner.isolation(env={name: value or None for name, value in cleared.items()}) as streams:
        try:
            PROGRAM.main(args=words, prog_name="ggzy")
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        out, err, both = (stream.getvalue() for stream in streams)
    return Result(runner, out, err, both, return_value=None, exit_code=code, exception=None)


def document(result: Result) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(result.stdout)
    return made


def _leaves(command: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    children = getattr(command, "commands", None)
    if not children:
        return [(path, command)]
    return [leaf for name, child in children.items() for leaf in _leaves(child, (*path, name))]


COMMANDS = [(path, leaf) for path, leaf in _leaves(PROGRAM) if path[0] not in lines()]
"""Every verb but those of a line's own group, which are made in the same way (`test_verbs`)."""


@pytest.mark.parametrize(("path", "leaf"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_every_command_explains_itself_in_both_languages_and_answers_in_json(path: tuple[str, ...], leaf: Any) -> None:
    zh, _, en = (leaf.help or "").partition("/ ")

    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
    assert en
    assert any("--json" in parameter.opts for parameter in leaf.params)
    assert ggzy(*path, "--help").exit_code == 0


def test_the_commands_of_the_agreed_list_are_all_there() -> None:
    listed = """demo up serve relay portal migrate doctor replay bundle verify policy
        clock.show clock.advance clock.next party.add party.show account.keygen account.add account.show
        authority.keygen authority.share tender.new tender.publish tender.open tender.close tender.score
        tender.candidates tender.award tender.contract tender.show tender.list bid.keygen bid.seal bid.submit
        bid.replace bid.withdraw bid.unseal bid.status bid.receipt import.ocds witness.keygen witness.run"""

    assert set(listed.split()) <= {".".join(path) for path, _ in COMMANDS}


def test_a_command_begins_without_the_modules_of_the_others() -> None:
    asked = "import sys; from cli.main import app; from typer.main import get_command as tree"
    asked += "; tree(app).get_command(None, 'bid'); print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()

    assert {"cli.bid", "cli.tender", "cli.auction", "cli.demo"}.intersection(loaded) == {"cli.bid"}


def test_a_refusal_ends_with_one_and_names_its_article(door: Door, wallet: Wallet) -> None:
    door.accounts["agency"] = wallet.make_account_key("agency")
    door.decide = lambda _procedure, _command: problem(409, "out_of_phase", article="招标投标法 第三十四条")
    words = ("tender", "open", "p1", "--as", "agency", "--url", door.url, "--home", str(wallet.home))

    told = ggzy(*words)
    data = ggzy(*words, "--json")

    assert (told.exit_code, data.exit_code) == (1, 1)
    assert "招标投标法 第三十四条" in told.stderr
    assert document(data)["error"]["code"] == "out_of_phase"


def test_success_ends_with_zero_and_tells_what_was_recorded(door: Door, wallet: Wallet) -> None:
    door.accounts["agency"] = wallet.make_account_key("agency")

    told = ggzy("tender", "open", "p1", GGZY_URL=door.url, GGZY_HOME=str(wallet.home), GGZY_ACCOUNT="agency")

    assert told.exit_code == 0
    assert "开始开标" in told.stdout
    assert "（流水 1）" in told.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("tender", "open", "p1"),
        ("tender", "open", "p1", "--as", "nobody"),
        ("verify",),
        ("verify", "--log", "."),
        ("verify", "--log", ".", "--vkey", "x"),
        ("bid", "receipt"),
        ("clock", "advance", "soon"),
        ("import", "ocds", REAL, "--send", "--dry-run"),
        ("party", "add", "91350000MA347WHE49", "x", "--as", "op"),
        ("tender", "new", "--title", "t"),
        ("nonsense",),
        ("bid", "seal", "t1"),
        ("bid", "seal", "t1", "--price", "1", "--days", "many"),
        ("bid", "submit", "t1", "t2"),
        ("tender", "new", "--category", "worms"),
        ("tender", "contract", "t1", "no-such-file"),
        ("verify", "--log", REAL),
        ("replay", "t1", "--version", "0"),
        ("clock", "advance", "-5d"),
    ],
)
def test_misuse_ends_with_two_in_both_languages(words: tuple[str, ...]) -> None:
    data = ggzy(*words, "--json")

    assert data.exit_code == 2
    error = document(data)["error"]
    assert error["zh"]
    assert error["en"]


def test_wrong_use_is_told_in_chinese_first_with_where_to_read_on() -> None:
    data = ggzy("tender", "contract", "t1", "no-such-file")

    assert data.exit_code == 2
    zh, en = data.stderr.splitlines()
    assert zh == "参数的值有误：file：文件 no-such-file 不存在，请检查路径。用法见 ggzy tender contract --help"
    assert en.endswith("does not exist. See ggzy tender contract --help")


def test_a_fault_of_ours_is_told_in_a_line_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise KeyError("a secret")

    monkeypatch.setattr("cli.tender.Here.give", breaks)
    whole = ("--title", "t", "--region", "370502", "--category", "works", "--buyer", "91350000MA347WHE48")
    data = ggzy("tender", "new", "t1", *whole, "--buyer-name", "b", "--as", "agency")

    assert data.exit_code == 1
    assert "KeyError: test_commands.py:" in data.stderr
    assert "secret" not in data.output
    assert "Traceback" not in data.output


def test_a_machine_with_one_account_asks_as_that_account(door: Door, wallet: Wallet) -> None:
    door.accounts["agency"] = wallet.make_account_key("agency")
    place = {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home)}
    assert ggzy("tender", "close", "t1", **place).exit_code == 0

    wallet.make_account_key("op")
    data = ggzy("tender", "close", "t1", **place)

    assert data.exit_code == 2
    assert "agency、op" in data.stderr


def test_a_replay_names_a_role_by_as_and_who_asks_by_account(door: Door, wallet: Wallet) -> None:
    door.accounts["sup"] = wallet.make_account_key("sup")
    page = {"procedure": "t1", "phase": "accepting", "role": "bidder", "events": []}
    door.pages["/api/procedures/t1/replay"] = page
    place = {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home)}

    data = ggzy("replay", "t1", "--as", "bidder", "--account", "sup", "--json", **place)

    assert document(data)["role"] == "bidder"
    assert "/api/procedures/t1/replay?as=bidder" in door.asked


def test_no_answer_is_told_with_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.client.PAUSES", ())
    Wallet(tmp_path).make_account_key("agency")

    data = ggzy("tender", "list", "--url", "http://127.0.0.1:9", "--home", str(tmp_path), "--json")

    assert data.exit_code == 1
    assert "http://127.0.0.1:9" in document(data)["error"]["en"]


def test_a_witness_key_is_made_once_with_the_platforms_setting(tmp_path: Path) -> None:
    file = tmp_path / "w.key"

    data = ggzy("witness", "keygen", "archive.example/w1", str(file), "--url", "https://w.example", "--json")

    vkey = document(data)["vkey"]
    assert document(data)["setting"] == f'GGZY_WITNESSES=["https://w.example/add-checkpoint|{vkey}"]'
    assert file.stat().st_mode & 0o777 == 0o600
    assert ggzy("witness", "keygen", "archive.example/w1", str(file)).exit_code == 2


def test_the_doctor_says_what_to_do_where_nothing_is_there(tmp_path: Path) -> None:
    data = ggzy("doctor", "--data", str(tmp_path / "none"), "--json", GGZY_PORT="9")

    assert data.exit_code == 1
    parts = {part["part"].split()[-1]: part for part in document(data)["parts"]}
    assert [name for name, part in parts.items() if not part["ok"]] == ["data", "keys", "databases", "broker", "door"]
    assert all(part["todo"] for part in parts.values() if not part["ok"])
    assert not (tmp_path / "none").exists()


def test_the_doctor_names_a_wrong_setting() -> None:
    data = ggzy("doctor", "--json", GGZY_PORT="many")

    assert data.exit_code == 1
    assert "GGZY_PORT" in document(data)["parts"][0]["found"]


def test_an_account_without_a_key_here_is_told_how_to_make_one(tmp_path: Path) -> None:
    data = ggzy("tender", "close", "t1", "--as", "agency", "--home", str(tmp_path))

    assert data.exit_code == 2
    assert "请 ggzy account keygen agency" in data.stderr


def test_a_region_that_the_table_has_not_is_pointed_out_and_drafted(door: Door, office: dict[str, str]) -> None:
    words = ("tender", "new", "t1", "--title", "t", "--category", "works", "--buyer", "91350000MA347WHE48")

    data = ggzy(*words, "--buyer-name", "b", "--region", "999999", "--as", "agency", **office)

    assert data.exit_code == 0
    assert "999999" in data.stderr
    assert len(door.given) == 1


@pytest.mark.parametrize("words", [("auction", "--help"), ("auction",), ("auction", "freeze", "--help")])
def test_help_in_a_narrow_window_cuts_no_word_and_has_its_headings_in_both_languages(words: tuple[str, ...]) -> None:
    told = ggzy(*words, COLUMNS="80", TERMINAL_WIDTH="80")

    text = told.stdout + told.stderr
    assert "…" not in text
    assert "选项 / options" in text
    assert "Options ─" not in text
