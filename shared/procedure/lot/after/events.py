"""The facts of a lot once it is sold or over. Append-only: add v2, never edit v1."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.kernel.message import Identifier, Instant, Sha256, Text
from shared.procedure.lot.after.values import Breach, Confirmation, Purpose, Recount, Right, Schedule, Side
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.values import Fen, Number, Price
from shared.seal.statement import Party


class IdentitiesDue(LotEvent):
    """The lot is over: the registry may tell the offices who stands behind these tokens."""

    NAME: ClassVar[str] = "identities_due.v1"
    tokens: tuple[Identifier, ...]
    at: Instant


class IdentityNoted(LotEvent):
    """Who stands behind a number, as the registry says; `won` if it is the winner, whom everybody may know."""

    NAME: ClassVar[str] = "identity_noted.v1"
    number: Number
    token: Identifier
    party: Party
    won: bool


class PriorityDeclared(LotEvent):
    """A holder of a right of first refusal exercises it or waives it."""

    NAME: ClassVar[str] = "priority_declared.v1"
    holder: Text
    exercises: bool
    letter: Sha256
    article: str


class ProofSigned(LotEvent):
    """竞得证明: the winner stands by it; the seller checks its originals by `check_due`."""

    NAME: ClassVar[str] = "proof_signed.v1"
    number: Number
    at: Instant
    due: Instant
    late: bool
    check_due: Instant
    article: str


class ProofChecked(LotEvent):
    """The originals of the winner are as it said, or are not, and why."""

    NAME: ClassVar[str] = "proof_checked.v1"
    number: Number
    passed: bool
    reason: Text
    at: Instant
    late: bool
    article: str


class ConfirmationDrawnUp(LotEvent):
    """成交确认书, signed by the seller; `sha256` is the digest of its canonical bytes, which the winner signs."""

    NAME: ClassVar[str] = "confirmation_drawn_up.v1"
    confirmation: Confirmation
    sha256: Sha256
    article: str


class ConfirmationSigned(LotEvent):
    """成交确认书 is signed by both and binds them; `late` if not by `due`."""

    NAME: ClassVar[str] = "confirmation_signed.v1"
    number: Number
    sha256: Sha256
    at: Instant
    due: Instant
    late: bool
    article: str


class DepositTurned(LotEvent):
    """The winner's deposit is earnest money now (定金), and counts towards the price."""

    NAME: ClassVar[str] = "deposit_turned.v1"
    number: Number
    token: Identifier
    amount_fen: Fen
    article: str


class ResultPublished(LotEvent):
    """The result: what was sold, to whom, the valuation (评估结果), the base price (转让底价) and the price.

    Both prices are those of one of `units`. It is public until `ends` at least, null where nothing is asked.
    `by_priority` says that a right of first refusal took it; `rights` what each of its holders said.
    """

    NAME: ClassVar[str] = "result_published.v1"
    title: Text
    number: Number
    winner: Party
    appraised_fen: Price | None
    base_fen: Price
    price_fen: Price
    units: Annotated[int, Field(ge=1)]
    by_priority: bool
    rights: tuple[Right, ...]
    at: Instant
    days: int | None
    ends: Instant | None
    late: bool
    article: str


class ContractSigned(LotEvent):
    """One side has signed the contract, by its digest."""

    NAME: ClassVar[str] = "contract_signed.v1"
    side: Side
    contract: Sha256
    security: Sha256 | None
    at: Instant


class ContractConcluded(LotEvent):
    """The contract is signed by both, and says what is to be paid by when; `late` if not by `due`."""

    NAME: ClassVar[str] = "contract_concluded.v1"
    contract: Sha256
    at: Instant
    due: Instant
    late: bool
    schedule: Schedule
    article: str


class PaymentRecorded(LotEvent):
    """A payment came in. `paid_fen` is what the price has got by now, the deposit included; `late` if after its day.

    `interest_fen` is what is owed of interest on all that was paid so far.
    """

    NAME: ClassVar[str] = "payment_recorded.v1"
    token: Identifier
    purpose: Purpose
    amount_fen: Price
    paid_at: Instant
    paid_fen: Fen
    interest_fen: Fen
    late: bool
    article: str


class PricePaid(LotEvent):
    """The whole price is paid, with its interest."""

    NAME: ClassVar[str] = "price_paid.v1"
    at: Instant


class HandedOver(LotEvent):
    """What was sold is handed over or registered."""

    NAME: ClassVar[str] = "handed_over.v1"
    document: Sha256
    at: Instant
    article: str


class RefundDue(LotEvent):
    """A deposit is to be returned, without interest, by `due`, the first instant that is late."""

    NAME: ClassVar[str] = "refund_due.v1"
    number: Number
    token: Identifier
    amount_fen: Fen
    since: Instant
    due: Instant
    article: str


class RefundRecorded(LotEvent):
    """A deposit was returned, whole; `late` if not by its day."""

    NAME: ClassVar[str] = "refund_recorded.v1"
    number: Number
    token: Identifier
    paid_fen: Price
    paid_at: Instant
    late: bool
    article: str


class LotDefaulted(LotEvent):
    """违约: the sale fell through by the winner's breach, and its deposit is lost. The lot may be listed again."""

    NAME: ClassVar[str] = "lot_defaulted.v1"
    number: Number
    breach: Breach
    by: Literal["seller", "winner"]
    explanation: Text
    forfeited_fen: Fen
    at: Instant
    article: str


class DeadlinesRecounted(LotEvent):
    """A year's calendar was published: days are counted by it from here on, and never to an earlier end."""

    NAME: ClassVar[str] = "deadlines_recounted.v1"
    year: Annotated[int, Field(ge=2000, le=2200)]
    calendar_year: Sha256
    calendar: Sha256
    deadlines: tuple[Recount, ...]
    article: str
