"""What is said where one price decides (一次报价): who takes part, the sealed price of each, and what came of them."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Base64Url, Instant, Message, Sha256
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.values import Number, Price


class JoinNaming(LotCommand):
    """Confirm that one takes part in 一次报价."""

    NAME: ClassVar[str] = "join_naming"


class NamePrice(LotCommand):
    """Name one's only price, sealed to the service that runs the lot (`shared.seal.proxy`): it is not taken back."""

    NAME: ClassVar[str] = "name_price"
    commitment: Sha256
    sealed: Annotated[Base64Url, Field(max_length=1000)]


class ListingStopped(LotEvent):
    """A bid passed the limit of the listing: it does not count, nor does any later one. Who takes part, says so.

    `number` bid `price_fen` at `at`; until `ends_at` everyone admitted may confirm that it takes part.
    """

    NAME: ClassVar[str] = "listing_stopped.v1"
    number: Number
    price_fen: Price
    at: Instant
    ends_at: Instant
    article: str


class NamingJoined(LotEvent):
    """A bidder takes part."""

    NAME: ClassVar[str] = "naming_joined.v1"
    number: Number


class NamingOpened(LotEvent):
    """Until `ends_at` each who takes part names one price above `above_fen` and not above `most_fen`."""

    NAME: ClassVar[str] = "naming_opened.v1"
    above_fen: Price
    most_fen: Price
    ends_at: Instant


class PriceNamed(LotEvent):
    """A price was named, by its commitment; nobody is told which before the reckoning."""

    NAME: ClassVar[str] = "price_named.v1"
    number: Number
    commitment: Sha256
    sealed: Base64Url
    received_at: Instant


class Named(Message):
    """One price that was named."""

    number: Number
    price_fen: Price


class NamingReckoned(LotEvent):
    """All prices, in the order in which they arrived, their mean, and the one nearest to it, which leads."""

    NAME: ClassVar[str] = "naming_reckoned.v1"
    prices: tuple[Named, ...]
    mean_fen: Price
    number: Number
    price_fen: Price
    article: str


COMMANDS: tuple[type[LotCommand], ...] = (JoinNaming, NamePrice)
EVENTS: tuple[type[LotEvent], ...] = (ListingStopped, NamingJoined, NamingOpened, PriceNamed, NamingReckoned)
