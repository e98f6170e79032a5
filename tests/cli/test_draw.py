"""`draw verify` as people call it: numbered steps, exit statuses, and never more said than was shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import document, ggzy
from tests.ledger.factories import POLICY_TEXT
from tests.procedure.drawn_example import anchored, example


def written(folder: Path, body: Any) -> str:
    path = folder / "draw.json"
    path.write_text(json.dumps(body, ensure_ascii=False), "utf-8")
    return str(path)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy"
    path.write_text(POLICY_TEXT)
    return str(path)


def test_a_draw_with_evidence_verifies_with_the_verifiers_policy(tmp_path: Path, policy: str) -> None:
    told = ggzy("draw", "verify", written(tmp_path, anchored()), "--policy", policy)

    assert told.exit_code == 0
    assert [line[2:4].strip(".") for line in told.stdout.splitlines() if line[:1] == "✓"] == [*map(str, range(1, 11))]
    assert "核验通过 / verified" in told.stdout


def test_a_draw_without_evidence_is_recomputed_and_not_called_verified(tmp_path: Path) -> None:
    path = written(tmp_path, example())

    told, data = ggzy("draw", "verify", path), ggzy("draw", "verify", path, "--json")

    assert (told.exit_code, data.exit_code) == (0, 0)
    assert "重新计算一致，但承诺在先未予证明" in told.stdout
    assert "e07 与负责人有亲属关系，评标委员会和评标方法暂行规定 第十二条（条文待核）" in told.stdout
    assert {**document(data), "steps": None} == {"overall": "recomputed", "verified": False, "steps": None}
    assert [step["ok"] for step in document(data)["steps"]] == [True] * 8 + [None] * 2


def test_a_changed_result_names_the_first_step_that_fails(tmp_path: Path) -> None:
    body = example()
    body["chosen"].reverse()

    told = ggzy("draw", "verify", written(tmp_path, body))
    data = ggzy("draw", "verify", written(tmp_path, body), "--json")

    assert (told.exit_code, data.exit_code) == (1, 1)
    assert "✗ 7. 重新计算的结果与公布的相符" in told.stdout
    assert "✓ 8" not in told.stdout
    assert (document(data)["overall"], document(data)["verified"]) == ("failed at step 7", False)


@pytest.mark.parametrize(
    ("change", "zh", "en"),
    [
        ({"seats": 0}, "seats：不得小于 1", "seats: Input should be greater than or equal to 1"),
        ({"note": "x"}, "note：不认识的字段", "note: Extra inputs are not permitted"),
        ({"line": "land"}, "line：应为 'construction'、'procurement' 之一", "line: Input should be"),
        ({"commitments": [{"party": "a", "digest": "ff"}]}, "commitments.0.digest：格式不符", "commitments.0.digest"),
        ({"reveals": [{"party": "a", "nonce": "FF" * 32}]}, "reveals.0.nonce：格式不符", "reveals.0.nonce"),
        ({"on": "0002-12-01"}, "on：不得小于 2000-01-01", "on: Input should be"),
    ],
)
def test_what_is_no_draws_file_is_misuse_and_told_field_by_field(
    change: dict[str, Any], zh: str, en: str, tmp_path: Path
) -> None:
    data = ggzy("draw", "verify", written(tmp_path, example() | change), "--json")

    error = document(data)["error"]
    assert data.exit_code == 2
    assert (zh in error["zh"], en in error["en"]) == (True, True), error


@pytest.mark.parametrize("text", ["", "[]", "{", '{"v": NaN}', '"\\ud800"', "[" * 100_000])
def test_what_is_no_json_object_is_misuse(text: str, tmp_path: Path) -> None:
    path = tmp_path / "draw.json"
    path.write_text(text)

    assert ggzy("draw", "verify", str(path)).exit_code == 2


def test_a_file_that_is_not_there_or_a_wrong_policy_is_misuse(tmp_path: Path) -> None:
    path = written(tmp_path, example())

    assert ggzy("draw", "verify", str(tmp_path / "absent")).exit_code == 2
    assert ggzy("draw", "verify", path, "--policy", path).exit_code == 2
