"""What may be asked about a tender's money, and what then becomes of it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.money.terms import Positive
from shared.kernel.message import Command, Event, Identifier, Instant, Message, Sha256, Text
from shared.kernel.money import Fen
from shared.kernel.request import Role
from shared.seal.wire import Bytes32

Number = Annotated[int, Field(ge=1, le=10_000)]
"""The place of a payment among those of its own token, from 1: one among all would tell how many others paid."""

Statement = Annotated[Sha256 | None, Field(default=None, exclude_if=lambda digest: digest is None)]
"""The bank's statement or its issuer's answer (银行回单、保函核验结果) that a payment is recorded by, by its digest."""

Purpose = Literal["deposit", "documents"]

Ground = Literal["withdrawn", "not_unsealed", "validity_refused", "contract", "failed", "terminated"]
"""Why money goes back: 撤回或者未投标, 视为撤回, 拒绝延长有效期, 合同已签订, 招标失败, 终止招标."""

Blame = Literal["own_word", "own_fault_unsealing", "contract_refused"]
"""Why a deposit may be kept: 截止后撤销, 因自身原因未解密视为撤销, 中标后不订立合同等."""


class Account(Message):
    """Money from an account: its salted digest, if it is the basic account (基本账户), if a domestic bidder's."""

    kind: Literal["cash", "transfer", "cheque"]
    account: Sha256
    basic: bool
    domestic: bool


class Guarantee(Message):
    """A letter of guarantee or insurance, by the digest of its number; `verified` is what its issuer answered."""

    kind: Literal["e_guarantee", "insurance"]
    guarantor: Text
    number: Sha256
    valid_until: Instant
    verified: bool


Instrument = Annotated[Account | Guarantee, Field(discriminator="kind")]


class RecordDeposit(Command):
    """Record what came in for a token's bid (投标保证金到账): how much, when all of it was there, and how."""

    type: Literal["bidding.record_deposit"] = "bidding.record_deposit"
    token: Sha256
    amount_fen: Positive
    received_at: Instant
    instrument: Instrument
    statement: Statement


class RecordFee(Command):
    """Record that a token paid for the documents (工本费)."""

    type: Literal["bidding.record_fee"] = "bidding.record_fee"
    token: Sha256
    amount_fen: Positive
    received_at: Instant
    statement: Statement


class ClaimDeposit(Command):
    """Ask for one's deposit back before the deadline: one does not bid, or has withdrawn."""

    type: Literal["bidding.claim_deposit"] = "bidding.claim_deposit"


class RevokeBid(Command):
    """Revoke one's bid after the deadline (撤销投标)."""

    type: Literal["bidding.revoke_bid"] = "bidding.revoke_bid"
    explanation: Text


class KeepDeposit(Command):
    """Decide not to return a deposit (不予退还), with the reason."""

    type: Literal["bidding.keep_deposit"] = "bidding.keep_deposit"
    bid: Identifier
    explanation: Text


class RecordRefund(Command):
    """Record that a payment was returned: in money with its interest; a guarantee, whose `paid_fen` is 0, released."""

    type: Literal["bidding.record_refund"] = "bidding.record_refund"
    token: Sha256
    number: Number
    paid_fen: Fen
    paid_at: Instant
    statement: Statement


class RecordBond(Command):
    """Record the winner's performance bond (履约保证金), or the tenderer's payment guarantee (工程款支付担保)."""

    type: Literal["bidding.record_bond"] = "bidding.record_bond"
    kind: Literal["performance", "payment"]
    amount_fen: Positive
    instrument: Instrument


class OpenReference(Command):
    """Open the reference price (公布标底): the amount and the salt that its commitment was made of."""

    type: Literal["bidding.open_reference"] = "bidding.open_reference"
    amount_fen: Positive
    salt: Bytes32


class DepositRecorded(Event):
    """A deposit came in. `recorder` is the account that recorded it, and is told what becomes of it."""

    type: Literal["bidding.deposit_recorded.v1"] = "bidding.deposit_recorded.v1"
    token: Sha256
    number: Number
    amount_fen: Positive
    received_at: Instant
    recorded_at: Instant
    instrument: Instrument
    recorder: Identifier
    statement: Statement


class FeeRecorded(Event):
    """The documents were paid for."""

    type: Literal["bidding.fee_recorded.v1"] = "bidding.fee_recorded.v1"
    token: Sha256
    number: Number
    amount_fen: Positive
    received_at: Instant
    recorded_at: Instant
    recorder: Identifier
    statement: Statement


class BidRevoked(Event):
    """A bidder revoked its bid after the deadline, or counts as having done so: its deposit may be kept."""

    type: Literal["bidding.bid_revoked.v1"] = "bidding.bid_revoked.v1"
    bid: Identifier
    token: Sha256
    cause: Literal["own_word", "own_fault_unsealing"]
    explanation: Text
    revoked_at: Instant
    articles: tuple[str, ...]


class Lacking(Message):
    """A bid whose deposit is not what the documents demand, and in what way."""

    bid: Identifier
    zh: str
    en: str


class DepositsExamined(Event):
    """The deposits of the bids that were unsealed were looked at: those of all others are whole and in time."""

    type: Literal["bidding.deposits_examined.v1"] = "bidding.deposits_examined.v1"
    lacking: tuple[Lacking, ...]
    examined_at: Instant
    article: str


class RefundDue(Event):
    """A payment is to be returned by `due`, the first instant that is late.

    `interest_fen` is what is owed besides if it is returned on the last day; where `bears_interest`, it is counted
    again to the day of return. A guarantee is released, and bears none.
    """

    type: Literal["bidding.refund_due.v1"] = "bidding.refund_due.v1"
    token: Sha256
    number: Number
    purpose: Purpose
    ground: Ground
    amount_fen: Fen
    bears_interest: bool
    interest_fen: Fen
    since: Instant
    due: Instant
    recorder: Identifier
    articles: tuple[str, ...]


class RefundRecorded(Event):
    """A payment was returned; `late` if not in time, with the article."""

    type: Literal["bidding.refund_recorded.v1"] = "bidding.refund_recorded.v1"
    token: Sha256
    number: Number
    paid_fen: Fen
    interest_fen: Fen
    paid_at: Instant
    late: bool
    recorder: Identifier
    article: str
    statement: Statement


class DepositKept(Event):
    """The tenderer decided not to return a bidder's deposit."""

    type: Literal["bidding.deposit_kept.v1"] = "bidding.deposit_kept.v1"
    bid: Identifier
    token: Sha256
    ground: Blame
    amount_fen: Fen
    fine_at_most_fen: Fen | None
    explanation: Text
    decided_at: Instant
    articles: tuple[str, ...]


class BondRecorded(Event):
    """The winner's performance bond is there, or the tenderer's payment guarantee for the contract with it."""

    type: Literal["bidding.bond_recorded.v1"] = "bidding.bond_recorded.v1"
    bid: Identifier
    kind: Literal["performance", "payment"]
    amount_fen: Positive
    instrument: Instrument
    recorded_at: Instant
    article: str


class ReferenceOpened(Event):
    """The reference price, which the announcement was bound to; it is a reference and no ground to reject."""

    type: Literal["bidding.reference_opened.v1"] = "bidding.reference_opened.v1"
    amount_fen: Positive
    salt: Bytes32
    opened_at: Instant
    articles: tuple[str, ...]


MoneyCommand = (
    RecordDeposit | RecordFee | ClaimDeposit | RevokeBid | KeepDeposit | RecordRefund | RecordBond | OpenReference
)
MoneyEvent = (
    DepositRecorded
    | FeeRecorded
    | BidRevoked
    | DepositsExamined
    | RefundDue
    | RefundRecorded
    | DepositKept
    | BondRecorded
    | ReferenceOpened
)

_BANK: frozenset[Role] = frozenset({"operator", "system"})
_OWNER: frozenset[Role] = frozenset({"tenderer", "agency"})

ENTITLED: Mapping[str, frozenset[Role]] = {
    "bidding.record_deposit": _BANK,
    "bidding.record_fee": _BANK,
    "bidding.claim_deposit": frozenset({"token"}),
    "bidding.revoke_bid": frozenset({"token"}),
    "bidding.keep_deposit": _OWNER,
    "bidding.record_refund": _BANK,
    "bidding.record_bond": _OWNER,
    "bidding.open_reference": _OWNER,
}
