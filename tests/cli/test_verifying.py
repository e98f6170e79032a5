"""`verify` and `policy` as people call them: numbered steps, and never more said than was shown."""

import shutil
from pathlib import Path

import pytest

from cli.files import read_policy, receipt_key_in
from shared.ledger.bundle import make
from tests.cli.door import Door
from tests.cli.test_commands import REAL, document, ggzy
from tests.ledger.factories import LOG, POLICY_TEXT, evidence, ledger, records
from tests.ledger.factories import policy as policy_of

TESSERA = Path(__file__).parent.parent / "vectors" / "tlog-tiles" / "log"
TESSERA_KEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    stream = records(5)
    path = tmp_path / "p1.zip"
    path.write_bytes(make(evidence(stream, ledger(stream))))
    return path


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy"
    path.write_text(POLICY_TEXT)
    return path


def _folder(tmp_path: Path) -> Path:
    for name, data in ledger(records(5)).files().items():
        path = tmp_path / "log" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "log"


def test_a_bundle_verifies_with_the_verifiers_policy_and_the_whole_log(
    bundle: Path, policy: Path, tmp_path: Path
) -> None:
    told = ggzy("verify", str(bundle), "--policy", str(policy), "--log", str(_folder(tmp_path)))

    assert told.exit_code == 0
    assert "核验通过" in told.stdout
    assert [line[2] for line in told.stdout.splitlines() if line[:1] in "✓–✗"] == list("1234567")[:7]


def test_without_a_policy_a_bundle_is_consistent_and_no_more(bundle: Path) -> None:
    data = ggzy("verify", str(bundle), "--json")

    assert data.exit_code == 1
    assert document(data)["overall"] == "consistent, signer unknown"
    assert document(data)["verified"] is False


def test_a_changed_bundle_fails_at_a_numbered_step(bundle: Path, policy: Path) -> None:
    changed = bytearray(bundle.read_bytes())
    changed[len(changed) // 2] ^= 1
    bundle.write_bytes(changed)

    data = ggzy("verify", str(bundle), "--policy", str(policy), "--json")

    assert data.exit_code == 1
    assert document(data)["overall"].startswith("failed at step")


def test_any_log_of_tiles_verifies_by_its_key(tmp_path: Path) -> None:
    data = ggzy("verify", "--log", str(_folder(tmp_path)), "--vkey", LOG.verifier.vkey, "--json")

    assert data.exit_code == 0
    assert document(data)["overall"] == "verified"


def test_a_log_that_another_program_wrote_and_signed_verifies_by_its_key_alone() -> None:
    good = ggzy("verify", "--log", str(TESSERA), "--vkey", TESSERA_KEY, "--json")
    unknown = ggzy("verify", "--log", str(TESSERA), "--vkey", LOG.verifier.vkey, "--json")

    assert (good.exit_code, document(good)["overall"]) == (0, "verified")
    assert (unknown.exit_code, document(unknown)["overall"]) == (1, "failed at step 1")


@pytest.mark.parametrize(("name", "step"), [("checkpoint", 1), ("tile/0/000.p/15", 3), ("tile/entries/000.p/15", 3)])
def test_what_is_changed_in_another_programs_log_is_named_at_its_step(name: str, step: int, tmp_path: Path) -> None:
    file = shutil.copytree(TESSERA, tmp_path / "log") / name
    file.write_bytes(file.read_bytes().replace(b"o", b"0").replace(b"\x01", b"\x02"))

    data = ggzy("verify", "--log", str(tmp_path / "log"), "--vkey", TESSERA_KEY, "--json")

    assert (data.exit_code, document(data)["overall"]) == (1, f"failed at step {step}")


def test_a_policy_that_is_none_is_misuse(bundle: Path) -> None:
    assert ggzy("verify", str(bundle), "--policy", REAL).exit_code == 2


def test_the_platforms_own_policy_comes_with_a_warning(door: Door, tmp_path: Path) -> None:
    door.files["/api/ledger/policy"] = POLICY_TEXT.encode()
    out = tmp_path / "saved"

    told = ggzy("policy", "-o", str(out), "--url", door.url)

    assert told.exit_code == 0
    assert "平台以外的渠道" in told.stderr
    assert out.read_text() == POLICY_TEXT


def test_a_saved_policy_also_names_the_key_that_receipts_are_checked_with(door: Door, tmp_path: Path) -> None:
    door.files["/api/ledger/policy"] = POLICY_TEXT.encode()
    door.pages["/api/keys"] = {"receipts": "KEY", "credentials": "OTHER"}
    out = tmp_path / "saved"

    ggzy("policy", "-o", str(out), "--url", door.url)

    assert receipt_key_in(out) == "KEY"
    assert read_policy(out) == policy_of()
