"""Shares: against published field products, against other implementations' shares, and by property."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.seal.shamir import combine, multiply, split
from tests.seal.world import dice

SECRET = bytes.fromhex("00112233445566778899aabbccddeeff")
# Made once by other implementations from SECRET, 2 of 3: PyPI pyshamir 1.1.0, npm shamir-secret-sharing 0.0.4.
PYSHAMIR = (
    "f5dd1c957cef8c992d6171cceec4d7a729",
    "dd0dbea59aacf5983fdf00413fd12f6d2a",
    "050bfd351e7e819f41c84ccf3ebaf12d23",
)
SHAMIR_SECRET_SHARING = (
    "a44e8c351eb5d7e8194ae8f1a119463516",
    "4a88eeb89e548a3eb5646a8418ffa9a96e",
    "4ef8ae84ccce0c8f681bc8768716d52cf2",
)
SECRETS = st.binary(min_size=16, max_size=16)


def test_products_are_those_published_in_fips_197() -> None:
    assert multiply(0x57, 0x83) == 0xC1
    assert multiply(0x57, 0x13) == 0xFE
    assert multiply(0x57, 0) == multiply(0, 0x57) == 0


def test_a_share_is_the_polynomial_at_its_x() -> None:
    shares = split(b"\x0f", 2, 0x83, lambda size: b"\x57" * size)

    assert shares[0x83 - 1] == bytes([0x0F ^ 0xC1, 0x83])  # secret + 57 * 83, FIPS 197 section 4.2


@pytest.mark.parametrize("shares", [PYSHAMIR, SHAMIR_SECRET_SHARING])
def test_shares_of_other_implementations_combine(shares: tuple[str, ...]) -> None:
    given_shares = [bytes.fromhex(share) for share in shares]

    for pair in combinations(given_shares, 2):
        assert combine(pair) == SECRET


@settings(max_examples=1000, deadline=None)
@given(secret=SECRETS, data=st.data(), seed=st.integers(0, 2**32))
def test_any_k_of_n_shares_give_the_secret_back(secret: bytes, data: st.DataObject, seed: int) -> None:
    count = data.draw(st.integers(2, 9))
    threshold = data.draw(st.integers(2, count))

    shares = split(secret, threshold, count, dice(seed))
    chosen = data.draw(st.permutations(shares))[: data.draw(st.integers(threshold, count))]

    assert combine(chosen) == secret
    assert [share[-1] for share in shares] == list(range(1, count + 1))


@settings(max_examples=1000, deadline=None)
@given(secret=SECRETS, other=SECRETS, seed=st.integers(0, 2**32))
def test_one_share_of_two_fits_every_secret(secret: bytes, other: bytes, seed: int) -> None:
    share = split(secret, 2, 3, dice(seed))[0]

    # x = 1: secret + coefficient. For any other secret there is a coefficient that gives the very same share.
    coefficient = bytes(a ^ b for a, b in zip(share[:-1], other, strict=True))

    assert split(other, 2, 3, lambda _: coefficient)[0] == share


@pytest.mark.parametrize(
    "shares", [[], [b""], [b"ab\x01"], [b"ab\x01", b"cd\x01"], [b"ab\x01", b"cd\x00"], [b"ab\x01", b"c\x02"]]
)
def test_shares_that_no_polynomial_has_are_refused(shares: list[bytes]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - zip's own words for unequal lengths
        combine(shares)


@pytest.mark.parametrize(("threshold", "count"), [(1, 3), (4, 3), (2, 256)])
def test_a_threshold_that_protects_nothing_is_refused(threshold: int, count: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        split(SECRET, threshold, count, dice())
