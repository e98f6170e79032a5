"""What an announcement declares about money; everything in it is optional."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.message import Message, Ratio, Sha256
from shared.kernel.money import Fen

Means = Literal["cash", "transfer", "cheque", "e_guarantee", "insurance"]
"""How a deposit may be given: 现金, 转账, 支票, 电子保函, 保证保险."""

Positive = Annotated[Fen, Field(ge=1)]
"""An amount in fen, above zero."""


class DatedRate(Message):
    """The bank's yearly rate for deposits (银行同期存款利率) from a day on, as `0.0035`."""

    since: date
    yearly: Annotated[Ratio, Field(ge=0, le=1, decimal_places=6)]


class DepositTerms(Message):
    """投标保证金: how much and by what means. It is valid as long as the bids are.

    `rates`, oldest first, and `days_in_year` say what interest a returned deposit bears.
    """

    amount_fen: Positive
    means: Annotated[tuple[Means, ...], Field(min_length=1, max_length=5)]
    rates: Annotated[tuple[DatedRate, ...], Field(min_length=1, max_length=100)]
    days_in_year: Literal[360, 365]


class BondTerms(Message):
    """履约保证金: its share of the contract price."""

    share: Annotated[Ratio, Field(gt=0, le=1, decimal_places=6)]


class MoneyTerms(Message):
    """`reference` is the commitment to the one 标底 (`shared.seal.promise`); `documents_fen` 招标文件工本费."""

    deposit: DepositTerms | None = None
    bond: BondTerms | None = None
    reference: Sha256 | None = None
    documents_fen: Positive | None = None
