"""The price: what is due when, what was paid, the interest on what is paid later, and handing over (T22, S15, L7)."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from shared.kernel.errors import BadInput
from shared.kernel.money import format_yuan
from shared.law.clause import Unit
from shared.law.findings import day_of
from shared.procedure import deposits
from shared.procedure.evaluation import half_up
from shared.procedure.lot.after.asking import due, ends, sold
from shared.procedure.lot.after.commands import HandOver, RecordPayment, SignContract
from shared.procedure.lot.after.events import ContractConcluded, HandedOver, PaymentRecorded, PricePaid
from shared.procedure.lot.after.values import Instalment, Schedule
from shared.procedure.lot.asking import Events, Ground, LotRequest, check_owner
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Terms

HUNDRED = 100


def check_terms(terms: Terms, ground: Ground) -> None:
    """Raise BreaksClause for terms of contract and payment that the law does not allow."""
    if terms.contract_days > ground.figure("contract"):
        raise ground.breaks("contract", "公告的签约期限过长。", "the notice leaves too long a time for it")
    if terms.confirmation == "proof" and ground.rules.proof is None:
        raise BadInput("本类标的不采用竞得证明", "no proof of having won is signed in this kind of sale")
    if terms.priority and ground.rules.priority is None:
        raise BadInput("本类标的没有优先购买权", "there are no rights of first refusal in this kind of sale")
    parts, rules = terms.instalments, ground.rules
    if parts is None:
        return
    if rules.instalment_first is None or rules.instalment_rest is None:
        raise ground.breaks("paid", "本类标的价款应一次付清。", "the price is paid in one")
    if Fraction(parts.first_percent, HUNDRED) < ground.share("instalment_first"):
        raise ground.breaks("instalment_first", "首付比例过低。", "the first part is too small")
    if parts.rest_months > ground.figure("instalment_rest"):
        raise ground.breaks("instalment_rest", "余款期限过长。", "the rest would be paid too late")
    if rules.instalment_interest is not None and not parts.rates:
        raise ground.breaks("instalment_interest", "请公告贷款利率。", "the notice gives the bank's loan rate")
    days = [rate.since for rate in parts.rates]
    if days != sorted(days) or (days and days[0] > ground.law.rulebook.announced_on):
        raise BadInput(
            "利率应按起始日先后排列，自公告日前起", "rates are oldest first, the first from before the notice"
        )


def check_security(command: SignContract, lot: Lot, ground: Ground) -> None:
    """Raise BreaksClause for instalments without the security that their rule asks for (S15)."""
    asked = lot.announced.terms.instalments is not None and ground.rules.instalment_security is not None
    if asked and command.security is None:
        raise ground.breaks(
            "instalment_security", "请附转让方认可的担保。", "give the security that the seller accepts"
        )


def schedule(price_fen: int, at: datetime, lot: Lot, ground: Ground) -> Schedule:
    """Return what of a price is due when, from the contract on: in one, or in two parts, the first rounded up."""
    parts, first_ends = lot.announced.terms.instalments, due(ground, "paid", at)
    if parts is None:
        return Schedule(parts=(Instalment(amount_fen=price_fen, due=first_ends),))
    first = -(-price_fen * parts.first_percent // HUNDRED)
    rest_ends = ends(ground, at, parts.rest_months, Unit.MONTH)
    rest = Instalment(amount_fen=price_fen - first, due=max(first_ends, rest_ends))
    bears = ground.rules.instalment_interest is not None
    return Schedule(
        parts=(Instalment(amount_fen=first, due=first_ends), rest), interest_from=day_of(first_ends) if bears else None
    )


def interest_owed(lot: Lot, payments: Sequence[tuple[int, datetime]]) -> Fraction:
    """Return the interest on payments of the price, in fen and exact.

    What comes after the first part bears interest from the day after that part was due to the day before it is paid
    (算头不算尾), by the rates of the notice.
    """
    contract, parts = lot.after.contract, lot.announced.terms.instalments
    if contract is None or parts is None or contract.schedule.interest_from is None:
        return Fraction(0)
    since = contract.schedule.interest_from
    rates = [deposits.Rate(rate.since, Fraction(rate.yearly)) for rate in parts.rates]
    paid, first, owed = lot.after.turned_fen, contract.schedule.parts[0].amount_fen, Fraction(0)
    for amount, at in payments:
        bearing = max(0, paid + amount - max(first, paid))
        owed += deposits.exact_interest(bearing, since, max(since, day_of(at)), rates, parts.days_in_year)
        paid += amount
    return owed


def record(request: LotRequest, command: RecordPayment, lot: Lot, ground: Ground) -> Events:
    """Record a payment, with what it is late of and the interest owed by then; the last one pays the whole price."""
    contract, winner = _concluded(request, lot, ground), sold(lot, ground)
    if not contract.at <= command.paid_at <= request.received_at:
        raise BadInput("付款时间应在合同签订之后、现在之前", "a payment comes after the contract and before now")
    total = sum(part.amount_fen for part in contract.schedule.parts)
    before, is_price = lot.after.price_paid_fen, command.purpose == "price"
    paid = before + command.amount_fen * is_price
    made = [(one.amount_fen, one.paid_at) for one in lot.after.payments if one.purpose == "price"]
    owed = interest_owed(lot, [*made, (command.amount_fen, command.paid_at)] if is_price else made)
    interest = int(half_up(owed, 0))
    settled = lot.after.interest_paid_fen + command.amount_fen * (not is_price)
    if paid > total or (not is_price and settled > interest):
        most = format_yuan(total - before if is_price else interest - lot.after.interest_paid_fen)
        raise BadInput(f"超过应付金额，应付 {most} 元", f"more than is owed, which is {most} yuan")
    recorded = PaymentRecorded(
        token=winner.token,
        purpose=command.purpose,
        amount_fen=command.amount_fen,
        paid_at=command.paid_at,
        paid_fen=paid,
        interest_fen=interest,
        late=is_price and command.paid_at >= next_due(lot, before, ground),
        article=ground.clause("paid").article,
    )
    return (recorded, PricePaid(at=request.received_at)) if paid == total and settled == interest else (recorded,)


def next_due(lot: Lot, paid_fen: int, ground: Ground) -> datetime:
    """Return the first instant that is late for what is to be paid next of the price, by the calendars of now."""
    contract, reached = lot.after.contract, 0
    if contract is None:
        raise BadInput("合同尚未签订", "the contract is not signed yet")
    told = contract.schedule.parts
    parts = schedule(sum(part.amount_fen for part in told), contract.at, lot, ground).parts
    for part in parts:
        reached += part.amount_fen
        if paid_fen < reached:
            return part.due
    return parts[-1].due


def hand_over(request: LotRequest, command: HandOver, lot: Lot, ground: Ground) -> Sequence[HandedOver]:
    """Hand over or register what was sold, once the whole price is paid (L7)."""
    _concluded(request, lot, ground)
    rule = "paid" if ground.rules.handover is None else "handover"
    if lot.after.paid_at is None:
        raise ground.breaks(rule, "价款尚未付清。", "the price is not paid whole")
    if lot.after.handed_over:
        raise ground.not_now(rule, "已经交付或者登记", "it is handed over already")
    return (HandedOver(document=command.document, at=request.received_at, article=ground.clause(rule).article),)


def _concluded(request: LotRequest, lot: Lot, ground: Ground) -> ContractConcluded:
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    sold(lot, ground)
    if lot.after.contract is None:
        raise ground.not_now("contract", "合同尚未签订", "the contract is not signed yet")
    return lot.after.contract
