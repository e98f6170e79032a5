"""The offline receipt: c2sp.org/tlog-proof v1."""

import pytest

from shared.ledger.errors import BadProof, LedgerFault, Malformed, QuorumNotMet
from shared.ledger.proof import Receipt, parse_receipt
from tests.ledger.factories import WITNESSES, Log, policy
from tests.ledger.test_note import VECTORS

SAMPLE = Log([b"entry %d" % number for number in range(10)])


def receipt(index: int = 7, **changes: object) -> Receipt:
    facts = {
        "index": index,
        "proof": tuple(SAMPLE.prover().inclusion(index, 10)),
        "checkpoint": SAMPLE.note(),
        **changes,
    }
    return Receipt(**facts)  # type: ignore[arg-type] # the changes are a test's own


def test_a_receipt_shows_its_entry_to_whoever_trusts_the_log() -> None:
    data = receipt().encode()

    witnessed = parse_receipt(data).verify(SAMPLE.hashes[7], policy())

    assert witnessed.checkpoint.size == 10
    assert set(witnessed.witnesses) == {"w1", "w2", "w3"}


def test_the_published_shape_is_written() -> None:
    assert Receipt(0, (), b"checkpoint\n").encode().decode() == VECTORS["tlog_proof_format"][0]


def test_a_receipt_is_text_with_the_checkpoint_as_it_is() -> None:
    lines = receipt(extra=b"hall 3").encode().decode().split("\n")

    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra aGFsbCAz", "index 7"]
    assert receipt().encode().endswith(b"\n\n" + SAMPLE.note())


@pytest.mark.parametrize("extra", [None, b"", b"\x00\xff"])
def test_a_receipt_reads_back(extra: bytes | None) -> None:
    made = receipt(extra=extra)

    assert parse_receipt(made.encode()) == made


@pytest.mark.parametrize(
    "change",
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("index 7", "Index 7"),
        ("index 7\n", ""),
        ("index 7\n", "index 7\nAAAA\n"),
        ("index 7\n", "index 7\n\n"),
        ("index 7\n", "index 7\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 63),
        ("c2sp.org", "\ufeffc2sp.org"),
        ("index 7", "extra AB==\nindex 7"),
    ],
)
def test_other_spellings_are_refused(change: tuple[str, str]) -> None:
    text = receipt().encode().decode()

    with pytest.raises(LedgerFault):
        parse_receipt(text.replace(*change, 1).encode()).verify(SAMPLE.hashes[7], policy())


def test_a_receipt_does_not_show_another_entry() -> None:
    with pytest.raises(BadProof):
        receipt().verify(SAMPLE.hashes[6], policy())
    with pytest.raises(BadProof):
        receipt(index=6, proof=receipt().proof).verify(SAMPLE.hashes[7], policy())


def test_a_receipt_needs_the_policys_witnesses() -> None:
    with pytest.raises(QuorumNotMet):
        receipt(checkpoint=SAMPLE.note(witnesses=WITNESSES[:1])).verify(SAMPLE.hashes[7], policy())


@pytest.mark.parametrize("data", [b"", b"\n\n", b"c2sp.org/tlog-proof@v1\n\n", b"\xff\n\n"])
def test_what_is_no_receipt_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_receipt(data)
