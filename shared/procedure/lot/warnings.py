"""What a supervisor is warned of in one lot: what broke a rule, or will, since when, and by which article."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from shared.kernel.message import Event
from shared.procedure.alarm import Alarm
from shared.procedure.lot.after.asking import confirmation_due, contract_due, due, result_since
from shared.procedure.lot.after.events import (
    ConfirmationSigned,
    ContractConcluded,
    LotDefaulted,
    PaymentRecorded,
    ProofChecked,
    ProofSigned,
    RefundRecorded,
    ResultPublished,
)
from shared.procedure.lot.after.paying import next_due
from shared.procedure.lot.after.record import Dispute
from shared.procedure.lot.after.returning import refund_due
from shared.procedure.lot.after.voiding import SaleVoided
from shared.procedure.lot.asking import Ground
from shared.procedure.lot.commands import PlaceBid
from shared.procedure.lot.endings import (
    LotFrozen,
    LotThawed,
    ReserveShareRefused,
    WinnerReviewed,
)
from shared.procedure.lot.events import BidderAdmitted, BidderRefused, RequestRefused
from shared.procedure.lot.freezing import FAULTS
from shared.procedure.lot.judged.events import JudgingReported
from shared.procedure.lot.sealed.events import PriceSharesRefused
from shared.procedure.lot.state import Lot

Code = Literal[
    "bids_refused", "confirmation_late", "confirmation_overdue", "contract_late", "contract_overdue", "defaulted",
    "disputed",
    "judging_late", "judging_overdue",
    "not_opened", "outage_freeze", "payment_late", "payment_overdue", "proof_late", "refund_late", "refund_overdue",
    "reserve_not_opened", "result_late", "result_overdue", "review_late", "review_overdue", "shares_refused",
    "thaw_late", "thaw_overdue",
    "voided",
]  # fmt: skip

WORDS: Mapping[Code, tuple[str, str]] = {
    "bids_refused": ("有{}次报价被拒绝，请核对原因", "{} bids were refused: see why"),
    "confirmation_late": ("成交确认书签订逾期", "the confirmation of the sale was signed late"),
    "confirmation_overdue": ("成交确认书逾期未签", "the confirmation of the sale is overdue"),
    "contract_late": ("合同订立逾期", "the contract was signed late"),
    "contract_overdue": ("订立合同的期限已过，尚未签约", "the contract is overdue"),
    "defaulted": ("竞得人违约，成交失效", "the winner is in breach, and the sale fell through"),
    "disputed": ("权属争议待处理，成交手续中止", "whose it is, is in dispute, and the sale stands still"),
    "judging_late": ("评标逾期完成", "the committee's result came late"),
    "judging_overdue": ("评标逾期未完成", "the committee's result is overdue"),
    "not_opened": ("开标所需的分片未按时到齐，开标中止", "too few shares came in time, and the opening stands still"),
    "outage_freeze": ("平台故障导致交易中止", "the lot stands still because the platform was down"),
    "payment_late": ("价款缴纳逾期", "a part of the price was paid late"),
    "payment_overdue": ("价款逾期未缴", "a part of the price is overdue"),
    "proof_late": ("竞得证明签署或者审核逾期", "the proof of having won was signed or checked late"),
    "refund_late": ("保证金逾期退还", "a deposit was returned late"),
    "refund_overdue": ("应退保证金逾期未退", "a deposit is overdue to be returned"),
    "reserve_not_opened": ("底价未按时启封，交易中止", "the reserve was not opened in time, and the lot stands still"),
    "result_late": ("成交结果公布逾期", "the result was published late"),
    "result_overdue": ("成交结果逾期未公布", "the result is overdue to be published"),
    "review_late": ("资格审核逾期", "a review came late"),
    "review_overdue": ("资格审核逾期未作出", "a review is overdue"),
    "shares_refused": ("席位提交的分片与承诺不符", "a seat's shares are not those that were committed to"),
    "thaw_late": ("故障中止后恢复逾期", "the lot went on late after a fault"),
    "thaw_overdue": ("中止逾期未恢复", "the lot stands still for too long"),
    "voided": ("成交被宣布无效", "the sale was declared void"),
}
"""What each alarm says in both languages."""

Found = tuple[Code, datetime, str]


def alarms(told: Sequence[tuple[datetime, Event]], lot: Lot, ground: Ground, now: datetime) -> tuple[Alarm, ...]:
    """Return the alarms of an announced lot at `now`, oldest first.

    `told` are the events that the asker is told, each with when it was decided.
    """
    past = [found for at, event in told for found in _of_event(at, event, ground)]
    found = [*past, *_thaws(told, ground), *_standing(lot, ground, now), *_overdue(lot, ground, now)]
    made = [*(_alarm(*one) for one in found), *_refused(told)]
    return tuple(sorted(made, key=lambda alarm: (alarm.since, alarm.code, alarm.article)))


def _of_event(at: datetime, event: Event, ground: Ground) -> Iterator[Found]:  # noqa: C901, PLR0912 - one case a fact
    match event:
        case BidderAdmitted(late=True) | BidderRefused(late=True) | WinnerReviewed(late=True):
            yield "review_late", at, ground.clause("review").article
        case LotFrozen(cause="outage", at=since, article=article):
            yield "outage_freeze", since, article
        case JudgingReported(late=True, at=since, article=article):
            yield "judging_late", since, article
        case PriceSharesRefused():
            yield "shares_refused", at, ground.clause("opening").article
        case ReserveShareRefused():
            yield "shares_refused", at, ground.clause("reserve").article
        case LotFrozen(cause="not_opened", at=since):
            yield "not_opened", since, ground.clause("opening").article
        case LotFrozen(cause="reserve_not_opened", at=since):
            yield "reserve_not_opened", since, ground.clause("reserve").article
        case ProofSigned(late=True, at=since, article=article) | ProofChecked(late=True, at=since, article=article):
            yield "proof_late", since, article
        case ConfirmationSigned(late=True, at=since, article=article):
            yield "confirmation_late", since, article
        case ResultPublished(late=True, at=since, article=article):
            yield "result_late", since, article
        case ContractConcluded(late=True, at=since, article=article):
            yield "contract_late", since, article
        case PaymentRecorded(late=True, paid_at=since, article=article):
            yield "payment_late", since, article
        case RefundRecorded(late=True, paid_at=since, article=article):
            yield "refund_late", since, article
        case LotDefaulted(at=since, article=article):
            yield "defaulted", since, article
        case SaleVoided(at=since, article=article):
            yield "voided", since, article
        case _:
            pass


def _thaws(told: Sequence[tuple[datetime, Event]], ground: Ground) -> Iterator[Found]:
    """Yield the faults that were over too late for the lot to go on at once (T17)."""
    frozen: LotFrozen | None = None
    for _, event in told:
        if isinstance(event, LotFrozen):
            frozen = event
        if isinstance(event, LotThawed) and frozen is not None and frozen.cause in FAULTS:
            latest = _thawed_by(frozen, ground)
            if event.resumes_at >= latest:
                yield "thaw_late", latest, ground.clause("thaw_at_once").article


def _refused(told: Sequence[tuple[datetime, Event]]) -> Iterator[Alarm]:
    """Yield once for each article by which bids were refused, since the first, how often they were."""
    refused: dict[str, list[datetime]] = {}
    for at, event in told:
        if isinstance(event, RequestRefused) and event.command_type.endswith(f".{PlaceBid.NAME}"):
            refused.setdefault(event.article, []).append(at)
    for article, times in refused.items():
        yield _alarm("bids_refused", times[0], article, len(times))


def _standing(lot: Lot, ground: Ground, now: datetime) -> Iterator[Found]:
    """Yield that a lot stands still for too long, or that who applied waits for an answer."""
    frozen = lot.frozen
    if frozen is not None:
        rule = "thaw_at_once" if frozen.cause in FAULTS else "idle"
        latest = _thawed_by(frozen, ground) if frozen.cause in FAULTS else frozen.idle_at
        if latest is not None and now >= latest:
            yield "thaw_overdue", latest, ground.clause(rule).article
    if lot.phase == "sold":
        yield from (("disputed", one.raised_at, ground.clause("disputed").article) for one in _open(lot))
    if lot.phase == "judging" and lot.judged.seats and frozen is None and now >= lot.times.ends_at:
        yield "judging_overdue", lot.times.ends_at, ground.clause("judged").article
    waiting = [one.applied_at for one in lot.bidders.values() if not (one.admitted or one.refused)]
    if waiting and lot.after.over_at is None and now >= (answer := due(ground, "review", min(waiting))):
        yield "review_overdue", answer, ground.clause("review").article
    if lot.phase == "review" and frozen is None and now >= lot.times.ends_at:
        yield "review_overdue", lot.times.ends_at, ground.clause("review").article


def _overdue(lot: Lot, ground: Ground, now: datetime) -> Iterator[Found]:
    """Yield what should have happened by now after the hammer."""
    for owed in lot.after.refunds.values():
        if now >= (latest := refund_due(owed, ground)):
            yield "refund_overdue", latest, owed.article
    if lot.phase == "sold" and not lot.after.disputed:
        for code, rule, ends in _due(lot, ground):
            if ends is not None and now >= ends:
                yield code, ends, ground.clause(rule).article


def _due(lot: Lot, ground: Ground) -> Iterator[tuple[Code, str, datetime | None]]:
    """Yield what of a sale is still to be done, its rule, and by when."""
    after = lot.after
    if after.confirmed_at is None:
        yield "confirmation_overdue", "confirmation", confirmation_due(lot, ground)
    if after.contract is None:
        yield "contract_overdue", "contract", contract_due(lot, ground)
    elif after.price_paid_fen < sum(part.amount_fen for part in after.contract.schedule.parts):
        yield "payment_overdue", "paid", next_due(lot, after.price_paid_fen, ground)
    since = result_since(lot, ground)
    if after.result is None and since is not None and ground.rules.publicity_within is not None:
        yield "result_overdue", "publicity_within", due(ground, "publicity_within", since)


def _open(lot: Lot) -> Sequence[Dispute]:
    return [one for one in lot.after.disputes if one.open]


def _thawed_by(frozen: LotFrozen, ground: Ground) -> datetime:
    return frozen.at + timedelta(minutes=ground.figure("thaw_at_once"))


def _alarm(code: Code, since: datetime, article: str, count: int = 1) -> Alarm:
    zh, en = WORDS[code]
    return Alarm(code=code, since=since, article=article, zh=zh.format(count), en=en.format(count))
