"""Tenders that ask for money, and the money that comes in: deposits as the bank's part records them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.bidding import BOOKS
from services.bidding.domain.alarms import Alarm, alarms
from services.bidding.domain.money.messages import (
    Account,
    DepositKept,
    Guarantee,
    KeepDeposit,
    RecordBond,
    RecordDeposit,
    RecordRefund,
    RefundDue,
)
from services.bidding.domain.receiving import law_of
from services.bidding.domain.result.messages import CountersignContract
from services.bidding.domain.state import Accepting, Announced, Collecting, Unsealing
from shared.kernel.canonical import digest
from shared.procedure.deposits import account_digest
from shared.seal.promise import commit
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play, but_publication

BANK = make.OPERATOR
AMOUNT = 1_980_000
"""The most that works estimated at 99万元 may ask: 2 %."""

SALT = bytes(range(32))
REFERENCE = 99_000_000_00
DEPOSIT: dict[str, Any] = {
    "amount_fen": AMOUNT,
    "means": ["transfer", "cheque", "e_guarantee"],
    "rates": [{"since": "2026-01-01", "yearly": "0.0365"}],
    "days_in_year": 365,
}
"""With 3.65 % and 365 days a deposit of 1.98万元 bears 1.98元 a day."""

A_DAY = 198
TERMS: dict[str, Any] = {
    "deposit": DEPOSIT,
    "bond": {"share": "0.1"},
    "reference": commit(make.STREAM, REFERENCE, SALT),
    "documents_fen": 50_000,
}
STATEMENT = digest(b"the bank's statement")
PAID = make.beijing(7, 12)
SIGNED = make.beijing(29, 10)


def account(name: str = "", **changes: Any) -> Account:
    """Return money from the basic account of a bidder, which has the same digits as its name."""
    number = "".join(str(ord(letter)) for letter in name) or "3705016681420000"
    fields = {"kind": "transfer", "account": account_digest(number, bytes(32)), "basic": True, "domestic": True}
    return Account.model_validate({**fields, **changes})


def guarantee(until: datetime, **changes: Any) -> Guarantee:
    """Return a verified e-guarantee."""
    fields = {"kind": "e_guarantee", "guarantor": "东营银行", "number": digest(b"no. 1"), "verified": True}
    return Guarantee.model_validate({**fields, "valid_until": until, **changes})


def record(bidder: make.Bidder, amount_fen: int = AMOUNT, *, at: datetime = PAID, by: Any = None) -> RecordDeposit:
    """Return the command that records a deposit."""
    paid = by or account(bidder.name)
    return RecordDeposit(
        token=bidder.token, amount_fen=amount_fen, received_at=at, instrument=paid, statement=STATEMENT
    )


def pay(play: Play, bidder: make.Bidder, amount_fen: int = AMOUNT, *, at: datetime = PAID, by: Any = None) -> Any:
    """Let a deposit come in and be recorded at once."""
    return play.ask(record(bidder, amount_fen, at=at, by=by), BANK, at)


def accepting(*, committee: Any = None, draft: Any = None, **terms: Any) -> Play:
    """Return a tender that asks for a deposit, a bond and a price of its documents, and has a 标底."""
    return stage.accepting(draft=draft, money={**TERMS, **terms}, committee=committee)


def closed(*unpaid: make.Bidder, **terms: Any) -> Play:
    """Return one whose three bidders have bid, and all but some have paid."""
    play = accepting(**terms)
    for bidder, price in zip(stage.BIDDERS, stage.PRICES, strict=True):
        play.bid(bidder, price)
        if bidder not in unpaid:
            pay(play, bidder)
    return play


def opened(play: Play, *, keyless: tuple[make.Bidder, ...] = ()) -> Play:
    """Bring a tender with bids to the end of its opening."""
    if isinstance(play.state, Accepting):
        play.close()
    play.convene()
    play.witness()
    present = [bidder for bidder in stage.ALL if bidder.token in play.at(Announced).bidders.values()]
    for bidder in present:
        if bidder not in keyless:
            play.key(bidder)
    play.shares("agency", "platform")
    if isinstance(play.state, Collecting):
        play.end_keys()
    play.at(Unsealing)
    play.unseal()
    play.disclose(*present)
    return play


def awarded(play: Play) -> Play:
    """Bring an opened tender to its award."""
    play.report(at=make.beijing(23, 9))
    play.publicise(at=make.beijing(24, 9))
    play.award("bid-of-crane", at=make.beijing(29, 9))
    return play


def refund(play: Play, bidder: make.Bidder, paid_fen: int, at: datetime, number: int = 1) -> Any:
    """Record that a payment went back."""
    command = RecordRefund(token=bidder.token, number=number, paid_fen=paid_fen, paid_at=at, statement=STATEMENT)
    return play.ask(command, BANK, at)


def bond(amount_fen: int = stage.PRICES[0] // 10, kind: Any = "performance") -> RecordBond:
    """Return the command that records a bond, of a tenth of the winner's price."""
    instrument = guarantee(make.beijing(31, month=12, year=2027))
    return RecordBond(kind=kind, amount_fen=amount_fen, instrument=instrument)


def warned(play: Play, now: datetime) -> dict[str, Alarm]:
    """Return what a supervisor is warned of, by code."""
    state: Any = play.state
    told = [(decision.request.received_at, event) for decision in play.record for event in decision.events]
    return {alarm.code: alarm for alarm in but_publication(alarms(told, state, law_of(state, BOOKS), now))}


def due_in(events: Sequence[object]) -> dict[str, RefundDue]:
    """Return what falls due, by token."""
    return {event.token: event for event in events if isinstance(event, RefundDue)}


def contracted(play: Play | None = None) -> Play:
    """Return a tender with a contract that both signed on Tuesday 2026-12-29."""
    play = awarded(play or opened(closed(bond=None)))
    play.sign(stage.PRICES[0], at=SIGNED)
    countersign(play)
    return play


def countersign(play: Play, winner: make.Bidder = make.CRANE, at: datetime = SIGNED) -> Any:
    """Let the winner sign what the tenderer signed."""
    return play.ask(CountersignContract(contract_sha256="c" * 64), winner.actor, at)


def keep(play: Play, bid: str, at: datetime) -> DepositKept:
    """Let the tenderer decide to keep a deposit."""
    (kept,) = play.ask(KeepDeposit(bid=bid, explanation="招标人决定不予退还"), make.BUYER, at)
    assert isinstance(kept, DepositKept)
    return kept


def four_bidders(*, keyless: make.Bidder, **terms: Any) -> Play:
    """Return an opened tender; one of its four bidders handed in no key."""
    play = closed(**terms)
    play.bid(make.STORK, stage.PRICES[2] + 1)
    pay(play, make.STORK)
    return opened(play, keyless=(keyless,))
