"""A sealed maximum opens for its lot, its bidder and its commitment, and for nothing else."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.seal.keys import hpke_open, hpke_public, hpke_seal, new_hpke_key
from shared.seal.proxy import commit_maximum, open_maximum, seal_maximum
from shared.seal.wire import SealError, raw, text
from tests.seal.world import dice

LOT, NUMBER = "land-1", "100200"
PRIVATE = new_hpke_key(dice(1))
PUBLIC = hpke_public(PRIVATE)
LARGEST = 2**53 - 1
FEN = st.integers(1, LARGEST)
AMOUNT = 500_000_000_00
EXAMPLE = "95e53c77d2ac3754b20899e3328752f393e5d33d3bdd1b7e077b73fb9e7d37dd"
"""Made in WebCrypto from the salt 00..1f; docs/sealed-bids.md has it too."""

COMMITMENT, SEALED = seal_maximum(LOT, NUMBER, AMOUNT, PUBLIC, dice(2))


@settings(max_examples=100, deadline=None)
@given(amount_fen=FEN | st.sampled_from([1, LARGEST]), seed=st.integers(0, 2**32))
def test_what_was_sealed_is_what_opens_and_its_length_says_nothing(amount_fen: int, seed: int) -> None:
    commitment, sealed = seal_maximum(LOT, NUMBER, amount_fen, PUBLIC, dice(seed))

    assert open_maximum(PRIVATE, LOT, NUMBER, commitment, sealed) == amount_fen
    assert len(raw(sealed)) == 121


@pytest.mark.parametrize("amount_fen", [-1, 0, LARGEST + 1, 2**64])
def test_what_is_no_price_is_not_sealed(amount_fen: int) -> None:
    with pytest.raises(SealError, match="not a price"):
        seal_maximum(LOT, NUMBER, amount_fen, PUBLIC, dice())


def test_what_is_no_key_is_not_sealed_to() -> None:
    with pytest.raises(SealError, match="not a P-256 public key"):
        seal_maximum(LOT, NUMBER, AMOUNT, text(bytes(65)), dice())


@pytest.mark.parametrize(
    ("private", "lot", "number"),
    [(new_hpke_key(dice(9)), LOT, NUMBER), (PRIVATE, "land-2", NUMBER), (PRIVATE, LOT, "100201")],
)
def test_it_opens_for_its_key_lot_and_bidder_only(private: str, lot: str, number: str) -> None:
    with pytest.raises(SealError, match="does not open"):
        open_maximum(private, lot, number, COMMITMENT, SEALED)


@settings(max_examples=50, deadline=None)
@given(place=st.integers(0, len(raw(SEALED)) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_found(place: int, bit: int) -> None:
    changed = bytearray(raw(SEALED))
    changed[place] ^= 1 << bit

    with pytest.raises(SealError):
        open_maximum(PRIVATE, LOT, NUMBER, COMMITMENT, text(bytes(changed)))


@pytest.mark.parametrize("sealed", ["", "!", "最高价", SEALED[:-2], SEALED + "AA", text(bytes(len(raw(SEALED))))])
def test_rubbish_is_refused(sealed: str) -> None:
    with pytest.raises(SealError):
        open_maximum(PRIVATE, LOT, NUMBER, COMMITMENT, sealed)


def test_a_maximum_that_was_not_committed_to_is_refused() -> None:
    other, _ = seal_maximum(LOT, NUMBER, AMOUNT + 1, PUBLIC, dice(2))

    for commitment in (other, COMMITMENT.upper(), "", "承诺"):
        with pytest.raises(SealError, match="committed"):
            open_maximum(PRIVATE, LOT, NUMBER, commitment, SEALED)


@pytest.mark.parametrize("content", [bytes(40), (LARGEST + 1).to_bytes(8) + bytes(32), b"\0" * 7 + b"\1", b""])
def test_what_is_no_price_under_a_good_key_is_refused(content: bytes) -> None:
    sealed = text(hpke_seal(PUBLIC, content, f"ggzy-proxy/v1|{LOT}|{NUMBER}".encode()))

    with pytest.raises(SealError):
        open_maximum(PRIVATE, LOT, NUMBER, COMMITMENT, sealed)


def test_the_worked_example_comes_out_byte_for_byte() -> None:
    salt = bytes(range(32))
    said = f'{{"number":"100200","procedure":"land-1","salt":"{salt.hex()}","v":"ggzy-proxy/v1","yuan":"5000000.05"}}'

    commitment, sealed = seal_maximum("land-1", "100200", 500_000_005, PUBLIC, lambda size: bytes(range(size)))

    assert commitment == hashlib.sha256(said.encode()).hexdigest() == EXAMPLE
    assert commitment == commit_maximum("land-1", "100200", 500_000_005, salt)
    assert hpke_open(PRIVATE, raw(sealed), b"ggzy-proxy/v1|land-1|100200") == (500_000_005).to_bytes(8) + salt
