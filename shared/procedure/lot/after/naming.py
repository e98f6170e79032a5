"""Who stands behind the numbers, once a lot is over (T19): the winner for all, the others for the offices alone.

Where offers are judged, the names behind them are read out with the prices, so that who has an interest avoids (L4).
"""

from collections.abc import Sequence

from shared.procedure.asking import needed
from shared.procedure.lot.after.events import IdentityNoted
from shared.procedure.lot.asking import Ground, LotRequest
from shared.procedure.lot.state import OVER, Lot


def note(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[IdentityNoted]:
    """Note whom the registry disclosed behind each token; who is known already is not noted again."""
    if lot.phase not in OVER and lot.judged.opened is None:
        raise ground.not_now("number", "标的尚未结束，竞买人身份保密", "who bids is secret until the lot is over")
    held = {one.token: one.party for one in needed(request.facts.identities, "identities")}
    winner = lot.winner if lot.phase in {"sold", "defaulted"} else None
    return tuple(
        IdentityNoted(number=bidder.number, token=token, party=held[token], won=bidder == winner)
        for token, bidder in lot.bidders.items()
        if token in held and bidder.number not in lot.after.parties
    )
