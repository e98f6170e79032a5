"""What a tender keeps of its money."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.bidding.domain.money.messages import (
    Account,
    BidRevoked,
    Blame,
    BondRecorded,
    DepositKept,
    DepositRecorded,
    DepositsExamined,
    FeeRecorded,
    Guarantee,
    Lacking,
    MoneyEvent,
    Purpose,
    ReferenceOpened,
    RefundDue,
    RefundRecorded,
)

Key = tuple[str, int]
"""A payment: its token, and its number among those of that token."""


@dataclass(frozen=True, slots=True)
class Held:
    """A payment that came in; a fee has no instrument."""

    token: str
    number: int
    purpose: Purpose
    amount_fen: int
    received_at: datetime
    recorder: str
    instrument: Account | Guarantee | None

    @property
    def key(self) -> Key:
        """Return what names it."""
        return self.token, self.number

    @property
    def in_money(self) -> bool:
        """Whether money came in, and not a guarantee."""
        return not isinstance(self.instrument, Guarantee)


@dataclass(frozen=True, slots=True)
class Money:
    """Payments in the order of their recording, which of them are due, returned or kept, and the rest by its event."""

    held: tuple[Held, ...] = ()
    due: Mapping[Key, RefundDue] = field(default_factory=dict)
    returned: frozenset[Key] = frozenset()
    kept: frozenset[str] = frozenset()
    lacking: tuple[Lacking, ...] = ()
    revoked: Mapping[str, Blame] = field(default_factory=dict)
    bonds: tuple[BondRecorded, ...] = ()
    reference: ReferenceOpened | None = None

    def of(self, token: str) -> tuple[Held, ...]:
        """Return the payments of a token."""
        return tuple(one for one in self.held if one.token == token)

    def deposits(self, token: str) -> tuple[Held, ...]:
        """Return the deposits of a token, but for what was asked back before the deadline."""
        back = {key for key, due in self.due.items() if due.ground == "withdrawn"}
        return tuple(one for one in self.of(token) if one.purpose == "deposit" and one.key not in back)

    def owed(self) -> tuple[RefundDue, ...]:
        """Return what is due and neither returned nor kept."""
        return tuple(due for key, due in self.due.items() if key not in self.returned and due.token not in self.kept)

    def bond(self, bid: str, kind: str) -> BondRecorded | None:
        """Return the bond of that kind for the contract with a bidder."""
        return next((bond for bond in self.bonds if (bond.bid, bond.kind) == (bid, kind)), None)


def evolve(money: Money, event: MoneyEvent) -> Money:  # noqa: PLR0911 - one return a fact
    """Return the money after an event."""
    match event:
        case DepositRecorded() | FeeRecorded():
            return replace(money, held=(*money.held, held(event)))
        case BidRevoked(token=token, cause=cause):
            return replace(money, revoked={**money.revoked, token: cause})
        case DepositsExamined(lacking=lacking):
            return replace(money, lacking=lacking)
        case RefundDue():
            return replace(money, due={**money.due, (event.token, event.number): event})
        case RefundRecorded():
            return replace(money, returned=money.returned | {(event.token, event.number)})
        case DepositKept(token=token):
            return replace(money, kept=money.kept | {token})
        case BondRecorded():
            return replace(money, bonds=(*money.bonds, event))
        case ReferenceOpened():
            return replace(money, reference=event)
        case _:
            assert_never(event)


def held(event: DepositRecorded | FeeRecorded) -> Held:
    """Return the payment that was recorded."""
    instrument = event.instrument if isinstance(event, DepositRecorded) else None
    return Held(
        token=event.token,
        number=event.number,
        purpose="deposit" if instrument else "documents",
        amount_fen=event.amount_fen,
        received_at=event.received_at,
        recorder=event.recorder,
        instrument=instrument,
    )
