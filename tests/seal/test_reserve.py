"""A sealed reserve: two of three open it, to what was promised and nothing else."""

import hashlib
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.seal.keys import hpke_open, new_hpke_key
from shared.seal.reserve import (
    SealedReserve,
    open_reserve,
    seal_reserve,
    sealed_to,
)
from shared.seal.wire import AUTHORITIES, Authority, SealError, Unreadable, raw
from tests.seal.reserves import (
    AMOUNT,
    LARGEST,
    LOT,
    PAIRS,
    PRIVATE,
    RESERVE,
    SHARES,
    announced,
    failure,
    flipped,
    seal,
    shares_of,
)
from tests.seal.world import dice

FEN = st.integers(1, LARGEST)

# Made in WebCrypto, from the key 00..0f, the salt 20..3f and the coefficient f0..ff; docs/sealed-bids.md has it too.
EXAMPLE = {
    "commitment": "6d8c17984c5bcba83113768663e15650ca7bc3be2edf0cca2bc4c589269bc64c",
    "sealed": "SdaHUUZHurnDqFhLRKSWupGEAQUYR-wXYGwEbaiCymEIWozkNhHlj8ThVBVfltPtI8bClMM-ve0",
    "shares": [
        "dcc953006efb364fbe4d8e7e05d79fca09cc101bd879481aca9754c43a574519",
        "5005854b2d9c7a8074286c287bf4b43c3bca7c219e49e2e1cd6694f402d657ea",
        "a249f8223dedc1ee4ca4f3c9704625a4ca482177fc0adf4eb925619e2d9344f4",
    ],
}


@pytest.mark.parametrize("amount_fen", [1, 2, AMOUNT, LARGEST - 1, LARGEST])
@pytest.mark.parametrize("pair", PAIRS)
def test_any_two_authorities_open_the_reserve(amount_fen: int, pair: tuple[Authority, Authority]) -> None:
    sealed, salt = seal_reserve(LOT, amount_fen, announced(), dice(8))

    assert open_reserve(LOT, sealed, shares_of(sealed, *pair)) == (amount_fen, salt)
    assert len(salt) == 32


@settings(max_examples=50, deadline=None)
@given(amount_fen=FEN, seed=st.integers(0, 2**32), names=st.sampled_from([*PAIRS, *permutations(AUTHORITIES)]))
def test_what_was_sealed_is_what_opens(amount_fen: int, seed: int, names: tuple[Authority, ...]) -> None:
    sealed, salt = seal_reserve(LOT, amount_fen, announced(), dice(seed))

    assert SealedReserve.from_bytes(sealed.to_bytes()) == sealed
    assert open_reserve(LOT, sealed, shares_of(sealed, *names)) == (amount_fen, salt)


@settings(max_examples=50, deadline=None)
@given(one=FEN, other=FEN)
def test_the_length_says_nothing_of_the_amount(one: int, other: int) -> None:
    assert len(seal(one).to_bytes()) == len(seal(other).to_bytes())


@pytest.mark.parametrize("amount_fen", [-1, 0, LARGEST + 1, 2**64])
def test_what_is_no_price_is_not_sealed(amount_fen: int) -> None:
    with pytest.raises(SealError, match="not a price"):
        seal(amount_fen)


@pytest.mark.parametrize("procedure", ["", "a|1", "地块", "x" * 65])
def test_a_name_that_is_no_id_is_not_sealed_for(procedure: str) -> None:
    with pytest.raises(ValueError, match="procedure"):
        seal(procedure=procedure)


def test_a_body_with_two_of_the_keys_is_not_sealed_to() -> None:
    twice = announced({**PRIVATE, "platform": PRIVATE["agency"]})

    with pytest.raises(ValueError, match="open the reserve alone"):
        seal_reserve(LOT, AMOUNT, twice, dice())


def test_wraps_in_another_order_are_no_reserve() -> None:
    shuffled = RESERVE.model_dump() | {"wraps": RESERVE.wraps[::-1]}

    with pytest.raises(ValueError, match="in this order"):
        SealedReserve.model_validate(shuffled)


def test_another_spelling_or_a_field_more_is_no_reserve() -> None:
    with pytest.raises(Unreadable):
        SealedReserve.from_bytes(RESERVE.to_bytes() + b" ")
    with pytest.raises(Unreadable):
        SealedReserve.from_bytes(RESERVE.to_bytes()[:-1] + b',"yuan":"1.00"}')


def test_a_reserve_is_sealed_to_the_announced_keys_of_its_own_procedure() -> None:
    another = announced({**PRIVATE, "supervisor": new_hpke_key(dice(66))})

    assert sealed_to(LOT, RESERVE, announced())
    assert not sealed_to("land-2", RESERVE, announced())
    assert not sealed_to(LOT, RESERVE, another)


@pytest.mark.parametrize("name", AUTHORITIES)
def test_one_authority_alone_opens_nothing_and_the_first_that_gave_none_is_named(name: Authority) -> None:
    fault = failure(RESERVE, {name: SHARES[name]})

    assert fault.whose == next(other for other in AUTHORITIES if other != name)
    assert fault.en == f"the {fault.whose} gave no share of the reserve"
    assert fault.zh.endswith("未提交底价分片")


def test_a_wrong_share_is_passed_over_where_two_are_good_and_named_where_not() -> None:
    wrong: dict[Authority, str] = {**SHARES, "supervisor": flipped(SHARES["supervisor"], 3)}

    assert open_reserve(LOT, RESERVE, wrong) == open_reserve(LOT, RESERVE, SHARES)
    del wrong["agency"]
    fault = failure(RESERVE, wrong)
    assert fault.whose == "supervisor"
    assert "监督部门" in fault.zh


def product(a: int, b: int) -> int:
    """Return a product in GF(256) by shifting and adding (FIPS 197 section 4.2)."""
    total = 0
    for bit in range(8):
        if b >> bit & 1:
            total ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
    return total


def test_the_worked_example_comes_out_byte_for_byte() -> None:
    key, salt, slope = bytes(range(16)), bytes(range(32, 64)), bytes(range(240, 256))
    drawn = iter((key, salt, slope))
    sealed, _ = seal_reserve("land-1", 123_456_789_01, announced(), lambda _: next(drawn))

    promise = f'{{"procedure":"land-1","salt":"{salt.hex()}","v":"ggzy-reserve/v1","yuan":"123456789.01"}}'
    content = (12_345_678_901).to_bytes(8) + salt
    shares = [bytes([*(k ^ product(c, x) for k, c in zip(key, slope, strict=True)), x]) for x in (1, 2, 3)]
    commitments = [
        hashlib.sha256(b"ggzy-reserve/v1|land-1|share|%d\0" % share[-1] + share).hexdigest() for share in shares
    ]

    assert sealed.commitment == hashlib.sha256(promise.encode()).hexdigest() == EXAMPLE["commitment"]
    assert raw(sealed.sealed) == AESGCM(key).encrypt(bytes(12), content, b"ggzy-reserve/v1|land-1")
    assert sealed.sealed == EXAMPLE["sealed"]
    assert list(sealed.shares) == commitments == EXAMPLE["shares"]
    for share, wrap in zip(shares, sealed.wraps, strict=True):
        info = b"ggzy-reserve/v1|land-1|%d" % share[-1]
        assert hpke_open(PRIVATE[wrap.authority], raw(wrap.sealed), info) == share
