"""How each fact changes the phase. Reads the event and the state, never the law."""

from dataclasses import replace
from typing import assert_never

from services.bidding.domain.access.messages import ApplicationsReviewed
from services.bidding.domain.beside import ChapterEvent, evaluated_again, kept
from services.bidding.domain.ceremony_events import (
    BiddersDisclosed,
    BidderSignedIn,
    BidsUnsealed,
    KeyCollectionExtended,
    KeyCollectionStarted,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    OpeningCompleted,
    OpeningStarted,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.events import (
    BidRefused,
    CandidatesPublicised,
    ContractSigned,
    CoversRevealed,
    DeadlinesRecounted,
    EvaluationReported,
    ReceptionClosed,
    RequestRefused,
    SealedReceived,
    TenderAnnounced,
    TenderAwarded,
    TenderDrafted,
    TenderEvent,
    TenderFailed,
)
from services.bidding.domain.outages.messages import OutageDeclared
from services.bidding.domain.readings.messages import ReadingNoted
from services.bidding.domain.remedies.events import EvaluationSetAside, TenderTerminated
from services.bidding.domain.result.messages import CandidateDropped, TenderToBeHeldAgain
from services.bidding.domain.state import (
    Accepting,
    Announced,
    AnnouncedState,
    Awarded,
    Closed,
    Collecting,
    Contracted,
    Convened,
    Drafted,
    Evaluated,
    Failed,
    Opened,
    Outage,
    Publicised,
    Qualified,
    Readings,
    TenderState,
    Unborn,
    Unsealing,
)
from services.bidding.domain.timetable.messages import DeadlineMoved
from shared.kernel.decider import expect

CollectingEvent = KeyGiven | KeyRefused | SharesGiven | SharesRefused | KeysCollected | KeyCollectionExtended
CeremonyEvent = (
    OpeningStarted
    | KeyCollectionStarted
    | BidderSignedIn
    | CollectingEvent
    | BidsUnsealed
    | BiddersDisclosed
    | OpeningCompleted
)
ResultEvent = EvaluationReported | EvaluationSetAside | CandidatesPublicised | TenderAwarded | ContractSigned
PhaseEvent = (
    TenderDrafted
    | TenderAnnounced
    | BidRefused
    | SealedReceived
    | ReceptionClosed
    | CoversRevealed
    | TenderFailed
    | TenderTerminated
    | OutageDeclared
    | ReadingNoted
    | CeremonyEvent
    | ApplicationsReviewed
    | ResultEvent
    | RequestRefused
)


def evolve(state: TenderState, event: TenderEvent) -> TenderState:  # noqa: PLR0911 - one return a kind of fact
    """Return the state after `event`, under the same calendars. Raise BrokenHistory where it cannot follow."""
    if isinstance(event, SealedReceived) and isinstance(state, Accepting):
        return _receiving(state, event)  # by far the most frequent fact
    if isinstance(event, DeadlinesRecounted):
        if isinstance(state, Unborn | Drafted | Outage | Readings):
            return expect(state, Accepting, event)
        return _recounted(state, event)
    if isinstance(event, ChapterEvent):
        if isinstance(state, Unborn | Drafted | Outage | Readings):
            return expect(state, Accepting, event)
        return _beside(state, event)
    after = _evolve(state, event)
    if type(after) is not type(state) and isinstance(state, Announced) and isinstance(after, Announced):
        bidders = after.bidders or state.bidders
        beside = evaluated_again(state.beside) if isinstance(event, EvaluationSetAside) else state.beside
        return replace(after, published=state.published, beside=beside, bidders=bidders)
    return after


def _beside(state: AnnouncedState, event: ChapterEvent) -> TenderState:
    """Return the state with what a chapter keeps, and in the phase that its fact leads to."""
    return replace(_moved(state, event), beside=kept(state.beside, event))


def _moved(state: AnnouncedState, event: ChapterEvent) -> AnnouncedState:
    """Return the state in its phase after a fact of a chapter; a moved deadline stands in the terms from then on."""
    match event:
        case DeadlineMoved(bids_due=due):
            terms = state.tender.terms.model_copy(update={"bids_due": due})
            return replace(state, tender=state.tender.model_copy(update={"terms": terms}))
        case CandidateDropped(was_winner=True):
            awarded = state if isinstance(state, Contracted) else expect(state, Awarded, event)
            publicised = Publicised(
                tender=awarded.tender, rows=awarded.rows, report=awarded.report, publicity=awarded.publicity
            )
            return replace(publicised, published=state.published, bidders=state.bidders)
        case TenderToBeHeldAgain():
            failed = Failed(tender=state.tender, failure=event)
            return replace(failed, published=state.published, bidders=state.bidders)
        case _:
            return state


def _evolve(  # noqa: C901, PLR0911, PLR0912 - one case and one return a fact
    state: TenderState, event: PhaseEvent
) -> TenderState:
    match event:
        case RequestRefused() | CoversRevealed():
            return state
        case ReadingNoted():
            if not isinstance(state, Unborn):
                expect(state, Readings, event)
            return Readings()
        case OutageDeclared():
            if not isinstance(state, Outage):
                expect(state, Unborn, event)
            return Outage(event)
        case TenderDrafted(draft=draft, owner=owner):
            if not isinstance(state, Unborn):
                expect(state, Drafted, event)
            return Drafted(draft, owner)
        case TenderAnnounced():
            expect(state, Drafted, event)
            return Accepting(tender=event)
        case BidRefused():
            expect(state, Announced, event)
            return state
        case SealedReceived() | ReceptionClosed():
            return _receiving(expect(state, Accepting, event), event)
        case TenderFailed() | TenderTerminated():
            return Failed(tender=expect(state, Announced, event).tender, failure=event)
        case ApplicationsReviewed():
            return Qualified(tender=expect(state, Opened, event).tender, review=event)
        case EvaluationReported() | EvaluationSetAside() | CandidatesPublicised() | TenderAwarded() | ContractSigned():
            return _towards_contract(state, event)
        case _:
            return _at_opening(state, event)


def _recounted(state: AnnouncedState, event: DeadlinesRecounted) -> TenderState:
    published = (*state.published, event.calendar_year)
    if event.deadline is None:
        return replace(state, published=published)
    ends = event.deadline.ends
    match event.deadline.which:
        case "publicity":
            before = expect(state, Publicised, event)
            publicity = before.publicity.model_copy(update={"ends": ends})
            return replace(before, published=published, publicity=publicity)
        case "contract":
            awarded = expect(state, Awarded, event)
            award = awarded.award.model_copy(update={"contract_due": ends})
            return replace(awarded, published=published, award=award)
        case _:
            assert_never(event.deadline.which)


def _receiving(state: Accepting, event: SealedReceived | ReceptionClosed) -> TenderState:
    if isinstance(event, ReceptionClosed):
        bidders = {bid.bid: bid.token for bid in event.bids}
        return Closed(tender=state.tender, bids=event.bids, bidders=bidders)
    return replace(state, received=state.received.and_(event))


def _at_opening(state: TenderState, event: CeremonyEvent) -> TenderState:  # noqa: PLR0911 - one return a fact
    match event:
        case OpeningStarted():
            closed = expect(state, Closed, event)
            return Convened(tender=closed.tender, bids=closed.bids, signed_in=closed.signed_in, opening=event)
        case KeyCollectionStarted():
            convened = expect(state, Convened, event)
            return Collecting(
                tender=convened.tender, bids=convened.bids, signed_in=convened.signed_in, collection=event
            )
        case BidderSignedIn(token=token):
            return _signed_in(state, token, event)
        case KeyGiven() | KeyRefused() | SharesGiven() | SharesRefused() | KeysCollected() | KeyCollectionExtended():
            return _collecting(expect(state, Collecting, event), event)
        case BidsUnsealed():
            return replace(expect(state, Unsealing, event), unsealed=event)
        case BiddersDisclosed():
            return replace(expect(state, Unsealing, event), disclosed=event)
        case OpeningCompleted(rows=rows):
            before = expect(state, Unsealing, event)
            unsealed = before.unsealed.bids if before.unsealed else ()
            return Opened(
                tender=before.tender,
                rows=rows,
                unsealed=unsealed,
                signed_in=before.signed_in,
                opened_at=event.at,
            )
        case _:
            assert_never(event)


def _signed_in(state: TenderState, token: str, event: BidderSignedIn) -> TenderState:
    if isinstance(state, Closed | Convened | Collecting | Unsealing):
        return replace(state, signed_in=state.signed_in | {token})
    return expect(state, Closed, event)


def _collecting(state: Collecting, event: CollectingEvent) -> TenderState:
    match event:
        case KeyGiven(bid=bid, k_b=k_b):
            return replace(state, keys={**state.keys, bid: k_b})
        case SharesGiven(authority=authority):
            return replace(state, shares={**state.shares, authority: event})
        case KeyRefused() | SharesRefused():
            return state
        case KeyCollectionExtended(keys_due=due, cause=cause):
            collection = state.collection.model_copy(update={"keys_due": due})
            return replace(state, collection=collection, extended=True, remedied=state.remedied or cause is None)
        case KeysCollected():
            return Unsealing(tender=state.tender, bids=state.bids, signed_in=state.signed_in, collected=event)
        case _:
            assert_never(event)


def _towards_contract(state: TenderState, event: ResultEvent) -> TenderState:
    match event:
        case EvaluationReported():
            opened = expect(state, Opened, event)
            return Evaluated(tender=opened.tender, rows=opened.rows, report=event)
        case EvaluationSetAside():
            reported = state if isinstance(state, Publicised | Awarded) else expect(state, Evaluated, event)
            return Opened(tender=reported.tender, rows=reported.rows)
        case CandidatesPublicised():
            evaluated = expect(state, Evaluated, event)
            return Publicised(tender=evaluated.tender, rows=evaluated.rows, report=evaluated.report, publicity=event)
        case TenderAwarded():
            before = expect(state, Publicised, event)
            return Awarded(
                tender=before.tender, rows=before.rows, report=before.report, publicity=before.publicity, award=event
            )
        case ContractSigned():
            awarded = expect(state, Awarded, event)
            return Contracted(
                tender=awarded.tender,
                rows=awarded.rows,
                report=awarded.report,
                publicity=awarded.publicity,
                award=awarded.award,
                contract_sha256=event.contract_sha256,
            )
        case _:
            assert_never(event)
