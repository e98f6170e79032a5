"""Decisions about the tender documents: questions, clarifications, and who is told of them."""

from collections.abc import Sequence
from typing import assert_never

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.documents.messages import (
    AcknowledgeClarification,
    AskQuestion,
    ClarificationAcknowledged,
    ClarifyTender,
    DocumentsCommand,
    DocumentsEvent,
    DocumentsTaken,
    QuestionAsked,
    TakeDocuments,
    TenderClarified,
)
from services.bidding.domain.receiving import is_open, law_of
from services.bidding.domain.state import Accepting, AnnouncedState
from services.bidding.domain.timetable.messages import DeadlineMoved
from services.bidding.domain.timetable.moving import move, on_working_day
from services.bidding.domain.values import Document
from shared.kernel.errors import BadInput, NotFound, OutOfPhase
from shared.law.findings import day_of
from shared.law.periods import earliest_target_day, interval
from shared.procedure.books import Books, Law

Told = DocumentsEvent | DeadlineMoved


def decide(request: TenderRequest, command: DocumentsCommand, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Return what a request about the documents leads to."""
    if not isinstance(state, Accepting) or not is_open(request.received_at, state):
        raise OutOfPhase("投标截止时间已过，招标文件不再变动", "the deadline has passed: the documents stand")
    match command:
        case TakeDocuments():
            return _take(request, state)
        case AskQuestion(text=text):
            number = state.beside.documents.questions + 1
            return (QuestionAsked(number=number, text=text, asked_at=request.received_at),)
        case ClarifyTender():
            return _clarify(request, command, state, law_of(state, books))
        case AcknowledgeClarification(number=number):
            return _acknowledge(request, number, state)
        case _:
            assert_never(command)


def _take(request: TenderRequest, state: Accepting) -> Sequence[DocumentsTaken]:
    """Note once that a token took the documents; to be asked again changes nothing."""
    token, documents = request.actor.account, state.beside.documents
    if token in documents.taken:
        return ()
    return (DocumentsTaken(token=token, version=documents.version, taken_at=request.received_at),)


def _acknowledge(request: TenderRequest, number: int, state: Accepting) -> Sequence[ClarificationAcknowledged]:
    token, documents = request.actor.account, state.beside.documents
    if number > documents.clarifications:
        raise NotFound("没有该次澄清", "there is no such clarification")
    if (token, number) in documents.acknowledged:
        return ()
    return (ClarificationAcknowledged(token=token, number=number, at=request.received_at),)


def _clarify(request: TenderRequest, command: ClarifyTender, state: Accepting, law: Law) -> Sequence[Told]:
    """Issue a clarification; one that may affect bids postpones the deadline where too few days are left (E7)."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    documents = state.beside.documents
    if any(number > documents.questions for number in command.answers):
        raise BadInput("所答复的疑问编号不存在", "there is no question of a number that it answers")
    clarified = TenderClarified(
        number=documents.clarifications + 1,
        version=documents.version + 1,
        text=command.text,
        changed=command.documents,
        documents=_in_force(documents.files or state.tender.terms.documents, command.documents),
        affects_bids=command.affects_bids,
        answers=command.answers,
        issued_at=request.received_at,
        articles=articles(law, "E7", "D8"),
    )
    if not command.affects_bids:
        return (clarified,)
    return clarified, *_postponed(request, state, law)


def _postponed(request: TenderRequest, state: Accepting, law: Law) -> Sequence[DeadlineMoved]:
    rule = "E7-PREQUALIFICATION" if state.tender.draft.kind == "prequalification" else "E7"
    clause, n, due = law.rulebook.clause(rule), law.rulebook.figure(rule, int), state.tender.terms.bids_due
    reading = law.rulebook.reading
    if interval(request.received_at, due, n, clause.unit, law.calendar, reading=reading).holds:
        return ()
    first = earliest_target_day(request.received_at, n, clause.unit, law.calendar, reading=reading)
    later = on_working_day(due + (first - day_of(due)), law.calendar)
    notice = f"招标文件已澄清或者修改，投标截止时间顺延。{clause.note_zh}"
    return (move(request, state, later, cause="clarification", notice=notice, article=clause.article),)


def _in_force(files: Sequence[Document], changed: Sequence[Document]) -> tuple[Document, ...]:
    """Return the files in force: those of the same name are replaced, others added."""
    by_name = {file.name: file for file in files} | {file.name: file for file in changed}
    return tuple(by_name.values())
