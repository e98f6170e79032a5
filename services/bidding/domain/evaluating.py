"""Evaluation (评标): the committee's report, computed from what it rejected, adjusted and scored."""

from collections.abc import Mapping, Sequence

from services.bidding.domain.access.rejecting import over_ceiling, without_agreement
from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.commands import ReportEvaluation
from services.bidding.domain.committee import reporting
from services.bidding.domain.events import EvaluationReported, TenderFailed
from services.bidding.domain.money import backing
from services.bidding.domain.receiving import law_of
from services.bidding.domain.rows import EvaluatedRow, OpenedRow
from services.bidding.domain.scoring import evaluated
from services.bidding.domain.state import Opened
from services.bidding.domain.values import Rejection
from shared.kernel.errors import BadInput, BreaksClause
from shared.procedure.books import Books, Law


def report(
    request: TenderRequest, command: ReportEvaluation, state: Opened, books: Books
) -> Sequence[EvaluationReported | TenderFailed]:
    """Compute the report (E23, E25, E28); with every bid rejected the tender fails (E27).

    A committee that sits on the platform has found and scored on record; of any other the agency says it all.
    """
    if state.tender.terms.committee is not None:
        return reporting.report(request, command, state, books)
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    unsealed = {row.bid: row for row in state.rows if row.outcome == "unsealed"}
    rejections = _rejections(command, unsealed, state, law)
    effective = {name: row for name, row in unsealed.items() if name not in rejections}
    rows = _rows(command, effective, state, law)
    rejected = tuple(_row(unsealed[bid], rejection) for bid, rejection in rejections.items())
    reported = EvaluationReported(
        reported_at=request.received_at,
        rows=rows + rejected,
        adjustments=command.adjustments,
        scores=command.scores,
        candidates=tuple(row.bid for row in rows if row.rank and row.rank <= law.rulebook.figure("E28", int)),
        no_competition=command.no_competition,
        articles=articles(law, "E23", "E25", "E28", "R49"),
    )
    if reported.candidates:
        return (reported,)
    return reported, failure(request, law, no_competition=command.no_competition is not None)


def _rejections(
    command: ReportEvaluation, unsealed: Mapping[str, OpenedRow], state: Opened, law: Law
) -> Mapping[str, Rejection]:
    """Return the rejections by bid: the committee's, and those where it has no choice (ceiling, deposit, agreement)."""
    rejections = {rejection.bid: rejection for rejection in command.rejections}
    if len(rejections) != len(command.rejections) or not rejections.keys() <= unsealed.keys():
        raise BadInput("每份已解密的投标至多否决一次", "reject unsealed bids only, and each only once")
    for rejection in command.rejections:
        backing.check_ground(rejection, state, law)
    for name, rejection in over_ceiling(unsealed, state.tender.draft.ceiling_fen).items():
        rejections.setdefault(name, rejection)
    return {**without_agreement(unsealed), **backing.rejected(state, unsealed), **rejections}


def _rows(
    command: ReportEvaluation, effective: Mapping[str, OpenedRow], state: Opened, law: Law
) -> tuple[EvaluatedRow, ...]:
    """Return the rows of the effective bids: ranked, or unranked where all are rejected for want of competition."""
    if command.no_competition is None:
        article, drawn = law.rulebook.clause("R49").article, state.beside.committee.coefficients
        return evaluated(state.tender.terms.method, effective, command, article, drawn)
    clause = law.rulebook.clause("E27-COMPETITION")
    if not 0 < len(effective) < law.rulebook.figure("E27-COMPETITION", int):
        raise BreaksClause(
            f"{clause.note_zh}现有效投标{len(effective)}个。",
            f"{clause.note_en} There are {len(effective)}.",
            clause.article,
        )
    if command.adjustments or command.scores:
        raise BadInput("否决全部投标时不再评审打分", "nothing is evaluated where all bids are rejected")
    return tuple(_row(row, None) for row in effective.values())


def _row(row: OpenedRow, rejection: Rejection | None) -> EvaluatedRow:
    return EvaluatedRow(bid=row.bid, price_fen=row.price_fen or 0, rejection=rejection)


def failure(request: TenderRequest, law: Law, *, no_competition: bool) -> TenderFailed:
    """Return the fact that a tender without an effective bid fails, or with too few of them for competition."""
    if not no_competition:
        return TenderFailed(
            cause="all_rejected",
            failed_at=request.received_at,
            article="、".join(articles(law, "E27")),
            zh="所有投标均被否决，应当重新招标。",
            en="Every bid was rejected; the tender is held again.",
        )
    return TenderFailed(
        cause="no_competition",
        failed_at=request.received_at,
        article="、".join(articles(law, "E27-COMPETITION", "E27")),
        zh="有效投标不足三个且明显缺乏竞争，评标委员会否决全部投标，应当重新招标。",
        en="Fewer than three effective bids and no competition: all are rejected and the tender is held again.",
    )
