"""What a supervisor is warned of in one tender: what broke a rule, or will, since when, and by which article."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from services.bidding.domain.access.messages import CollusionNoted
from services.bidding.domain.ceremony_events import KeyCollectionStarted, OpeningCompleted, OpeningStarted
from services.bidding.domain.committee import warnings as committee
from services.bidding.domain.events import BidRefused, CandidatesPublicised, ContractSigned, TenderFailed
from services.bidding.domain.money import warning as money
from services.bidding.domain.money.returning import is_concluded
from services.bidding.domain.publication import warnings as publication
from services.bidding.domain.recounting import contract
from services.bidding.domain.remedies import warnings as remedies
from services.bidding.domain.result import warnings as result
from services.bidding.domain.result.deciding import report_ends, report_rule
from services.bidding.domain.result.messages import SupervisorReported, TenderToBeHeldAgain
from services.bidding.domain.result.validity import binds_until
from services.bidding.domain.state import (
    Announced,
    Awarded,
    Closed,
    Contracted,
    Evaluated,
    Opened,
    Publicised,
    TenderState,
)
from shared.kernel.message import Event
from shared.procedure.alarm import Alarm as AnyAlarm
from shared.procedure.books import Law
from shared.procedure.publicity import limit

PhaseCode = Literal[
    "bid_invalid",
    "bid_refused",
    "collusion_noted",
    "contract_late",
    "contract_overdue",
    "not_unsealed",
    "opening_late",
    "opening_overdue",
    "opening_unwitnessed",
    "publicity_late",
    "report_late",
    "report_overdue",
    "validity_over",
    "publicity_overdue",
    "tender_failed",
]
Code = (
    PhaseCode
    | publication.PublicationCode
    | committee.CommitteeCode
    | remedies.RemedyCode
    | money.Code
    | result.ResultCode
)

OPENING_GRACE = timedelta(minutes=10)
"""How long after the deadline an opening may start and still be held at it: the platform's own figure."""

AT_THE_DEADLINE = "招标投标法 第三十四条"

WORDS: Mapping[str, tuple[str, str]] = {
    "bid_invalid": (
        "有投标因投标人不得参加而无效，请核对",
        "a bid is invalid because its bidder may not take part: see why",
    ),
    "collusion_noted": (
        "有投标异常一致或者被认定串通的记录，请核对",
        "bids resemble each other, or are deemed collusive: see the notes",
    ),
    "bid_refused": (
        "有投标文件被拒收，请核对送达时间与密封情况",
        "a bid was turned away: see its arrival and sealing",
    ),
    "contract_late": ("合同订立逾期", "the contract was signed late"),
    "contract_overdue": ("订立合同的期限已过，尚未签约", "the contract is overdue"),
    "not_unsealed": ("有投标文件未能解密，请核对归责", "a bid was not unsealed: look at whose fault it was"),
    "opening_late": ("开标未在投标截止的同一时间进行", "the opening did not start at the deadline"),
    "opening_overdue": ("投标已截止，尚未开标", "reception is closed and the opening has not started"),
    "opening_unwitnessed": ("开标时账本检查点未获足数见证", "the opening went on without enough witnesses"),
    "publicity_late": ("中标候选人公示开始逾期", "the publicity of the candidates began late"),
    "publicity_overdue": ("收到评标报告后未按期公示中标候选人", "the candidates are overdue for publicity"),
    "report_late": ("招标投标情况书面报告提交逾期", "the written report came late"),
    "report_overdue": ("招标投标情况书面报告逾期未交", "the written report is overdue"),
    "validity_over": ("投标有效期已届满，尚未定标", "bids bind no longer and the winner is not decided"),
    "tender_failed": (
        "招标失败，依法应当重新招标的须重新招标",
        "the tender failed; if it must be, it is held again",
    ),
    **committee.WORDS,
    **publication.WORDS,
    **remedies.WORDS,
    **money.WORDS,
    **result.WORDS,
}


class Alarm(AnyAlarm):
    """One warning of a tender."""

    code: Code


def alarms(told: Sequence[tuple[datetime, Event]], state: TenderState, law: Law, now: datetime) -> tuple[Alarm, ...]:
    """Return the alarms of a tender at `now`, oldest first.

    `told` are the events that the asker is told, each with when it was decided.
    """
    if not isinstance(state, Announced):
        return ()
    due = state.tender.terms.bids_due
    past = [alarm for at, event in told for alarm in _of_event(at, event, due, law)]
    beside = [
        *publication.warnings(told, state, law, now),
        *remedies.warnings(told, state, law, now),
        *money.warnings(told, state, law, now),
        *committee.warnings(told, state, law, now),
        *result.warnings(told, state, law, now),
    ]
    found = [*past, *(_alarm(*warned) for warned in beside), *_overdue(state, law, now)]
    return tuple(sorted(found, key=lambda alarm: (alarm.since, alarm.code)))


def _of_event(at: datetime, event: Event, due: datetime, law: Law) -> Iterator[Alarm]:
    match event:
        case BidRefused(received_at=received, article=cited):
            yield _alarm("bid_refused", received, cited)
        case OpeningStarted(started_at=started) if started > due + OPENING_GRACE:
            yield _alarm("opening_late", due + OPENING_GRACE, AT_THE_DEADLINE)
        case KeyCollectionStarted(witnessed=False, started_at=started):
            yield _alarm("opening_unwitnessed", started, "平台规则")
        case OpeningCompleted():
            yield from _of_opening(at, event, law)
        case CollusionNoted(noted_at=noted, article=cited):
            yield _alarm("collusion_noted", noted, cited)
        case CandidatesPublicised(late=True):
            yield _alarm("publicity_late", at, _article(law, "E29-START"))
        case ContractSigned(late=True, article=cited):
            yield _alarm("contract_late", at, cited)
        case SupervisorReported(late=True, article=cited):
            yield _alarm("report_late", at, cited)
        case TenderFailed(failed_at=failed, article=cited) | TenderToBeHeldAgain(failed_at=failed, article=cited):
            yield _alarm("tender_failed", failed, cited)
        case _:
            pass


def _of_opening(at: datetime, event: OpeningCompleted, law: Law) -> Iterator[Alarm]:
    if any(row.outcome in {"revoked", "withdrawn"} for row in event.rows):
        yield _alarm("not_unsealed", at, _article(law, "E18"))
    for article in dict.fromkeys(ground.article for row in event.rows for ground in row.grounds):
        yield _alarm("bid_invalid", at, article)


def _overdue(state: Announced, law: Law, now: datetime) -> Iterator[Alarm]:
    """Yield what should have happened by now: at the end of a time limit its day is over."""
    match state:
        case Closed() if now > (latest := state.tender.terms.bids_due + OPENING_GRACE):
            yield _alarm("opening_overdue", latest, AT_THE_DEADLINE)
        case Evaluated(report=report) if now >= (latest := limit(report.reported_at, "E29-START", law).ends_at):
            yield _alarm("publicity_overdue", latest, _article(law, "E29-START"))
        case Awarded(award=award) if now >= award.contract_due:
            yield _alarm("contract_overdue", award.contract_due, _article(law, "E32"))
        case _:
            pass
    yield from _after_the_candidates(state, law, now)


def _after_the_candidates(state: Announced, law: Law, now: datetime) -> Iterator[Alarm]:
    """Yield what is overdue of the winner and of the report on the tender."""
    if isinstance(state, Opened | Evaluated | Publicised) and state.bidders:
        binding = max(binds_until(bid, state, law) for bid in state.bidders)
        if now >= binding:
            yield _alarm("validity_over", binding, _article(law, "E41"))
    if isinstance(state, Awarded | Contracted):
        yield from _after_the_award(state, law, now)


def _after_the_award(state: Awarded | Contracted, law: Law, now: datetime) -> Iterator[Alarm]:
    """Yield that the winner has not signed what the tenderer signed (E32), and that the report is overdue (E35)."""
    unsigned = isinstance(state, Contracted) and not is_concluded(state, law)
    if unsigned and now >= (due := max(state.award.contract_due, contract(state.award, law).ends_at)):
        yield _alarm("contract_overdue", due, _article(law, "E32"))
    if state.beside.result.reported is None and now >= (due := report_ends(state, law)):
        yield _alarm("report_overdue", due, _article(law, report_rule(state)))


def _article(law: Law, rule: str) -> str:
    return law.rulebook.clause(rule).article


def _alarm(code: Code, since: datetime, article: str) -> Alarm:
    zh, en = WORDS[code]
    return Alarm(code=code, since=since, article=article, zh=zh, en=en)
