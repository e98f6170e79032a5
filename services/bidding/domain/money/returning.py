"""When a tender's money goes back, how much of it, and by when: what the facts of the phases lead to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from services.bidding.domain.asking import INSTANT, articles
from services.bidding.domain.ceremony_events import OpeningCompleted
from services.bidding.domain.events import ContractSigned, ReceptionClosed, TenderEvent, TenderFailed
from services.bidding.domain.money.backing import examined
from services.bidding.domain.money.messages import Account, BidRevoked, DepositsExamined, Ground, RefundDue
from services.bidding.domain.money.record import Held, Key
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies.events import TenderTerminated
from services.bidding.domain.result.deciding import TO_BLAME
from services.bidding.domain.result.messages import ContractCountersigned, TenderToBeHeldAgain, ValidityAnswered
from services.bidding.domain.state import Announced, TenderState
from shared.law.findings import day_of, end_of
from shared.procedure import deposits
from shared.procedure.asking import needed
from shared.procedure.books import Books, Law
from shared.procedure.publicity import limit

CLAUSES: Mapping[Ground, tuple[str, ...]] = {
    "withdrawn": ("E11",),
    "not_unsealed": ("E11", "E18"),
    "validity_refused": ("REFUND", "E41"),
    "contract": ("E33",),
    "failed": ("REFUND",),
    "terminated": ("E40",),
}
"""What money goes back under: the first clause sets the days, but for 终止, where it is 及时: at once."""

WITH_INTEREST: frozenset[Ground] = frozenset({"contract", "failed", "terminated"})
"""Where the bank's interest goes back too (实施条例 第三十一条, 第五十七条; a failed tender is treated alike)."""

BY_BOTH = "CONCLUDED"
"""The clause by which a contract takes both signatures; without it a tender's money went back from the first."""

Cause = tuple[Ground, datetime, Sequence[Held]]


def following(
    state: TenderState, events: Sequence[TenderEvent], books: Books
) -> tuple[BidRevoked | DepositsExamined | RefundDue, ...]:
    """Return what the facts of one decision mean for the money: who may lose it, and what is due.

    Each payment falls due once, by the first fact that asks for it.
    """
    if not isinstance(state, Announced) or state.tender.terms.money is None:
        return ()
    causes = [cause for event in events for cause in _causes(event, state, books)]
    if not causes:
        return ()
    law, made = law_of(state, books), dict[Key, RefundDue]()
    for ground, since, held in causes:
        for due in dues(held, ground, since, state, law):
            made.setdefault((due.token, due.number), due)
    opened = (one for event in events if isinstance(event, OpeningCompleted) for one in _opened(event, state, law))
    return *opened, *made.values()


def dues(held: Iterable[Held], ground: Ground, since: datetime, state: Announced, law: Law) -> Iterator[RefundDue]:
    """Yield what is due of payments that nothing has asked back or kept."""
    money = state.beside.money
    rules = CLAUSES[ground]
    ends = end_of(day_of(since)) if ground == "terminated" else limit(since, rules[0], law).ends_at
    for one in held:
        if one.key in money.due or (one.purpose == "deposit" and one.token in money.kept):
            continue
        interest = ground in WITH_INTEREST and isinstance(one.instrument, Account)
        yield RefundDue(
            token=one.token,
            number=one.number,
            purpose=one.purpose,
            ground=ground,
            amount_fen=one.amount_fen,
            bears_interest=interest,
            interest_fen=interest_on(one, _last_day(ends), state) if interest else 0,
            since=since,
            due=ends,
            recorder=one.recorder,
            articles=articles(law, *rules),
        )


def forfeited(state: Announced) -> frozenset[str]:
    """Return the tokens of winners who are to blame that there is no contract: theirs is not returned (E37)."""
    blamed = (one.bid for one in state.beside.result.dropped if one.ground in TO_BLAME)
    return frozenset(state.bidders[bid] for bid in blamed)


def interest_on(one: Held, returned: date, state: Announced) -> int:
    """Return the interest on a deposit in fen, by the declared rates, to the day of its return."""
    terms = state.tender.terms.money
    if terms is None or terms.deposit is None:
        return 0
    rates = [deposits.Rate(rate.since, Fraction(rate.yearly)) for rate in terms.deposit.rates]
    received = max(day_of(one.received_at), rates[0].since)
    return deposits.interest(one.amount_fen, received, returned, rates, terms.deposit.days_in_year)


def is_concluded(state: Announced, law: Law) -> bool:
    """Whether a contract that the tenderer has signed binds: once the winner has signed it too (民法典 490)."""
    return state.beside.result.countersigned is not None or BY_BOTH not in law.rulebook.clauses


def returned_by(due: RefundDue, law: Law) -> datetime:
    """Return the first instant that is late for a payment, by the calendars published since; never an earlier one."""
    if due.ground == "terminated" or "RECOUNTED" not in law.rulebook.clauses:
        return due.due
    return max(due.due, limit(due.since, CLAUSES[due.ground][0], law).ends_at)


def _causes(event: TenderEvent, state: Announced, books: Books) -> Iterator[Cause]:
    """Yield why money is due by one fact, since when, and which."""
    lost = forfeited(state)
    whole = [one for one in state.beside.money.held if one.token not in lost or one.purpose == "documents"]
    held = [one for one in whole if one.purpose == "deposit"]
    match event:
        case ReceptionClosed(bids=bids, closed_at=at):
            standing = {bid.token for bid in bids}
            yield "withdrawn", at, [one for one in held if one.token not in standing]
        case OpeningCompleted(rows=rows, at=at):
            withdrawn = {state.bidders[row.bid] for row in rows if row.outcome == "withdrawn"}
            yield "not_unsealed", at, [one for one in held if one.token in withdrawn]
        case ValidityAnswered(agrees=False, bid=bid, at=at):
            yield "validity_refused", at, [one for one in held if one.token == state.bidders[bid]]
        case TenderTerminated(terminated_at=at):
            yield "terminated", at, whole  # what the documents cost goes back too
        case TenderFailed(failed_at=at) | TenderToBeHeldAgain(failed_at=at):
            yield "failed", at, held
        case ContractSigned(signed_at=at) if BY_BOTH not in law_of(state, books).rulebook.clauses:
            yield "contract", at, held
        case ContractCountersigned(at=at) if BY_BOTH in law_of(state, books).rulebook.clauses:
            yield "contract", at, held
        case _:
            pass


def _opened(opened: OpeningCompleted, state: Announced, law: Law) -> Iterator[BidRevoked | DepositsExamined]:
    """Yield which bids count as revoked, for their bidders did not let them be unsealed (E18), and which lack money."""
    for row in opened.rows:
        if row.outcome == "revoked":
            why = needed(row.reason, "reason")
            yield BidRevoked(
                bid=row.bid,
                token=state.bidders[row.bid],
                cause="own_fault_unsealing",
                explanation=f"{why.zh} / {why.en}",
                revoked_at=opened.at,
                articles=articles(law, "E12", "E18"),
            )
    yield from examined([row.bid for row in opened.rows if row.outcome == "unsealed"], state, opened.at, law)


def _last_day(ends: datetime) -> date:
    return day_of(ends - INSTANT)
