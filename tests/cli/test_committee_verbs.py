"""A member's report and sheet on its own machine: what does not agree is not signed, what is missing is not sent."""

from pathlib import Path
from typing import Any

import pytest

from cli.committee import scores_of
from cli.output import Misused
from cli.wallet import Wallet
from shared.kernel.canonical import digest, encode
from shared.seal.keys import signing_public, verify
from shared.seal.report import DOMAIN, to_sign
from tests.cli.door import Door
from tests.cli.test_commands import document, ggzy

RANKED = {"bid": "b1", "price_fen": 100_000_050, "evaluated_fen": None, "score": "91.50", "rank": 1}
CONTENTS = {
    "basics": {"tender": "p1"},
    "comparison": {"rows": [RANKED]},
    "rejected": {"rejections": [{"bid": "b2", "cause": "price", "explanation": "超过最高投标限价"}]},
}
REPORT = digest(encode(CONTENTS))


@pytest.fixture
def place(door: Door, wallet: Wallet) -> dict[str, str]:
    door.accounts["e1"] = wallet.make_account_key("e1")
    return {"GGZY_URL": door.url, "GGZY_HOME": str(wallet.home), "GGZY_ACCOUNT": "e1"}


def reported(door: Door, **changes: Any) -> None:
    page = {"procedure": "p1", "report": {"contents_sha256": REPORT}, "report_contents": CONTENTS, **changes}
    door.pages["/api/procedures/p1"] = page


@pytest.mark.parametrize("dissent", [None, "不同意否决"])
def test_a_member_signs_the_digest_of_the_contents_with_its_own_key(
    door: Door, place: dict[str, str], wallet: Wallet, dissent: str | None
) -> None:
    reported(door)

    done = ggzy("committee", "sign", "p1", *(["--dissent", dissent] if dissent else []), "--json", **place)

    assert done.exit_code == 0
    assert document(done)["report"] == REPORT
    ((_, command),) = door.given
    key = signing_public(wallet.account_secret("e1"))
    verify(key, DOMAIN, to_sign(REPORT, dissent), command["signature"])
    assert command["dissent"] == dissent


@pytest.mark.parametrize(
    "changes", [{"report_contents": {**CONTENTS, "basics": {"tender": "p2"}}}, {"report_contents": None}]
)
def test_contents_that_are_not_those_of_the_digest_are_not_signed(
    door: Door, place: dict[str, str], changes: dict[str, Any]
) -> None:
    reported(door, **changes)

    told = ggzy("committee", "sign", "p1", "--json", **place)

    assert told.exit_code == 1
    assert document(told)["error"]["zh"]
    assert door.given == []


def test_the_report_is_shown_with_its_digest_its_ranking_and_what_was_rejected(
    door: Door, place: dict[str, str]
) -> None:
    reported(door)

    shown = ggzy("committee", "report", "p1", **place)

    for words in (REPORT, "1000000.50", "91.50", "超过最高投标限价"):
        assert words in shown.stdout


def test_a_sheet_is_written_empty_and_read_back_without_its_empty_rows(
    door: Door, place: dict[str, str], tmp_path: Path
) -> None:
    method = {"factors": [{"factor": "plan"}, {"factor": "staff"}]}
    rows = [
        {"bid": "b1", "outcome": "unsealed"},
        {"bid": "b2", "outcome": "revoked"},
        {"bid": "b3", "outcome": "unsealed"},
    ]
    page = {"announcement": {"terms": {"method": method}}, "opening_record": {"rows": rows}}
    door.pages["/api/procedures/p1"] = page
    sheet = tmp_path / "打分表.csv"

    done = ggzy("committee", "sheet", "p1", "-o", str(sheet), **place)
    again = ggzy("committee", "sheet", "p1", "-o", str(sheet), **place)

    assert (done.exit_code, again.exit_code) == (0, 2)
    assert sheet.read_text("utf-8-sig").split() == ["bid,plan,staff", "b1,,", "b3,,"]
    sheet.write_text("\ufeffbid,plan,staff\nb1, 90,80.5\nb3,,\n")
    assert list(scores_of(sheet)) == [
        {"bid": "b1", "factor": "plan", "score": "90"},
        {"bid": "b1", "factor": "staff", "score": "80.5"},
    ]


@pytest.mark.parametrize(
    "text", ["", "plan\n90\n", "bid,plan\nb1,90,80\n", "bid,plan,staff\nb1,90\n", "bid,plan,\nb1,1,2\n"]
)
def test_a_sheet_with_a_gap_or_without_its_head_is_not_read(tmp_path: Path, text: str) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(text)

    with pytest.raises(Misused):
        list(scores_of(sheet))
