"""Every measure works and prints well-formed lines; how fast this machine is now is not looked at."""

import subprocess
import sys
from time import sleep

import orjson
import pytest

from tests.bench.cpu import Taken, compared, taking
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
    assert all(
        line.keys() - {"cpu_ms", "most"} == FIELDS and line["rate"] > 0 and line["unit"].endswith(("s", "share"))
        for line in lines
    )
    assert all((line["peer"] is None) == (line["peer_rate"] is None) == (line["ratio"] is None) for line in lines)
    (intake,) = (line for line in lines if line["name"] == "intake")
    assert intake["cpu_ms"].keys() == {"ours", "peer"}
    assert all(parts["service"] > 0 for parts in intake["cpu_ms"].values())
    assert run.returncode == (0 if all(line["ok"] for line in lines) else 1)


def test_every_peer_is_short_enough_to_be_judged_honest() -> None:
    peers = {path.name: len(path.read_text("utf-8").splitlines()) for path in (ROOT / "tests/bench/peers").glob("*.py")}

    assert {"plain_intake.py", "plain_ledger.py", "plain_opening.py", "eventsourcing_replay.py"} <= peers.keys()
    assert max(peers.values()) < 100


@pytest.mark.system
def test_a_measure_of_an_unknown_name_is_refused_by_name() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench", "speed"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 2
    assert "no such measure: speed" in run.stderr


@pytest.mark.parametrize(("rate", "ok"), [(20_000.0, True), (19_999.0, False)])
def test_without_a_peer_the_rate_itself_must_reach_the_bar(rate: float, ok: bool) -> None:
    assert Line("proofs", rate, "proofs/s", 20_000).ok is ok


@pytest.mark.parametrize(("seconds", "ok"), [(0.5, True), (0.51, False)])
def test_of_what_should_be_small_the_bar_is_the_most(seconds: float, ok: bool) -> None:
    line = Line("auction_seen", seconds, "s", 0.5, most=True)

    assert line.ok is ok
    assert orjson.loads(line.to_json())["most"] is True


@pytest.mark.parametrize(("peer_rate", "ok"), [(100.0, True), (101.0, False)])
def test_beside_a_peer_the_ratio_must_reach_the_bar(peer_rate: float, ok: bool) -> None:
    line = Line("intake", 300.0, "bids/s", 3, "plain nameko", peer_rate)

    assert line.ok is ok
    assert orjson.loads(line.to_json())["ratio"] == pytest.approx(300 / peer_rate, rel=0.01)


def test_what_a_piece_costs_is_the_cpu_time_of_the_processes_named_and_of_the_client() -> None:
    working = subprocess.Popen([sys.executable, "-c", "while True: pass"])

    def wait() -> float:
        sleep(1.0)
        return 2.0

    try:
        taken = taking({"worker": working.pid}, 10, wait)
    finally:
        working.kill()
        working.wait()

    assert taken.rate == 10 / 2.0
    assert 0 < taken.cpu_ms["worker"] <= 1100 / 10
    assert taken.cpu_ms["all"] == taken.cpu_ms["worker"] + taken.cpu_ms["client"]


def test_rounds_beside_those_of_the_peer_become_one_line_of_medians() -> None:
    ours = [Taken(rate, {"all": cost}) for rate, cost in ((300.0, 1.0), (3.0, 9.0), (330.0, 2.0))]
    theirs = [Taken(100.0, {"all": 4.0})]

    line = orjson.loads(compared("intake", "bids/s", 3, "plain nameko", ours=ours, theirs=theirs).to_json())

    assert (line["rate"], line["ratio"], line["ok"]) == (300.0, 3.0, True)
    assert line["cpu_ms"] == {"ours": {"all": 2.0}, "peer": {"all": 4.0}}


def test_one_disturbed_round_does_not_move_the_medians() -> None:
    assert medians([(1000.0, 100.0), (10.0, 1.0), (1010.0, 101.0)]) == (1000.0, 100.0)
