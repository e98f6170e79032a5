"""The committee's report (E25, E28, E45), computed from what its members found, asked and scored, and nothing else."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.commands import ReportEvaluation
from services.bidding.domain.committee.contents import contents
from services.bidding.domain.committee.inquiring import CLAUSE, check_settled
from services.bidding.domain.committee.judging import share_of_members
from services.bidding.domain.committee.sitting import (
    Standing,
    carried,
    open_matters,
    owed_time,
    standing,
    terms_of,
    yet_to_score,
)
from services.bidding.domain.committee.values import (
    Adjusting,
    Coefficient,
    Discarding,
    Member,
    MemberScores,
    Minutes,
)
from services.bidding.domain.events import EvaluationReported
from services.bidding.domain.receiving import law_of
from services.bidding.domain.rows import EvaluatedRow
from services.bidding.domain.scoring import Judged, results
from services.bidding.domain.state import Opened
from services.bidding.domain.values import Adjustment, Weighted
from shared.kernel.errors import BadInput, OutOfPhase
from shared.procedure.asking import breaks
from shared.procedure.books import Books, Law
from shared.procedure.committee import combined


def report(
    request: TenderRequest, command: ReportEvaluation, state: Opened, books: Books
) -> Sequence[EvaluationReported]:
    """Compute the report, for all members to sign; without a candidate the tender fails once it stands."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    if command.rejections or command.adjustments or command.scores or command.no_competition:
        zh = "评标结论由评标委员会成员作出，招标代理机构不得代填"
        raise BadInput(zh, "what the members found and scored is on record: it is not given again")
    _check_ready(request, state, law)
    so_far = standing(state, request.received_at)
    discarded = next((one.explanation for one in carried(state) if isinstance(one, Discarding)), None)
    rows = (
        _unranked(so_far) if discarded else results(state.tender.terms.method, so_far.effective, _judged(state, so_far))
    )
    made = EvaluationReported(
        reported_at=request.received_at,
        rows=(*_as_recommended(rows, state), *_rejected(state, so_far)),
        adjustments=tuple(_adjustments(state, so_far)),
        scores=(),
        candidates=_candidates(rows, state, law),
        no_competition=discarded,
        articles=articles(law, "E23", "E25", "E28", "R49", "E45", "E28-SIGNED"),
        minutes=_minutes(request, command, state, so_far),
    )
    signed = contents(state.tender, state.rows, made).digest()
    return (made.model_copy(update={"contents_sha256": signed}),)


def _check_ready(request: TenderRequest, state: Opened, law: Law) -> None:
    """Raise unless every seat is taken, nothing is open, no time is owed, and every member has scored every bid."""
    committee, now = state.beside.committee, request.received_at
    if not committee.seats:
        raise OutOfPhase("评标委员会尚未组建", "there is no committee yet")
    if committee.vacant:
        raise breaks(law.rulebook.clause("E21"), "尚有成员待更换。", "A seat is empty.")
    if owed_time(state, share_of_members(law)):
        raise breaks(law.rulebook.clause("E22"), "尚未延长。", "It was not extended yet.")
    if open_matters(state):
        raise OutOfPhase("尚有事项在表决", "findings are being voted on")
    check_settled(state, now, CLAUSE.keys(), law)
    if isinstance(state.tender.terms.method, Weighted) and yet_to_score(state, now):
        raise OutOfPhase("尚有成员未为每份有效投标打分", "not every member has scored every effective bid")


def _judged(state: Opened, so_far: Standing) -> Judged:
    committee, method = state.beside.committee, state.tender.terms.method
    added = dict.fromkeys(so_far.effective, 0)
    off = {bid: Fraction(0) for bid in so_far.effective}
    for charge in so_far.charges:
        added[charge.bid] += charge.amount_fen
        off[charge.bid] += Fraction(charge.marks)
    for finding in _adjustments(state, so_far):
        added[finding.bid] += finding.amount_fen
    marks: Mapping[str, Fraction] = {}
    if isinstance(method, Weighted):
        weights = {factor.factor: Fraction(factor.weight) for factor in method.factors}
        sheets = [{(one.bid, one.factor): Fraction(one.score) for one in own} for own in committee.scores.values()]
        marks = combined(sheets, weights, so_far.effective.keys(), terms_of(state).combine)
    return Judged(added=added, marks=marks, off=off, drawn=committee.coefficients)


def _adjustments(state: Opened, so_far: Standing) -> Sequence[Adjustment]:
    return [
        Adjustment(bid=one.bid, item=one.item, amount_fen=one.amount_fen)
        for one in carried(state)
        if isinstance(one, Adjusting) and one.bid in so_far.effective
    ]


def _unranked(so_far: Standing) -> tuple[EvaluatedRow, ...]:
    return tuple(EvaluatedRow(bid=bid, price_fen=row.price_fen or 0) for bid, row in so_far.effective.items())


def _rejected(state: Opened, so_far: Standing) -> list[EvaluatedRow]:
    prices = {row.bid: row.price_fen or 0 for row in state.rows}
    return [EvaluatedRow(bid=bid, price_fen=prices[bid], rejection=one) for bid, one in so_far.rejected.items()]


def _candidates(rows: Sequence[EvaluatedRow], state: Opened, law: Law) -> tuple[str, ...]:
    """Return at most as many as the law allows, ranked, or by name where the tenderer decides (评定分离)."""
    best = [row.bid for row in rows if row.rank and row.rank <= law.rulebook.figure("E28", int)]
    return tuple(sorted(best) if terms_of(state).decided_by else best)


def _as_recommended(rows: Sequence[EvaluatedRow], state: Opened) -> Sequence[EvaluatedRow]:
    """Leave the ranks out where the tenderer decides: results stay, as they were computed."""
    if not terms_of(state).decided_by:
        return rows
    return [row.model_copy(update={"rank": None, "tied_with": ()}) for row in sorted(rows, key=lambda row: row.bid)]


def _minutes(request: TenderRequest, command: ReportEvaluation, state: Opened, so_far: Standing) -> Minutes:
    committee = state.beside.committee
    return Minutes(
        members=tuple(Member(member=seat.member, kind=seat.kind) for seat in committee.seats),
        replaced=committee.replaced,
        scores=tuple(MemberScores(member=member, scores=own) for member, own in sorted(committee.scores.items())),
        matters=committee.matters,
        questions=committee.questions,
        charges=so_far.charges,
        coefficients=tuple(Coefficient(name=name, value=value) for name, value in committee.coefficients.items()),
        before_contract=command.before_contract,
        sign_until=request.received_at + timedelta(minutes=terms_of(state).sign_minutes),
    )
