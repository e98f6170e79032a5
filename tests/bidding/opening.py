"""What authorities, cheats and the opener do at an opening."""

import io
from collections.abc import Sequence
from dataclasses import replace

from services.bidding.domain.commands import GiveShares
from services.bidding.domain.rows import Share, StandingBid, UnsealedBid
from shared.procedure.opening import Blame
from shared.seal.envelope import Envelope, open_share, share_info
from shared.seal.faults import NotOpenable
from shared.seal.keys import hpke_seal
from shared.seal.opening import NotOpened, unseal
from shared.seal.wire import AUTHORITIES, Authority, text
from tests.bidding.factories import KEYS, SealedBid


def with_rubbish_for(sealed: SealedBid, *authorities: Authority) -> SealedBid:
    """Return the bid of a cheat that sealed rubbish for some authorities."""
    wraps = tuple(
        wrap.model_copy(update={"sealed": text(_rubbish(sealed.envelope, wrap.authority))})
        if wrap.authority in authorities
        else wrap
        for wrap in sealed.envelope.wraps
    )
    return replace(sealed, envelope=sealed.envelope.model_copy(update={"wraps": wraps}))


def _rubbish(envelope: Envelope, authority: Authority) -> bytes:
    info = share_info(envelope, AUTHORITIES.index(authority) + 1)
    return hpke_seal(KEYS.announced.of(authority), bytes(17), info)


def give_shares(authority: Authority, bids: Sequence[StandingBid], *, prove: bool = False) -> GiveShares:
    """Return an honest authority's shares: null, with proof, where what was dealt to it is rubbish."""
    shares, rubbish = [], False
    for bid in bids:
        try:
            share = text(open_share(KEYS.of(authority), bid.envelope, AUTHORITIES.index(authority) + 1))
            shares.append(Share(bid=bid.bid, share=share))
        except NotOpenable:
            rubbish = True
            shares.append(Share(bid=bid.bid, share=None))
    key = KEYS.of(authority) if rubbish or prove else None
    return GiveShares(authority=authority, shares=tuple(shares), private_key=key)


def unsealed_bid(bid: StandingBid, key: bytes, ciphertext: bytes) -> UnsealedBid:
    """Return what the opener finds of one body."""
    outcome = unseal(io.BytesIO(ciphertext), io.BytesIO(), key, bid.envelope)
    if isinstance(outcome, NotOpened):
        return UnsealedBid(bid=bid.bid, statement=None, statement_sha256=None, size=None, fault=Blame.of(outcome.fault))
    return UnsealedBid(
        bid=bid.bid,
        statement=outcome.statement,
        statement_sha256=outcome.statement_sha256,
        size=outcome.size,
        fault=None,
    )
