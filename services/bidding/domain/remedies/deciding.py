"""Decisions about remedies: which of them a request is, and what must wait for an answer."""

from collections.abc import Sequence

from services.bidding.domain.access.messages import ReviewApplications
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.commands import ReportEvaluation
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies import complaining, ending, objecting
from services.bidding.domain.remedies.events import OpeningConfirmed
from services.bidding.domain.remedies.messages import (
    AnswerObjection,
    ConfirmOpening,
    MakeComplaint,
    RaiseObjection,
    RemediesCommand,
    TerminateTender,
    WithdrawComplaint,
    WithdrawObjection,
)
from services.bidding.domain.state import Announced, AnnouncedState
from shared.kernel.errors import OutOfPhase
from shared.procedure.books import Books

Told = objecting.Told | complaining.Told | ending.End | OpeningConfirmed


def decide(request: TenderRequest, command: RemediesCommand, state: AnnouncedState, books: Books) -> Sequence[Told]:  # noqa: PLR0911 - one return a command
    """Return what a request about objections, complaints or termination leads to."""
    match command:
        case RaiseObjection():
            return objecting.object_(request, command, state, books)
        case AnswerObjection():
            return objecting.answer(request, command, state, books)
        case WithdrawObjection():
            return objecting.withdraw(request, command, state, books)
        case ConfirmOpening():
            return objecting.confirm(request, state)
        case MakeComplaint():
            return complaining.complain(request, command, state, law_of(state, books))
        case WithdrawComplaint():
            return complaining.withdraw(request, command, state, books)
        case TerminateTender():
            return ending.terminate(request, command, state, books)
        case _:
            return complaining.order(request, command, state, books)


def check_answered(request: TenderRequest, state: Announced, books: Books) -> None:
    """Raise OutOfPhase for a report or a review while an objection to the opening waits for its answer (E17)."""
    if isinstance(request.command, ReportEvaluation | ReviewApplications) and state.beside.remedies.waits("opening"):
        clause = law_of(state, books).rulebook.clause("E17-OBJECTION")
        raise OutOfPhase(f"对开标的异议尚未答复。{clause.note_zh}", clause.note_en, clause.article)
