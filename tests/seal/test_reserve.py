"""A sealed reserve: two of three open it, to what was promised and nothing else; and it is known who was wrong."""

import hashlib
from itertools import combinations, permutations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.seal.envelope import Wrap
from shared.seal.keys import AuthorityKeys, hpke_open, hpke_public, hpke_seal, new_hpke_key
from shared.seal.reserve import (
    ReserveNotOpenable,
    SealedReserve,
    open_reserve,
    open_reserve_share,
    seal_reserve,
    sealed_to,
    share_holds,
)
from shared.seal.wire import AUTHORITIES, Authority, SealError, Unreadable, raw, text
from tests.seal.world import dice

LOT = "land-1"
AMOUNT = 980_000_000_00
LARGEST = 2**53 - 1
FEN = st.integers(1, LARGEST)
PRIVATE: dict[Authority, str] = dict(zip(AUTHORITIES, (new_hpke_key(dice(seed)) for seed in (1, 2, 3)), strict=True))
PAIRS = list(combinations(AUTHORITIES, 2))

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


def announced(private: dict[Authority, str] = PRIVATE) -> AuthorityKeys:
    return AuthorityKeys.model_validate({name: hpke_public(key) for name, key in private.items()})


def seal(amount_fen: int = AMOUNT, procedure: str = LOT, seed: int = 5) -> SealedReserve:
    return seal_reserve(procedure, amount_fen, announced(), dice(seed))[0]


RESERVE = seal()
OTHER = seal(seed=6)


def shares_of(sealed: SealedReserve, *names: Authority) -> dict[Authority, str]:
    return {name: open_reserve_share(PRIVATE[name], sealed.procedure, sealed, name) for name in names or AUTHORITIES}


SHARES = shares_of(RESERVE)


def failure(sealed: SealedReserve, shares: dict[Authority, str], procedure: str = LOT) -> ReserveNotOpenable:
    with pytest.raises(ReserveNotOpenable) as caught:
        open_reserve(procedure, sealed, shares)
    return caught.value


def flipped(encoded: str, place: int) -> str:
    changed = bytearray(raw(encoded))
    changed[place] ^= 1
    return text(bytes(changed))


def dealt(shares: dict[int, bytes], **changes: str) -> tuple[SealedReserve, dict[Authority, str]]:
    """Return a reserve that a seller dealt with shares of its own, well committed to, and those shares."""
    committed = tuple(
        hashlib.sha256(f"ggzy-reserve/v1|{LOT}|share|{index}\0".encode() + share).hexdigest()
        for index, share in shares.items()
    )
    crooked = RESERVE.model_copy(update={"shares": committed, **changes})
    return crooked, dict(zip(AUTHORITIES, map(text, shares.values()), strict=True))


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


@pytest.mark.parametrize("place", range(17))
def test_a_share_with_a_flipped_bit_does_not_hold(place: int) -> None:
    assert share_holds(LOT, RESERVE, "agency", SHARES["agency"])
    assert not share_holds(LOT, RESERVE, "agency", flipped(SHARES["agency"], place))


@pytest.mark.parametrize("share", ["", "A", "!", "底价", text(bytes(16)), text(bytes(18)), text(bytes(17)) + "="])
def test_what_is_no_share_does_not_hold(share: str) -> None:
    assert not share_holds(LOT, RESERVE, "agency", share)


def test_a_share_of_another_authority_lot_or_reserve_does_not_hold() -> None:
    assert not share_holds(LOT, RESERVE, "supervisor", SHARES["agency"])
    assert not share_holds("land-2", RESERVE, "agency", SHARES["agency"])
    assert not share_holds(LOT, OTHER, "agency", SHARES["agency"])
    assert not share_holds(LOT, RESERVE.model_copy(update={"procedure": "land-2"}), "agency", SHARES["agency"])


def test_shares_of_two_reserves_do_not_open_either() -> None:
    mixed: dict[Authority, str] = {"agency": SHARES["agency"], "supervisor": shares_of(OTHER)["supervisor"]}

    assert failure(RESERVE, mixed).whose == "supervisor"
    assert failure(OTHER, mixed).whose == "agency"


def test_a_reserve_of_another_lot_does_not_open_whatever_it_says_of_itself() -> None:
    renamed = RESERVE.model_copy(update={"procedure": "land-2"})

    assert failure(RESERVE, SHARES, "land-2").whose == "seller"
    assert failure(renamed, SHARES, "land-2").whose == "agency"
    for name, private in PRIVATE.items():
        with pytest.raises(ReserveNotOpenable) as caught:
            open_reserve_share(private, "land-2", renamed, name)
        assert caught.value.whose == "seller"


def test_even_the_key_opens_it_for_its_own_lot_alone() -> None:
    shares = {index: bytes([*bytes(16), index]) for index in (1, 2, 3)}  # the key is sixteen zeros
    elsewhere = AESGCM(bytes(16)).encrypt(bytes(12), (1).to_bytes(8) + bytes(32), b"ggzy-reserve/v1|land-2")

    crooked, given_shares = dealt(shares, sealed=text(elsewhere))

    assert failure(crooked, given_shares).en == "the sealed reserve does not open under its key"


def test_a_wrong_private_key_is_no_complaint() -> None:
    with pytest.raises(SealError, match="not the private key") as caught:
        open_reserve_share(PRIVATE["platform"], LOT, RESERVE, "agency")

    assert not isinstance(caught.value, ReserveNotOpenable)


@pytest.mark.parametrize("place", [0, 1, 64, 65, 81, 97])
def test_a_share_wrapped_with_a_flipped_bit_is_the_sellers_fault(place: int) -> None:
    first, *rest = RESERVE.wraps
    broken = first.model_copy(update={"sealed": flipped(first.sealed, place)})

    with pytest.raises(ReserveNotOpenable) as caught:
        open_reserve_share(PRIVATE["agency"], LOT, RESERVE.model_copy(update={"wraps": (broken, *rest)}), "agency")

    assert caught.value.whose == "seller"
    assert "代理机构" in caught.value.zh


def test_a_share_that_opens_but_was_not_committed_to_is_the_sellers_fault() -> None:
    public, share = hpke_public(PRIVATE["agency"]), bytes([*bytes(16), 1])
    sealed = text(hpke_seal(public, share, f"ggzy-reserve/v1|{LOT}|1".encode()))
    lie = Wrap(authority="agency", key=RESERVE.wraps[0].key, sealed=sealed)

    with pytest.raises(ReserveNotOpenable) as caught:
        open_reserve_share(
            PRIVATE["agency"], LOT, RESERVE.model_copy(update={"wraps": (lie, *RESERVE.wraps[1:])}), "agency"
        )

    assert caught.value.whose == "seller"


@pytest.mark.parametrize("place", [0, 7, 8, 39, 40, 55])
def test_a_flipped_bit_of_what_is_sealed_is_found(place: int) -> None:
    fault = failure(RESERVE.model_copy(update={"sealed": flipped(RESERVE.sealed, place)}), SHARES)

    assert (fault.whose, fault.zh) == ("seller", "密封的底价无法解密")


def test_a_price_that_is_not_the_promised_one_is_the_sellers_fault() -> None:
    fault = failure(RESERVE.model_copy(update={"commitment": OTHER.commitment}), SHARES)

    assert (fault.whose, fault.zh) == ("seller", "密封的底价与公告的承诺不符")


@pytest.mark.parametrize("amount", [0, LARGEST + 1, 2**64 - 1])
def test_what_is_no_price_under_a_good_key_is_the_sellers_fault(amount: int) -> None:
    shares = {index: bytes([*bytes(16), index]) for index in (1, 2, 3)}
    sealed = AESGCM(bytes(16)).encrypt(bytes(12), amount.to_bytes(8) + bytes(32), f"ggzy-reserve/v1|{LOT}".encode())

    crooked, given_shares = dealt(shares, sealed=text(sealed))

    assert failure(crooked, given_shares).whose == "seller"


@pytest.mark.parametrize("pair", PAIRS)
def test_shares_off_one_line_open_for_no_pair_so_that_none_can_choose(pair: tuple[Authority, Authority]) -> None:
    honest = {index: raw(SHARES[name]) for index, name in enumerate(AUTHORITIES, start=1)}
    crooked, given_shares = dealt({**honest, 3: bytes([*bytes(16), 3])})

    fault = failure(crooked, {name: given_shares[name] for name in pair})

    assert (fault.whose, fault.zh) == ("seller", "各底价分片与承诺相符，但不属于同一密钥")


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
