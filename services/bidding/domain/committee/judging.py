"""What members find by vote and score alone, and the time that they say they need (E21-E23, E27, E43)."""

from collections.abc import Sequence
from fractions import Fraction

from services.bidding.domain.access.deciding import check_cited
from services.bidding.domain.asking import TenderRequest, check_owner
from services.bidding.domain.committee.commands import (
    AskMoreTime,
    ExtendEvaluation,
    ProposeFinding,
    ScoreBids,
    VoteFinding,
)
from services.bidding.domain.committee.events import (
    BidderAsked,
    BidsScored,
    EvaluationExtended,
    FindingProposed,
    FindingVoted,
    MoreTimeAsked,
)
from services.bidding.domain.committee.inquiring import check_inquiry, check_settled, inquire
from services.bidding.domain.committee.sitting import (
    FATAL,
    Standing,
    evaluating,
    open_matters,
    own_seat,
    standing,
    yet_to_score,
)
from services.bidding.domain.committee.values import Adjusting, Discarding, Inquiring, Matter, Rejecting
from services.bidding.domain.money.backing import check_ground
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import AnnouncedState, Opened
from services.bidding.domain.values import LowestEvaluatedPrice, Weighted
from shared.kernel.errors import BadInput, BreaksClause, NotFound, OutOfPhase
from shared.procedure.asking import breaks
from shared.procedure.books import Books, Law
from shared.procedure.committee import check_sheet, decided, too_short


def propose(request: TenderRequest, command: ProposeFinding, state: AnnouncedState, books: Books) -> FindingProposed:
    """Put a finding to the vote, one of a kind at a time."""
    opened, law = evaluating(state), law_of(state, books)
    seat, committee = own_seat(request, opened), opened.beside.committee
    now, finding = request.received_at, command.finding
    so_far = standing(opened, now)
    same = [
        one for one in committee.matters if _about(one.finding) == _about(finding) and committee.outcome(one) != "lost"
    ]
    if same:
        raise OutOfPhase("同一事项已经表决或正在表决", "that was voted on, or is being voted on")
    match finding:
        case Rejecting(bid=bid, cause=cause):
            so_far.row(bid)
            check_ground(finding, opened, law)
            if cause == "price":
                _check_explained(request, bid, opened, law)
            check_cited((finding,), opened, law)
        case Adjusting(bid=bid):
            so_far.row(bid)
            _check_declared(finding, opened, law)
        case Inquiring(bid=bid):
            so_far.row(bid)
            check_inquiry(request, finding, opened, law)
        case Discarding():
            _check_few(so_far, law)
    number = len(committee.matters) + 1
    return FindingProposed(number=number, member=seat.member, finding=finding, words=command.words, proposed_at=now)


def vote(
    request: TenderRequest, command: VoteFinding, state: AnnouncedState, books: Books
) -> Sequence[FindingVoted | BidderAsked]:
    """Vote once on a finding that is not decided; an inquiry that this carries is sent to its bidder."""
    opened = evaluating(state)
    seat = own_seat(request, opened)
    matter = next((one for one in opened.beside.committee.matters if one.number == command.number), None)
    if matter is None:
        raise NotFound("没有该表决事项", "there is no such finding")
    if matter not in open_matters(opened) or any(one.member == seat.member for one in matter.votes):
        raise OutOfPhase("该事项已有结果，或您已表决", "it is decided, or you have voted")
    voted = FindingVoted(
        number=command.number,
        member=seat.member,
        in_favour=command.in_favour,
        words=command.words,
        voted_at=request.received_at,
    )
    return voted, *_sent(request, voted, matter, opened, books)


def _sent(
    request: TenderRequest, voted: FindingVoted, matter: Matter, state: Opened, books: Books
) -> Sequence[BidderAsked]:
    """Return the inquiry that a vote carries, unless its bid was rejected meanwhile."""
    votes, finding = [*(one.in_favour for one in matter.votes), voted.in_favour], matter.finding
    if decided(votes, len(state.beside.committee.seats)) != "carried" or not isinstance(finding, Inquiring):
        return ()
    if finding.bid not in standing(state, request.received_at).effective:
        return ()
    return (inquire(request, finding, matter.number, state, law_of(state, books)),)


def score(request: TenderRequest, command: ScoreBids, state: AnnouncedState, books: Books) -> BidsScored:
    """Take one member's own scores when nothing is open: once, and again where a bid came to stand since."""
    opened = evaluating(state)
    seat, method = own_seat(request, opened), opened.tender.terms.method
    if not isinstance(method, Weighted):
        raise BadInput("经评审的最低投标价法不打分", "nothing is scored by the lowest evaluated price")
    if seat.member not in yet_to_score(opened, request.received_at):
        raise OutOfPhase("您已打分，或已无有效投标", "you have given your scores, or no bid is effective")
    if open_matters(opened):
        raise OutOfPhase("尚有事项在表决", "findings are being voted on")
    check_settled(opened, request.received_at, FATAL, law_of(opened, books))
    bids = standing(opened, request.received_at).effective
    given = [(one.bid, one.factor) for one in command.scores]
    check_sheet(given, bids.keys(), [factor.factor for factor in method.factors])
    return BidsScored(member=seat.member, scores=command.scores, scored_at=request.received_at)


def ask_time(request: TenderRequest, command: AskMoreTime, state: AnnouncedState, books: Books) -> MoreTimeAsked:
    """Note that a member says that the time is too short; of more than a third of the members it is owed (E22)."""
    opened, law = evaluating(state), law_of(state, books)
    seat, committee = own_seat(request, opened), opened.beside.committee
    saying = committee.saying | {seat.member}
    if saying == committee.saying:
        raise OutOfPhase("您已提出", "you have said so")
    clause = law.rulebook.clause("E22")
    return MoreTimeAsked(
        member=seat.member,
        explanation=command.explanation,
        asked_at=request.received_at,
        owed=too_short(len(saying), len(committee.seats), share_of_members(law)),
        article=clause.article,
    )


def extend(
    request: TenderRequest, command: ExtendEvaluation, state: AnnouncedState, books: Books
) -> EvaluationExtended:
    """Give the committee longer than it has."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    opened = evaluating(state)
    until = opened.beside.committee.until
    if until is None:
        raise OutOfPhase("评标委员会尚未组建", "there is no committee yet")
    if command.until <= max(until, request.received_at):
        raise BadInput("延长后的时间须晚于原定时间", "give a time later than it was")
    article = law_of(opened, books).rulebook.clause("E22").article
    return EvaluationExtended(was=until, until=command.until, extended_at=request.received_at, article=article)


def share_of_members(law: Law) -> Fraction:
    """Return the share of members more than which must say that the time is too short."""
    return law.rulebook.figure("E22", Fraction)


def _about(finding: Rejecting | Adjusting | Discarding | Inquiring) -> tuple[str, ...]:
    match finding:
        case Rejecting(bid=bid):
            return "rejection", bid
        case Adjusting(bid=bid, item=item):
            return "adjustment", bid, item
        case Inquiring(bid=bid, about=about, item=item):
            return "inquiry", bid, about, item or ""
        case Discarding():
            return ("no_competition",)


def _check_explained(request: TenderRequest, bid: str, state: Opened, law: Law) -> None:
    """Nobody is rejected as below cost without having been asked to explain its price in writing (E43)."""
    asked = [one for one in state.beside.committee.questions if (one.bid, one.about) == (bid, "low_price")]
    if not asked or not asked[0].settled(request.received_at):
        raise breaks(law.rulebook.clause("E43"), "尚未书面询问或未到答复时间。", "It was not asked, or still has time.")


def _check_declared(finding: Adjusting, state: Opened, law: Law) -> None:
    method = state.tender.terms.method
    items = {item.item for item in method.items} if isinstance(method, LowestEvaluatedPrice) else set()
    if finding.item not in items:
        zh = "招标文件没有规定的评标标准和方法不得作为评标的依据"
        en = "standards that the tender documents do not state may not be used"
        raise BreaksClause(zh, en, law.rulebook.clause("R49").article)


def _check_few(so_far: Standing, law: Law) -> None:
    clause, effective = law.rulebook.clause("E27-COMPETITION"), len(so_far.effective)
    if not 0 < effective < law.rulebook.figure("E27-COMPETITION", int):
        raise breaks(clause, f"现有效投标{effective}个。", f"There are {effective}.")
