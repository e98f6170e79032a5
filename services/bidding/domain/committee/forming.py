"""Who sits on the committee (E19, E20), and who sits instead of a member (E21)."""

from collections.abc import Sequence
from datetime import date, datetime

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.committee import lots
from services.bidding.domain.committee.commands import FormCommittee, RecuseMember, ReplaceMember
from services.bidding.domain.committee.events import CommitteeFormed, MemberRecused, MemberReplaced
from services.bidding.domain.committee.sitting import evaluating, own_seat, terms_of
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import AnnouncedState, Opened
from shared.kernel.errors import BadInput, NotFound, OutOfPhase
from shared.law.findings import day_of
from shared.procedure.asking import breaks
from shared.procedure.books import Books, Law
from shared.procedure.committee import check_composition, composition_of
from shared.procedure.draw import repeated
from shared.procedure.drawn import DrawFile
from shared.procedure.recusal import BARS, GROUND_ZH
from shared.procedure.seating import Known, Seat, SeatKind, barring, check_distinct, known_of


def form(request: TenderRequest, command: FormCommittee, state: AnnouncedState, books: Books) -> CommitteeFormed:
    """Form the committee, once bidders are known, so that who has an interest in one is not drawn."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    terms, opened, law = terms_of(state), evaluating(state), law_of(state, books)
    if opened.beside.committee.seats:
        raise OutOfPhase("评标委员会已经组建", "the committee sits already")
    _check_until(command.until, request.received_at)
    because = terms.appointed_because
    files = lots.drawn(request, opened, law) if because is None else ()
    groups = lots.groups(files, opened) if terms.specialities else ()
    experts = _experts(command, files, law)
    seats = (
        *(_expert(request, name, opened, law) for name in experts),
        *(_seat(request, name, "representative", opened, law) for name in command.representatives),
    )
    if (len(seats), len(experts)) != (terms.members, terms.experts):
        raise BadInput(
            f"招标文件声明评标委员会{terms.members}人，其中专家{terms.experts}人",
            f"the tender documents declare {terms.members} members, of them {terms.experts} experts",
        )
    check_distinct(seats)
    check_composition(composition_of(law.rulebook, **COMPOSITION), len(seats), len(experts))
    return CommitteeFormed(
        seats=seats,
        draw=lots.reference(files[0]) if files and not groups else None,
        because=because,
        formed_at=request.received_at,
        until=command.until,
        articles=articles(law, "E19", "E20" if because is None else "E20-SPECIAL", "E20-SECRET"),
        draws=groups,
    )


COMPOSITION = {"members": "E19", "odd": "E19-ODD", "experts": "E19-EXPERTS"}


def recuse(request: TenderRequest, command: RecuseMember, state: AnnouncedState, books: Books) -> MemberRecused:
    """Let a member give up its seat; nothing is reported until somebody else has it."""
    seat = own_seat(request, evaluating(state))
    (article,) = articles(law_of(state, books), "E20-SECRET")
    explanation, at = command.explanation, request.received_at
    return MemberRecused(member=seat.member, explanation=explanation, recused_at=at, article=article)


def replace(request: TenderRequest, command: ReplaceMember, state: AnnouncedState, books: Books) -> MemberReplaced:
    """Seat who is next in the draw, or the successor that is named for a seat that nobody was drawn for."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    opened, law = evaluating(state), law_of(state, books)
    committee = opened.beside.committee
    gone = next((seat for seat in committee.seats if seat.member == command.member), None)
    if gone is None:
        raise NotFound("评标委员会没有该成员", "no such member sits on the committee")
    file = None
    if gone.kind == "expert" and (committee.draw or committee.groups):
        file, name = lots.successor(request, opened, gone.member, law)
        seat = _expert(request, name, opened, law)
    elif command.successor:
        seat = _seat(request, command.successor, gone.kind, opened, law)
    else:
        raise BadInput("请指明更换后的成员", "name who is to sit instead")
    if seat.member in committee.replaced:
        raise BadInput("已被更换的成员不得再次进入", "who was replaced does not sit again")
    check_distinct([*(one for one in committee.seats if one != gone), seat])
    return MemberReplaced(
        member=gone.member,
        seat=seat,
        ground=command.ground,
        explanation=command.explanation,
        draw=lots.reference(file) if file else None,
        replaced_at=request.received_at,
        article=law.rulebook.clause("E21").article,
    )


def _check_until(until: datetime, now: datetime) -> None:
    if until <= now:
        raise BadInput("评标截止时间须在将来", "the time for the evaluation ends in the future")


def _experts(command: FormCommittee, files: Sequence[DrawFile], law: Law) -> Sequence[str]:
    """Return who was appointed, or drawn; who was drawn twice gives up the later seat, for the next in reserve."""
    if not files:
        return command.appointed
    if command.appointed:
        raise breaks(law.rulebook.clause("E20-SPECIAL"), "本项目未声明为特殊招标项目。", "This one is not declared so.")
    names = [name for file in files for name in file.chosen]
    if twice := repeated(names):
        raise BadInput(
            f"专家{twice}被抽中两次：请在后一次抽取中由其让出（draw decline），依次递补",
            f"{twice} was drawn twice: let the later draw go on to the next in reserve (draw decline)",
        )
    return names


def _expert(request: TenderRequest, name: str, state: Opened, law: Law) -> Seat:
    """Return the seat of an expert with the years and the title that the law asks for."""
    known, least = known_of(request.facts.members, name), law.rulebook.figure("E19-YEARS", int)
    if known.years < least or not known.senior:
        raise breaks(
            law.rulebook.clause("E19-YEARS"),
            f"专家{name}从业{known.years}年，{'具有' if known.senior else '没有'}高级职称。",
            f"{name} has {known.years} years and {'a' if known.senior else 'no'} senior title.",
        )
    return _seat(request, name, "expert", state, law)


def _seat(request: TenderRequest, name: str, kind: SeatKind, state: Opened, law: Law) -> Seat:
    known = known_of(request.facts.members, name)
    _check_interest(known, state, day_of(request.received_at), law)
    if known.supervises:
        raise lots.unlawful(law, f"{name}为监督部门工作人员。", f"{name} is on the staff of a supervising body.")
    return Seat(member=name, account=known.account, account_key=known.account_key, kind=kind)


def _check_interest(known: Known, state: Opened, on: date, law: Law) -> None:
    """Raise BreaksClause where a relation to a bidder is on file, whoever names the member, whenever it was filed."""
    bars = BARS["construction"]
    tie = barring(known, lots.bidders(state), on, bars)
    if tie is not None:
        raise breaks(
            law.rulebook.clause("E20-SECRET"),
            f"{known.member}与投标人{tie.party}：{GROUND_ZH[tie.ground]}（{bars[tie.ground].article}）。",
            f"{known.member} has a relation to the bidder {tie.party}: {tie.ground.value}.",
        )
