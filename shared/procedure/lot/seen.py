"""Who may see which fact of a lot, and from when; what is one's own doing one's own door shows besides."""

from shared.kernel.codes import may_act
from shared.kernel.message import Event
from shared.kernel.request import Actor, Role
from shared.law.findings import day_of
from shared.procedure.asking import is_own
from shared.procedure.lot.after import seen as after
from shared.procedure.lot.after.events import IdentityNoted
from shared.procedure.lot.endings import ReserveShareGiven, ReserveShareRefused
from shared.procedure.lot.events import (
    Applied,
    BidderAdmitted,
    BidderBarred,
    BidderRefused,
    DepositRecorded,
    LotDrafted,
    ProxySet,
    RequestRefused,
    WentOn,
)
from shared.procedure.lot.judged import seen as judged
from shared.procedure.lot.judged.events import JUDGED
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.named import NamingJoined, PriceNamed
from shared.procedure.lot.sealed import seen as tender
from shared.procedure.lot.sealed.events import TENDER
from shared.procedure.lot.state import OVER, Drafted, Lot, LotState

RUNNING: frozenset[Role] = frozenset({"tenderer", "agency"})
WATCH: frozenset[Role] = frozenset({"operator", "supervisor"})
OFFICE = RUNNING | WATCH


def standing(actor: Actor, state: LotState) -> Role:
    """Return the role that an actor has towards a lot: to run one counts in one's own alone, to watch in one's region.

    An operator that is bound to no region runs the whole platform; an expert is one where it sits.
    """
    if actor.role in RUNNING and not _is_own(actor, state):
        return "public"
    if actor.role == "expert" and not (isinstance(state, Lot) and state.judged.seat_of(actor.account)):
        return "public"
    bound = actor.role == "supervisor" or (actor.role == "operator" and bool(actor.region))
    return "public" if bound and not _is_in_region(actor, state) else actor.role


def knows(actor: Actor, state: LotState) -> bool:
    """Whether an actor may know of a lot: a draft is its own party's and the platform's alone until pre-disclosed."""
    public = isinstance(state, Lot) or (isinstance(state, Drafted) and state.pre_disclosed_at is not None)
    return public or actor.role == "system" or _is_own(actor, state)


def visible(event: Event, role: Role, state: LotState) -> bool:  # noqa: C901, PLR0911 - one return a kind of fact
    """Return whether a role may see an event while the lot is in `state`; bids are public, who bids is not (T19)."""
    if role == "system":
        return True
    over = isinstance(state, Lot) and state.phase in OVER
    match event:
        case LotDrafted():
            return role in RUNNING or (role in WATCH and isinstance(state, Lot))
        case Applied() | DepositRecorded() | BidderAdmitted() | BidderRefused() | BidderBarred():
            return role in OFFICE
        case ProxySet() | PriceNamed():
            return over
        case WentOn() | NamingJoined():
            return role in WATCH or over
        case RequestRefused():
            return role in WATCH and over
        case ReserveShareGiven() | ReserveShareRefused():
            return role in {*WATCH, "authority"} or over
        case event if isinstance(event, TENDER):
            return tender.visible(event, role, state)
        case event if isinstance(event, JUDGED):
            return judged.visible(event, role, state)
        case IdentityNoted(number=number) if judged.read_out(number, state):
            return True
        case LotEvent():
            return after.visible(event, role, over=over)
        case _:
            return True


def gives(_event: Event, by: Role, role: Role) -> bool:
    """Whether a role that sees an event may have its record, which names who did it (`by` is that one's role).

    The record of a bid holds its bidder's token and number together. Who may read tokens can tell who bid under which
    number, which stays with the offices.
    """
    return role in {*OFFICE, "system"} or by not in {"token", "bidder"}


def concerned(event: Event) -> tuple[str, ...]:
    """Return the accounts that an event is about: a bidder is told of its own deposit and admission."""
    match event:
        case DepositRecorded(token=token) | BidderAdmitted(token=token):
            return (token,)
        case BidderRefused(token=token) | BidderBarred(token=token):
            return (token,)
        case event if isinstance(event, after.ABOUT):
            return (event.token,)
        case _:
            return ()


def _is_in_region(actor: Actor, state: LotState) -> bool:
    if not isinstance(state, Lot):
        return True
    return may_act(actor.region, state.announced.draft.region, day_of(state.announced.announced_at))


def _is_own(actor: Actor, state: LotState) -> bool:
    match state:
        case Drafted(draft=draft, owner=owner):
            return is_own(actor, owner, draft.seller)
        case Lot(announced=announced):
            return is_own(actor, announced.owner, announced.draft.seller)
        case _:
            return False
