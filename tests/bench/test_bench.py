"""Every measure works and prints well-formed lines; how fast this machine is now is not looked at."""

import subprocess
import sys

import orjson
import pytest

from tests.bench.installation import ROOT
from tests.bench.line import Line, medians
from tests.bench.measures import MEASURES

FIELDS = {"name", "rate", "unit", "peer", "peer_rate", "ratio", "bar", "ok"}


@pytest.mark.system
def test_every_measure_prints_its_lines_and_a_missed_bar_fails_the_run() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--small"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    lines = [orjson.loads(line) for line in run.stdout.splitlines()]
    assert {line["name"] for line in lines} >= MEASURES.keys(), run.stderr
    assert all(line.keys() == FIELDS and line["rate"] > 0 and line["unit"].endswith("/s") for line in lines)
    assert all((line["peer"] is None) == (line["peer_rate"] is None) == (line["ratio"] is None) for line in lines)
    assert run.returncode == (0 if all(line["ok"] for line in lines) else 1)


def test_a_measure_of_an_unknown_name_is_refused_by_name() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", "speed"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 2
    assert "no such measure: speed" in run.stderr


@pytest.mark.parametrize(("rate", "ok"), [(20_000.0, True), (19_999.0, False)])
def test_without_a_peer_the_rate_itself_must_reach_the_bar(rate: float, ok: bool) -> None:
    assert Line("proofs", rate, "proofs/s", 20_000).ok is ok


@pytest.mark.parametrize(("peer_rate", "ok"), [(100.0, True), (101.0, False)])
def test_beside_a_peer_the_ratio_must_reach_the_bar(peer_rate: float, ok: bool) -> None:
    line = Line("intake", 300.0, "bids/s", 3, "plain nameko", peer_rate)

    assert line.ok is ok
    assert orjson.loads(line.to_json())["ratio"] == pytest.approx(300 / peer_rate, rel=0.01)


def test_one_disturbed_round_does_not_move_the_medians() -> None:
    assert medians([(1000.0, 100.0), (10.0, 1.0), (1010.0, 101.0)]) == (1000.0, 100.0)
