"""A log asking its witnesses: what it sends, and what it believes of the answer."""

import pytest

from shared.ledger import checkpoint
from shared.ledger.errors import BadSignature, Malformed, Unsigned
from shared.ledger.witnessing import encode_request, read_cosignatures, read_size
from tests.ledger.factories import TIME, WITNESSES
from tests.ledger.test_witness_core import GROWN, SMALL
from witness.core import parse_request

NOTE = GROWN.note(witnesses=[])
TRUSTED = [witness.verifier for witness in WITNESSES[:2]]
LINES = [checkpoint.cosign(NOTE, witness, TIME).line.encode() for witness in WITNESSES]


def test_a_request_is_what_a_witness_reads() -> None:
    proof = GROWN.prover().consistency(13, 20)

    request = parse_request(encode_request(13, proof, NOTE))

    assert (request.old, request.proof, request.note) == (13, tuple(proof), NOTE)
    assert encode_request(0, [], NOTE) == b"old 0\n\n" + NOTE


def test_trusted_cosignatures_are_taken_and_strangers_left_out() -> None:
    found = read_cosignatures(b"".join(LINES), NOTE, TRUSTED)

    assert [signature.name for signature in found] == ["witness.example/w1", "witness.example/w2"]
    assert checkpoint.with_cosignatures(NOTE, found) == GROWN.note(witnesses=WITNESSES[:2])


def test_an_answer_without_a_trusted_cosignature_is_of_no_use() -> None:
    for answer in (b"", LINES[2]):
        with pytest.raises(Unsigned):
            read_cosignatures(answer, NOTE, TRUSTED)


def test_a_cosignature_of_another_checkpoint_is_refused() -> None:
    with pytest.raises(BadSignature):
        read_cosignatures(LINES[0], SMALL.note(witnesses=[]), TRUSTED)


@pytest.mark.parametrize("answer", [LINES[0][:-1], b"\n", b"cosigned\n", LINES[0] + b"\n"])
def test_an_answer_that_is_not_signature_lines_is_refused(answer: bytes) -> None:
    with pytest.raises(Malformed):
        read_cosignatures(answer, NOTE, TRUSTED)


def test_the_size_that_a_witness_tells_is_read() -> None:
    assert read_size(b"13\n") == 13
    for answer in (b"13", b"013\n", b"\n", b"13\n\n", b"-1\n"):
        with pytest.raises(Malformed):
            read_size(answer)
