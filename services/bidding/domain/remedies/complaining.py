"""Decisions about complaints (投诉): in time, after an objection, examined and decided by the supervisor."""

from collections.abc import Sequence
from datetime import datetime

from services.bidding.domain.asking import TenderRequest, articles
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies.ending import End, Finding, follow
from services.bidding.domain.remedies.events import (
    ComplaintDecided,
    ComplaintEvent,
    ComplaintExamined,
    ComplaintMade,
    ComplaintPaused,
    ComplaintResumed,
    ComplaintWithdrawn,
)
from services.bidding.domain.remedies.messages import (
    DecideComplaint,
    ExamineComplaint,
    MakeComplaint,
    PauseComplaint,
    ResumeComplaint,
    SuspendForComplaint,
    WithdrawComplaint,
)
from services.bidding.domain.remedies.objecting import answer_ends, is_of, let_go
from services.bidding.domain.state import AnnouncedState
from services.bidding.domain.timetable.deciding import check_can_stand
from services.bidding.domain.timetable.messages import DeadlineMoved, TenderResumed, TenderSuspended
from services.bidding.domain.timetable.moving import suspend
from shared.kernel.errors import BadInput, NotEntitled, NotFound, OutOfPhase
from shared.procedure.asking import breaks
from shared.procedure.books import Books, Law
from shared.procedure.publicity import limit
from shared.procedure.remedies import Complaint, Objection, Pause, limit_without

Told = ComplaintEvent | TenderSuspended | TenderResumed | DeadlineMoved | End
Order = ExamineComplaint | SuspendForComplaint | PauseComplaint | ResumeComplaint | DecideComplaint


def complain(request: TenderRequest, command: MakeComplaint, state: AnnouncedState, law: Law) -> Sequence[Told]:
    """Take in a complaint (E36): within its days from knowing, without the time that an objection took."""
    if command.knew_at > request.received_at:
        raise BadInput("知道的时间不能晚于现在", "one cannot know something later than now")
    pauses = _first_objected(request, command, state, law)
    ends = limit_without(command.knew_at, "E36", law, pauses).ends_at
    if request.received_at >= ends:
        raise breaks(law.rulebook.clause("E36"), "已过投诉的时间。", "The time for it is over.")
    return (
        ComplaintMade(
            number=len(state.beside.remedies.complaints) + 1,
            about=command.about,
            by=request.actor.account,
            objection=command.objection,
            knew_at=command.knew_at,
            letter_sha256=command.letter_sha256,
            made_at=request.received_at,
            acceptance_due=limit(request.received_at, "E36-ACCEPTANCE", law).ends_at,
            articles=articles(law, "E36", "E36-OBJECTION", "E36-ACCEPTANCE"),
        ),
    )


def withdraw(request: TenderRequest, command: WithdrawComplaint, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Withdraw one's own complaint, and let go of what it held up."""
    complaint = _open(state, command.number)
    if complaint.by != request.actor.account:
        raise NotEntitled("只能撤回本人的投诉", "only one's own complaint can be withdrawn")
    withdrawn = ComplaintWithdrawn(number=command.number, withdrawn_at=request.received_at)
    return withdrawn, *let_go(request, state, _hold(command.number), law_of(state, books))


def order(request: TenderRequest, command: Order, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Do what the supervisor orders about a complaint; that it is the one of the place is seen to already."""
    now, law = request.received_at, law_of(state, books)
    complaint = _open(state, command.number)
    match command:
        case ExamineComplaint():
            return (_examine(request, command, complaint, law),)
        case SuspendForComplaint(notice=notice):
            return (_suspend(request, complaint, state, notice, law),)
        case PauseComplaint(cause=cause):
            _check_accepted(complaint, paused=False)
            return (ComplaintPaused(number=complaint.number, cause=cause, paused_at=now),)
        case ResumeComplaint():
            _check_accepted(complaint, paused=True)
            return (ComplaintResumed(number=complaint.number, resumed_at=now),)
        case DecideComplaint():
            return _decide(request, command, complaint, state, law)


def acceptance_ends(complaint: Complaint, law: Law) -> datetime:
    """Return when the time to accept or refuse ends, and never before it was told to."""
    return max(complaint.acceptance_due, limit(complaint.made_at, "E36-ACCEPTANCE", law).ends_at)


def decision_ends(complaint: Complaint, law: Law, now: datetime) -> datetime | None:
    """Return when the time for the decision ends, as it stands now; none runs before a complaint is accepted."""
    since = complaint.accepted_at
    return since and limit_without(since, "E36-DECISION", law, complaint.not_counted(now)).ends_at


def _first_objected(request: TenderRequest, command: MakeComplaint, state: AnnouncedState, law: Law) -> Sequence[Pause]:
    """Return the time that its objection took; where one is needed and there is none, raise BreaksClause."""
    if command.about == "conduct":
        return ()
    objection = state.beside.remedies.objection(command.objection or 0)
    clause, now = law.rulebook.clause("E36-OBJECTION"), request.received_at
    if objection is None or not _is_first(objection, request, command, state):
        raise breaks(clause, "未见您就此提出的异议。", "There is no objection of yours about this.")
    if objection.open and now < answer_ends(objection, law):
        raise OutOfPhase("异议的答复期未满", "the time to answer your objection is not over", clause.article)
    return (objection.not_counted(now),)


def _is_first(objection: Objection, request: TenderRequest, command: MakeComplaint, state: AnnouncedState) -> bool:
    same = is_of(request, objection, state) and objection.about == command.about
    return same and not objection.withdrawn


def _examine(request: TenderRequest, command: ExamineComplaint, complaint: Complaint, law: Law) -> ComplaintExamined:
    if complaint.accepted_at is not None:
        raise OutOfPhase("该投诉已受理", "the complaint is accepted already")
    return ComplaintExamined(
        number=complaint.number,
        accepted=command.accepted,
        ground=command.ground,
        examined_at=request.received_at,
        late=request.received_at >= acceptance_ends(complaint, law),
        article=law.rulebook.clause("E36-ACCEPTANCE").article,
    )


def _suspend(
    request: TenderRequest, complaint: Complaint, state: AnnouncedState, notice: str, law: Law
) -> TenderSuspended:
    check_can_stand(request, state)
    hold, (article,) = _hold(complaint.number), articles(law, "COMPLAINT-SUSPENSION")
    if state.beside.timetable.hold(hold):
        raise OutOfPhase("已因该投诉暂停", "the tender is suspended for this complaint already")
    return suspend(request, hold=hold, cause="complaint", notice=notice, article=article)


def _decide(
    request: TenderRequest, command: DecideComplaint, complaint: Complaint, state: AnnouncedState, law: Law
) -> Sequence[Told]:
    now, due = request.received_at, decision_ends(complaint, law, request.received_at)
    if due is None:
        raise OutOfPhase("该投诉尚未受理", "the complaint is not accepted yet")
    number = complaint.number
    ends = follow(request, state, Finding("complaint", number, command.order, command.bid, command.text), law)
    decided = ComplaintDecided(
        number=number,
        order=command.order,
        bid=command.bid,
        text=command.text,
        decided_at=now,
        late=now >= due,
        articles=articles(law, "E36-DECISION", "D25"),
    )
    return decided, *let_go(request, state, _hold(number), law, ending=bool(ends)), *ends


def _check_accepted(complaint: Complaint, *, paused: bool) -> None:
    if complaint.accepted_at is None or (complaint.paused_since is not None) != paused:
        raise OutOfPhase("该投诉尚未受理，或不处于此状态", "the complaint is not accepted, or does not stand so")


def _open(state: AnnouncedState, number: int) -> Complaint:
    complaint = state.beside.remedies.complaint(number)
    if complaint is None or complaint.ended:
        raise NotFound("没有该项投诉，或已办结", "there is no such complaint, or it is ended")
    return complaint


def _hold(number: int) -> str:
    return f"complaint-{number}"
