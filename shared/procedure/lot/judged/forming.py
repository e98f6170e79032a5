"""Who sits on the committee (评标小组), and who sits instead of a member (T6, S13)."""

from collections.abc import Sequence

from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound
from shared.law.findings import day_of
from shared.procedure.asking import needed
from shared.procedure.committee import check_composition, composition_of
from shared.procedure.lot.asking import Ground, LotRequest, check_owner, hour
from shared.procedure.lot.judged.commands import LeaveCommittee, ReplaceMember, SeatCommittee
from shared.procedure.lot.judged.events import CommitteeSeated, MemberLeft, MemberReplaced
from shared.procedure.lot.judged.terms import Judging
from shared.procedure.lot.state import Lot
from shared.procedure.recusal import BARS, GROUND_ZH, Composition
from shared.procedure.seating import Known, Seat, SeatKind, barring, check_distinct, known_of


def seat(request: LotRequest, command: SeatCommittee, lot: Lot, ground: Ground) -> Sequence[CommitteeSeated]:
    """Seat the committee, once it is known who bids, so that who has an interest in one does not sit."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    judging = check_judging(lot, ground)
    if lot.judged.seats:
        raise ground.not_now("committee", "评标小组已经成立", "the committee sits already")
    if any(price.number not in lot.after.parties for price in lot.tender.prices):
        raise ground.not_now("avoid", "投标人名称尚在披露，请稍候", "who bids is being disclosed; try again")
    if command.until <= request.received_at:
        raise BadInput("评标截止时间须在将来", "the time for judging ends in the future")
    named: list[tuple[str, SeatKind]] = [(name, "expert") for name in command.experts]
    named += [(name, "representative") for name in command.representatives]
    seats = tuple(_seat(request, name, kind, lot, ground) for name, kind in named)
    if (len(seats), len(command.experts)) != (judging.members, judging.experts):
        raise BadInput(
            f"公告载明评标小组{judging.members}人，其中专家{judging.experts}人",
            f"the notice says {judging.members} members, of them {judging.experts} experts",
        )
    check_distinct(seats)
    check_composition(composition(ground), len(seats), len(command.experts))
    articles = dict.fromkeys(ground.clause(rule).article for rule in ("committee", "committee_experts", "avoid"))
    at = hour(request, lot)
    return (CommitteeSeated(seats=seats, at=at, until=command.until, articles=tuple(articles)),)


def leave(request: LotRequest, command: LeaveCommittee, lot: Lot, ground: Ground) -> Sequence[MemberLeft]:
    """Let a member give up its seat; nothing is reported until somebody else has it."""
    check_judging(lot, ground)
    member, article = own_seat(request, lot, ground).member, ground.clause("avoid").article
    return (MemberLeft(member=member, explanation=command.explanation, at=hour(request, lot), article=article),)


def replace(request: LotRequest, command: ReplaceMember, lot: Lot, ground: Ground) -> Sequence[MemberReplaced]:
    """Seat a successor of the same kind."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    check_judging(lot, ground)
    gone = next((one for one in lot.judged.seats if one.member == command.member), None)
    if gone is None:
        raise NotFound("评标小组没有该成员", "no such member sits on the committee")
    new = _seat(request, command.successor, gone.kind, lot, ground)
    if new.member in lot.judged.replaced:
        raise BadInput("已被更换的成员不得再次进入", "who was replaced does not sit again")
    check_distinct([*(one for one in lot.judged.seats if one != gone), new])
    return (
        MemberReplaced(
            member=gone.member,
            seat=new,
            ground=command.ground,
            explanation=command.explanation,
            at=hour(request, lot),
            article=ground.clause("avoid").article,
        ),
    )


def is_judged(lot: Lot) -> bool:
    """Whether a committee judges what is offered for a lot (综合条件最佳者得)."""
    tender = lot.announced.terms.tender
    return tender is not None and tender.judging is not None


def check_judging(lot: Lot, ground: Ground) -> Judging:
    """Return what was announced of judging. Raise OutOfPhase unless offers are being judged."""
    judging = lot.announced.terms.tender.judging if lot.announced.terms.tender else None
    if judging is None or lot.phase != "judging" or lot.frozen is not None:
        raise ground.not_now("outcome", "现在没有评标", "no offers are being judged now")
    return judging


def own_seat(request: LotRequest, lot: Lot, ground: Ground) -> Seat:
    """Return the asker's seat. Raise NotEntitled for who does not sit."""
    found = lot.judged.seat_of(request.actor.account)
    if found is None:
        article = ground.clause("committee").article
        raise NotEntitled("只有本标的评标小组成员可以办理", "only members of this lot's committee may do this", article)
    return found


def composition(ground: Ground) -> Composition:
    """Return what a line's committees must be made of."""
    rules = ground.rules
    names = {"members": rules.committee, "odd": rules.committee_odd, "experts": rules.committee_experts}
    return composition_of(ground.law.rulebook, **{part: str(name) for part, name in names.items()})


def check_interest(known: Known, request: LotRequest, lot: Lot, ground: Ground) -> None:
    """Raise BreaksClause for who supervises, or where a relation to a bidder is on file (回避)."""
    if known.supervises:
        raise _avoids(ground, f"{known.member}为监督部门工作人员。", f"{known.member} is a supervisor.")
    bars = BARS["construction"]
    parties = {f"{party.scheme}:{party.id}": party.name for party in lot.after.parties.values()}
    tie = barring(known, parties.keys(), day_of(request.received_at), bars)
    if tie is not None:
        zh = f"{known.member}与投标人{parties[tie.party]}：{GROUND_ZH[tie.ground]}。"
        raise _avoids(ground, zh, f"{known.member} has a relation to a bidder: {tie.ground.value}.")


def _avoids(ground: Ground, zh: str, en: str) -> BreaksClause:
    return ground.breaks("avoid", zh, en)


def _seat(request: LotRequest, name: str, kind: SeatKind, lot: Lot, ground: Ground) -> Seat:
    known = known_of(needed(request.facts.members, "members"), name)
    check_interest(known, request, lot, ground)
    if kind == "expert" and not known.enrolled:
        raise ground.breaks("committee_experts", f"{name}不在专家库中。", f"{name} is no expert of the library.")
    if kind == "expert" and ground.rules.committee_years is not None:
        _check_standing(known, ground)
    return Seat(member=name, account=known.account, account_key=known.account_key, kind=kind)


def _check_standing(known: Known, ground: Ground) -> None:
    """Raise BreaksClause for an expert without the years or the title that the line's law asks for."""
    if known.years < ground.figure("committee_years") or not known.senior:
        zh = f"专家{known.member}从业{known.years}年，{'具有' if known.senior else '没有'}高级职称。"
        en = f"{known.member} has {known.years} years and {'a' if known.senior else 'no'} senior title."
        raise ground.breaks("committee_years", zh, en)
