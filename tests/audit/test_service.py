"""The audit as it runs: nameko services on the in-process broker, with a till, a relay and a witness of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.ledger.directory import folder, verify_log
from shared.ledger.keys import ED25519, Signer
from shared.ledger.merkle import leaf_hash
from shared.ledger.policy import parse_policy
from shared.ledger.proof import parse_receipt
from shared.platform import keys
from tests.audit.house import ORIGIN, a_witness

ROOT = Path(__file__).parents[2]


@pytest.mark.system
def test_records_go_from_a_service_through_the_broker_into_the_witnessed_ledger(tmp_path: Path) -> None:
    keyring = keys.Keyring(tmp_path / "data" / "keys")
    keyring.make([keys.LEDGER, keys.EVENTS], lambda count: b"7" * count)
    log = Signer(ORIGIN, ED25519, keyring.secret(keys.LEDGER))

    with a_witness(tmp_path / "w", logs=[log]) as witness:
        command = [sys.executable, "-m", "tests.audit.audit_process", str(tmp_path / "data"), witness]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    assert run.returncode == 0, run.stderr[-4000:]
    seen = json.loads(run.stdout.splitlines()[-1])
    policy = parse_policy(seen["policy"]["answer"]["policy"].encode())
    report = verify_log(folder(tmp_path / "data" / "ledger"), lambda data: policy.check(data).checkpoint)
    assert report.overall == "verified", report
    assert seen["news"]["heads"] == {"till": 600}
    assert seen["news"]["witnesses"] == ["witness.example/w1"]
    assert seen["streams"]["answer"] == {"services": {"till": 600}}
    assert [item["code"] for item in seen["findings"]["answer"]["findings"]] == ["gap"]
    assert seen["findings"]["answer"]["findings"][0]["settled"]
    assert seen["replay"]["answer"]["version"] == 86
    receipt = parse_receipt(seen["proof"]["answer"]["proof"].encode())
    assert receipt.extra is not None
    assert receipt.verify(leaf_hash(receipt.extra), policy).checkpoint.size >= 600
