"""The values that judging is made of: what a member gives, and what it all comes to."""

from typing import Annotated

from pydantic import Field

from shared.kernel.message import Identifier, Instant, Message, Ratio, Text
from shared.procedure.lot.values import Number, Price

Marks = Annotated[Ratio, Field(ge=0, le=99, decimal_places=2)]


class OfferScore(Message):
    """What one member gives one offer for one criterion, in points."""

    number: Number
    factor: Identifier
    points: Marks


class Unfit(Message):
    """A member finds that an offer does not meet what the documents ask for (实质性要求), and why."""

    number: Number
    reason: Text


class JudgedOffer(Message):
    """One line of the result. `price_points` and `points` (of the criteria) are rounded each by itself, for reading.

    `unfit` counts the members who found that it does not meet what is asked for; where more than half of them did it
    has neither a total nor a rank.
    """

    number: Number
    price_fen: Price
    received_at: Instant
    unfit: Annotated[int, Field(ge=0)]
    price_points: Ratio | None = None
    points: Ratio | None = None
    total: Ratio | None = None
    rank: Annotated[int, Field(ge=1)] | None = None
