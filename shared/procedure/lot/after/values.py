"""The values of what comes after the hammer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.message import Identifier, Instant, Message, Sha256, Text
from shared.procedure.lot.values import Fen, Number, Price, Seller
from shared.seal.statement import Party

Purpose = Literal["price", "interest"]

Breach = Literal["gave_up", "confirmation_refused", "contract_refused", "unpaid"]
"""违约: 放弃竞得, 拒签成交确认书, 拒签合同, 未按期付款."""

Side = Literal["seller", "winner"]


class Held(Message):
    """Who holds a token in a lot, as the registry says."""

    token: Sha256
    party: Party


class Attempt(Message):
    """An earlier lot that a draft names as its failed attempt, as it is when the later one is announced.

    `phase` is empty for one that is not announced, or that there is not. `attempt` counts from 1 and `first_at` is when
    the first of the row was announced, of those on the same valuation, which is `appraised_fen`.
    """

    lot: Identifier
    phase: str
    kind: str = ""
    seller: str = ""
    attempt: int = 1
    first_at: Instant | None = None
    appraised_fen: Price | None = Field(default=None, exclude_if=lambda fen: fen is None)


class Confirmation(Message):
    """成交确认书: names, what was sold, when, where and at what price, and when and where the contract is signed.

    The price is that of one of `units`.
    """

    lot: Identifier
    title: Text
    seller: Seller
    winner: Party
    number: Number
    price_fen: Price
    units: Annotated[int, Field(ge=1)]
    sold_at: Instant
    sold_where: Text
    contract_at: Instant
    contract_where: Text


class Right(Message):
    """A holder of a right of first refusal, and whether it exercised it; null where it has said nothing."""

    holder: Text
    exercises: bool | None


class Instalment(Message):
    """A part of the price, and the first instant that is too late for it."""

    amount_fen: Fen
    due: Instant


class Schedule(Message):
    """What is to be paid by when; days of interest on what comes after the first part count from `interest_from`."""

    parts: tuple[Instalment, ...]
    interest_from: date | None = None


Counted = Literal["applications", "starts", "listing", "review", "agreement", "publicity"]
"""What is counted again: 报名截止, 竞价开始, 挂牌截止, 资格审核, 协议, 公示."""


class Recount(Message):
    """A time that was told before, counted again: never an earlier one; with the years still provisional."""

    which: Counted
    was: Instant
    ends: Instant
    provisional: tuple[int, ...]
