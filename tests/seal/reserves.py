"""Reserves to open, whose authorities' keys are known, and ways to spoil them."""

import hashlib
from itertools import combinations

import pytest

from shared.seal.keys import AuthorityKeys, hpke_public, new_hpke_key
from shared.seal.reserve import (
    ReserveNotOpenable,
    SealedReserve,
    open_reserve,
    open_reserve_share,
    seal_reserve,
)
from shared.seal.wire import AUTHORITIES, Authority, raw, text
from tests.seal.world import dice

LOT = "land-1"
AMOUNT = 980_000_000_00
LARGEST = 2**53 - 1
PRIVATE: dict[Authority, str] = dict(zip(AUTHORITIES, (new_hpke_key(dice(seed)) for seed in (1, 2, 3)), strict=True))
PAIRS = list(combinations(AUTHORITIES, 2))


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
