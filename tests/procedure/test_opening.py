"""Keys and shares of one bid: who is to blame where they are not enough."""

import pytest

from shared.procedure.opening import handed_in, index_of, is_announced_key, key_fault, not_unsealed, share_fault
from shared.seal.envelope import open_share
from shared.seal.faults import Code, Whose
from shared.seal.wire import AUTHORITIES, Authority, text
from tests.bidding import factories as make
from tests.bidding.opening import with_rubbish_for

BID = make.CRANE.bid()
CHEAT = with_rubbish_for(BID, "agency")
SHARES: dict[Authority, str | None] = {
    name: text(open_share(make.KEYS.of(name), BID.envelope, index_of(name))) for name in AUTHORITIES
}


def shares(*names: Authority) -> dict[int, bytes | None]:
    return dict(handed_in({name: SHARES[name] for name in names}))


@pytest.mark.parametrize("pair", [("agency", "supervisor"), ("supervisor", "platform"), ("agency", "platform")])
def test_the_bidders_half_and_any_two_shares_are_enough(pair: tuple[Authority, Authority]) -> None:
    assert key_fault(BID.envelope, BID.k_b, shares(*pair)) is None


def test_a_key_that_was_not_given_is_the_bidders_where_the_authorities_did_their_part() -> None:
    fault = key_fault(BID.envelope, None, shares("agency", "platform"))

    assert fault is not None
    assert (fault.code, fault.whose) == (Code.BIDDER_KEY_MISSING, Whose.BIDDER)


@pytest.mark.parametrize("k_b", [None, BID.k_b])
def test_where_the_authorities_failed_the_bidder_is_not_to_blame(k_b: str | None) -> None:
    fault = key_fault(BID.envelope, k_b, shares("agency"))

    assert fault is not None
    assert (fault.code, fault.whose) == (Code.SHARE_MISSING, Whose.AUTHORITY)


def test_a_missing_key_is_the_bidders_even_with_a_rubbish_share_of_its_own() -> None:
    given: dict[Authority, str | None] = {"agency": None, "supervisor": SHARES["supervisor"]}

    fault = key_fault(CHEAT.envelope, None, handed_in(given))

    assert fault is not None
    assert fault.whose is Whose.BIDDER


def test_a_good_share_needs_no_proof_and_rubbish_is_believed_only_with_proof() -> None:
    announced, key = make.KEYS.announced, make.KEYS.of("agency")

    good = share_fault(BID.envelope, "agency", SHARES["agency"], None, announced)
    unproven = share_fault(CHEAT.envelope, "agency", None, None, announced)
    proven = share_fault(CHEAT.envelope, "agency", None, key, announced)
    false = share_fault(BID.envelope, "agency", None, key, announced)

    assert good is None
    assert unproven is not None
    assert unproven.whose is Whose.AUTHORITY
    assert proven is not None
    assert (proven.code, proven.whose) == (Code.SHARE_RUBBISH, Whose.BIDDER)
    assert false is not None
    assert (false.code, false.whose) == (Code.COMPLAINT_FALSE, Whose.AUTHORITY)


def test_a_private_key_is_that_of_the_announced_one_or_not() -> None:
    announced = make.KEYS.announced

    assert is_announced_key(make.KEYS.of("agency"), "agency", announced)
    assert not is_announced_key(make.KEYS.of("agency"), "platform", announced)
    assert not is_announced_key(text(bytes(32)), "agency", announced)


def test_the_bidders_fault_revokes_and_any_other_withdraws() -> None:
    assert [not_unsealed(whose) for whose in Whose] == ["revoked", "withdrawn", "withdrawn"]
