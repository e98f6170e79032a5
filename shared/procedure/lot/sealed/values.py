"""The values that a lot sold by tender is made of."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.message import Instant, Message
from shared.procedure.lot.values import Number, Price
from shared.procedure.opening import Blame
from shared.seal.price import SealedPrice
from shared.seal.wire import Bytes17


class StandingPrice(Message):
    """The price that stands for a bidder at the deadline, still sealed; `order` counts what was handed in, from 1."""

    number: Number
    order: Annotated[int, Field(ge=1, le=MAX_INTEGER)]
    received_at: Instant
    envelope: SealedPrice


class PriceShare(Message):
    """An authority's share of one price; null where it proves that what was sealed to it is rubbish."""

    number: Number
    share: Bytes17 | None


class PriceFault(Message):
    """What is wrong with an authority's share of one price, and who answers for it."""

    number: Number
    fault: Blame


class ReadPrice(Message):
    """One line of what is read out (唱标).

    `below_start`, `above_most`: the price lies below the start price, or above the highest taken, and does not count;
    `below_reserve`: nor does one below the reserve, where offers are judged.
    `revoked` (视为撤销) by the bidder's fault
    and `withdrawn` (视为撤回) by another's: it was not unsealed, and `reason` says why.
    """

    number: Number
    order: Annotated[int, Field(ge=1, le=MAX_INTEGER)]
    received_at: Instant
    outcome: Literal["valid", "below_start", "above_most", "below_reserve", "revoked", "withdrawn"]
    price_fen: Price | None
    reason: Blame | None
