"""The values that a tender is made of, as commands bring them and events keep them."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.codes import PartyId, RegionCode
from shared.kernel.message import Identifier, Instant, Message, Ratio, Sha256, Text
from shared.seal.keys import AuthorityKeys

Fen = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
"""An amount of money in fen, not negative."""

Weight = Annotated[Ratio, Field(gt=0, lt=1, decimal_places=6)]
"""A share of the total, above 0 and below 1."""

RejectionCause = Literal[
    "unsigned",
    "no_consortium_agreement",
    "unqualified",
    "two_bids",
    "price",
    "unresponsive",
    "collusion",
]
"""The seven cases of 实施条例 第五十一条, in its order."""


class Lot(Message):
    """标段: the one section that this procedure is about."""

    id: Identifier
    title: Text


class Buyer(PartyId):
    """招标人 (tenderer), by its identifier in a scheme such as CN-USCC."""

    name: Text


class Source(Message):
    """Where an imported notice came from."""

    kind: Identifier
    id: Annotated[str, Field(min_length=1, max_length=200)]


class Draft(Message):
    """What is put out to tender. `made` names the fields whose values were made up for a notice without them."""

    title: Text
    description: Annotated[str, Field(max_length=20_000)]
    region: RegionCode
    category: Literal["works", "goods", "services"]
    lot: Lot
    buyer: Buyer
    estimate_fen: Fen | None = None
    ceiling_fen: Fen | None = None
    made: tuple[Identifier, ...] = ()
    source: Source | None = None


class Document(Message):
    """One file of the tender documents (招标文件), by its digest; `size` in bytes."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    size: Annotated[int, Field(ge=0, le=MAX_INTEGER)]
    sha256: Sha256


class Item(Message):
    """A deviation that the tender file lets the committee turn into money."""

    item: Identifier
    title: Text


class LowestEvaluatedPrice(Message):
    """经评审的最低投标价法: `items` are the only deviations that may be turned into money."""

    kind: Literal["lowest_evaluated_price"]
    items: tuple[Item, ...] = ()


class Factor(Message):
    """A factor of evaluation that is scored from 0 to 100; `weight` is its share of the total."""

    factor: Identifier
    title: Text
    weight: Weight


class Parameter(Message):
    """A figure that a price formula needs, as the tender file declares it."""

    name: Identifier
    value: Annotated[Ratio, Field(ge=0, le=100, decimal_places=6)]


class Weighted(Message):
    """综合评估法: a named price formula and weighted factors; the weights add up to exactly 1.

    Rounding (四舍五入, to `places` decimals) happens at `round_at` and nowhere else.
    """

    kind: Literal["weighted"]
    formula: Identifier
    version: Annotated[int, Field(ge=1)]
    parameters: tuple[Parameter, ...] = ()
    price_weight: Weight
    factors: Annotated[tuple[Factor, ...], Field(min_length=1)]
    round_at: Literal["price_score", "total"]
    places: Annotated[int, Field(ge=0, le=6)]


Method = Annotated[LowestEvaluatedPrice | Weighted, Field(discriminator="kind")]


class Terms(Message):
    """The terms that a tender is announced on; what the law leaves open is declared here.

    `instant_counts`: whether a bid received at the very instant of the deadline counts. `below_three_unsealed`: what
    happens when fewer than three bids can be unsealed. `opening_minutes` are given for keys, `witness_minutes` for
    witnesses. `validity_days` (投标有效期) counts from the deadline. `authorities` are HPKE keys made for this tender.
    """

    documents: Annotated[tuple[Document, ...], Field(min_length=1, max_length=200)]
    sale_starts: Instant
    sale_ends: Instant
    bids_due: Instant
    opening_minutes: Annotated[int, Field(ge=1, le=180)]
    witness_minutes: Annotated[int, Field(ge=0, le=5)]
    method: Method
    instant_counts: bool
    below_three_unsealed: Literal["fail", "continue"]
    publicity_days: Annotated[int, Field(ge=1, le=365)]
    validity_days: Annotated[int, Field(ge=1, le=3650)]
    authorities: AuthorityKeys
    state_funded: bool


class Rejection(Message):
    """否决 of one bid: which of the seven causes, and why, in the committee's words."""

    bid: Identifier
    cause: RejectionCause
    explanation: Text


class Adjustment(Message):
    """A declared deviation of one bid, as money that is added to (or, negative, taken from) its price."""

    bid: Identifier
    item: Identifier
    amount_fen: Annotated[int, Field(ge=-(MAX_INTEGER), le=MAX_INTEGER)]


class Score(Message):
    """The committee's score of one bid under one factor, 0 to 100."""

    bid: Identifier
    factor: Identifier
    score: Annotated[Ratio, Field(ge=0, le=100, decimal_places=4)]
