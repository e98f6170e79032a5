"""The threats that sealed bids are built against, one test each."""

import hashlib
import io

import pytest

from shared.seal.body import Body, open_body, sealed_size
from shared.seal.credential import sign_delivery
from shared.seal.envelope import check_announced, open_share
from shared.seal.faults import Code, Fault, NotOpenable, Whose
from shared.seal.keys import new_signing_key
from shared.seal.opening import NotOpened, plan, unseal
from shared.seal.recovery import judge_share, recover_key
from shared.seal.sealed import Cover, Submit, Withdraw, seal_meaning
from shared.seal.wire import BidIds
from tests.seal.world import TENDER, TOKEN, dice, sealed_bid, tender

AT = tender()
BID = sealed_bid(AT)


def opening_of(ciphertext: bytes, expected: BidIds, body: Body, key: bytes = BID.key) -> Fault:
    with pytest.raises(NotOpenable) as caught:
        open_body(io.BytesIO(ciphertext), io.BytesIO(), key, expected, body)
    return caught.value.fault


@pytest.mark.parametrize("name", ["tender", "lot", "bid", "token"])
def test_a_ciphertext_replayed_under_other_ids_does_not_open(name: str) -> None:
    elsewhere = BID.envelope.model_copy(update={name: "another"})

    fault = opening_of(BID.ciphertext, elsewhere, BID.envelope.body)

    assert fault.code is Code.BODY_UNDECRYPTABLE


def test_shares_swapped_between_bids_do_not_open() -> None:
    other = sealed_bid(AT, seed=2, bid="bid-2")
    mixed = other.envelope.model_copy(update={"wraps": BID.envelope.wraps})

    for index, private in AT.private.items():
        with pytest.raises(NotOpenable) as caught:
            open_share(private, mixed, index)
        assert caught.value.fault.code is Code.SHARE_RUBBISH
    with pytest.raises(NotOpenable):
        recover_key(BID.envelope, BID.k_b, {1: BID.shares[1], 2: other.shares[2]})


def test_shares_swapped_between_authorities_do_not_open() -> None:
    first, second, third = BID.envelope.wraps
    swapped = first.model_copy(update={"sealed": second.sealed}), second.model_copy(update={"sealed": first.sealed})
    envelope = BID.envelope.model_copy(update={"wraps": (*swapped, third)})

    for index in (1, 2):
        with pytest.raises(NotOpenable):
            open_share(AT.private[index], envelope, index)


def test_one_authority_and_the_bidder_open_nothing() -> None:
    for index, share in BID.shares.items():
        outcome = plan(BID.envelope, AT.announced, BID.k_b, {index: share})

        assert isinstance(outcome, NotOpened)
        assert outcome.fault.whose is Whose.AUTHORITY


def test_all_authorities_without_the_bidder_open_nothing() -> None:
    assert plan(BID.envelope, AT.announced, None, BID.shares) == NotOpened(Fault(Code.BIDDER_KEY_MISSING))


def test_a_wrong_bidders_key_is_named() -> None:
    outcome = plan(BID.envelope, AT.announced, bytes(16), BID.shares)

    assert outcome == NotOpened(Fault(Code.BIDDER_KEY_WRONG))


@pytest.mark.parametrize("left", [0, 10, 56, 72, 16_456, -1])
def test_a_body_cut_short_by_the_platform_is_the_platforms_fault(left: int) -> None:
    fault = opening_of(BID.ciphertext[:left], BID.envelope, BID.envelope.body)

    assert (fault.code, fault.whose) == (Code.BODY_ALTERED, Whose.PLATFORM)


@pytest.mark.parametrize("left", [72, 16_456, -1])
def test_a_body_cut_short_by_the_bidder_is_the_bidders_fault(left: int) -> None:
    short = BID.ciphertext[:left]
    body = Body(size=len(short), sha256=hashlib.sha256(short).hexdigest())

    fault = opening_of(short, BID.envelope, body)

    assert (fault.code, fault.whose) == (Code.BODY_UNDECRYPTABLE, Whose.BIDDER)


def test_a_chunk_boundary_is_no_end() -> None:
    files_end = sealed_size(16_384)
    short = BID.ciphertext[: files_end - 16]
    body = Body(size=len(short), sha256=hashlib.sha256(short).hexdigest())

    assert opening_of(short, BID.envelope, body).code is Code.BODY_UNDECRYPTABLE


@pytest.mark.parametrize("place", [0, 24, 56, 60, 16_440, -1])
def test_a_flipped_bit_anywhere_is_found(place: int) -> None:
    flipped = bytearray(BID.ciphertext)
    flipped[place] ^= 1

    assert opening_of(bytes(flipped), BID.envelope, BID.envelope.body).code is Code.BODY_ALTERED


def test_bytes_after_the_body_are_found() -> None:
    assert opening_of(BID.ciphertext + b"\0", BID.envelope, BID.envelope.body).code is Code.BODY_ALTERED


def test_a_body_that_is_not_the_envelopes_is_found_even_if_it_opens() -> None:
    twin = sealed_bid(AT, seed=1, price_fen=1)  # same key and ids, another price
    assert twin.key == BID.key

    outcome = unseal(io.BytesIO(twin.ciphertext), io.BytesIO(), BID.key, BID.envelope)

    assert outcome == NotOpened(Fault(Code.BODY_ALTERED))


def test_keys_that_were_not_announced_are_found() -> None:
    substituted = sealed_bid(tender(seed=666))

    with pytest.raises(NotOpenable) as caught:
        check_announced(substituted.envelope, AT.announced)

    assert caught.value.fault.code is Code.KEYS_NOT_ANNOUNCED
    outcome = plan(substituted.envelope, AT.announced, substituted.k_b, substituted.shares)
    assert isinstance(outcome, NotOpened)
    assert outcome.fault.code is Code.KEYS_NOT_ANNOUNCED
    assert AT.announced.digest() != tender(seed=666).announced.digest()


def test_rubbish_in_place_of_a_share_is_named_as_the_bidders_fault() -> None:
    wraps = tuple(wrap.model_copy(update={"sealed": "A" * 131}) for wrap in BID.envelope.wraps)
    envelope = BID.envelope.model_copy(update={"wraps": wraps})
    complaints = {1: None, 2: None, 3: None}

    outcome = plan(envelope, AT.announced, BID.k_b, complaints)

    assert isinstance(outcome, NotOpened)
    assert outcome.fault.whose is Whose.BIDDER
    for index, private in AT.private.items():
        judged = judge_share(envelope, index, private, AT.announced, complaints)
        assert judged
        assert judged.whose is Whose.BIDDER


def test_what_is_sent_tells_no_kinds_apart_by_length() -> None:
    meanings = (Submit(envelope=BID.envelope, replaces=None), Withdraw(replaces="bid-1"), Cover())
    messages = [seal_meaning(AT.announced.meaning, TENDER, TOKEN, meaning) for meaning in meanings]
    deliveries = [sign_delivery(new_signing_key(dice()), TENDER, TOKEN, message) for message in messages]

    assert len({len(message) for message in messages}) == 1
    assert len({len(delivery.to_bytes()) for delivery in deliveries}) == 1
