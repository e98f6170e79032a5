"""The values that a tender is made of, as commands bring them and events keep them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from services.bidding.domain.committee.terms import CommitteeTerms
from services.bidding.domain.money.terms import MoneyTerms
from services.bidding.domain.publication.values import NoticeContents
from shared.kernel.canonical import MAX_INTEGER
from shared.kernel.codes import PartyId, RegionCode
from shared.kernel.errors import BadInput
from shared.kernel.message import Identifier, Instant, Message, Ratio, Sha256, Text
from shared.kernel.transaction_codes import parse
from shared.seal.keys import AuthorityKeys


def absent(value: object) -> bool:
    """Whether a value is left out of what is written: what was stored before there was such a field has none."""
    return value is None or value == ()


def _project_code(text: str) -> str:
    try:
        return str(parse(text)[0])
    except BadInput as error:
        raise ValueError(error.en) from error


ProjectCode = Annotated[str, AfterValidator(_project_code)]
"""A project's 统一交易标识码; a check made with weights that overflow is written anew."""

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


Kind = Literal["tender", "prequalification", "first_stage"]
"""What a procedure is: 招标 itself, 资格预审 before one, or 第一阶段 of a tender in two stages (两阶段招标)."""


class Draft(Message):
    """What is put out to tender. `made` names the fields whose values were made up for a notice without them.

    `project` and `lot_number` say which lot (标段) of which project it is. `retender_of`, `prequalification` and
    `first_stage` name another procedure: the attempt that failed, whose qualified parties may bid, whose
    participants may.
    """

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
    kind: Kind = Field(default="tender", exclude_if=lambda kind: kind == "tender")
    project: ProjectCode | None = Field(default=None, exclude_if=absent)
    lot_number: Annotated[int, Field(ge=1, le=999)] | None = Field(default=None, exclude_if=absent)
    retender_of: Identifier | None = Field(default=None, exclude_if=absent)
    prequalification: Identifier | None = Field(default=None, exclude_if=absent)
    first_stage: Identifier | None = Field(default=None, exclude_if=absent)


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


class DrawnParameter(Message):
    """A figure of a price formula that is drawn at the opening, one of `values`."""

    name: Identifier
    values: Annotated[
        tuple[Annotated[Ratio, Field(ge=0, le=100, decimal_places=6)], ...], Field(min_length=2, max_length=100)
    ]


class Weighted(Message):
    """综合评估法: a named price formula and weighted factors; the weights add up to exactly 1.

    Rounding (四舍五入, to `places` decimals) happens at `round_at` and nowhere else. `definition` binds the tender file
    to the formula itself, by its digest (`shared.procedure.evaluation.definition`).
    """

    kind: Literal["weighted"]
    formula: Identifier
    version: Annotated[int, Field(ge=1)]
    definition: Sha256 | None = Field(default=None, exclude_if=lambda digest: digest is None)
    parameters: tuple[Parameter, ...] = ()
    drawn: tuple[DrawnParameter, ...] = Field(default=(), exclude_if=lambda drawn: not drawn)
    price_weight: Weight
    factors: Annotated[tuple[Factor, ...], Field(min_length=1)]
    round_at: Literal["price_score", "total"]
    places: Annotated[int, Field(ge=0, le=6)]


class Criterion(Message):
    """A condition that an applicant meets or does not (资格审查标准)."""

    criterion: Identifier
    title: Text


class Qualification(Message):
    """合格制: who meets every declared criterion is qualified. The method of a prequalification."""

    kind: Literal["qualification"]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1, max_length=100)]


class Proposals(Message):
    """技术建议: nothing is ranked; who handed in a proposal may bid in the second stage. The method of a first one."""

    kind: Literal["proposals"]


Method = Annotated[LowestEvaluatedPrice | Weighted | Qualification | Proposals, Field(discriminator="kind")]


class Invited(Message):
    """邀请招标: by which case of 实施条例 第八条, where it needs one, and why, in the tenderer's words."""

    ground: Literal["few_bidders", "cost_share"] | None = None
    explanation: Text | None = None


class Invitee(PartyId):
    """A party that is invited to bid."""

    name: Text


class Terms(Message):
    """The terms that a tender is announced on; what the law leaves open is declared here.

    `instant_counts`: whether a bid received at the very instant of the deadline counts. `below_three_unsealed`: what
    happens when fewer than three bids can be unsealed. `opening_minutes` are given for keys, `witness_minutes` for
    witnesses. `validity_days` (投标有效期) counts from the deadline. `authorities` are HPKE keys made for this tender.
    `consortia`: whether consortia (联合体) may bid; `invited` makes it an invited tender.
    `committee` sits on the platform; where none is declared, which only a tender below the scale of what must be
    tendered may do (招标投标法 第三十七条), the agency reports what a committee found elsewhere.
    `money` (deposit, bond, reference price, fee) is left out where there is none, as before there was such a field.
    `notice` are the contents of the notice; `remedy_minutes` (补救方案) may be given once more for keys.
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
    consortia: Literal["admitted", "refused"] | None = Field(default=None, exclude_if=absent)
    invited: Invited | None = Field(default=None, exclude_if=absent)
    committee: CommitteeTerms | None = Field(default=None, exclude_if=lambda committee: committee is None)
    money: MoneyTerms | None = Field(default=None, exclude_if=absent)
    notice: NoticeContents | None = Field(default=None, exclude_if=absent)
    remedy_minutes: Annotated[int, Field(ge=1, le=180)] | None = Field(default=None, exclude_if=absent)


class Rejection(Message):
    """否决 of one bid: which of the seven causes, and why, in the committee's words.

    `notes` are the notes of deemed collusion that the cause `collusion` rests on, by number.
    """

    bid: Identifier
    cause: RejectionCause
    explanation: Text
    notes: tuple[int, ...] = Field(default=(), exclude_if=absent)


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
