"""The envelope: what it binds, what it hides, and whose fault a missing key is."""

import io
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.seal.envelope import (
    Envelope,
    check_announced,
    check_key,
    check_share,
    commit,
    key_digest,
    open_share,
    seal_bid,
    share_info,
    share_label,
)
from shared.seal.faults import Code, Fault, NotOpenable, Whose
from shared.seal.keys import hpke_public, hpke_seal, new_hpke_key
from shared.seal.recovery import HandedIn, blame, judge_share, recover_key, share_faults
from shared.seal.shamir import split
from shared.seal.wire import AUTHORITIES, SealError, raw, text
from tests.seal.world import Sealed, dice, sealed_bid, statement, streams, tender

AT = tender()
BID = sealed_bid(AT)
WRONG = bytes(16)


def dealt(index: int, share: bytes, *, committed: bool = False) -> Envelope:
    """Return the bid's envelope with another share sealed to one authority, as a crooked client would."""
    envelope = BID.envelope
    wraps, shares = list(envelope.wraps), list(envelope.commitments.shares)
    sealed = hpke_seal(AT.announced.of(AUTHORITIES[index - 1]), share, share_info(envelope, index))
    wraps[index - 1] = wraps[index - 1].model_copy(update={"sealed": text(sealed)})
    if committed:
        shares[index - 1] = commit(envelope, share_label(index), share)
    commitments = envelope.commitments.model_copy(update={"shares": tuple(shares)})
    return envelope.model_copy(update={"wraps": tuple(wraps), "commitments": commitments})


def fault_of(act: Callable[[], object]) -> Fault:
    with pytest.raises(NotOpenable) as caught:
        act()
    return caught.value.fault


def without(*indexes: int) -> HandedIn:
    return {index: share for index, share in BID.shares.items() if index not in indexes}


def test_any_two_authorities_and_the_bidder_open_a_bid() -> None:
    for shares in (BID.shares, without(1), without(2), without(3)):
        assert recover_key(BID.envelope, BID.k_b, shares).key == BID.key


def test_every_part_matches_its_commitment_and_no_other() -> None:
    assert check_key(BID.envelope, BID.k_b)
    assert not check_key(BID.envelope, WRONG)
    for index, share in BID.shares.items():
        for place in BID.shares:
            assert check_share(BID.envelope, place, share) == (place == index)
        assert not check_share(BID.envelope, index, share[:-1])


def test_an_envelope_is_read_as_written_and_holds_no_key() -> None:
    encoded = BID.envelope.to_bytes()

    assert Envelope.from_bytes(encoded) == BID.envelope
    for secret in (BID.k_b, BID.key, *BID.shares.values()):
        assert text(secret).encode() not in encoded
        assert secret.hex().encode() not in encoded


def test_randomness_is_asked_for_three_times_sixteen_bytes() -> None:
    asked: list[int] = []
    roll = dice(5)

    def random_bytes(size: int) -> bytes:
        asked.append(size)
        return roll(size)

    envelope, key_file = seal_bid(statement(), streams(), AT.announced, io.BytesIO(), random_bytes)

    again = dice(5)
    k_b, k_a = again(16), again(16)
    shares = split(k_a, 2, 3, again)
    assert asked == [16, 16, 16]
    assert raw(key_file.k_b) == k_b
    assert envelope.commitments.k_a == commit(envelope, "k_a", k_a)
    assert all(check_share(envelope, index, share) for index, share in enumerate(shares, start=1))


def test_a_bid_is_not_sealed_to_the_keys_of_another_tender() -> None:
    with pytest.raises(SealError, match="another tender"):
        seal_bid(statement(), streams(), tender(name="T2").announced, io.BytesIO(), dice())


def test_the_three_wraps_stand_in_their_order() -> None:
    fields = BID.envelope.model_dump()

    with pytest.raises(ValidationError, match="one wrap each"):
        Envelope.model_validate({**fields, "wraps": tuple(reversed(fields["wraps"]))})


def test_no_key_or_a_wrong_key_is_the_bidders_fault() -> None:
    missing = fault_of(lambda: recover_key(BID.envelope, None, BID.shares))
    wrong = fault_of(lambda: recover_key(BID.envelope, WRONG, BID.shares))

    assert (missing.code, missing.whose) == (Code.BIDDER_KEY_MISSING, Whose.BIDDER)
    assert (wrong.code, wrong.whose) == (Code.BIDDER_KEY_WRONG, Whose.BIDDER)


@pytest.mark.parametrize("shares", [{}, without(1, 2), without(1, 3), without(2, 3)])
def test_fewer_than_two_shares_open_nothing_and_name_who_is_missing(shares: HandedIn) -> None:
    fault = fault_of(lambda: recover_key(BID.envelope, BID.k_b, shares))

    assert (fault.code, fault.whose) == (Code.SHARE_MISSING, Whose.AUTHORITY)
    assert fault.authority in {AUTHORITIES[index - 1] for index in (1, 2, 3) if index not in shares}


def test_a_false_share_does_not_stop_two_good_ones_and_is_named() -> None:
    shares = {**BID.shares, 2: b"\0" * 16 + b"\x02"}

    recovered = recover_key(BID.envelope, BID.k_b, shares)

    assert recovered.key == BID.key
    assert recovered.faults == {2: Fault(Code.SHARE_WRONG, "supervisor")}


@pytest.mark.parametrize("share", [b"", b"\x02", b"\0" * 16 + b"\x01", b"\0" * 16 + b"\0", b"\0" * 40])
def test_a_malformed_share_is_the_authoritys_fault_and_breaks_nothing(share: bytes) -> None:
    fault = fault_of(lambda: recover_key(BID.envelope, BID.k_b, {1: BID.shares[1], 2: share}))

    assert fault == Fault(Code.SHARE_WRONG, "supervisor")


def test_a_share_handed_in_wrong_is_judged_the_authoritys_fault() -> None:
    shares: HandedIn = {1: BID.shares[1], 2: BID.shares[3][:-1] + b"\x02", 3: None}

    def judged(index: int) -> Fault | None:
        return judge_share(BID.envelope, index, AT.private[index], AT.announced, shares)

    assert judged(1) is None
    assert judged(2) == Fault(Code.SHARE_WRONG, "supervisor")
    assert judged(3) == Fault(Code.COMPLAINT_FALSE, "platform")
    absent = judge_share(BID.envelope, 1, AT.private[1], AT.announced, {})
    assert absent == Fault(Code.SHARE_MISSING, "agency")


def test_a_published_key_that_was_never_announced_is_the_authoritys_fault() -> None:
    other = new_hpke_key(dice(50))

    fault = judge_share(BID.envelope, 1, other, AT.announced, BID.shares)

    assert fault == Fault(Code.AUTHORITY_KEY_WRONG, "agency")


@pytest.mark.parametrize("handed_in", [None, b"\0" * 16 + b"\x01"])
def test_a_rubbish_share_is_the_bidders_fault_whatever_the_authority_did(handed_in: bytes | None) -> None:
    envelope = dealt(1, b"\0" * 16 + b"\x01")

    complaint = fault_of(lambda: open_share(AT.private[1], envelope, 1))
    judged = judge_share(envelope, 1, AT.private[1], AT.announced, {1: handed_in})

    assert complaint == judged == Fault(Code.SHARE_RUBBISH, "agency")
    assert judged.whose is Whose.BIDDER


def test_two_authorities_can_share_the_opening_of_a_bid_with_one_rubbish_share() -> None:
    envelope = dealt(1, b"\0" * 16 + b"\x01")

    recovered = recover_key(envelope, BID.k_b, {1: None, 2: BID.shares[2], 3: BID.shares[3]})

    assert recovered.key == BID.key
    assert recovered.faults[1].whose is Whose.BIDDER


def test_two_rubbish_shares_keep_a_bid_shut_by_the_bidders_fault() -> None:
    envelope = dealt(1, b"\0" * 16 + b"\x01")

    fault = fault_of(lambda: recover_key(envelope, BID.k_b, {1: None, 2: None, 3: BID.shares[3]}))

    assert fault.whose is Whose.BIDDER


def test_shares_that_match_but_give_no_key_are_the_bidders_fault() -> None:
    envelope = dealt(1, b"\0" * 16 + b"\x01", committed=True)

    fault = fault_of(lambda: recover_key(envelope, BID.k_b, {1: b"\0" * 16 + b"\x01", 2: BID.shares[2]}))
    other = recover_key(envelope, BID.k_b, {**BID.shares, 1: b"\0" * 16 + b"\x01"})

    assert (fault.code, fault.whose) == (Code.DEALING_INCONSISTENT, Whose.BIDDER)
    assert other.key == BID.key  # the pair of supervisor and platform still gives it


def test_a_share_dealt_with_anothers_place_is_rubbish() -> None:
    envelope = dealt(1, BID.shares[2], committed=True)

    assert fault_of(lambda: open_share(AT.private[1], envelope, 1)).code is Code.SHARE_RUBBISH


_F = {
    "wrong": Fault(Code.SHARE_WRONG, "agency"),
    "missing": Fault(Code.SHARE_MISSING, "supervisor"),
    "rubbish": Fault(Code.SHARE_RUBBISH, "platform"),
}


@pytest.mark.parametrize(
    ("faults", "whose"),
    [
        ({1: _F["wrong"], 2: _F["missing"]}, Whose.AUTHORITY),
        ({1: _F["wrong"], 2: _F["missing"], 3: _F["rubbish"]}, Whose.AUTHORITY),  # one good one would not do
        ({2: _F["missing"], 3: _F["rubbish"]}, Whose.BIDDER),  # an honest bidder's would have opened
        ({1: _F["rubbish"], 2: _F["rubbish"], 3: _F["wrong"]}, Whose.BIDDER),
        ({1: _F["rubbish"], 2: _F["rubbish"], 3: _F["rubbish"]}, Whose.BIDDER),
        ({}, Whose.BIDDER),
        ({1: _F["wrong"]}, Whose.BIDDER),
    ],
)
def test_the_bidder_answers_where_its_own_right_conduct_would_have_opened_the_bid(
    faults: Mapping[int, Fault], whose: Whose
) -> None:
    assert blame(faults).whose is whose


def test_an_authority_with_a_wrong_key_file_cannot_complain() -> None:
    with pytest.raises(SealError, match="not the private key"):
        open_share(AT.private[2], BID.envelope, 1)
    with pytest.raises(SealError, match="1 to 3"):
        open_share(AT.private[1], BID.envelope, 4)


def test_an_envelope_names_the_announced_keys() -> None:
    check_announced(BID.envelope, AT.announced)

    assert [wrap.key for wrap in BID.envelope.wraps] == [key_digest(AT.announced.of(name)) for name in AUTHORITIES]


def test_a_wrap_that_lies_about_its_key_is_rubbish() -> None:
    stranger = new_hpke_key(dice(60))
    sealed = hpke_seal(hpke_public(stranger), BID.shares[1], share_info(BID.envelope, 1))
    wrap = BID.envelope.wraps[0].model_copy(update={"sealed": text(sealed)})
    envelope = BID.envelope.model_copy(update={"wraps": (wrap, *BID.envelope.wraps[1:])})

    check_announced(envelope, AT.announced)

    assert fault_of(lambda: open_share(AT.private[1], envelope, 1)) == Fault(Code.SHARE_RUBBISH, "agency")


@settings(max_examples=200, deadline=None)
@given(
    lies=st.dictionaries(st.integers(1, 3), st.none() | st.binary(min_size=17, max_size=17)),
    drop=st.sets(st.integers(1, 3)),
)
def test_a_key_is_recovered_exactly_when_two_true_shares_are_in(lies: dict[int, bytes | None], drop: set[int]) -> None:
    shares = {**BID.shares, **lies}
    shares = {index: share for index, share in shares.items() if index not in drop}
    true = [index for index, share in shares.items() if share == BID.shares[index]]

    if len(true) >= 2:
        assert recover_key(BID.envelope, BID.k_b, shares).key == BID.key
    else:
        fault_of(lambda: recover_key(BID.envelope, BID.k_b, shares))
    assert set(share_faults(BID.envelope, shares)) == {1, 2, 3} - set(true)


def test_two_bids_share_no_secret() -> None:
    other: Sealed = sealed_bid(AT, seed=2, bid="bid-2")

    assert other.key != BID.key
    assert set(other.shares.values()).isdisjoint(BID.shares.values())
    assert other.envelope.commitments != BID.envelope.commitments
