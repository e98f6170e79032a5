"""Verbs made of commands: every command has one, explains itself in both languages, and wrong use ends with two."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter

from cli.commanded import given_by_accounts, lines_commanded
from cli.verbs import BY_HAND, FIELDS, NO_GROUPS, fields, table, verbs_of
from shared.kernel.message import Command, Identifier, Instant, Sha256
from shared.kernel.request import Role
from shared.runtime.lines import lines
from tests.cli.door import Door, problem
from tests.cli.test_commands import COMMANDS, PROGRAM, document, ggzy
from tests.cli.test_written import TOKEN, sent

GROUPS = [name for name in table() if name not in NO_GROUPS]


def test_every_command_that_an_account_may_give_has_a_verb() -> None:
    by_hand = table()[BY_HAND]

    for line in lines_commanded():
        made = set(verbs_of(line.name).values())
        assert set(given_by_accounts(line)) - made == {kind for kind in by_hand if kind.startswith(f"{line.name}.")}


def test_every_verb_written_by_hand_is_there_and_every_placed_command_too() -> None:
    paths = {" ".join(path) for path, _ in COMMANDS}
    placed = {(group, verb): kind for group in GROUPS for verb, kind in verbs_of(group).items()}
    known = {kind for line in lines().values() for kind in given_by_accounts(line)}

    assert set(table()[BY_HAND].values()) <= paths
    assert {" ".join(path) for path in placed} <= paths
    assert set(placed.values()) <= known
    assert len(set(placed.values())) == len(placed)
    assert not set(placed.values()) & set(table()[BY_HAND])


def test_a_line_has_a_group_in_which_every_verb_prints_its_help() -> None:
    top: Any = PROGRAM
    groups = {name: top.commands[name] for name in lines() if name in top.commands}

    assert "bidding" in groups
    for name, group in groups.items():
        assert group.commands.keys() == verbs_of(name).keys()
        for verb in group.commands.values():
            zh, _, en = str(verb.help).partition(" / ")
            assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
            assert en
    assert ggzy("bidding", "raise-objection", "--help").exit_code == 0


def test_every_option_of_every_verb_says_in_both_languages_what_it_is_for() -> None:
    top: Any = PROGRAM
    made = [((name, verb), leaf) for name in lines() if name in top.commands for verb, leaf in _verbs(name).items()]
    options = [(path, of) for path, leaf in [*COMMANDS, *made] for of in leaf.params if of.name != "help"]

    silent = [(" ".join(path), of.name) for path, of in options if not _in_both(of.help or "")]

    assert len(options) > 500
    assert silent == []


def test_the_table_tells_of_no_field_that_there_is_not() -> None:
    kinds = [kind for line in lines_commanded() for kind in verbs_of(line.name).values()]
    known = {(kind, of.name) for kind in kinds for of in fields(kind)}
    told = table()[FIELDS]
    general = {name for name, said in told.items() if isinstance(said, str)}
    own = {(of, name) for of, names in told.items() if isinstance(names, dict) for name in names}

    assert general <= {name for _, name in known}
    assert own <= known | {(kind.partition(".")[2], name) for kind, name in known}


def _verbs(line: str) -> dict[str, Any]:
    top: Any = PROGRAM
    verbs: dict[str, Any] = top.commands[line].commands
    return verbs


def _in_both(help_: str) -> bool:
    zh, _, en = help_.partition("/ ")
    return any("\u4e00" <= letter <= "\u9fff" for letter in zh) and any(letter.isalpha() for letter in en)


@pytest.mark.parametrize("by_name", [False, True])
def test_who_may_ask_without_a_name_does_unless_it_says_otherwise(
    door: Door, place: dict[str, str], *, by_name: bool
) -> None:
    words = ("complaint", "withdraw", "p1", "--number", "1", *(["--by-name"] if by_name else []))

    done = ggzy(*words, "--json", **place)

    assert done.exit_code == (0 if by_name else 2)  # there is no token for this tender here yet
    assert len(door.given) == by_name
    if not by_name:
        assert "ggzy bid keygen p1" in document(done)["error"]["en"]


def test_a_refusal_is_told_with_its_article(door: Door, place: dict[str, str]) -> None:
    door.decide = lambda _procedure, _command: problem(409, "out_of_phase", article="招标投标法 第三十四条")

    told = ggzy("committee", "extend", "p1", "--until", "2026-12-01 18:00", "--json", **place)

    assert told.exit_code == 1
    assert document(told)["error"]["article"]


@pytest.mark.parametrize(
    "words",
    [
        ("objection", "answer", "p1"),
        ("objection", "answer", "p1", "--number", "none", "--follows", "none", "--text", "a"),
        ("objection", "answer", "p1", "--number", "0", "--follows", "none", "--text", "a"),
        ("objection", "answer", "p1", "--number", "1", "--follows", "nothing", "--text", "a"),
        ("objection", "nonsense"),
        ("committee", "extend", "p1", "--until", "tomorrow"),
        ("committee", "propose", "p1", "--finding", "kind=rejection,bid=b1,why=a", "--words", "a"),
        ("committee", "propose", "p1", "--finding", "rejection", "--words", "a"),
        ("committee", "propose", "p1", "--finding", "{", "--words", "a"),
        ("committee", "propose", "p1", "--finding", "none.json", "--words", "a"),
        ("committee", "propose", "p1", "--finding", "kind=adjustment,bid=b1,item=a,amount_fen=100", "--words", "a"),
        ("committee", "propose", "p1", "--finding", "kind=adjustment,bid=b1,bid=b2,item=a,amount=1", "--words", "a"),
        ("committee", "score", "p1", "none.csv"),
        ("deposit", "refund", "p1", "--token", TOKEN, "--number", "1", "--paid", "1.005", "--paid-at", "2026-12-01"),
        ("deposit", "refund", "p1", "--token", TOKEN, "--number", "1", "--paid", "much", "--paid-at", "2026-12-01"),
        ("deposit", "record", "p1", "--token", TOKEN, "--amount", "1", "--received-at", "2026-12-01", "--instrument",
         "kind=transfer,account=b,basic=maybe,domestic=no"),
        ("deposit", "record", "p1", "--token", TOKEN, "--amount", "1", "--received-at", "2026-12-01", "--instrument",
         "kind=gold,account=b"),
        ("tender", "report", "p1", "--report", "none.pdf"),
        ("document", "clarify", "p1", "--text", "a", "--affects-bids", "--document", "none.pdf"),
        ("bidding", "vote-finding", "p1", "--words", "a"),
    ],
)  # fmt: skip
def test_wrong_use_ends_with_two_in_both_languages_and_sends_nothing(
    door: Door, place: dict[str, str], words: tuple[str, ...]
) -> None:
    told = ggzy(*words, "--json", **place)

    assert told.exit_code == 2
    error = document(told)["error"]
    assert error["zh"]
    assert error["en"]
    assert "Traceback" not in told.output
    assert door.given == []


class OpenStall(Command):
    """Open a stall at the fair (开摊)."""

    type: Literal["fairs.open_stall"] = "fairs.open_stall"
    account: Identifier
    rent_fen: int
    days: tuple[Instant, ...] = ()
    plan_sha256: Sha256 | None = None


class CloseStall(Command):
    """Close it."""

    type: Literal["fairs.close_stall"] = "fairs.close_stall"


@pytest.fixture
def fairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a line that nobody wrote a verb for."""
    commands: Any = TypeAdapter(Annotated[OpenStall | CloseStall, Field(discriminator="type")])
    entitled: dict[str, frozenset[Role]] = {
        "fairs.open_stall": frozenset({"agency"}),
        "fairs.close_stall": frozenset({"system"}),
    }
    line = replace(lines()["bidding"], name="fairs", title_zh="集市", commands=commands, entitled=entitled)
    found = {**lines(), "fairs": line}
    monkeypatch.setattr("shared.runtime.lines.lines", lambda: found)


@pytest.mark.usefixtures("fairs")
def test_a_new_line_has_its_verbs_by_itself(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    plan = tmp_path / "图.txt"
    plan.write_text("图")
    words = ("--of-account", "x1", "--rent", "12.30", "--day", "2026-12-01", "--day", "2026-12-02", "--plan", str(plan))

    done = ggzy("fairs", "open-stall", "s1", *words, **place)
    hidden = ggzy("fairs", "close-stall", "s1", **place)

    assert (done.exit_code, hidden.exit_code) == (0, 2)
    command = sent(door)
    assert (command["account"], command["rent_fen"], len(command["days"])) == ("x1", 1230, 2)
    assert command["plan_sha256"] == sha256("图".encode()).hexdigest()
    assert "集市" in ggzy("--help").stdout
    assert "开摊" in ggzy("fairs", "--help").stdout
