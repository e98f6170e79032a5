"""What may be asked of a tender, and which room decides it."""

from shared.procedure.lot.asking import Events, Ground, LotRequest
from shared.procedure.lot.sealed import opening, receiving
from shared.procedure.lot.sealed.commands import GivePriceKey, GivePriceShares, HandIn
from shared.procedure.lot.state import Lot

Command = HandIn | GivePriceKey | GivePriceShares


def decide(request: LotRequest, command: Command, lot: Lot, ground: Ground) -> Events:
    """Return the facts of a request, or raise its refusal."""
    match command:
        case HandIn():
            return receiving.hand_in(request, command, lot, ground)
        case GivePriceKey():
            return opening.give_key(request, command, lot, ground)
        case GivePriceShares():
            return opening.give_shares(request, command, lot, ground)
