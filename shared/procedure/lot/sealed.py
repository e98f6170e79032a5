"""What is said in a tender (招标) by price alone: sealed bids, the shares that open them, and what they held."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Identifier, Instant, Message
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.values import Number, Price
from shared.seal.reserve import SealedReserve, Share
from shared.seal.wire import Authority, Bytes32


class BidShare(Message):
    """One authority's share of one sealed bid."""

    number: Number
    share: Share


class SubmitSealedBid(LotCommand):
    """Put a sealed price into the box (投标). It is sealed as a reserve is, for `bid_name(lot, number)`."""

    NAME: ClassVar[str] = "submit_sealed_bid"
    sealed: SealedReserve


class GiveBidShares(LotCommand):
    """Give one authority's shares of all the sealed bids that it could open."""

    NAME: ClassVar[str] = "give_bid_shares"
    authority: Authority
    shares: Annotated[tuple[BidShare, ...], Field(max_length=1000)]


class SealedBidTaken(LotEvent):
    """A sealed bid is in the box; nobody but its bidder is told before the deadline."""

    NAME: ClassVar[str] = "sealed_bid_taken.v1"
    number: Number
    token: Identifier
    sealed: SealedReserve
    received_at: Instant


class TenderingStarted(LotEvent):
    """Sealed bids are taken from here on, until `ends_at`."""

    NAME: ClassVar[str] = "tendering_started.v1"
    ends_at: Instant


class OpeningStarted(LotEvent):
    """开标: enough bids are in; until `due` the authorities give their shares of them."""

    NAME: ClassVar[str] = "opening_started.v1"
    bids: int
    due: Instant
    article: str


class BidSharesGiven(LotEvent):
    """An authority has given its shares; those of `refused` are not the ones that were committed to."""

    NAME: ClassVar[str] = "bid_shares_given.v1"
    authority: Authority
    shares: tuple[BidShare, ...]
    refused: tuple[Number, ...]


class SealedBidOpened(LotEvent):
    """唱标: what a sealed bid held, and that it does not count where `zh` and `en` say why."""

    NAME: ClassVar[str] = "sealed_bid_opened.v1"
    number: Number
    price_fen: Price | None
    salt: Bytes32 | None
    zh: str | None
    en: str | None


def bid_name(lot: str, number: str) -> str:
    """Return the name for which the bid of a number in a lot is sealed, so that nobody can hand in another's."""
    return f"{lot}-{number}"
