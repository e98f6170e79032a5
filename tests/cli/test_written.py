"""Fields of commands as people write them: yuan, Beijing times, files by digest or uploaded, records by name."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cli.verbs import fields
from cli.wallet import Wallet
from cli.written import Reader
from shared.kernel.canonical import parse_instant
from shared.procedure.deposits import account_digest
from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy

TOKEN = "a" * 64


def sent(door: Door) -> dict[str, Any]:
    ((_, command),) = door.given
    return command


def test_money_is_given_in_yuan_times_in_beijing_and_records_by_name(door: Door, place: dict[str, str]) -> None:
    paid = "kind=transfer,account=" + "b" * 64 + ",basic=yes,domestic=no"
    words = ("--token", TOKEN, "--amount", "800000.05", "--received-at", "2026-12-01 09:30", "--instrument", paid)

    done = ggzy("deposit", "record", "p1", *words, "--json", **place)

    assert done.exit_code == 0
    assert document(done)["procedure"] == "p1"
    command = sent(door)
    assert command["amount_fen"] == 80_000_005
    assert parse_instant(command["received_at"]).isoformat() == "2026-12-01T01:30:00+00:00"
    assert command["instrument"] == {"kind": "transfer", "account": "b" * 64, "basic": True, "domestic": False}


def test_an_account_number_stays_on_this_machine_and_one_account_has_one_digest(
    door: Door, place: dict[str, str], wallet: Wallet
) -> None:
    for number in ("3705 0166 8142 0001", "3705016681420001", "3705016681420002"):
        paid = f"kind=transfer,account={number},basic=yes,domestic=yes"
        words = ("--token", TOKEN, "--amount", "1", "--received-at", "2026-12-01 09:30", "--instrument", paid)
        assert ggzy("deposit", "record", "p1", *words, "--statement", "d" * 64, **place).exit_code == 0

    one, same, other = (command["instrument"]["account"] for _, command in door.given)
    assert one == same == account_digest("3705016681420001", wallet.digest_key())
    assert other != one
    wrong = ("--amount", "1", "--received-at", "2026-12-01 09:30", "--instrument", "kind=transfer,account=无")
    assert ggzy("deposit", "record", "p1", "--token", TOKEN, *wrong, "--statement", "d" * 64, **place).exit_code == 2


def test_the_other_kind_of_a_record_has_fields_of_its_own(door: Door, place: dict[str, str]) -> None:
    letter = f"kind=insurance,guarantor=某保险公司, 东营,number={'c' * 64},valid_until=2027-03-01,verified=true"

    done = ggzy("tender", "bond", "p1", "--kind", "payment", "--amount", "1", "--instrument", letter, **place)

    assert done.exit_code == 0
    given = sent(door)["instrument"]
    assert given["guarantor"] == "某保险公司, 东营"
    assert parse_instant(given["valid_until"]).isoformat() == "2027-02-28T16:00:00+00:00"


def test_a_record_may_be_a_file_of_json(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "finding.json"
    finding = {"kind": "adjustment", "bid": "b1", "item": "crane", "amount_fen": -5}
    file.write_text(json.dumps(finding))

    done = ggzy("committee", "propose", "p1", "--finding", str(file), "--words", "按招标文件", **place)
    written = ggzy(
        "committee", "propose", "p1", "--finding", "kind=adjustment,bid=b1,item=crane,amount=-0.05",
        "--words", "按招标文件", **place,
    )  # fmt: skip

    assert (done.exit_code, written.exit_code) == (0, 0)
    assert [command["finding"] for _, command in door.given] == [finding, finding]


def test_a_record_may_hold_many_records(door: Door, place: dict[str, str]) -> None:
    lacking = "bid=b2,failing=criterion=grade,reason=仅有三级资质, 不足,failing=criterion=works,reason=无"

    done = ggzy("committee", "screen", "p1", "--judgment", "bid=b1", "--judgment", lacking, **place)

    assert done.exit_code == 0
    failings = [{"criterion": "grade", "reason": "仅有三级资质, 不足"}, {"criterion": "works", "reason": "无"}]
    assert sent(door)["judgments"] == [{"bid": "b1", "failings": []}, {"bid": "b2", "failings": failings}]


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="="), min_size=1, max_size=50))
def test_words_in_a_record_may_have_commas(words: str) -> None:
    of = next(one for one in fields("bidding.propose_finding") if one.name == "finding")

    made = Reader().read(of, f"kind=rejection,explanation={words},cause=price,bid=b1")

    assert made == {"kind": "rejection", "explanation": words, "cause": "price", "bid": "b1"}


def test_a_document_is_uploaded_and_listed(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    paper = tmp_path / "补遗.txt"
    paper.write_text("补遗")
    words = ("--text", "更正", "--no-affects-bids", "--document", str(paper), "--answer", "1", "--answer", "2")

    done = ggzy("document", "clarify", "p1", *words, **place)

    assert done.exit_code == 0
    command = sent(door)
    assert (command["affects_bids"], command["answers"]) == (False, [1, 2])
    assert command["documents"][0]["name"] == "补遗.txt"
    assert list(door.uploads.values()) == ["补遗".encode()]


def test_a_digest_is_made_of_a_file_that_stays_here(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    paper = tmp_path / "报告.txt"
    paper.write_text("报告")

    done = ggzy("tender", "report", "p1", "--report", str(paper), **place)

    assert done.exit_code == 0
    assert sent(door)["report_sha256"] == sha256("报告".encode()).hexdigest()
    assert not door.uploads


def test_what_shows_a_claim_goes_by_the_digest_of_each_file(door: Door, place: dict[str, str], tmp_path: Path) -> None:
    papers = [tmp_path / name for name in ("采矿许可证.txt", "范围图.txt")]
    for paper in papers:
        paper.write_text(paper.name)
    shown = [word for paper in papers for word in ("--evidence", str(paper))]

    done = ggzy("land", "raise-dispute", "p1", "--text", "范围重叠", *shown, **place)

    assert done.exit_code == 0
    assert sent(door)["evidence"] == [sha256(paper.name.encode()).hexdigest() for paper in papers]
    assert not door.uploads


def test_a_letter_of_complaint_goes_by_a_salted_digest_whose_salt_stays_with_it(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    letter = tmp_path / "投诉书.txt"
    letter.write_text("张三投诉")
    words = ("--about", "conduct", "--knew-at", "2026-12-01", "--letter", str(letter), "--by-name")

    for _ in range(2):
        assert ggzy("complaint", "make", "p1", *words, **place).exit_code == 0

    salt = letter.with_name("投诉书.txt.salt").read_bytes()
    digests = {command["letter_sha256"] for _, command in door.given}
    assert len(salt) == 32
    assert digests == {sha256(salt + "张三投诉".encode()).hexdigest()}
