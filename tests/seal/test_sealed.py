"""The one sealed shape: what it hides, what it binds, and which bid stands at the end."""

import pytest

from shared.seal.envelope import Envelope
from shared.seal.faults import Code, NotOpenable, Whose
from shared.seal.keys import hpke_seal, new_hpke_key
from shared.seal.sealed import (
    PADDED_SIZE,
    SEALED_SIZE,
    Cover,
    Meaning,
    Submit,
    Withdraw,
    meaning_info,
    open_meaning,
    seal_meaning,
    standing,
)
from shared.seal.wire import SealError
from tests.seal.world import TENDER, TOKEN, dice, sealed_bid, tender

AT = tender()
ENVELOPE = sealed_bid(AT).envelope
MEANINGS: tuple[Meaning, ...] = (
    Submit(envelope=ENVELOPE, replaces=None),
    Submit(envelope=ENVELOPE, replaces="b" * 64),
    Withdraw(replaces="bid-1"),
    Cover(),
)


def seal(meaning: Meaning, token: str = TOKEN) -> bytes:
    return seal_meaning(AT.announced.meaning, TENDER, token, meaning)


def code_of(private: str, tender_id: str, token: str, sealed: bytes) -> Code:
    with pytest.raises(NotOpenable) as caught:
        open_meaning(private, tender_id, token, sealed)
    assert caught.value.fault.whose is Whose.BIDDER
    return caught.value.fault.code


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_meaning_opens_to_what_was_meant(meaning: Meaning) -> None:
    assert open_meaning(AT.meaning, TENDER, TOKEN, seal(meaning)) == meaning


def test_all_shapes_have_one_length() -> None:
    assert {len(seal(meaning)) for meaning in MEANINGS} == {SEALED_SIZE} == {4177}


def test_the_longest_names_still_fit() -> None:
    at = tender(name="t" * 64)
    envelope = sealed_bid(at, tender="t" * 64, lot="l" * 64, bid="b" * 64, token="0" * 64).envelope

    sealed = seal_meaning(at.announced.meaning, "t" * 64, "0" * 64, Submit(envelope=envelope, replaces="r" * 64))

    assert len(sealed) == SEALED_SIZE


def test_a_meaning_opens_for_its_key_tender_and_token_only() -> None:
    sealed = seal(MEANINGS[2])

    assert code_of(new_hpke_key(dice(80)), TENDER, TOKEN, sealed) is Code.MEANING_UNREADABLE
    assert code_of(AT.meaning, "T2", TOKEN, sealed) is Code.MEANING_UNREADABLE
    assert code_of(AT.meaning, TENDER, "b" * 64, sealed) is Code.MEANING_UNREADABLE
    assert code_of(AT.meaning, TENDER, TOKEN, sealed[:-1]) is Code.MEANING_UNREADABLE
    assert code_of(AT.meaning, TENDER, TOKEN, bytes(SEALED_SIZE)) is Code.MEANING_UNREADABLE


def test_an_envelope_of_another_token_is_neither_sealed_nor_read() -> None:
    other = Submit(envelope=sealed_bid(AT, token="b" * 64).envelope, replaces=None)
    inner = b'{"meaning":' + other.to_bytes() + b"}"
    padded = (len(inner).to_bytes(4) + inner).ljust(PADDED_SIZE, b"\0")
    crooked = hpke_seal(AT.announced.meaning, padded, meaning_info(TENDER, TOKEN))

    with pytest.raises(SealError, match="another"):
        seal(other)

    assert code_of(AT.meaning, TENDER, TOKEN, crooked) is Code.MEANING_OF_ANOTHER


@pytest.mark.parametrize(
    "padded",
    [
        bytes(PADDED_SIZE),
        b"\xff" * PADDED_SIZE,
        b"\0\0\0\x02{}".ljust(PADDED_SIZE, b"\0"),
        b'\0\0\0\x1c{"meaning":{"kind":"cover"}}'.ljust(PADDED_SIZE, b"\0")[:-1] + b"!",
    ],
)
def test_rubbish_under_a_good_key_is_unreadable(padded: bytes) -> None:
    sealed = hpke_seal(AT.announced.meaning, padded, meaning_info(TENDER, TOKEN))

    assert code_of(AT.meaning, TENDER, TOKEN, sealed) is Code.MEANING_UNREADABLE


def bid(name: str, lot: str = "lot-1") -> Envelope:
    return ENVELOPE.model_copy(update={"bid": name, "lot": lot})


def submit(name: str, replaces: str | None = None, lot: str = "lot-1") -> Submit:
    return Submit(envelope=bid(name, lot), replaces=replaces)


@pytest.mark.parametrize(
    ("meanings", "stands"),
    [
        ([], []),
        ([Cover()], []),
        ([submit("a")], ["a"]),
        ([submit("a"), submit("b", replaces="a")], ["b"]),
        ([submit("a"), submit("b")], ["a"]),  # a second bid that replaces nothing is refused
        ([submit("a"), submit("b", replaces="x")], ["a"]),
        ([submit("a", replaces="x")], []),
        ([submit("a"), Withdraw(replaces="a")], []),
        ([submit("a"), Withdraw(replaces="b")], ["a"]),
        ([submit("a"), Withdraw(replaces="a"), submit("b")], ["b"]),
        ([submit("a"), Withdraw(replaces="a"), submit("a")], []),  # sent again by someone else
        ([submit("a"), submit("b", replaces="a"), submit("a", replaces="b")], ["b"]),
        ([submit("a"), submit("b", lot="lot-2"), Cover()], ["a", "b"]),
        ([submit("a"), submit("b", lot="lot-2"), Withdraw(replaces="a")], ["b"]),
    ],
)
def test_the_last_bid_that_replaces_the_standing_one_stands(meanings: list[Meaning], stands: list[str]) -> None:
    assert [envelope.bid for envelope in standing(meanings)] == stands
