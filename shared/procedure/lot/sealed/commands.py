"""What is asked of a lot that is sold by tender: to hand a price in, and to open what was handed in."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Base64Url
from shared.procedure.lot.messages import LotCommand
from shared.procedure.lot.sealed.values import PriceShare
from shared.procedure.lot.values import Document
from shared.seal.reserve import Share
from shared.seal.sealed import SEALED_SIZE
from shared.seal.wire import Authority, Bytes16, Bytes32, text

SEALED_LETTERS = len(text(bytes(SEALED_SIZE)))
"""Letters of every sealed message: a first price, its replacement and its withdrawal are alike."""

SealedMessage = Annotated[Base64Url, Field(min_length=SEALED_LETTERS, max_length=SEALED_LETTERS)]


class HandIn(LotCommand):
    """Hand in a price, its replacement or its withdrawal: which of them, nobody is told before the deadline."""

    NAME: ClassVar[str] = "hand_in"
    sealed: SealedMessage


class GivePriceKey(LotCommand):
    """Give the bidder's half of the key to its own standing price.

    `documents` are those of its offer (投标文件), where offers are judged: those that the sealed price commits to
    (`shared.procedure.lot.sealed.papers`).
    """

    NAME: ClassVar[str] = "give_price_key"
    k_b: Bytes16
    documents: Annotated[tuple[Document, ...], Field(max_length=200)] = Field(
        default=(), exclude_if=lambda given: not given
    )


class GivePriceShares(LotCommand):
    """Give one authority's share of every standing price, and of the reserve where there is one.

    A null share says that what the bidder sealed for it is rubbish; `private_key` (of this lot alone) proves it.
    """

    NAME: ClassVar[str] = "give_price_shares"
    authority: Authority
    shares: Annotated[tuple[PriceShare, ...], Field(max_length=10_000)]
    reserve: Share | None = None
    private_key: Bytes32 | None = None


SEALED = (HandIn, GivePriceKey, GivePriceShares)
"""What the door keeps before it sends it on."""
