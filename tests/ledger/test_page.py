"""docs/ledger.md says what the code does: its worked example is made again, value by value."""

import re

from shared.ledger.directory import folder, signed_by, verify_log
from shared.ledger.policy import parse_policy
from shared.ledger.proof import parse_receipt
from shared.ledger.verify import verify_bundle
from tests.ledger.example import FOLDER, LEAVES, PAGE, RECORDS, files, shown
from tests.ledger.factories import LOG

BLOCK = re.compile(r"```text ([a-z-]+)\n(.*?)\n```", re.DOTALL)


def test_the_pages_example_is_what_the_code_makes() -> None:
    assert dict(BLOCK.findall(PAGE.read_text("utf-8"))) == shown()


def test_the_examples_files_are_what_the_code_makes() -> None:
    stored = {str(path.relative_to(FOLDER)): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}

    assert stored == files()


def test_the_examples_files_are_verified() -> None:
    policy = parse_policy((FOLDER / "policy").read_bytes())
    log = folder(FOLDER / "log")

    assert verify_bundle((FOLDER / "bundle.zip").read_bytes(), policy, log).overall == "verified"
    assert verify_log(log, signed_by(LOG.verifier.vkey)).overall == "verified"
    receipt = parse_receipt((FOLDER / "receipt.tlog-proof").read_bytes())
    assert receipt.verify(LEAVES[0].hash(), policy).checkpoint.size == len(RECORDS) + 1
