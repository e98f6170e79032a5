"""The lot as a decider: what may be asked, and what becomes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shared.kernel.canonical import digest, encode
from shared.kernel.decider import Decider
from shared.kernel.errors import NotEntitled, NotFound, OutOfPhase, Refusal
from shared.procedure.books import Books
from shared.procedure.lot import bidding, drafting, ending, freezing, once, registering, timing
from shared.procedure.lot.after import deciding as after
from shared.procedure.lot.after.returning import following
from shared.procedure.lot.asking import Events, Ground, LotRequest, ground_of
from shared.procedure.lot.commands import (
    AdmitBidder,
    AnnounceLot,
    Apply,
    BarBidder,
    ChangeStep,
    DraftLot,
    Freeze,
    GiveReserveShare,
    GoOn,
    KeepTime,
    PlaceBid,
    RecordDeposit,
    RefuseBidder,
    ReviewWinner,
    SetProxy,
    SupplementNotice,
    Terminate,
    Thaw,
)
from shared.procedure.lot.disclosing import PreDisclose, pre_disclose
from shared.procedure.lot.events import RequestRefused
from shared.procedure.lot.evolving import evolve
from shared.procedure.lot.judged import deciding as judged
from shared.procedure.lot.messages import LotEvent
from shared.procedure.lot.named import JoinNaming, NamePrice
from shared.procedure.lot.rules import Rules
from shared.procedure.lot.sealed import deciding as sealed
from shared.procedure.lot.seen import knows, standing
from shared.procedure.lot.state import Drafted, Lot, LotState, Unborn

RulesOf = Callable[[str], Rules]
"""Gives the rules of a kind of right, by the kind that a draft names. Raises KeyError for one that the line lacks."""


@dataclass(frozen=True, slots=True)
class LotDecider(Decider[Any, Any, Any]):
    """The decider of a line that sells lots, and the rules of each kind that it sells."""

    rules_of: RulesOf


def make_decider(rules_of: RulesOf, books: Books, say: Callable[[LotEvent], LotEvent]) -> LotDecider:
    """Return a line's decider: `rules_of` gives its rules, `books` its law, `say` its own class of an event."""

    def decide(request: LotRequest, state: LotState) -> Sequence[LotEvent]:
        events = _decide(request, state, rules_of, books)
        return tuple(say(event) for event in events)

    return LotDecider(Unborn(), decide, evolve, rules_of)


def _decide(request: LotRequest, state: LotState, rules_of: RulesOf, books: Books) -> Events:
    command = request.command
    if isinstance(command, DraftLot) and isinstance(state, Unborn | Drafted):
        return drafting.draft(request, command, state, _rules(command.kind, rules_of))
    if not knows(request.actor, state):
        raise NotFound("没有该标的，或无权办理", "there is no such lot, or none that you may deal with")
    if request.actor.role in {"supervisor", "operator"} and standing(request.actor, state) == "public":
        raise NotEntitled("该标的不在本部门的管辖区域", "this lot is not in your region")
    if isinstance(command, PreDisclose) and isinstance(state, Drafted):
        return pre_disclose(request, command, state, _rules(state.draft.kind, rules_of), books)
    if isinstance(command, AnnounceLot) and isinstance(state, Drafted):
        return drafting.announce(request, command, state, _rules(state.draft.kind, rules_of), books)
    if not isinstance(state, Lot):
        raise OutOfPhase("标的尚未公告", "the lot is not announced yet")
    ground = ground_of(state, rules_of(state.announced.draft.kind), books)
    if isinstance(command, after.Command):
        events = after.decide(request, command, state, ground, books)
    elif isinstance(command, sealed.Command):
        events = sealed.decide(request, command, state, ground)
    elif isinstance(command, judged.Command):
        events = judged.decide(request, command, state, ground)
    else:
        events = _announced(request, state, ground)
    return *events, *following(state, events, request.received_at, ground)


def _announced(request: LotRequest, lot: Lot, ground: Ground) -> Events:  # noqa: C901, PLR0911, PLR0912 - one table
    match request.command:
        case PlaceBid() as command:
            return bidding.place(request, command, lot, ground)
        case KeepTime():
            return timing.keep(request, lot, ground)
        case Apply() as command:
            return registering.apply(request, command, lot, ground)
        case RecordDeposit() as command:
            return registering.record_deposit(request, command, lot, ground)
        case AdmitBidder() as command:
            return registering.admit(request, command, lot, ground)
        case RefuseBidder() as command:
            return registering.refuse(request, command, lot, ground)
        case BarBidder() as command:
            return registering.bar(request, command, lot, ground)
        case SetProxy() as command:
            return bidding.set_proxy(request, command, lot, ground)
        case GoOn():
            return bidding.go_on(request, lot, ground)
        case JoinNaming() | NamePrice() as command:
            return once.decide(request, command, lot, ground)
        case ChangeStep() as command:
            return bidding.change_step(request, command, lot, ground)
        case GiveReserveShare() as command:
            return ending.give_share(request, command, lot, ground)
        case ReviewWinner() as command:
            return ending.review(request, command, lot, ground)
        case Freeze() as command:
            return freezing.freeze(request, command, lot, ground)
        case Thaw() as command:
            return freezing.thaw(request, command, lot, ground)
        case Terminate() as command:
            return freezing.terminate(request, command, lot, ground)
        case SupplementNotice() as command:
            return drafting.supplement(request, command, lot, ground)
        case _:
            raise OutOfPhase("标的现处的阶段不能办理此事项", "this cannot be asked of the lot now")


def _rules(kind: str, rules_of: RulesOf) -> Rules:
    try:
        return rules_of(kind)
    except KeyError:
        raise OutOfPhase(f"本业务没有这类标的：{kind}", f"this line sells nothing of the kind {kind}") from None


def refused(say: Callable[[LotEvent], LotEvent]) -> Callable[[LotRequest, Refusal], LotEvent]:
    """Return what makes the short record that a refused request leaves: what came, by digest, and why."""

    def make(request: LotRequest, refusal: Refusal) -> LotEvent:
        command: Any = request.command
        body = {"stream": request.stream, "command": command.model_dump(mode="json")}
        return say(
            RequestRefused(
                command_type=command.type, body_digest=digest(encode(body)), code=refusal.code, article=refusal.article
            )
        )

    return make
