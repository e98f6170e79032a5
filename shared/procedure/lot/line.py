"""A line of business that sells lots, as a value: all but its law and its name is the same in each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.kernel.line import Line, whenever
from shared.kernel.request import Role
from shared.procedure.books import Books
from shared.procedure.lot import commands, disclosing, endings, events, idling, named, words
from shared.procedure.lot.after import commands as after
from shared.procedure.lot.after import disputing, voiding
from shared.procedure.lot.after.evolving import AFTER
from shared.procedure.lot.asking import Secrets
from shared.procedure.lot.endings import BiddingEnded, LotTerminated
from shared.procedure.lot.judged import commands as judged
from shared.procedure.lot.judged.events import JUDGED
from shared.procedure.lot.live import moved, phase
from shared.procedure.lot.lot import RulesOf, make_decider, refused
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.sealed import commands as sealed
from shared.procedure.lot.sealed.events import TENDER, TenderClosed
from shared.procedure.lot.seen import concerned, gives, knows, standing, visible
from shared.procedure.lot.speech import Speech
from shared.procedure.lot.state import Lot, LotState
from shared.procedure.lot.timers import timers

SELLING: frozenset[Role] = frozenset({"tenderer", "agency"})
HALTING: frozenset[Role] = SELLING | {"supervisor", "operator"}

ENTITLED: Mapping[type[LotCommand], frozenset[Role]] = {
    commands.DraftLot: SELLING,
    disclosing.PreDisclose: SELLING,
    commands.AnnounceLot: SELLING,
    commands.SupplementNotice: SELLING,
    commands.Apply: frozenset({"token"}),
    commands.RecordDeposit: SELLING,
    commands.AdmitBidder: SELLING,
    commands.RefuseBidder: SELLING,
    commands.BarBidder: SELLING,
    commands.PlaceBid: frozenset({"token"}),
    commands.SetProxy: frozenset({"token"}),
    commands.GoOn: frozenset({"token"}),
    **dict.fromkeys(named.COMMANDS, frozenset({"token"})),
    commands.ChangeStep: SELLING,
    commands.KeepTime: frozenset({"system"}),
    commands.GiveReserveShare: frozenset({"authority"}),
    sealed.HandIn: frozenset({"token"}),
    sealed.GivePriceKey: frozenset({"token"}),
    sealed.GivePriceShares: frozenset({"authority"}),
    judged.SeatCommittee: SELLING,
    judged.LeaveCommittee: frozenset({"expert"}),
    judged.ReplaceMember: SELLING,
    judged.ScoreOffers: frozenset({"expert"}),
    judged.ReportJudging: SELLING,
    commands.ReviewWinner: SELLING,
    commands.Freeze: HALTING,
    commands.Thaw: HALTING,
    commands.Terminate: SELLING | {"supervisor"},
    after.NoteIdentities: frozenset({"system"}),
    after.DeclarePriority: SELLING,
    after.SignProof: frozenset({"token"}),
    after.CheckProof: SELLING,
    after.DrawUpConfirmation: SELLING,
    after.SignConfirmation: frozenset({"token"}),
    after.PublishResult: SELLING,
    after.SignContract: SELLING | {"token"},
    after.RecordPayment: SELLING,
    after.HandOver: SELLING,
    after.RecordRefund: SELLING,
    after.DeclareDefault: SELLING | {"token"},
    voiding.VoidSale: SELLING | {"supervisor"},
    disputing.RaiseDispute: frozenset({"bidder", "supervisor"}),
    disputing.DecideDispute: frozenset({"supervisor"}),
    after.RecountDeadlines: frozenset({"system"}),
}
"""Who may give which command; whether it is their own lot, the decision looks."""

EVENTS: Sequence[type[LotEvent]] = (
    events.LotDrafted,
    disclosing.PreDisclosed,
    events.LotAnnounced,
    events.NoticeSupplemented,
    events.Applied,
    events.DepositRecorded,
    events.BidderAdmitted,
    events.BidderRefused,
    events.BidderBarred,
    events.RegistrationExtended,
    events.BiddingStarted,
    events.BidPlaced,
    events.ProxySet,
    events.StepChanged,
    events.AskingStarted,
    events.WentOn,
    events.PreparationStarted,
    events.TimedStarted,
    events.PriceCalled,
    events.CountdownMoved,
    *named.EVENTS,
    endings.BiddingEnded,
    endings.AgreementOpened,
    endings.ReserveShareGiven,
    endings.ReserveShareRefused,
    endings.ReserveOpened,
    endings.LotSold,
    endings.WinnerReviewed,
    endings.LotUnsold,
    *TENDER,
    *JUDGED,
    endings.LotFrozen,
    endings.LotThawed,
    idling.IdleReminded,
    endings.LotTerminated,
    *AFTER,
    events.RequestRefused,
)
"""Every fact of a lot."""

ARRIVING: Sequence[type[LotCommand]] = (
    commands.PlaceBid,
    commands.SetProxy,
    commands.GoOn,
    *named.COMMANDS,
    *sealed.SEALED,
)
"""What the door keeps before it sends it on: what arrived in time counts, however long it waits."""


def make_line(
    name: str, title_zh: str, title_en: str, *, rules_of: RulesOf, law: Mapping[str, Any], books: Books
) -> Line:
    """Return the line of this name, with its law and the rules of each kind that it sells."""
    speech = Speech(name, ENTITLED, EVENTS)
    keep_time = speech.own(commands.KeepTime)
    return Line(
        name=name,
        title_zh=title_zh,
        title_en=title_en,
        decider=make_decider(rules_of, books, speech.say),
        commands=speech.commands,
        events=speech.events,
        requests=speech.requests,
        visible=visible,
        concerned=concerned,
        refused=refused(speech.say),
        entitled={speech.type_of(kind): roles for kind, roles in ENTITLED.items()},
        arriving=frozenset(map(speech.type_of, ARRIVING)),
        closing={speech.type_of(commands.KeepTime): phase_ends},
        timers=timers(keep_time),
        rulebook=rulebook,
        standing=standing,
        knows=knows,
        law=law,
        books=books,
        released=released,
        timed=True,
        live=moved,
        phase=phase,
        gives=gives,
        words={**words.PHASES, **{f"{name}.{event}": zh for event, zh in words.EVENTS.items()}},
    )


def rulebook(state: LotState) -> str | None:
    """Return the digest of the rulebook that a lot was announced under."""
    return state.announced.rulebook if isinstance(state, Lot) else None


def phase_ends(state: LotState) -> datetime:
    """Return the last instant of the phase of now: what arrives later holds up nothing.

    What arrives at the very end, where that does not count, is for the next phase: the two would wait for each other.
    """
    if not isinstance(state, Lot):
        return whenever(state)
    counts = state.announced.terms.instant_counts and state.phase != "registration"
    return state.times.ends_at if counts else state.times.ends_at - timedelta(microseconds=1)


def released(record: Iterable[object]) -> Secrets:
    """Return the secret that a record discloses, for its decisions to be made again."""
    secrets = (one.proxy_secret for one in record if isinstance(one, BiddingEnded | TenderClosed | LotTerminated))
    return Secrets(next(filter(None, secrets), None))
