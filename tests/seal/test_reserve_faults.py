"""A sealed reserve that does not open: a share that does not hold is its authority's fault, the rest the seller's."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.seal.envelope import Wrap
from shared.seal.keys import hpke_public, hpke_seal
from shared.seal.reserve import (
    ReserveNotOpenable,
    open_reserve_share,
    share_holds,
)
from shared.seal.wire import AUTHORITIES, Authority, SealError, raw, text
from tests.seal.reserves import LARGEST, LOT, OTHER, PAIRS, PRIVATE, RESERVE, SHARES, dealt, failure, flipped, shares_of


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
