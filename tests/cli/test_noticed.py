"""What people are shown of a tender's notices: whether it stands still, and every notice in the order of time."""

from typing import Any

import pytest

from cli import noticed

HELD = {
    "hold": "objection-1",
    "article": "招标投标法实施条例 第二十二条",
    "notice": "收到第1号异议，答复前暂停。",
    "suspended_at": "2026-12-13T11:30:04.608877Z",
}
PAGE: dict[str, Any] = {
    "suspensions": [HELD],
    "clarifications": [
        {
            "number": 1,
            "text": "工期改为200日",
            "changed": [{"name": "方案.txt"}],
            "issued_at": "2026-12-10T11:30:13.290251Z",
        }
    ],
    "deadline_moves": [
        {
            "moved_at": "2026-12-13T11:30:36.310095Z",
            "bids_due": "2026-12-29T01:00:00.000000Z",
            "notice": "顺延",
        }
    ],
}
RESUMED = {
    "hold": "objection-1",
    "goes_on": True,
    "notice": "已答复，恢复。",
    "resumed_at": "2026-12-14T01:00:00.000000Z",
}
ANSWERED = {"number": 1, "text": "参数符合国家标准", "answered_at": "2026-12-14T01:00:00.000000Z"}


def shown(page: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    noticed.show(page)
    told = capsys.readouterr()
    return "".join((told.out + told.err).split())


def test_a_tender_that_stands_still_says_so_with_its_cause(capsys: pytest.CaptureFixture[str]) -> None:
    assert "本项目已暂停" in shown(PAGE, capsys)
    assert "本项目已暂停" not in shown({**PAGE, "resumptions": [RESUMED]}, capsys)


def test_every_notice_is_shown_oldest_first(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown({**PAGE, "resumptions": [RESUMED], "answers": [ANSWERED]}, capsys)
    words = ["工期改为200日", "暂停", "投标截止改为", "恢复"]

    assert [told.index(word) for word in words] == sorted(told.index(word) for word in words)
    assert "答复第1号异议" in told
    assert "方案.txt" in told


def test_of_a_tender_without_notices_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown({"procedure": "T1", "phase": "accepting"}, capsys) == ""
