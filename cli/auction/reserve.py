"""The reserve price (底价): sealed on the seller's own machine, opened by two of three seats when bidding is over."""

import os
from collections.abc import Mapping
from typing import Any

from cli import authority
from cli.auction.lots import Lot
from cli.command import Here
from cli.output import Refused
from cli.wallet import as_wire
from shared.kernel.money import format_yuan
from shared.seal.keys import AuthorityKeys
from shared.seal.reserve import ReserveNotOpenable, SealedReserve, open_reserve_share, seal_reserve
from shared.seal.wire import Authority, text


def sealed_reserve(here: Here, procedure: str, amount_fen: int, keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return a reserve sealed to three seats; amount and salt stay in the wallet, and the same one is sealed once."""
    authorities = as_wire(AuthorityKeys, dict(keys), "authorities")
    place, named = ("lots", procedure, "reserve"), authorities.model_dump(mode="json")
    kept = here.wallet.read(*place) if here.wallet.has(*place) else {}
    if (kept.get("yuan"), kept.get("authorities")) != (format_yuan(amount_fen), named):
        sealed, salt = seal_reserve(procedure, amount_fen, authorities, os.urandom)
        kept = {"yuan": format_yuan(amount_fen), "salt": text(salt), "authorities": named}
        kept["sealed"] = sealed.model_dump(mode="json")
        here.wallet.write(kept, *place)
    return dict(kept["sealed"])


def share_of(here: Here, lot: Lot, procedure: str, seat: Authority) -> str:
    """Return a seat's share of a lot's reserve, opened with its key here. Raise Refused where it does not open."""
    reserve = lot.terms.get("reserve")
    if reserve is None:
        raise Refused("本标的没有底价", "this lot has no reserve")
    key = authority.key_of(here, procedure, seat)
    try:
        return open_reserve_share(key.private_key, procedure, as_wire(SealedReserve, reserve, "reserve"), seat)
    except ReserveNotOpenable as error:
        raise Refused(error.zh, error.en) from error
