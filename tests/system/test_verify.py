"""`ggzy verify` on the evidence of a real tender: exit 0 if it verifies, 1 if it does not, 2 if asked wrongly."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.ledger.keys import ED25519, Signer
from tests.system.mischief import flip
from tests.system.reading import ask
from tests.system.scene import Scene

pytestmark = pytest.mark.system


@dataclass(frozen=True)
class Evidence:
    """A tender's bundle, the policy to verify it by, and a copy of the log."""

    bundle: Path
    policy: Path
    log: Path


@pytest.fixture(scope="module")
def evidence(embedded_scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    stage, folder = embedded_scene.stage, tmp_path_factory.mktemp("evidence")
    tender = embedded_scene.tender()
    tender.bid(embedded_scene.companies(1)[0])
    failed = tender.close()
    found = Evidence(folder / "bundle.zip", folder / "policy.txt", stage.data / "ledger")
    found.policy.write_bytes(stage.client.fetch("/api/ledger/policy"))

    def whole() -> bool:
        answer = ask(stage, f"/api/procedures/{tender.procedure}/bundle")
        found.bundle.write_bytes(answer.body)
        return answer.status == 200 and verify(found.bundle, f"--policy={found.policy}")[0] == 0

    assert failed["failure"]["cause"] == "fewer_than_three"
    stage.wait("the evidence", whole)
    return found


def verify(*arguments: object) -> tuple[int, Any]:
    """Run the command; return its exit status and what it answered."""
    command = [sys.executable, "-m", "cli.main", "verify", "--json", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else None


def test_what_is_genuine_verifies(evidence: Evidence) -> None:
    code, told = verify(evidence.bundle, f"--policy={evidence.policy}", f"--log={evidence.log}")

    assert (code, told["verified"]) == (0, True)
    assert [step["number"] for step in told["steps"] if step["ok"] is None] == [4], "the public is given no commands"


def test_the_log_alone_verifies(evidence: Evidence) -> None:
    code, told = verify(f"--log={evidence.log}", f"--policy={evidence.policy}")

    assert (code, told["verified"]) == (0, True)


def test_without_a_policy_the_signer_is_unknown_and_that_is_no_success(evidence: Evidence) -> None:
    code, told = verify(evidence.bundle)

    assert (code, told["verified"]) == (1, False)
    assert "unknown" in told["overall"]


def test_another_installations_policy_does_not_trust_it(evidence: Evidence, tmp_path: Path) -> None:
    other = tmp_path / "policy.txt"
    vkey = Signer("other.example/log", ED25519, bytes(32)).verifier.vkey
    other.write_text(f"log {vkey}\nquorum none\n")

    code, told = verify(evidence.bundle, f"--policy={other}")

    assert (code, told["verified"]) == (1, False)


@pytest.mark.parametrize("change", ["flipped", "cut short", "empty"])
def test_what_was_changed_does_not_verify(evidence: Evidence, tmp_path: Path, change: str) -> None:
    changed = tmp_path / "bundle.zip"
    content = evidence.bundle.read_bytes()
    changed.write_bytes({"flipped": content, "cut short": content[:-7], "empty": b""}[change])
    if change == "flipped":
        flip(changed)

    code, told = verify(changed, f"--policy={evidence.policy}")

    assert (code, told["verified"]) == (1, False)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("/nowhere/bundle.zip",),
        ("{bundle}", "--policy=/nowhere"),
        ("{bundle}", "--policy={bundle}"),
        ("{bundle}", "--vkey=x"),
        ("--log={log}",),
        ("{bundle}", "--no-such-option"),
    ],
)
def test_what_is_asked_wrongly_is_told_apart(evidence: Evidence, arguments: tuple[str, ...]) -> None:
    places = {"bundle": evidence.bundle, "policy": evidence.policy, "log": evidence.log}

    code, _ = verify(*(argument.format(**places) for argument in arguments))

    assert code == 2
