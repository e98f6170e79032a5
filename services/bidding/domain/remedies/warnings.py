"""What a supervisor is warned of about remedies, suspensions and outages: code, since when, and by which article."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.bidding.domain.documents.messages import TenderClarified
from services.bidding.domain.outages.messages import SILENT, OutageNoted
from services.bidding.domain.remedies.complaining import acceptance_ends, decision_ends
from services.bidding.domain.remedies.events import (
    ComplaintDecided,
    ComplaintExamined,
    ObjectionAnswered,
    ObjectionRepeated,
    TenderTerminated,
)
from services.bidding.domain.remedies.objecting import ANSWERED_BY, answer_ends
from services.bidding.domain.state import Accepting, Announced, Contracted, Failed, Qualified
from shared.kernel.message import Event
from shared.procedure.books import Law
from shared.procedure.publicity import limit
from shared.procedure.remedies import Complaint

RemedyCode = Literal[
    "answer_late",
    "answer_overdue",
    "complaint_decided_late",
    "complaint_decision_overdue",
    "complaint_examination_overdue",
    "complaint_examined_late",
    "documents_uncorrected",
    "objection_repeated",
    "outage_found",
    "outage_too_late",
    "suspended_long",
    "tender_terminated",
]
Warned = tuple[RemedyCode, datetime, str]

WORDS: Mapping[str, tuple[str, str]] = {
    "answer_late": ("异议答复逾期", "an objection was answered late"),
    "answer_overdue": ("异议逾期未答复", "the answer to an objection is overdue"),
    "complaint_decided_late": ("投诉处理决定逾期", "a complaint was decided late"),
    "complaint_decision_overdue": ("投诉逾期未作出处理决定", "the decision on a complaint is overdue"),
    "complaint_examination_overdue": (
        "投诉逾期未决定是否受理",
        "it is overdue to decide whether a complaint is accepted",
    ),
    "complaint_examined_late": (
        "决定是否受理投诉逾期",
        "it was decided late whether a complaint is accepted",
    ),
    "documents_uncorrected": (
        "招标文件应当更正，截止前未更正",
        "the documents were to be corrected and were not before the deadline",
    ),
    "objection_repeated": (
        "同一异议人就同一事项再次提出异议，项目再次暂停，请核对",
        "one party objects to the same again, and the tender stands still again: see why",
    ),
    "outage_found": (
        "平台停机跨越投标截止时间，已自动顺延；请运营机构核实并公告故障",
        "the platform did not run at the deadline, which was moved: the operator is to look and declare the outage",
    ),
    "outage_too_late": (
        "平台故障影响投标截止，但公告时已截止，未能顺延",
        "an outage fell on the deadline and was declared too late to extend it",
    ),
    "suspended_long": ("项目暂停时间过长", "the tender has been suspended for long"),
    "tender_terminated": (
        "招标终止，请核对公告与费用、保证金的退还",
        "the tender was terminated: see its notice and what is returned",
    ),
}


def warnings(told: Sequence[tuple[datetime, Event]], state: Announced, law: Law, now: datetime) -> Iterator[Warned]:
    """Yield what there is to warn of at `now`; `told` are the events that the asker is told."""
    for _, event in told:
        yield from _of_event(event)
    yield from _uncorrected([event for _, event in told], state)
    yield from _overdue(state, law, now)


def _of_event(event: Event) -> Iterator[Warned]:
    match event:
        case ObjectionAnswered(late=True, answered_at=at, article=article):
            yield "answer_late", at, article
        case ObjectionRepeated(repeated_at=at, article=article):
            yield "objection_repeated", at, article
        case ComplaintExamined(late=True, examined_at=at, article=article):
            yield "complaint_examined_late", at, article
        case ComplaintDecided(late=True, decided_at=at, articles=articles):
            yield "complaint_decided_late", at, articles[0]
        case OutageNoted(extended=True, outage=name, noted_at=at, article=article) if name.startswith(SILENT):
            yield "outage_found", at, article
        case OutageNoted(extended=False, noted_at=at, article=article):
            yield "outage_too_late", at, article
        case TenderTerminated(terminated_at=at, article=article):
            yield "tender_terminated", at, article
        case _:
            pass


def _uncorrected(events: Sequence[Event], state: Announced) -> Iterator[Warned]:
    """Yield what wanted the documents corrected, where they were not before the deadline."""
    if isinstance(state, Accepting | Failed):
        return
    article = ""
    for event in events:
        match event:
            case ObjectionAnswered(follows="correct_documents", article=article):
                pass
            case ComplaintDecided(order="correct_documents", articles=(_, article)):
                pass
            case TenderClarified():
                article = ""
            case _:
                pass
    if article:
        yield "documents_uncorrected", state.tender.terms.bids_due, article


def _overdue(state: Announced, law: Law, now: datetime) -> Iterator[Warned]:
    for complaint in state.beside.remedies.complaints:
        yield from _of_complaint(complaint, law, now)
    if isinstance(state, Contracted | Failed | Qualified):
        return
    for objection in state.beside.remedies.objections:
        if objection.open and now >= (due := answer_ends(objection, law)):
            yield "answer_overdue", due, law.rulebook.clause(ANSWERED_BY[objection.about]).article
    since = state.beside.timetable.since
    if since and now >= (long := limit(since, "SUSPENDED-LONG", law).ends_at):
        yield "suspended_long", long, law.rulebook.clause("SUSPENDED-LONG").article


def _of_complaint(complaint: Complaint, law: Law, now: datetime) -> Iterator[Warned]:
    if complaint.ended:
        return
    due = decision_ends(complaint, law, now)
    if due is None and now >= (examined_by := acceptance_ends(complaint, law)):
        yield "complaint_examination_overdue", examined_by, law.rulebook.clause("E36-ACCEPTANCE").article
    if due is not None and now >= due:
        yield "complaint_decision_overdue", due, law.rulebook.clause("E36-DECISION").article
