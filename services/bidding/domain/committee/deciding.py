"""Which decision each request about the committee leads to."""

from collections.abc import Sequence
from typing import assert_never

from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.committee import forming, inquiring, judging, signing
from services.bidding.domain.committee.commands import (
    AnswerCommittee,
    AskBidder,
    AskMoreTime,
    CommitteeCommand,
    EndSigning,
    ExtendEvaluation,
    FormCommittee,
    ProposeFinding,
    RecuseMember,
    ReplaceMember,
    ScoreBids,
    SignReport,
    VoteFinding,
)
from services.bidding.domain.committee.events import CommitteeEvent
from services.bidding.domain.events import TenderFailed
from services.bidding.domain.state import AnnouncedState
from shared.procedure.books import Books

Seating = FormCommittee | RecuseMember | ReplaceMember | AskMoreTime | ExtendEvaluation
Working = ProposeFinding | VoteFinding | AskBidder | AnswerCommittee | ScoreBids

GOES_ON = AnswerCommittee | SignReport | EndSigning
"""What has a time limit of its own, which does not stand still: it is still decided on while the tender does."""


def goes_on(command: CommitteeCommand, state: AnnouncedState) -> bool:
    """Whether a request is decided on now, or the tender stands still."""
    return not state.beside.timetable.suspended or isinstance(command, GOES_ON)


def decide(
    request: TenderRequest, command: CommitteeCommand, state: AnnouncedState, books: Books
) -> Sequence[CommitteeEvent | TenderFailed]:
    """Return what a request about the committee leads to."""
    match command:
        case SignReport():
            return signing.sign(request, command, state, books)
        case EndSigning():
            return signing.end(request, state, books)
        case FormCommittee() | RecuseMember() | ReplaceMember() | AskMoreTime() | ExtendEvaluation():
            return (_seating(request, command, state, books),)
        case _:
            return _working(request, command, state, books)


def _seating(request: TenderRequest, command: Seating, state: AnnouncedState, books: Books) -> CommitteeEvent:
    match command:
        case FormCommittee():
            return forming.form(request, command, state, books)
        case RecuseMember():
            return forming.recuse(request, command, state, books)
        case ReplaceMember():
            return forming.replace(request, command, state, books)
        case AskMoreTime():
            return judging.ask_time(request, command, state, books)
        case ExtendEvaluation():
            return judging.extend(request, command, state, books)
        case _:
            assert_never(command)


def _working(request: TenderRequest, command: Working, state: AnnouncedState, books: Books) -> Sequence[CommitteeEvent]:
    match command:
        case ProposeFinding():
            return (judging.propose(request, command, state, books),)
        case VoteFinding():
            return judging.vote(request, command, state, books)
        case AskBidder():
            return (inquiring.ask(request, command, state, books),)
        case AnswerCommittee():
            return (inquiring.answer(request, command, state, books),)
        case ScoreBids():
            return (judging.score(request, command, state, books),)
        case _:
            assert_never(command)
