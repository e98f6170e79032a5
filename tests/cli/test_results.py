"""What people are shown of how a tender came out: its contract, its bonds and its complaints, each as far as it is."""

from typing import Any

import pytest

from cli import results

CONTRACT = {
    "contract_sha256": "c" * 64,
    "price_fen": 198_000_000,
    "signed_at": "2026-12-20T01:00:00.000000Z",
    "late": True,
    "article": "招标投标法 第四十六条",
}
BOND = {"kind": "performance", "amount_fen": 19_800_005, "recorded_at": "2026-12-19T01:00:00.000000Z"}
COMPLAINT = {"number": 1, "about": "conduct", "made_at": "2026-12-15T01:00:00.000000Z"}
ACCEPTED = {"number": 1, "accepted": True, "ground": "属实的可能"}
DECIDED = {"number": 1, "order": "none", "text": "投诉缺乏事实根据"}


def shown(page: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    results.show(page)
    told = capsys.readouterr()
    return "".join((told.out + told.err).split())


def test_a_contract_is_shown_with_its_price_and_whether_it_is_late(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown({"contract": CONTRACT, "countersignature": {"at": "2026-12-21T01:00:00.000000Z"}}, capsys)

    assert "1980000.00元，逾期（招标投标法第四十六条）" in told
    assert "c" * 64 in told
    assert "中标人于2026-12-2109:00" in told
    assert "逾期" not in shown({"contract": {**CONTRACT, "late": False}}, capsys)


def test_bonds_are_shown_in_yuan(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown({"bonds": [BOND, {**BOND, "kind": "payment"}]}, capsys)

    assert "198000.05" in told
    assert "履约保证金" in told
    assert "工程款支付担保" in told


def test_a_complaint_is_shown_with_how_far_it_has_come(capsys: pytest.CaptureFixture[str]) -> None:
    made = {"complaints": [COMPLAINT]}
    refused = {**ACCEPTED, "accepted": False, "ground": "超过时效"}

    assert "待决定" in shown(made, capsys)
    assert "不予受理：超过时效" in shown({**made, "complaints_examined": [refused]}, capsys)
    decided = shown({**made, "complaints_examined": [ACCEPTED], "complaint_decisions": [DECIDED]}, capsys)
    assert "其他行为" in decided
    assert "驳回：投诉缺乏事实根据" in decided


def test_a_page_without_a_result_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown({"phase": "accepting"}, capsys) == ""
