"""What a lot keeps of what comes after the hammer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.procedure.lot.after.events import (
    ConfirmationDrawnUp,
    ContractConcluded,
    ContractSigned,
    LotDefaulted,
    PaymentRecorded,
    ProofSigned,
    RefundDue,
    ResultPublished,
)
from shared.procedure.lot.after.values import Side
from shared.procedure.remedies import Pause
from shared.seal.statement import Party


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute of ownership (权属争议): its place, whose (empty for the supervisor), and from when to when."""

    number: int
    party: str
    raised_at: datetime
    decided_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether the sale stands still for it."""
        return self.decided_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """`received` are the deposits held by token, in time or not; `parties` who stands behind a number, once known.

    `struck_at` is when the hammer fell, `over_at` when the sale stood, or the lot ended otherwise; `checked` whether
    the winner's originals are in order; `turned_fen` what of its deposit counts towards the price; `paid_at` when the
    whole price was there.
    """

    received: Mapping[str, int] = field(default_factory=dict)
    struck_at: datetime | None = None
    over_at: datetime | None = None
    parties: Mapping[str, Party] = field(default_factory=dict)
    rights: Mapping[str, bool] = field(default_factory=dict)
    proof: ProofSigned | None = None
    checked: bool = False
    drawn_up: ConfirmationDrawnUp | None = None
    confirmed_at: datetime | None = None
    result: ResultPublished | None = None
    result_ends: datetime | None = None
    signed: Mapping[Side, ContractSigned] = field(default_factory=dict)
    contract: ContractConcluded | None = None
    turned_fen: int = 0
    payments: tuple[PaymentRecorded, ...] = ()
    paid_at: datetime | None = None
    handed_over: bool = False
    refunds: Mapping[str, RefundDue] = field(default_factory=dict)
    defaulted: LotDefaulted | None = None
    disputes: tuple[Dispute, ...] = ()

    @property
    def disputed(self) -> bool:
        """Whether whose it is, is in dispute: nothing of the sale is done until that is decided."""
        return any(one.open for one in self.disputes)

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The stretches of time that no day of the sale counts in."""
        return tuple((one.raised_at, one.decided_at) for one in self.disputes if one.decided_at is not None)

    @property
    def price_paid_fen(self) -> int:
        """What the price has got so far, the winner's deposit included."""
        return self.turned_fen + sum(one.amount_fen for one in self.payments if one.purpose == "price")

    @property
    def interest_paid_fen(self) -> int:
        """What was paid of interest."""
        return sum(one.amount_fen for one in self.payments if one.purpose == "interest")
