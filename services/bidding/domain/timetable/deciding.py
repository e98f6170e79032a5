"""Decisions about a tender's times: suspension, resumption, extension."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.phases import PHASES
from services.bidding.domain.receiving import cutoff, is_open, law_of
from services.bidding.domain.state import (
    Accepting,
    AnnouncedState,
    Awarded,
    Closed,
    Evaluated,
    Opened,
    Publicised,
)
from services.bidding.domain.timetable.messages import (
    ExtendDeadline,
    ResumeTender,
    SuspendTender,
    TimetableCommand,
    TimetableEvent,
)
from services.bidding.domain.timetable.moving import move, release, suspend
from shared.kernel.errors import PLATFORM_RULE, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role
from shared.procedure.asking import breaks
from shared.procedure.books import Books

MAY: Mapping[str, frozenset[Role]] = {
    "supervision": frozenset({"supervisor"}),
    "outage": frozenset({"operator"}),
    "force_majeure": frozenset({"tenderer", "agency"}),
}
"""Who may suspend for which cause, and let go of it again; the supervisor lets go of any."""

STANDS = Accepting | Closed | Opened | Evaluated | Publicised | Awarded
"""The phases that can stand still. An opening that has begun is brought to its end (电子招标投标办法 第三十条)."""


def decide(
    request: TenderRequest, command: TimetableCommand, state: AnnouncedState, books: Books
) -> Sequence[TimetableEvent]:
    """Return what a request about the times of a tender leads to."""
    match command:
        case SuspendTender(cause=cause, notice=notice):
            _check_may(request, state, cause)
            check_can_stand(request, state)
            hold = f"{cause.replace('_', '-')}-{state.beside.timetable.count + 1}"
            return (suspend(request, hold=hold, cause=cause, notice=notice, article=PLATFORM_RULE),)
        case ResumeTender():
            return _resume(request, command, state, books)
        case ExtendDeadline():
            return (_extend(request, command, state, books),)
        case _:
            assert_never(command)


def check_can_stand(request: TenderRequest, state: AnnouncedState) -> None:
    """Raise OutOfPhase where a tender cannot be suspended: once the deadline has passed, not before it is closed.

    To stand still between the two would let bids in that came too late (招标投标法 第二十八条).
    """
    if isinstance(state, Accepting) and not is_open(request.received_at, state):
        raise OutOfPhase(
            "投标截止时间已过，接收关闭后方可暂停", "the deadline has passed: suspend once reception is closed"
        )
    if not isinstance(state, STANDS):
        zh, en = PHASES[type(state)]
        raise OutOfPhase(f"项目现为“{zh}”，不能暂停", f"the tender is {en} and cannot be suspended now")


def _resume(
    request: TenderRequest, command: ResumeTender, state: AnnouncedState, books: Books
) -> Sequence[TimetableEvent]:
    hold = state.beside.timetable.hold(command.hold)
    if hold is None:
        raise NotFound("没有该项暂停，或已解除", "there is no such hold, or it is let go of already")
    if hold.cause not in MAY:
        raise OutOfPhase(
            "因异议或投诉的暂停，自答复或处理决定作出时解除",
            "what an objection or a complaint suspends goes on when it is answered or decided",
        )
    if request.actor.role != "supervisor":
        _check_may(request, state, hold.cause)
    law = law_of(state, books)
    return release(request, state, hold=hold.hold, notice=command.notice, law=law)


def _extend(request: TenderRequest, command: ExtendDeadline, state: AnnouncedState, books: Books) -> TimetableEvent:
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    if not isinstance(state, Accepting) or (
        request.received_at >= cutoff(state.tender) and not state.beside.timetable.suspended
    ):
        clause = law.rulebook.clause("EXTENDED")
        raise OutOfPhase("投标截止时间已过，不能延长", "the deadline has passed", clause.article)
    if command.bids_due <= state.tender.terms.bids_due:
        raise breaks(law.rulebook.clause("EXTENDED"), "所给时间不晚于原截止时间。", "The time given is not later.")
    (article,) = articles(law, "EXTENDED")
    return move(request, state, command.bids_due, cause="extension", notice=command.notice, article=article)


def _check_may(request: TenderRequest, state: AnnouncedState, cause: str) -> None:
    if request.actor.role not in MAY[cause]:
        raise NotEntitled("该事由的暂停与恢复由他方办理", "another role suspends and resumes for this cause")
    if cause == "force_majeure":
        check_owner(request, state.tender.owner, state.tender.draft.buyer)
