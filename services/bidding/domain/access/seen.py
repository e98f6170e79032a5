"""Who sees what of who may bid: the lists are the owner's and the supervisor's until the opening is over."""

from services.bidding.domain.access.messages import (
    AccessEvent,
    ApplicationsReviewed,
    CollusionNoted,
    PartiesAdmitted,
    QualificationNotified,
)
from services.bidding.domain.ceremony_events import (
    BiddersDisclosed,
    BidderSignedIn,
    BidsUnsealed,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    OpeningCompleted,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.events import BidRefused, ReceptionClosed, SealedReceived
from services.bidding.domain.state import Announced, TenderState
from shared.kernel.codes import PartyId, party_stream
from shared.kernel.message import Event
from shared.kernel.request import Actor, Role

PARTIES_KNOWN: frozenset[Role] = frozenset({"tenderer", "agency", "supervisor"})
"""Who is told the parties of a list that is not public."""

OF_APPLICANTS = (
    SealedReceived
    | BidRefused
    | ReceptionClosed
    | BidderSignedIn
    | KeyGiven
    | KeyRefused
    | SharesGiven
    | SharesRefused
    | KeysCollected
    | BidsUnsealed
    | BiddersDisclosed
    | OpeningCompleted
)
"""What tells who applied, or how many, where applicants are not public."""


def visible(event: AccessEvent, role: Role, *, opening_is_over: bool) -> bool:
    """Return whether a role may see a fact about who may bid, or about how bids resemble each other."""
    match event:
        case PartiesAdmitted():
            return role in PARTIES_KNOWN or opening_is_over
        case QualificationNotified():
            return role in PARTIES_KNOWN
        case CollusionNoted():
            return role in {*PARTIES_KNOWN, "expert"}


def is_secret(event: Event, role: Role, state: TenderState) -> bool:
    """Whether an event stays from a role because applicants are not told to the public (招标投标法 第二十二条).

    Who applied to be qualified, or made proposals, is a potential bidder of the tender that follows.
    """
    if not (isinstance(state, Announced) and is_before_a_tender(state)):
        return False
    about = isinstance(event, OF_APPLICANTS | ApplicationsReviewed)
    return about and role not in {*PARTIES_KNOWN, "expert", "operator", "authority"}


def is_before_a_tender(state: Announced) -> bool:
    """Whether a procedure is a prequalification or a first stage."""
    return state.tender.draft.kind != "tender"


def offices(state: TenderState, *, opening_is_over: bool) -> frozenset[Role]:
    """Return the offices that are given the whole stream: the operator not while a list of parties is sealed."""
    sealed = isinstance(state, Announced) and state.beside.entrants.admitted is not None and not opening_is_over
    return PARTIES_KNOWN | {"system"} if sealed else PARTIES_KNOWN | {"system", "operator"}


def is_listed(actor: Actor, state: TenderState) -> bool | None:
    """Whether a party is among those who alone may bid, which it is told of itself; null where anyone may bid."""
    listed = state.beside.entrants.admitted if isinstance(state, Announced) else None
    if listed is None or not actor.party:
        return None
    ids = [PartyId(scheme=scheme, id=id_) for scheme, _, id_ in (one.party.partition(":") for one in listed.parties)]
    return any(actor.party in {str(party), party_stream(party)} for party in ids)
