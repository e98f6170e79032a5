"""What may be asked once a lot is sold or over: each command holds only what the actor itself may say."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.message import Instant, Sha256, Text
from shared.procedure.lot.after.values import Breach, Purpose
from shared.procedure.lot.messages import LotCommand
from shared.procedure.lot.values import Number, Price


class NoteIdentities(LotCommand):
    """Take in whom the registry disclosed behind the tokens of a lot that is over."""

    NAME: ClassVar[str] = "note_identities"


class DeclarePriority(LotCommand):
    """Record that a holder of a right of first refusal exercises it (行使) or waives it (放弃), by its letter."""

    NAME: ClassVar[str] = "declare_priority"
    holder: Text
    exercises: bool
    letter: Sha256


class SignProof(LotCommand):
    """Sign, as the winner, the proof of having won (竞得证明)."""

    NAME: ClassVar[str] = "sign_proof"


class CheckProof(LotCommand):
    """Say whether the winner's originals are as it said (审核原件)."""

    NAME: ClassVar[str] = "check_proof"
    passed: bool
    reason: Text


class DrawUpConfirmation(LotCommand):
    """Draw up and sign, as the seller, 成交确认书: the lot says the rest of what it must say."""

    NAME: ClassVar[str] = "draw_up_confirmation"
    sold_where: Text
    contract_at: Instant
    contract_where: Text


class SignConfirmation(LotCommand):
    """Sign 成交确认书 as the winner, by the digest of what was drawn up."""

    NAME: ClassVar[str] = "sign_confirmation"
    confirmation: Sha256


class PublishResult(LotCommand):
    """Publish the result (成交结果公示); `days` where it is public for longer than it must be."""

    NAME: ClassVar[str] = "publish_result"
    days: Annotated[int, Field(ge=1, le=250)] | None = None


class SignContract(LotCommand):
    """Sign the contract, by its digest; the seller first, with the security for instalments that it accepts."""

    NAME: ClassVar[str] = "sign_contract"
    contract: Sha256
    security: Sha256 | None = None


class RecordPayment(LotCommand):
    """Record that a part of the price, or interest on it, was paid."""

    NAME: ClassVar[str] = "record_payment"
    purpose: Purpose
    amount_fen: Price
    paid_at: Instant


class HandOver(LotCommand):
    """Hand over what was sold, or let it be registered (交付、登记), by the digest of its document."""

    NAME: ClassVar[str] = "hand_over"
    document: Sha256


class RecordRefund(LotCommand):
    """Record that a deposit was returned."""

    NAME: ClassVar[str] = "record_refund"
    number: Number
    paid_fen: Price
    paid_at: Instant


class DeclareDefault(LotCommand):
    """Say, as the seller, that the winner is in breach; or, as the winner, that it gives up."""

    NAME: ClassVar[str] = "declare_default"
    breach: Breach
    explanation: Text


class RecountDeadlines(LotCommand):
    """Count the days that run again: a year's working calendar was published."""

    NAME: ClassVar[str] = "recount_deadlines"
    year: Annotated[int, Field(ge=2000, le=2200)]
