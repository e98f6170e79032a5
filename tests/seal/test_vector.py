"""The published vector: computed parts byte for byte, sealed parts by opening, and all of it again in WebCrypto."""

import hashlib
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from shared.seal.body import Opened, key_of
from shared.seal.credential import Credential, Delivery, token_of, verify_credential, verify_delivery
from shared.seal.envelope import Envelope, check_announced, check_key, check_share, open_share
from shared.seal.keys import AnnouncedKeys, BidderKeyFile
from shared.seal.opening import plan, unseal
from shared.seal.receipt import Receipt, verify_receipt
from shared.seal.recovery import Recovered
from shared.seal.sealed import Cover, Submit, Withdraw, open_meaning
from shared.seal.statement import signature_holds
from shared.seal.wire import AUTHORITIES, raw
from tests.seal import make_vector

VECTOR: dict[str, Any] = json.loads(make_vector.FILE.read_text(encoding="utf-8"))
GIVEN, COMPUTED, SEALED = VECTOR["given"], VECTOR["computed"], VECTOR["sealed"]
ENVELOPE = Envelope.from_bytes(SEALED["envelope"].encode())
ANNOUNCED = AnnouncedKeys.from_bytes(COMPUTED["announced_keys"].encode())


def test_what_is_computed_comes_out_byte_for_byte() -> None:
    assert make_vector.given() == GIVEN
    assert make_vector.computed() == COMPUTED


def test_every_share_opens_and_matches_its_commitment() -> None:
    check_announced(ENVELOPE, ANNOUNCED)

    for index, authority in enumerate(AUTHORITIES, start=1):
        share = open_share(GIVEN["hpke_private_keys"][authority], ENVELOPE, index)
        assert share == raw(COMPUTED["shares"][index - 1])
        assert check_share(ENVELOPE, index, share)


def test_the_body_opens_to_the_statement_and_documents() -> None:
    ciphertext, sink = raw(SEALED["body"]), io.BytesIO()
    k_b = raw(BidderKeyFile.from_bytes(SEALED["bidder_key_file"].encode()).k_b)
    assert check_key(ENVELOPE, k_b)

    planned = plan(ENVELOPE, ANNOUNCED, k_b, {1: raw(COMPUTED["shares"][0]), 3: raw(COMPUTED["shares"][2])})
    assert isinstance(planned, Recovered)
    outcome = unseal(io.BytesIO(ciphertext), sink, planned.key, ENVELOPE)

    assert isinstance(outcome, Opened)
    assert planned.key == raw(COMPUTED["body_key"]) == key_of(raw(GIVEN["k_b"]), raw(GIVEN["k_a"]))
    assert outcome.statement.to_bytes().decode() == COMPUTED["statement"]
    assert signature_holds(outcome.statement)
    assert sink.getvalue().endswith(b"".join(raw(content) for content in GIVEN["documents"].values()))


def test_every_message_opens_to_its_kind() -> None:
    kinds = {
        "submit": Submit(envelope=ENVELOPE, replaces=None),
        "withdraw": Withdraw(replaces="bid-0001"),
        "cover": Cover(),
    }

    for kind, meaning in kinds.items():
        message = raw(SEALED["messages"][kind])
        private = GIVEN["hpke_private_keys"]["meaning"]
        assert open_meaning(private, ENVELOPE.tender, ENVELOPE.token, message) == meaning


def test_every_paper_holds() -> None:
    public = COMPUTED["signing_public_keys"]
    credential = Credential.from_bytes(COMPUTED["credential"].encode())
    message = raw(SEALED["messages"]["submit"])

    verify_credential(credential, public["registry"], ENVELOPE.tender, make_vector.UNTIL)
    verify_delivery(Delivery.from_bytes(SEALED["delivery"].encode()), credential, message)
    verify_receipt(Receipt.from_bytes(SEALED["receipt"].encode()), public["door"], message)

    assert token_of(raw(COMPUTED["k_t"]), make_vector.PARTY) == credential.token == ENVELOPE.token


def test_the_body_is_the_one_that_the_envelope_names() -> None:
    assert hashlib.sha256(raw(SEALED["body"])).hexdigest() == ENVELOPE.body.sha256


@pytest.mark.system
def test_an_implementation_in_webcrypto_agrees() -> None:
    node = shutil.which("node")
    assert node, "node stands for a browser's WebCrypto here: deploy/install.sh installs Debian's"
    script = Path(__file__).with_name("check_vector.mjs")

    ran = subprocess.run([node, script, make_vector.FILE], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 failed" in ran.stdout
