"""A sealed price: what was promised opens it, and nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.seal.promise import commit, opens

SALT = bytes(range(32))
FEN = st.integers(0, 2**53 - 1)


def test_a_commitment_is_the_hash_of_these_canonical_bytes() -> None:
    body = f'{{"procedure":"tender-1","salt":"{SALT.hex()}","v":"ggzy-reserve/v1","yuan":"98000000.00"}}'

    assert commit("tender-1", 98_000_000_00, SALT) == hashlib.sha256(body.encode()).hexdigest()


def test_amount_salt_and_procedure_open_it_and_a_fen_more_does_not() -> None:
    promised = commit("tender-1", 100, SALT)

    assert opens(promised, "tender-1", 100, SALT)
    assert not opens(promised, "tender-1", 101, SALT)
    assert not opens(promised, "tender-2", 100, SALT)
    assert not opens(promised, "tender-1", 100, SALT[::-1])
    assert not opens(promised, "tender-1", 100, SALT[:15])


def test_a_salt_that_could_be_tried_out_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        commit("tender-1", 100, SALT[:15])


@given(FEN, FEN, st.binary(min_size=16, max_size=64), st.binary(min_size=16, max_size=64))
def test_two_promises_are_the_same_only_if_all_in_them_is(one: int, two: int, salt: bytes, other: bytes) -> None:
    assert opens(commit("p", one, salt), "p", two, other) == ((one, salt) == (two, other))
