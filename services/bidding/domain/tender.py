"""The tender as a decider: the transition table of what may be asked in which phase."""

from collections.abc import Sequence

from services.bidding.domain import awarding, ceremony, drafting, evaluating, receiving, recounting, unsealing
from services.bidding.domain.access import deciding as access
from services.bidding.domain.access.messages import AccessCommand, NoteCollusion, ScreenBids
from services.bidding.domain.asking import TenderRequest, check_staff
from services.bidding.domain.commands import (
    AwardTender,
    CloseReception,
    DeliverSealed,
    DraftTender,
    EndKeyCollection,
    ExtendKeyCollection,
    GiveKey,
    GiveShares,
    NoteDisclosure,
    NoteWitness,
    ProceedUnwitnessed,
    PublishCandidates,
    PublishTender,
    RecordUnsealing,
    RecountDeadlines,
    ReportEvaluation,
    SignContract,
    SignIn,
    StartOpening,
)
from services.bidding.domain.committee import deciding as committee
from services.bidding.domain.committee.commands import CommitteeCommand
from services.bidding.domain.committee.drawing import with_coefficients
from services.bidding.domain.committee.signing import check_signed
from services.bidding.domain.documents import deciding as documents
from services.bidding.domain.documents.messages import DocumentsCommand
from services.bidding.domain.events import RequestRefused, TenderEvent
from services.bidding.domain.evolving import evolve
from services.bidding.domain.money import deciding as money
from services.bidding.domain.money.messages import MoneyCommand
from services.bidding.domain.money.returning import following
from services.bidding.domain.outages import deciding as outages
from services.bidding.domain.outages.messages import DeclareOutage, ExtendAfterOutage
from services.bidding.domain.phases import not_now
from services.bidding.domain.publication import deciding as publication
from services.bidding.domain.publication.messages import PublicationCommand
from services.bidding.domain.readings import deciding as readings
from services.bidding.domain.readings.messages import ReadingsCommand
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies import deciding as remedies
from services.bidding.domain.remedies.messages import RemediesCommand
from services.bidding.domain.result import deciding as result
from services.bidding.domain.result.messages import ResultCommand
from services.bidding.domain.state import (
    Accepting,
    Announced,
    AnnouncedState,
    Awarded,
    Ceremony,
    Closed,
    Collecting,
    Convened,
    Drafted,
    Evaluated,
    Opened,
    Publicised,
    TenderState,
    Unborn,
    Unsealing,
)
from services.bidding.domain.timetable import deciding as timetable
from services.bidding.domain.timetable.messages import TimetableCommand
from services.bidding.domain.visible import knows, standing
from shared.kernel.canonical import digest, encode
from shared.kernel.decider import Decider
from shared.kernel.errors import NotEntitled, NotFound, NotYet, OutOfPhase, Refusal
from shared.procedure.books import Books

GOES_ON = RecountDeadlines | ScreenBids | NoteCollusion
"""What is still decided on while a tender stands still."""


def make_decider(books: Books) -> Decider[TenderRequest, TenderState, TenderEvent]:
    """Return the decider that finds the law of each tender, by digest, in `books`."""

    def decide(request: TenderRequest, state: TenderState) -> Sequence[TenderEvent]:
        check_staff(request)
        events = _decide(request, state, books)
        return (*events, *following(state, events, books))

    return Decider(Unborn(), decide, evolve)


def _decide(  # noqa: PLR0911 - one return a kind of request
    request: TenderRequest, state: TenderState, books: Books
) -> Sequence[TenderEvent]:
    """Chapters first, in any phase that has them; then the phases, unless the tender stands still."""
    command = request.command
    if isinstance(command, ReadingsCommand):
        return readings.decide(request, command, state)
    if isinstance(command, DeclareOutage):
        return outages.declare(request, command, state)
    if not isinstance(command, DraftTender) and not knows(request.actor, state):
        raise NotFound("没有该项目，或无权办理", "there is no such tender, or none that you may deal with")
    if request.actor.role in {"supervisor", "operator"} and standing(request.actor, state) == "public":
        raise NotEntitled("该项目不在本部门的管辖区域", "this tender is not in your region")
    if isinstance(state, Announced):
        if isinstance(command, DeliverSealed):
            return receiving.deliver(request, command, state, books)
        told = _in_chapter(request, state, books)
        if told is not None:
            return told
        remedies.check_answered(request, state, books)
        if state.beside.timetable.suspended and not isinstance(command, GOES_ON):
            return _standing_still(request, state, books)
        if isinstance(command, AccessCommand):
            return access.decide(request, command, state, books)
        access.check_evaluation(command, state, books)
    return _before_opening(request, state, books)


def _in_chapter(  # noqa: PLR0911 - one return a chapter
    request: TenderRequest, state: AnnouncedState, books: Books
) -> Sequence[TenderEvent] | None:
    """Return what the chapter of a command makes of it, or None where it is the phases' own, or waits."""
    command = request.command
    if isinstance(command, DocumentsCommand):
        return documents.decide(request, command, state, books)
    if isinstance(command, CommitteeCommand) and committee.goes_on(command, state):
        return committee.decide(request, command, state, books)
    if isinstance(command, MoneyCommand):
        return money.decide(request, command, state, books)
    if isinstance(command, ResultCommand) and result.goes_on(command, state):
        return result.decide(request, command, state, books)
    if isinstance(command, TimetableCommand):
        return timetable.decide(request, command, state, books)
    if isinstance(command, PublicationCommand):
        return publication.decide(request, command, state, books)
    if isinstance(command, RemediesCommand):
        return remedies.decide(request, command, state, books)
    if isinstance(command, ExtendAfterOutage):
        return outages.extend(request, command, state, books)
    return None


def _standing_still(request: TenderRequest, state: Announced, books: Books) -> Sequence[TenderEvent]:
    """Refuse what a suspended tender does not do; the platform's own timers come again when it goes on."""
    if request.actor.role == "system":
        return ()
    clause = law_of(state, books).rulebook.clause("SUSPENDED")
    causes = "；".join(hold.notice for hold in state.beside.timetable.holds)
    raise OutOfPhase(f"项目已暂停：{causes}", f"the tender is suspended: {causes}", clause.article)


def _before_opening(request: TenderRequest, state: TenderState, books: Books) -> Sequence[TenderEvent]:
    """Up to the deadline. A late bid is turned away on record in every later phase."""
    match request.command, state:
        case DraftTender() as command, (Unborn() | Drafted()) as drafted:
            return drafting.draft(request, command, drafted)
        case PublishTender() as command, Drafted() as drafted:
            return drafting.publish(request, command, drafted, books)
        case RecountDeadlines() as command, Announced() as announced:
            return recounting.recount(request, command, announced, books)
        case CloseReception(), Accepting() as accepting:
            return receiving.close(request, accepting, books)
        case _:
            return _at_opening(request, state, books)


def _at_opening(  # noqa: C901, PLR0911 - one return a transition
    request: TenderRequest, state: TenderState, books: Books
) -> Sequence[TenderEvent]:
    match request.command, state:
        case StartOpening(), Closed() as closed:
            return ceremony.start(request, closed)
        case NoteWitness(), Convened() as convened:
            return ceremony.note_witness(request, convened)
        case ProceedUnwitnessed(), Convened() as convened:
            return ceremony.proceed_unwitnessed(request, convened)
        case SignIn(), Ceremony() as present:
            return ceremony.sign_in(request, present)
        case GiveKey() as command, Collecting() as collecting:
            return ceremony.give_key(request, command, collecting)
        case GiveShares() as command, Collecting() as collecting:
            return ceremony.give_shares(request, command, collecting)
        case ExtendKeyCollection() as command, Collecting() as collecting:
            return ceremony.extend(request, command, collecting, books)
        case EndKeyCollection(), Collecting() as collecting:
            return ceremony.end(request, collecting, books)
        case RecordUnsealing(), Unsealing() as opening:
            return with_coefficients(unsealing.record_unsealing(request, opening, books), opening.tender)
        case NoteDisclosure(), Unsealing() as opening:
            return with_coefficients(unsealing.note_disclosure(request, opening, books), opening.tender)
        case _:
            return _after_opening(request, state, books)


def _after_opening(request: TenderRequest, state: TenderState, books: Books) -> Sequence[TenderEvent]:
    match request.command, state:
        case ReportEvaluation() as command, Opened() as opened:
            return evaluating.report(request, command, opened, books)
        case PublishCandidates() as command, Evaluated() as evaluated:
            check_signed(evaluated, books)
            return awarding.publicise_candidates(request, command, evaluated, books)
        case AwardTender() as command, Publicised() as publicised:
            return awarding.award(request, command, publicised, books)
        case SignContract() as command, Awarded() as awarded:
            return awarding.sign(request, command, awarded, books)
        case ((RecordUnsealing() | NoteDisclosure()), (Accepting() | Ceremony())):
            raise NotYet("密钥尚未收集完毕", "the keys are not collected yet")
        case ((CloseReception() | NoteWitness() | ProceedUnwitnessed() | EndKeyCollection()), Announced()):
            return ()
        case ((RecordUnsealing() | NoteDisclosure()), Announced()):
            return ()
        case _:
            raise not_now(state)


def refused(request: TenderRequest, refusal: Refusal) -> RequestRefused:
    """Return the short record that a refused request leaves: what came, by digest, and why."""
    body = {"stream": request.stream, "command": request.command.model_dump(mode="json")}
    return RequestRefused(
        command_type=request.command.type,
        body_digest=digest(encode(body)),
        code=refusal.code,
        article=refusal.article,
    )
