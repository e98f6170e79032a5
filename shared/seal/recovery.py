"""Recovery of one bid's key from what was handed in, and whose fault it is where that fails.

An honest authority compares the share it opens with the commitment before it hands it in; if that fails it
hands in a complaint. So a wrong share is provisionally the authority's fault and a complaint the bidder's; once
the authority's private key of the tender is published, `judge_share` settles either for everyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from shared.seal.body import key_of
from shared.seal.envelope import (
    THRESHOLD,
    Dealt,
    check_announced,
    check_key,
    check_share,
    commit,
    is_share,
    open_share,
)
from shared.seal.envelope import place as place_of
from shared.seal.faults import Code, Fault, NotOpenable, Whose
from shared.seal.keys import AnnouncedKeys, hpke_public
from shared.seal.shamir import combine
from shared.seal.wire import AUTHORITIES

HandedIn = Mapping[int, bytes | None]
"""By index 1 to 3: the share that an authority handed in, or None for its complaint; absent if nothing came."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The body's key (16 bytes), and by index what was wrong with shares that were not needed."""

    key: bytes
    faults: Mapping[int, Fault]


def recover_key(envelope: Dealt, k_b: bytes | None, shares: HandedIn) -> Recovered:
    """Return the body's key from the bidder's half and any two shares that give the committed K_A.

    All pairs are tried, whatever their own commitments say: K_A's commitment alone decides. Raise NotOpenable
    with the fault that is to blame.
    """
    if k_b is None:
        raise NotOpenable(Code.BIDDER_KEY_MISSING)
    if not check_key(envelope, k_b):
        raise NotOpenable(Code.BIDDER_KEY_WRONG)
    faults = share_faults(envelope, shares)
    k_a = _authorities_half(envelope, shares)
    if k_a is None:
        raise NotOpenable.of(blame(faults))
    return Recovered(key_of(k_b, k_a), faults)


def _authorities_half(envelope: Dealt, shares: HandedIn) -> bytes | None:
    formed = [share for index, share in sorted(shares.items()) if share is not None and is_share(index, share)]
    for pair in combinations(formed, THRESHOLD):
        k_a = combine(pair)
        if commit(envelope, "k_a", k_a) == envelope.commitments.k_a:
            return k_a
    return None


def share_faults(envelope: Dealt, shares: HandedIn) -> dict[int, Fault]:
    """Return, by index, what is wrong with each share as far as can be told before the keys are published."""
    faults = {}
    for index, authority in enumerate(AUTHORITIES, start=1):
        if index not in shares:
            faults[index] = Fault(Code.SHARE_MISSING, authority)
        elif (share := shares[index]) is None:
            faults[index] = Fault(Code.SHARE_RUBBISH, authority)
        elif not check_share(envelope, index, share):
            faults[index] = Fault(Code.SHARE_WRONG, authority)
    return faults


def judge_share(
    envelope: Dealt, index: int, private_key: str, announced: AnnouncedKeys, shares: HandedIn
) -> Fault | None:
    """Return what was wrong with one share, for good: anyone can, once the authority's private key is published.

    What was dealt is looked at first: rubbish is the bidder's fault, whatever the authority then handed in.
    """
    authority = AUTHORITIES[place_of(index)]
    if hpke_public(private_key) != announced.of(authority):
        return Fault(Code.AUTHORITY_KEY_WRONG, authority)
    try:
        check_announced(envelope, announced)
        share = open_share(private_key, envelope, index)
    except NotOpenable as dealt:
        return dealt.fault
    if index not in shares:
        return Fault(Code.SHARE_MISSING, authority)
    handed_in = shares[index]
    if handed_in is None:
        return Fault(Code.COMPLAINT_FALSE, authority)
    return None if handed_in == share else Fault(Code.SHARE_WRONG, authority)


def blame(faults: Mapping[int, Fault]) -> Fault:
    """Return the fault because of which no two shares gave K_A, from what is wrong with each share.

    It is the bidder's if the bid would have opened had the bidder's part been right; else the authority's.
    """
    dealt = [fault for fault in faults.values() if fault.whose is Whose.BIDDER]
    good = len(AUTHORITIES) - len(faults)
    if good >= THRESHOLD:
        return Fault(Code.DEALING_INCONSISTENT)
    if good + len(dealt) >= THRESHOLD:
        return dealt[0]
    return next(fault for fault in faults.values() if fault.whose is not Whose.BIDDER)
