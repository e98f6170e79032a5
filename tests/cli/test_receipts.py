"""Receipts offline: a true one verifies, and no byte of it can be changed."""

import json
import random
from typing import Any

import pytest

from cli import receipts
from shared.ledger.errors import BadProof
from shared.ledger.leaf import Leaf
from shared.ledger.policy import Policy
from shared.ledger.tiles import WIDTH
from shared.seal.keys import new_signing_key, signing_public
from shared.seal.receipt import issue_receipt
from shared.seal.wire import text
from tests.cli.door import NOW, PLATFORM
from tests.ledger.factories import LOG, POLICY_TEXT, Log, policy
from tests.seal.world import TOKEN, dice

SEALED = b"sealed message"
DIGEST = "ab" * 32
KEY = signing_public(PLATFORM)
ALL_WITNESSES = policy(POLICY_TEXT.replace("bodies 2 ", "bodies all "))
"""So that no signature line is one too many, whose loss nobody would notice."""


def _log(size: int = 600, position: int = 250, digest: str = DIGEST) -> Log:
    """Return a log in which bidding and another office take turns; bidding's `position` is the receipt's record."""
    log = Log()
    for index in range(size):
        service, number = ("bidding", "registry")[index % 2], index // 2 + 1
        is_it = (service, number) == ("bidding", position)
        log.entries.append(Leaf(service, number, "cd" * 32, digest if is_it else "ef" * 32).encode())
    return log


def _message(position: int = 250) -> dict[str, Any]:
    receipt = issue_receipt(
        PLATFORM,
        service="bidding",
        procedure="p1",
        token=TOKEN,
        sealed=SEALED,
        received_at=NOW,
        position=position,
        record_digest=DIGEST,
    )
    return {"receipt": receipt.model_dump(mode="json"), "sealed": text(SEALED)}


def _file(log: Log | None = None) -> bytes:
    files = (log or _log()).files()
    found = receipts.find(_message()["receipt"], files.get)
    assert found is not None
    return json.dumps(receipts.make_file(_message(), KEY, found)).encode()


def test_a_true_receipt_verifies_under_the_verifiers_own_policy() -> None:
    report = receipts.verify(_file(), policy(), KEY)

    assert report.overall == "verified"
    assert [step.ok for step in report.steps] == [True] * 4


def test_without_a_policy_the_signer_is_unknown() -> None:
    report = receipts.verify(_file(), None, KEY)

    assert report.overall == "consistent, signer unknown"
    assert not report.complete


def test_with_the_files_own_platform_key_the_signer_is_unknown() -> None:
    report = receipts.verify(_file(), policy())

    assert [step.ok for step in report.steps] == [True] * 4
    assert report.overall == "consistent, signer unknown"


def test_the_entry_is_found_where_the_log_says_it_is() -> None:
    found = receipts.find(_message()["receipt"], _log().files().get)

    assert found is not None
    assert found.proof.index == 498


@pytest.mark.parametrize("size", [1, 255, 256, 257, 513])
def test_it_is_found_at_every_edge_of_a_tile(size: int) -> None:
    position = (size + 1) // 2
    log = _log(size, position)

    found = receipts.find(_message(position)["receipt"], log.files().get)

    assert found is not None
    assert found.proof.index == 2 * (position - 1)


def test_a_full_bundle_may_stand_for_the_partial_one() -> None:
    files = _log(WIDTH - 1, 100).files()
    full = _log(WIDTH, 100).files()
    partial = [path for path in files if ".p/" in path]
    for path in partial:
        del files[path]
    files |= {path: data for path, data in full.items() if path != "checkpoint"}

    assert receipts.find(_message(100)["receipt"], files.get) is not None


def test_what_no_checkpoint_holds_yet_is_not_found() -> None:
    assert receipts.find(_message(301)["receipt"], _log().files().get) is None
    assert receipts.find(_message()["receipt"], lambda _path: None) is None


def test_another_record_in_its_place_is_an_alarm() -> None:
    with pytest.raises(BadProof, match="another record at this position"):
        receipts.find(_message()["receipt"], _log(digest="12" * 32).files().get)


def test_a_receipt_without_a_proof_yet_is_not_verified() -> None:
    data = json.dumps(receipts.make_file(_message(), KEY, None)).encode()

    report = receipts.verify(data, policy(), KEY)

    assert [step.ok for step in report.steps] == [True, True, None, None]
    assert report.overall != "verified"


def test_another_platforms_key_does_not_verify() -> None:
    report = receipts.verify(_file(), policy(), signing_public(new_signing_key(dice(9))))

    assert report.overall == "failed at step 2"


def test_a_log_without_its_witnesses_does_not_meet_the_policy() -> None:
    lonely = policy(f"log {LOG.verifier.vkey}\nquorum none\n")
    data = json.loads(_file())
    data["proof"] = "\n".join(line for line in data["proof"].split("\n") if "witness" not in line)

    assert receipts.verify(json.dumps(data).encode(), lonely, KEY).overall == "verified"
    assert receipts.verify(json.dumps(data).encode(), policy(), KEY).overall == "failed at step 4"


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"v": 1}', b"null"])
def test_what_is_no_receipt_fails_at_the_first_step(data: bytes) -> None:
    assert receipts.verify(data, policy(), KEY).overall == "failed at step 1"


@pytest.mark.parametrize("seed", range(60))
def test_no_changed_byte_verifies(seed: int) -> None:
    true, chance = _file(), random.Random(seed)
    changed = bytearray(true)
    at = chance.randrange(len(changed))
    changed[at] ^= 1 << chance.randrange(8)

    report = receipts.verify(bytes(changed), ALL_WITNESSES, KEY)

    assert report.overall != "verified" or _says_the_same(bytes(changed), true)


def _says_the_same(one: bytes, other: bytes) -> bool:
    """Whether two files differ only in what nobody vouches for: the platform's key named in them, and white space."""
    kept = [
        {name: value for name, value in json.loads(data).items() if name != "platform_key"} for data in (one, other)
    ]
    return bool(kept[0] == kept[1])


def test_an_empty_policy_trusts_nobody() -> None:
    assert receipts.verify(_file(), Policy(), KEY).overall == "failed at step 4"
