"""Decisions about a tender's money: what came in, what goes back, what is kept, and the price that was promised."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.money import record, securing
from services.bidding.domain.money.backing import examined
from services.bidding.domain.money.declared import check_past, check_stated, declared, not_declared
from services.bidding.domain.money.messages import (
    BidRevoked,
    Blame,
    ClaimDeposit,
    DepositKept,
    DepositRecorded,
    DepositsExamined,
    FeeRecorded,
    Ground,
    KeepDeposit,
    MoneyCommand,
    MoneyEvent,
    OpenReference,
    RecordBond,
    RecordDeposit,
    RecordFee,
    RecordRefund,
    RefundDue,
    RefundRecorded,
    RevokeBid,
)
from services.bidding.domain.money.returning import dues, forfeited, interest_on, is_concluded, returned_by
from services.bidding.domain.phases import not_now
from services.bidding.domain.receiving import is_open, law_of
from services.bidding.domain.state import (
    Accepting,
    AnnouncedState,
    Ceremony,
    Contracted,
    Failed,
    Opened,
)
from shared.kernel.errors import BadInput, BreaksClause, NotFound, OutOfPhase
from shared.kernel.money import format_yuan
from shared.law.findings import day_of
from shared.procedure.books import Books, Law


def decide(  # noqa: PLR0911 - one return a command
    request: TenderRequest, command: MoneyCommand, state: AnnouncedState, books: Books
) -> Sequence[MoneyEvent]:
    """Return what a request about the money leads to. Where the documents say nothing of money there is none."""
    if state.tender.terms.money is None:
        raise not_declared("保证金、担保、标底或者工本费", "deposit, bond, reference price or fee")
    law = law_of(state, books)
    if isinstance(command, RecordDeposit | RecordFee | RecordRefund):
        check_stated(command.statement, law)
    match command:
        case RecordDeposit():
            return _deposit(request, command, state, law)
        case RecordFee():
            return (_fee(request, command, state),)
        case ClaimDeposit():
            return _claimed(request, state, law)
        case RevokeBid(explanation=explanation):
            return (_revoked(request, state, explanation, law),)
        case KeepDeposit():
            return (_kept(request, command, state, law),)
        case RecordRefund():
            return (_refund(request, command, state, law),)
        case RecordBond() | OpenReference():
            return (securing.decide(request, command, state, law),)
        case _:
            assert_never(command)


def _deposit(
    request: TenderRequest, command: RecordDeposit, state: AnnouncedState, law: Law
) -> Sequence[DepositRecorded | DepositsExamined | RefundDue]:
    """Record a deposit as it came; whether it does is for the evaluation. One that backs no bid is due back at once."""
    if declared(state).deposit is None:
        raise not_declared("投标保证金", "bid deposit")
    check_past(command.received_at, request)
    recorded = DepositRecorded(
        token=command.token,
        number=len(state.beside.money.of(command.token)) + 1,
        amount_fen=command.amount_fen,
        received_at=command.received_at,
        recorded_at=request.received_at,
        instrument=command.instrument,
        recorder=request.actor.account,
        statement=command.statement,
    )
    ground = _nothing_to_back(command.token, state, law)
    if ground is None and isinstance(state, Opened):
        return recorded, *_examined_again(request, recorded, state, law)
    if ground is None:
        return (recorded,)
    return recorded, *dues((record.held(recorded),), ground, request.received_at, state, law)


def _examined_again(
    request: TenderRequest, recorded: DepositRecorded, state: Opened, law: Law
) -> tuple[DepositsExamined, ...]:
    """Look at the deposits again, for one that came in time and is recorded only now."""
    beside = replace(state.beside, money=record.evolve(state.beside.money, recorded))
    bids = [row.bid for row in state.rows if row.outcome == "unsealed"]
    return examined(bids, replace(state, beside=beside), request.received_at, law)


def _nothing_to_back(token: str, state: AnnouncedState, law: Law) -> Ground | None:
    """Return why a deposit that comes in now goes back at once."""
    match state:
        case Contracted() if is_concluded(state, law):
            return "contract"
        case Failed():
            return "failed"
        case _:
            return None if isinstance(state, Accepting) or token in state.bidders.values() else "withdrawn"


def _fee(request: TenderRequest, command: RecordFee, state: AnnouncedState) -> FeeRecorded:
    price = declared(state).documents_fen
    if price is None:
        raise not_declared("招标文件工本费", "price of the documents")
    if command.amount_fen != price:
        raise BadInput(f"招标文件工本费为{format_yuan(price)}元", f"the documents cost {format_yuan(price)} yuan")
    check_past(command.received_at, request)
    return FeeRecorded(
        token=command.token,
        number=len(state.beside.money.of(command.token)) + 1,
        amount_fen=command.amount_fen,
        received_at=command.received_at,
        recorded_at=request.received_at,
        recorder=request.actor.account,
        statement=command.statement,
    )


def _claimed(request: TenderRequest, state: AnnouncedState, law: Law) -> Sequence[RefundDue]:
    """Let a bidder have its deposit back before the deadline: its own word is the written withdrawal (E11).

    What a sealed message means is known to nobody until the deadline, so a withdrawal by it cannot be answered before.
    """
    if not isinstance(state, Accepting) or not is_open(request.received_at, state):
        raise OutOfPhase(
            "投标截止时间已过，投标保证金依法退还，无需申请",
            "the deadline has passed: deposits go back as the law says",
            *articles(law, "E11"),
        )
    held = state.beside.money.deposits(request.actor.account)
    if not held:
        raise NotFound("没有可退还的投标保证金", "there is no deposit to return")
    return tuple(dues(held, "withdrawn", request.received_at, state, law))


def _revoked(request: TenderRequest, state: AnnouncedState, explanation: str, law: Law) -> BidRevoked:
    """Record that a bidder revokes its bid between deadline and report (E12); a candidate gives up instead."""
    if not isinstance(state, Ceremony | Opened):
        raise not_now(state)
    token = request.actor.account
    bid = next((name for name, holder in state.bidders.items() if holder == token), None)
    if bid is None or token in state.beside.money.revoked:
        raise NotFound("没有可撤销的投标", "there is no bid to revoke")
    return BidRevoked(
        bid=bid,
        token=token,
        cause="own_word",
        explanation=explanation,
        revoked_at=request.received_at,
        articles=articles(law, "E12"),
    )


def _kept(request: TenderRequest, command: KeepDeposit, state: AnnouncedState, law: Law) -> DepositKept:
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    money, token = state.beside.money, state.bidders.get(command.bid)
    held = [one for one in money.of(token or "") if one.purpose == "deposit" and one.key not in money.returned]
    if token is None or not held or token in money.kept:
        raise NotFound("没有可不予退还的投标保证金", "there is no deposit to keep")
    blame = _blame(command.bid, state)
    if blame is None:
        raise BreaksClause(
            "没有依法可以不退还该投标保证金的情形", "nothing lets this deposit be kept", *articles(law, "E12")
        )
    ground, rules = blame
    dropped = next((one for one in state.beside.result.dropped if one.bid == command.bid), None)
    return DepositKept(
        bid=command.bid,
        token=token,
        ground=ground,
        amount_fen=sum(one.amount_fen for one in held),
        fine_at_most_fen=dropped.fine_at_most_fen if dropped else None,
        explanation=command.explanation,
        decided_at=request.received_at,
        articles=articles(law, *rules),
    )


def _blame(bid: str, state: AnnouncedState) -> tuple[Blame, tuple[str, ...]] | None:
    """Return why a bidder's deposit may be kept, and by which clauses: E37, E12, E18."""
    money = state.beside.money
    if state.bidders[bid] in forfeited(state):
        return "contract_refused", ("E37",)
    cause = money.revoked.get(state.bidders[bid])
    if cause is None:
        return None
    return cause, ("E12", "E18") if cause == "own_fault_unsealing" else ("E12",)


def _refund(request: TenderRequest, command: RecordRefund, state: AnnouncedState, law: Law) -> RefundRecorded:
    """Record a return of what is due, with interest to its day: a fen less is refused, a day late recorded."""
    money, key = state.beside.money, (command.token, command.number)
    due = next((one for one in money.owed() if (one.token, one.number) == key), None)
    if due is None:
        raise NotFound("没有该项待退款项", "nothing of that name is due")
    check_past(command.paid_at, request)
    if command.paid_at < due.since:
        raise BadInput("退还时间早于退还事由发生的时间", "it is returned before it was due")
    (held,) = (one for one in money.of(command.token) if one.number == command.number)
    interest = interest_on(held, day_of(command.paid_at), state) if due.bears_interest else 0
    owed = due.amount_fen + interest if held.in_money else 0
    if command.paid_fen < owed or (command.paid_fen and not held.in_money):
        zh = f"应退还{format_yuan(owed)}元（含利息{format_yuan(interest)}元）"
        raise BreaksClause(zh, f"{format_yuan(owed)} yuan are owed", due.articles[0])
    return RefundRecorded(
        token=command.token,
        number=command.number,
        paid_fen=command.paid_fen,
        interest_fen=interest,
        paid_at=command.paid_at,
        late=command.paid_at >= returned_by(due, law),
        recorder=request.actor.account,
        article=due.articles[0],
        statement=command.statement,
    )
