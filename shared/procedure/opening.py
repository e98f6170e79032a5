"""The opening of sealed bids: what keys and shares come to, and what not being unsealed means in law."""

from collections.abc import Mapping
from typing import Literal, Self

from shared.kernel.message import Message
from shared.seal.envelope import THRESHOLD, Dealt, check_share
from shared.seal.faults import Code, Fault, NotOpenable, Whose
from shared.seal.keys import AnnouncedKeys, hpke_public
from shared.seal.recovery import HandedIn, blame, judge_share, recover_key, share_faults
from shared.seal.wire import AUTHORITIES, Authority, SealError, raw

NotUnsealed = Literal["revoked", "withdrawn"]


class Blame(Message):
    """What was wrong with something handed in, and who answers for it."""

    code: Code
    whose: Whose
    zh: str
    en: str

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """Return what a record says of a fault."""
        return cls(code=fault.code, whose=fault.whose, zh=fault.zh, en=fault.en)


def index_of(authority: Authority) -> int:
    """Return the index, 1 to 3, of an authority's share."""
    return AUTHORITIES.index(authority) + 1


def handed_in(shares: Mapping[Authority, str | None]) -> HandedIn:
    """Return one bid's shares by index, from the authorities' base64url texts; null for a complaint."""
    return {index_of(name): None if share is None else raw(share) for name, share in shares.items()}


def key_fault(envelope: Dealt, k_b: str | None, shares: HandedIn) -> Fault | None:
    """Return why the key of a bid is not complete, or None if it is.

    Where the authorities alone would have left it closed, their fault goes before a key the bidder did not give:
    nobody loses a bid to 撤销 for an outage that was not its own.
    """
    try:
        recover_key(envelope, None if k_b is None else raw(k_b), shares)
    except NotOpenable as broken:
        faults = share_faults(envelope, shares)
        others = [fault for fault in faults.values() if fault.whose is not Whose.BIDDER]
        if broken.fault.code is Code.BIDDER_KEY_MISSING and len(AUTHORITIES) - len(others) < THRESHOLD:
            return blame(faults)
        return broken.fault
    return None


def share_fault(
    envelope: Dealt, authority: Authority, share: str | None, private_key: str | None, announced: AnnouncedKeys
) -> Fault | None:
    """Return what is wrong with a share as it is handed in: the bidder's fault only if the private key proves it."""
    index = index_of(authority)
    if share is not None and check_share(envelope, index, raw(share)):
        return None
    if private_key is None:
        return Fault(Code.SHARE_WRONG, authority)
    try:
        return judge_share(envelope, index, private_key, announced, handed_in({authority: share}))
    except SealError:
        return Fault(Code.AUTHORITY_KEY_WRONG, authority)


def is_announced_key(private_key: str, authority: Authority, announced: AnnouncedKeys) -> bool:
    """Tell whether a private key is the one whose public half was announced for an authority."""
    try:
        return hpke_public(private_key) == announced.of(authority)
    except SealError:
        return False


def not_unsealed(whose: Whose) -> NotUnsealed:
    """Return 视为撤销 for the bidder's fault, 视为撤回 for any other cause (电子招标投标办法 第三十一条)."""
    return "revoked" if whose is Whose.BIDDER else "withdrawn"
