"""`ggzy demo`: one JSON document, evidence that verifies by its own policy alone, and an installation to go on with."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cli.demo.full.step import Evidence
from cli.demo.stage import MARK
from tests.cli.land_contracts import CONTRACTS
from tests.cli.test_commands import document, ggzy
from tests.second.test_agree import VERIFY

pytestmark = pytest.mark.system

OTHERS = {"GGZY_DATABASE": "postgresql+psycopg2://{service}@127.0.0.1:1/none", "GGZY_BROKER": "amqp://127.0.0.1:1"}
"""Settings of another installation in the same shell: the demo must not touch that one."""
COMMAND = (sys.executable, "-m", "cli.main", "demo", "--data")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Play it where an earlier demo was ended half way, and give the answer."""
    data = tmp_path_factory.mktemp("demo") / "data"
    (data / "ledger").mkdir(parents=True)
    for left in (MARK, "clock.json", "ledger/checkpoint"):
        (data / left).write_text("left by an earlier demo")
    made = subprocess.run(
        [*COMMAND, str(data), "--json"], env={**os.environ, **OTHERS}, capture_output=True, timeout=180, check=False
    )
    assert made.returncode == 0, made.stderr.decode()
    told: dict[str, Any] = json.loads(made.stdout)
    return data, told


def test_the_answer_is_one_document_with_each_procedures_end(played: tuple[Path, dict[str, Any]]) -> None:
    data, told = played

    first, second, *lots = told["procedures"]

    assert {"procedure", "bundle", "policy", "events", "winner", "price"} <= set(first)
    assert (first["phase"], first["bidders"], first["winner"]) == ("contracted", 5, "Omsorgspartner AS")
    assert (second["phase"], second["winner"], second["price"]) == ("failed", None, None)
    assert len(lots) == told["land"]["contracts"] == len(CONTRACTS)
    assert {entry["procedure"]: (entry["winner"], entry["price"]) for entry in lots} == CONTRACTS
    for entry in told["procedures"]:
        assert entry["verified"]
        assert Path(entry["bundle"]).is_relative_to(data)
        assert Path(entry["policy"]).is_relative_to(data)


def test_its_evidence_verifies_by_its_policy_and_by_no_other(
    played: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, told = played
    first = told["procedures"][0]
    other = tmp_path / "other.txt"
    other.write_text((Path(__file__).parents[1] / "ledger/example/policy").read_text())

    good = ggzy("verify", first["bundle"], "--policy", first["policy"], "--log", str(data / "ledger"), "--json")
    bad = ggzy("verify", first["bundle"], "--policy", str(other), "--json")

    assert (good.exit_code, document(good)["overall"]) == (0, "verified")
    assert (bad.exit_code, document(bad)["overall"]) == (1, "failed at step 6")


def test_the_second_verifier_says_the_same_of_every_procedure(
    played: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, told = played
    asked = [
        {"bundle": entry["bundle"], "policy": entry["policy"], "log": str(data / "ledger")}
        for entry in told["procedures"]
    ]
    (tmp_path / "list.json").write_text(json.dumps(asked))
    node = shutil.which("node") or pytest.fail("node is missing: install Debian's package nodejs")

    said = subprocess.run(
        [node, VERIFY, "--batch", tmp_path / "list.json"], capture_output=True, encoding="utf-8", check=False
    )

    assert (said.returncode, said.stderr) == (0, "")
    assert [json.loads(line)["overall"] for line in said.stdout.splitlines()] == ["verified"] * len(asked)


def test_what_the_real_notices_lack_is_made_and_marked_as_made(played: tuple[Path, dict[str, Any]]) -> None:
    _, told = played

    for entry in told["procedures"][:2]:
        records = Evidence.of(Path(entry["bundle"]).read_bytes()).records

        (notice,) = [record.data for record in records if record.type == "bidding.tender_announced.v1"]
        assert {"prices", "periods", "currency", "documents"} <= set(notice["draft"]["made"])


def test_its_settings_name_the_ledger_and_witness_that_it_was_made_with(played: tuple[Path, dict[str, Any]]) -> None:
    data, told = played
    read = [
        "bash",
        "-c",
        '. "$0"; ggzy clock show --json; echo "$GGZY_ORIGIN|$GGZY_WITNESSES"',
        str(data / "settings.sh"),
    ]

    clock, _, settings = subprocess.run(read, capture_output=True, check=True, text=True).stdout.rpartition("}\n")

    assert json.loads(clock + "}")["simulated"]
    policy = Path(told["procedures"][0]["policy"]).read_text()
    origin, _, witness = settings.strip().partition("|")
    assert f"log {origin}+" in policy
    assert json.loads(witness)[0].partition("|")[2] in policy


def test_a_demo_that_is_ended_leaves_no_process(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = subprocess.Popen([*COMMAND, str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not (data / "witness.state").exists() and time.monotonic() < until:
        time.sleep(0.1)

    process.send_signal(signal.SIGTERM)

    assert process.wait(40) == 128 + signal.SIGTERM
    assert not [path for path in Path("/proc").glob("[0-9]*/environ") if _names(path, str(data))]


def _names(environ: Path, data: str) -> bool:
    try:
        return f"GGZY_DATA={data}\0".encode() in environ.read_bytes()
    except OSError:
        return False  # another's, or gone
