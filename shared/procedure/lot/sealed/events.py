"""The facts of a lot that is sold by tender. Append-only: add v2, never edit v1."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Identifier, Instant
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.sealed.commands import SealedMessage
from shared.procedure.lot.sealed.values import PriceFault, PriceShare, ReadPrice, StandingPrice
from shared.procedure.lot.values import Document, Number, Offer, Reading
from shared.procedure.opening import Blame
from shared.seal.wire import Authority, Bytes16, Bytes32


class PriceHandedIn(LotEvent):
    """A sealed message came in time: a price, its replacement or its withdrawal."""

    NAME: ClassVar[str] = "price_handed_in.v1"
    number: Number
    token: Identifier
    sealed: SealedMessage
    received_at: Instant


class TenderClosed(LotEvent):
    """投标截止: the prices that stand, all still sealed. Until `keys_due` they are opened; null where too few stand.

    `proxy_secret` is the private half of the announced key: what each sealed message meant can be read from here on.
    """

    NAME: ClassVar[str] = "tender_closed.v1"
    prices: tuple[StandingPrice, ...]
    withdrawn: Annotated[int, Field(ge=0)]
    reading: Reading | None
    keys_due: Instant | None
    proxy_secret: Bytes32
    article: str


class PriceKeyGiven(LotEvent):
    """A bidder gave its half of the key, and it is the one it committed to; so are the documents of its offer."""

    NAME: ClassVar[str] = "price_key_given.v1"
    number: Number
    token: Identifier
    k_b: Bytes16
    documents: tuple[Document, ...] = Field(default=(), exclude_if=lambda documents: not documents)


class PriceKeyRefused(LotEvent):
    """A bidder gave a wrong half; it may try again until the minutes are over."""

    NAME: ClassVar[str] = "price_key_refused.v1"
    number: Number
    token: Identifier
    fault: Blame


class PriceSharesGiven(LotEvent):
    """One authority gave its share of every price.

    Where a share is null, `rubbish` says so as its bidder's fault and `private_key` proves it to everyone.
    """

    NAME: ClassVar[str] = "price_shares_given.v1"
    authority: Authority
    shares: tuple[PriceShare, ...]
    rubbish: tuple[PriceFault, ...]
    private_key: Bytes32 | None


class PriceSharesRefused(LotEvent):
    """One authority's shares were not good through its own fault; it may give them again."""

    NAME: ClassVar[str] = "price_shares_refused.v1"
    authority: Authority
    faults: tuple[PriceFault, ...]


class PricesRead(LotEvent):
    """开标、唱标: every price by its number, all together; `offer` is the highest that counts.

    It is null where none does, and where offers are judged.
    """

    NAME: ClassVar[str] = "prices_read.v1"
    rows: tuple[ReadPrice, ...]
    offer: Offer | None
    article: str


TENDER = (
    PriceHandedIn,
    TenderClosed,
    PriceKeyGiven,
    PriceKeyRefused,
    PriceSharesGiven,
    PriceSharesRefused,
    PricesRead,
)
"""Every fact of a tender besides those of every lot."""

HIDDEN = (PriceHandedIn, PriceKeyGiven, PriceKeyRefused, PriceSharesGiven, PriceSharesRefused)
"""What is not everyone's to know before all prices are read."""
