"""A sealed price: what it hides, what it is bound to, and that neither bidder nor authorities open it alone."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.kernel.canonical import MAX_INTEGER
from shared.seal.envelope import check_announced, open_share
from shared.seal.faults import Code, NotOpenable, Whose
from shared.seal.keys import AnnouncedKeys, AuthorityKeys, BidderKeyFile, hpke_public, new_hpke_key
from shared.seal.price import (
    Offered,
    SealedPrice,
    open_price,
    open_price_meaning,
    papers_hold,
    price_ids,
    seal_price,
    seal_price_meaning,
)
from shared.seal.recovery import HandedIn, recover_key
from shared.seal.sealed import SEALED_SIZE, Withdraw
from shared.seal.wire import AUTHORITIES, SealError, raw, text
from tests.seal.world import TOKEN, dice

LOT = "land-1"
PRIVATE = dict(zip(("meaning", *AUTHORITIES), (new_hpke_key(dice(seed)) for seed in range(4)), strict=True))
SEATS = AuthorityKeys(**{name: hpke_public(PRIVATE[name]) for name in AUTHORITIES})
KEYS = AnnouncedKeys(tender=LOT, meaning=hpke_public(PRIVATE["meaning"]), authorities=SEATS)
OTHER_KEYS = KEYS.model_copy(update={"tender": "land-2"})


def seal(amount_fen: int = 980_000_00, token: str = TOKEN, seed: int = 5) -> tuple[SealedPrice, BidderKeyFile]:
    return seal_price(price_ids(LOT, "bid-1", token), amount_fen, KEYS, dice(seed))


def shares_of(price: SealedPrice, *indexes: int) -> HandedIn:
    return {index: open_share(PRIVATE[AUTHORITIES[index - 1]], price, index) for index in indexes}


@settings(max_examples=25)
@given(st.integers(1, MAX_INTEGER), st.sampled_from(list(combinations((1, 2, 3), 2))))
def test_the_bidder_and_any_two_authorities_open_it(amount_fen: int, two: tuple[int, int]) -> None:
    price, file = seal(amount_fen)

    key = recover_key(price, raw(file.k_b), shares_of(price, *two)).key

    assert open_price(price, key) == amount_fen


def test_all_authorities_without_the_bidder_open_nothing_nor_does_the_bidder_with_one() -> None:
    price, file = seal()

    with pytest.raises(NotOpenable) as without:
        recover_key(price, None, shares_of(price, 1, 2, 3))
    with pytest.raises(NotOpenable) as alone:
        recover_key(price, raw(file.k_b), shares_of(price, 2))

    assert without.value.fault.code is Code.BIDDER_KEY_MISSING
    assert alone.value.fault.whose is Whose.AUTHORITY


@pytest.mark.parametrize("part", ["k_b", "k_a"])
def test_half_a_key_is_no_key(part: str) -> None:
    price, file = seal()
    whole = recover_key(price, raw(file.k_b), shares_of(price, 1, 2)).key
    half = raw(file.k_b) if part == "k_b" else bytes(a ^ b for a, b in zip(whole, raw(file.k_b), strict=True))

    with pytest.raises(NotOpenable) as no:
        open_price(price, half)

    assert no.value.fault.code is Code.BODY_UNDECRYPTABLE


def test_every_amount_and_every_meaning_has_one_length() -> None:
    (low, _), (high, _) = seal(1), seal(MAX_INTEGER)
    meanings = (Offered(envelope=low, replaces=None), Offered(envelope=low, replaces="b" * 64), Withdraw(replaces="x"))

    assert len(low.to_bytes()) == len(high.to_bytes())
    assert {len(seal_price_meaning(KEYS, TOKEN, meaning)) for meaning in meanings} == {SEALED_SIZE}


def test_a_price_is_bound_to_its_procedure_and_its_bidder() -> None:
    price, file = seal()
    sealed = seal_price_meaning(KEYS, TOKEN, Offered(envelope=price, replaces=None))
    key = recover_key(price, raw(file.k_b), shares_of(price, 1, 2)).key
    copied = price.model_copy(update={"token": "b" * 64})
    stolen = seal_price_meaning(KEYS, "b" * 64, Offered(envelope=price, replaces=None))

    assert open_price_meaning(PRIVATE["meaning"], LOT, TOKEN, sealed) == Offered(envelope=price, replaces=None)
    for procedure, token in (("land-2", TOKEN), (LOT, "b" * 64)):
        with pytest.raises(NotOpenable):
            open_price_meaning(PRIVATE["meaning"], procedure, token, sealed)
    with pytest.raises(NotOpenable) as another:
        open_price_meaning(PRIVATE["meaning"], LOT, "b" * 64, stolen)
    with pytest.raises(NotOpenable):
        open_price(copied, key)
    with pytest.raises(NotOpenable):
        check_announced(price, OTHER_KEYS)
    assert another.value.fault.code is Code.MEANING_OF_ANOTHER


def test_whoever_changes_what_is_sealed_changes_no_price() -> None:
    price, file = seal()
    key = recover_key(price, raw(file.k_b), shares_of(price, 1, 2)).key
    body = bytearray(raw(price.sealed))
    body[7] ^= 1

    with pytest.raises(NotOpenable):
        open_price(price.model_copy(update={"sealed": text(bytes(body))}), key)


@pytest.mark.parametrize("amount_fen", [0, -1, MAX_INTEGER + 1])
def test_what_is_no_price_is_not_sealed(amount_fen: int) -> None:
    with pytest.raises(SealError):
        seal(amount_fen)


def test_a_price_is_not_sealed_to_the_keys_of_another_procedure() -> None:
    with pytest.raises(SealError):
        seal_price(price_ids(LOT, "bid-1", TOKEN), 1, OTHER_KEYS, dice(5))


def test_documents_are_bound_to_the_price_and_to_nothing_that_can_be_guessed_without_the_bidders_half() -> None:
    digest, other = bytes(32), b"\1" * 32
    ids = price_ids(LOT, "bid-1", TOKEN)

    price, file = seal_price(ids, 980_000_00, KEYS, dice(5), digest)
    again, _ = seal_price(ids, 980_000_00, KEYS, dice(6), digest)

    assert papers_hold(price, raw(file.k_b), digest)
    assert not papers_hold(price, raw(file.k_b), other)
    assert not papers_hold(price, bytes(16), digest)
    assert price.papers != again.papers


def test_a_price_without_documents_has_the_bytes_that_it_always_had() -> None:
    price, file = seal()

    assert b"papers" not in price.to_bytes()
    assert not papers_hold(price, raw(file.k_b), bytes(32))
