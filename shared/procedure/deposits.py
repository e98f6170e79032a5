"""Deposits (保证金): how much may be asked, what is missing at the deadline, what interest is owed, who paid."""

import hmac
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from shared.kernel.money import share_of
from shared.procedure.evaluation import half_up

LEAST_KEY = 32
"""Account numbers are few enough to be tried one by one: the key of their digests has at least this many bytes."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate of bank interest from a day on, until the next rate's day."""

    since: date
    yearly: Fraction


def most(base_fen: int, share: Decimal, cap_fen: int | None = None) -> int:
    """Return the most that may be asked: a share of a base amount, and no more than the cap where there is one."""
    shared = share_of(base_fen, share)
    return shared if cap_fen is None else min(shared, cap_fen)


def missing(payments: Iterable[tuple[int, datetime]], needed_fen: int, too_late: datetime) -> int:
    """Return how many fen of what is needed had not arrived before the first instant that is too late."""
    return max(0, needed_fen - sum(amount for amount, at in payments if at < too_late))


def interest(amount_fen: int, received: date, returned: date, rates: Sequence[Rate], days_in_year: int) -> int:
    """Return simple interest in whole fen: exact to the end and rounded once there, half a fen counting as one."""
    return int(half_up(exact_interest(amount_fen, received, returned, rates, days_in_year), 0))


def exact_interest(
    amount_fen: int, received: date, returned: date, rates: Sequence[Rate], days_in_year: int
) -> Fraction:
    """Return simple interest in fen: the day of receipt counts, that of return does not (算头不算尾).

    `rates` are oldest first. Days are summed exactly, each by the rate of its day. Raise ValueError for a day before
    the first rate.
    """
    if received < returned and (not rates or received < rates[0].since):
        raise ValueError(f"no rate is known for {received}")
    ends = [*(rate.since for rate in rates[1:]), date.max]
    yearly_days = Fraction(0)
    for rate, end in zip(rates, ends, strict=True):
        yearly_days += rate.yearly * max(0, (min(returned, end) - max(received, rate.since)).days)
    return amount_fen * yearly_days / days_in_year


def account_digest(number: str, key: bytes) -> str:
    """Return what may be kept of an account number: HMAC-SHA-256 of its letters and digits, under a secret key.

    Under one key the same account has the same digest. Raise ValueError for a short key or a number without digits.
    """
    plain = "".join(filter(str.isalnum, number)).upper()
    if len(key) < LEAST_KEY or not any(map(str.isdigit, plain)):
        raise ValueError(f"give an account number, and a key of at least {LEAST_KEY} bytes")
    return hmac.digest(key, b"ggzy-account/v1|" + plain.encode(), "sha256").hex()


def same_account(accounts: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of bids that one account paid for, given the accounts behind each bid, by their digests."""
    paid: dict[str, set[str]] = {}
    for bid, digests in accounts.items():
        for account in digests:
            paid.setdefault(account, set()).add(bid)
    return tuple(sorted({tuple(sorted(bids)) for bids in paid.values() if len(bids) > 1}))
