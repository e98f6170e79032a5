"""Who may see which fact of a tender, and from when; what is one's own doing one's own door shows besides."""

from services.bidding.domain.access import seen as access
from services.bidding.domain.access.messages import AccessEvent, QualificationNotified
from services.bidding.domain.audiences import ANSWERABLE, OFFICE, RUNNING, WATCH
from services.bidding.domain.beside import ChapterEvent
from services.bidding.domain.ceremony_events import (
    BiddersDisclosed,
    BidderSignedIn,
    BidsUnsealed,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.committee import seen as committee
from services.bidding.domain.committee.events import BidderAsked, CommitteeAnswered, CommitteeEvent
from services.bidding.domain.documents import seen as documents
from services.bidding.domain.documents.messages import ClarificationAcknowledged, DocumentsEvent, DocumentsTaken
from services.bidding.domain.events import BidRefused, EvaluationReported, RequestRefused, SealedReceived, TenderDrafted
from services.bidding.domain.money import seen as money
from services.bidding.domain.money.messages import BidRevoked, MoneyEvent
from services.bidding.domain.readings import seen as readings
from services.bidding.domain.readings.messages import ReadingNoted
from services.bidding.domain.remedies import seen as remedies
from services.bidding.domain.remedies.events import OpeningConfirmed, RemediesEvent, TenderTerminated
from services.bidding.domain.result import seen as result
from services.bidding.domain.result.messages import (
    CandidateDropped,
    ContractCountersigned,
    ResultEvent,
    ValidityAnswered,
)
from services.bidding.domain.state import (
    Announced,
    Awarded,
    Contracted,
    Drafted,
    Evaluated,
    Failed,
    Opened,
    Outage,
    Publicised,
    Qualified,
    Readings,
    TenderState,
    is_secret_who_bids,
)
from shared.kernel.codes import may_act
from shared.kernel.message import Event
from shared.kernel.request import Actor, Role
from shared.law.findings import day_of
from shared.procedure.asking import is_own

SIGNED_BY: frozenset[Role] = ANSWERABLE | {"expert"}
"""Who has it where the committee sits on the platform: its members too, who sign it."""


NAMES_ITS_BIDDER = (
    SealedReceived
    | BidRefused
    | BidderSignedIn
    | KeyGiven
    | KeyRefused
    | DocumentsTaken
    | ClarificationAcknowledged
    | CommitteeAnswered
    | OpeningConfirmed
    | BidRevoked
    | CandidateDropped
    | ValidityAnswered
    | ContractCountersigned
)
"""The events that name the bidder who did them."""


def standing(actor: Actor, state: TenderState) -> Role:
    """Return the role that an actor has towards a tender.

    To be a tenderer or agency counts in one's own alone, to be a supervisor, or the operator of
    a county, in one's region alone (平台规则), to be an expert where one sits on the committee, if the tender declares
    one. An operator that is bound to no region runs the whole platform.
    """
    if actor.role in RUNNING and not _is_own(actor, state):
        return "public"
    if isinstance(state, Announced) and committee.is_stranger(actor, state):
        return "public"
    bound = actor.role == "supervisor" or (actor.role == "operator" and bool(actor.region))
    return "public" if bound and not _is_in_region(actor, state) else actor.role


def knows(actor: Actor, state: TenderState) -> bool:
    """Whether an actor may know that there is such a tender: a draft is its own party's and the platform's alone."""
    if isinstance(state, Readings):
        return actor.role in {*WATCH, "system"}
    return isinstance(state, Announced | Outage) or actor.role == "system" or _is_own(actor, state)


def reads_bids(actor: Actor, state: TenderState) -> bool:
    """Whether an actor reads the bids themselves: who runs, evaluates or watches it, after the opening.

    Nobody else: keys are public by then, so whoever is given a body can open it. Nobody at all where the tender was
    terminated before.
    """
    if isinstance(state, Failed) and isinstance(state.failure, TenderTerminated) and not state.failure.bids_opened:
        return False
    return opening_is_over(state) and standing(actor, state) in {*RUNNING, "expert", "supervisor"}


def visible(event: Event, role: Role, state: TenderState) -> bool:
    """Return whether a role may see an event while the tender is in `state`.

    The role is the asker's `standing`. What it did itself (a bidder's messages, by its token) is shown to it whatever
    this says. The platform's own parts see all.
    """
    if role == "system":
        return True
    if access.is_secret(event, role, state):
        return False
    if isinstance(event, ReadingNoted):
        return readings.visible(role)
    if isinstance(event, ChapterEvent):
        return _of_chapter(event, role, state)
    return _of_phases(event, role, state)


def _of_phases(event: Event, role: Role, state: TenderState) -> bool:  # noqa: PLR0911 - one return a fact
    match event:
        case TenderDrafted():
            return role in RUNNING or (role in WATCH and isinstance(state, Announced))
        case SealedReceived() | BidRefused():
            return not is_secret_who_bids(state)
        case RequestRefused():
            return role in WATCH and not is_secret_who_bids(state)
        case SharesRefused():
            return role in {*WATCH, "authority"} or opening_is_over(state)
        case KeyGiven() | KeyRefused() | SharesGiven() | KeysCollected() | BiddersDisclosed():
            return opening_is_over(state)
        case BidsUnsealed():
            return role in {*OFFICE, "expert"} and opening_is_over(state)
        case EvaluationReported(minutes=None):
            return role in ANSWERABLE or isinstance(state, Publicised | Awarded | Contracted | Failed)
        case EvaluationReported():
            return role in SIGNED_BY or not committee.is_secret(state)
        case _:
            return True


def gives(event: Event, by: Role, role: Role) -> bool:
    """Whether a role that sees an event may have its record, which names who did it (`by` is that one's role).

    What a bidder did goes to the supervisor, and to who sees it where the event itself names the bidder. The tokens can
    be told from the opening on, so that a question or an objection would no longer be without a name, nor what else
    the same command brought about.
    """
    return role in {"supervisor", "system"} or by not in {"token", "bidder"} or isinstance(event, NAMES_ITS_BIDDER)


def addressee(event: Event) -> str | None:
    """Return the account whom an event is addressed to, and who may therefore see it whatever its role."""
    match event:
        case BidderAsked(question=question):
            return question.token
        case QualificationNotified(token=token):
            return token
        case _:
            return None


def _of_chapter(event: ChapterEvent, role: Role, state: TenderState) -> bool:  # noqa: PLR0911 - one return a chapter
    """Ask the chapter that a fact belongs to; what belongs to no such chapter is everyone's."""
    if isinstance(event, AccessEvent):
        return access.visible(event, role, opening_is_over=opening_is_over(state))
    if isinstance(event, CommitteeEvent):
        return committee.visible(event, role, state)
    if isinstance(event, DocumentsEvent):
        return documents.visible(event, role, state)
    if isinstance(event, MoneyEvent):
        return money.visible(event, role, state)
    if isinstance(event, ResultEvent):
        return result.visible(event, role)
    if isinstance(event, RemediesEvent):
        return remedies.visible(event, role)
    return True


def _is_in_region(actor: Actor, state: TenderState) -> bool:
    """Whether a tender is in a supervisor's region: a county's in its own, a city's in any of its counties."""
    if not isinstance(state, Announced):
        return True
    return may_act(actor.region, state.tender.draft.region, day_of(state.tender.announced_at))


def _is_own(actor: Actor, state: TenderState) -> bool:
    match state:
        case Drafted(draft=draft, owner=owner):
            return is_own(actor, owner, draft.buyer)
        case Announced(tender=tender):
            return is_own(actor, tender.owner, tender.draft.buyer)
        case _:
            return False


def opening_is_over(state: TenderState) -> bool:
    """Tell whether results may be shown: only after all unsealing is finished (电子招标投标办法 第三十条)."""
    return isinstance(state, Opened | Qualified | Evaluated | Publicised | Awarded | Contracted | Failed)
