"""A committee's evaluation by verbs, on an installation started by `ggzy up`: questions, votes, sheets, signatures."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.procedure.evaluation import definition
from tests.cli.installation import (
    Do,
    announce,
    bid,
    doing,
    hold_opening,
    installed,
    open_account,
    open_bidders,
    open_offices,
)
from tests.cli.test_commands import document, ggzy

pytestmark = pytest.mark.system

EXPERTS = tuple(f"e{number}" for number in range(1, 5))
MEMBERS = (*EXPERTS, "delegate")
LATER = "2199-01-01 18:00"
TERMS = {
    "method": {
        "kind": "weighted",
        "formula": "lowest_price_ratio",
        "version": 1,
        "definition": definition("lowest_price_ratio", 1),
        "price_weight": "0.6",
        "factors": [{"factor": "plan", "title": "施工组织设计", "weight": "0.4"}],
        "round_at": "total",
        "places": 2,
    },
    "committee": {
        "members": 5,
        "experts": 4,
        "appointed_because": "技术特别复杂，随机抽取的专家难以胜任",
        "combine": "mean",
        "answer_minutes": 60,
        "sign_minutes": 120,
    },
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    with installed(tmp_path) as made:
        yield made


@pytest.fixture
def do(place: dict[str, str]) -> Do:
    return doing(place)


def _open_accounts(do: Do) -> None:
    open_offices(do)
    open_bidders(do)
    for member in MEMBERS:
        open_account(do, member, "expert")
    for expert in EXPERTS:
        known = ("--speciality", "房屋建筑", "--years", "12", "--region", "370502")
        do("expert", "enrol", expert, *known, account="op")


def _read_and_ask(do: Do, folder: Path) -> None:
    """Let a bidder take the documents and ask about them, and the agency clarify what it asked."""
    (folder / "补遗.txt").write_text("补遗")
    do("bid", "keygen", "p1", account="b0")
    taken = do("document", "take", "p1", "--to", str(folder / "taken"), account="b0")
    assert [Path(file).read_text() for file in taken["files"]] == ["招标文件"]
    do("document", "ask", "p1", "--text", "工期自何日起算？", account="b0")
    paper = ("--document", str(folder / "补遗.txt"), "--answer", "1", "--no-affects-bids")
    do("document", "clarify", "p1", "--text", "自开工令载明之日起算。", *paper, account="agency")
    do("document", "acknowledge", "p1", "--number", "1", account="b0")
    assert len(do("document", "get", "p1", "--to", str(folder / "again"))["files"]) == 2


def _read_bids(do: Do, place: dict[str, str], bids: list[str], folder: Path) -> None:
    """Let a member read the bids; a bidder may not."""
    files = do("committee", "bids", "p1", "--to", str(folder / "bids"), account="e1")["files"]
    assert sorted(files) == sorted(bids)
    assert {Path(path).read_text() for paths in files.values() for path in paths} == {"招标文件"}
    refused = ggzy("committee", "bids", "p1", "--bid", bids[1], "--json", "--as", "b0", **place)
    assert refused.exit_code == 1
    assert document(refused)["error"]["zh"]


def _judge(do: Do, bids: list[str], folder: Path) -> None:
    """Let a member ask a bidder, the members reject the dearest bid, and each of them score the others alone."""
    do("committee", "ask", "p1", "--bid", bids[0], "--text", "请说明塔吊数量。", account="e1")
    do("bid", "answer", "p1", "--number", "1", "--accepts", "--text", "两台。", account="b0")
    finding = f"kind=rejection,bid={bids[2]},cause=unresponsive,explanation=工期不响应, 超出招标文件"
    do("committee", "propose", "p1", "--finding", finding, "--words", "建议否决", account="e1")
    for member in ("e2", "e3"):
        do("committee", "vote", "p1", "--number", "1", "--in-favour", "--words", "同意", account=member)
    for place, member in enumerate(MEMBERS):
        sheet = folder / f"{member}.csv"
        do("committee", "sheet", "p1", "-o", str(sheet), account=member)
        _fill(sheet, {bids[0]: str(90 - place), bids[1]: str(80 - place)})
        assert do("committee", "score", "p1", str(sheet), account=member)["scores"] == 2


def _fill(sheet: Path, marks: dict[str, str]) -> None:
    head, *rows = csv.reader(sheet.read_text("utf-8-sig").splitlines())
    assert head == ["bid", "plan"]
    with sheet.open("w", newline="") as file:
        csv.writer(file).writerows([head, *([name, marks.get(name, "")] for name, _ in rows)])


def _sign(do: Do, place: dict[str, str]) -> None:
    """Let every member read and sign the report, one with written dissent."""
    assert "工期不响应" in ggzy("committee", "report", "p1", "--as", "e1", **place).stdout
    digests = {do("committee", "report", "p1", account=member)["report"] for member in MEMBERS}
    assert len(digests) == 1
    for member in MEMBERS[:-1]:
        assert do("committee", "sign", "p1", account=member)["report"] in digests
    do("committee", "sign", "p1", "--dissent", "不同意否决", account=MEMBERS[-1])


def test_a_committee_asks_votes_scores_and_signs_by_verbs(do: Do, place: dict[str, str], tmp_path: Path) -> None:
    paper, terms = tmp_path / "招标文件.txt", tmp_path / "terms.json"
    paper.write_text("招标文件")
    terms.write_text(json.dumps(TERMS))
    _open_accounts(do)
    announce(do, paper, "--file", str(terms))
    _read_and_ask(do, tmp_path)
    for number in range(3):
        bid(do, number, paper)
    bids = [row["bid"] for row in sorted(hold_opening(do), key=lambda row: row["price_fen"])]
    seats = [word for expert in EXPERTS for word in ("--appointed", expert)]
    do("committee", "form", "p1", *seats, "--representative", "delegate", "--until", LATER, account="agency")
    _read_bids(do, place, bids, tmp_path)
    _judge(do, bids, tmp_path)
    do("tender", "score", "p1", account="agency")
    early = ggzy("tender", "candidates", "p1", "--json", "--as", "agency", **place)
    _sign(do, place)
    do("tender", "candidates", "p1", "--document", str(paper), account="agency")

    page = do("tender", "show", "p1", account="sup")
    assert early.exit_code == 1
    assert document(early)["error"]["article"]
    assert [one["bid"] for one in page["candidates"]["candidates"]] == bids[:2]
    assert {one["member"]: one["dissent"] for one in page["signatures"]}[MEMBERS[-1]] == "不同意否决"
    assert page["signing"]["silent"] == []
    assert page["candidates"]["document"]["name"] == "招标文件.txt"
