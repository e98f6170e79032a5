"""What is handed in at the opening: the bidder's half and the authorities' shares, each signed by who hands it in.

Without signatures anyone could hand in a wrong key in a bidder's name and have the bid counted as revoked.
"""

from typing import Literal

from shared.seal.keys import Signed
from shared.seal.wire import AUTHORITIES, Authority, BidIds, Bytes16, Bytes17, raw, text


class BidderClaims(BidIds):
    """The bidder's half K_B of one bid."""

    v: Literal[1] = 1
    k_b: Bytes16


class BidderHandIn(BidderClaims, Signed):
    """K_B, signed with the credential's one-time key; `check` it with that key's public half."""

    DOMAIN = "ggzy-bidder-key/v1"

    @property
    def value(self) -> bytes:
        """Return K_B, 16 bytes."""
        return raw(self.k_b)


class ShareClaims(BidIds):
    """An authority's share of one bid, or null: its complaint that what was sealed to it is rubbish."""

    v: Literal[1] = 1
    authority: Authority
    share: Bytes17 | None


class ShareHandIn(ShareClaims, Signed):
    """A share or a complaint, signed with the authority's account key; `check` it with that key's public half."""

    DOMAIN = "ggzy-share/v1"

    @property
    def index(self) -> int:
        """Return the authority's index, 1 to 3."""
        return AUTHORITIES.index(self.authority) + 1

    @property
    def value(self) -> bytes | None:
        """Return the share, 17 bytes, or None for a complaint: an entry of `recovery.HandedIn`."""
        return None if self.share is None else raw(self.share)


def hand_in_key(ids: BidIds, k_b: bytes, one_time_key: str) -> BidderHandIn:
    """Return the bidder's half, signed."""
    claims = BidderClaims.model_validate({**ids.names(), "k_b": text(k_b)})
    return BidderHandIn.make(claims, one_time_key)


def hand_in_share(ids: BidIds, authority: Authority, share: bytes | None, account_key: str) -> ShareHandIn:
    """Return an authority's share, or its complaint (None), signed."""
    encoded = None if share is None else text(share)
    claims = ShareClaims.model_validate({**ids.names(), "authority": authority, "share": encoded})
    return ShareHandIn.make(claims, account_key)
