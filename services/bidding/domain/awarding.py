"""From candidates to contract: publicity, award, signature."""

from collections.abc import Sequence
from datetime import datetime

from services.bidding.domain.access.publishing import is_bare
from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.commands import AwardTender, PublishCandidates, SignContract
from services.bidding.domain.events import CandidatesPublicised, ContractSigned, TenderAwarded
from services.bidding.domain.money.backing import check_lasts
from services.bidding.domain.money.securing import check_bond
from services.bidding.domain.receiving import law_of
from services.bidding.domain.result.deciding import report_rule
from services.bidding.domain.result.standing import check_standing
from services.bidding.domain.result.validity import binds_until
from services.bidding.domain.rows import Candidate, Notice
from services.bidding.domain.state import Awarded, Evaluated, Publicised
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.kernel.money import format_yuan
from shared.procedure.asking import breaks, needed
from shared.procedure.books import Books, Law
from shared.procedure.publicity import limit, publicise


def publicise_candidates(
    request: TenderRequest, command: PublishCandidates, state: Evaluated, books: Books
) -> Sequence[CandidatesPublicised]:
    """Publicise the candidates (E29). Beginning late is a breach that is recorded, not a reason not to begin."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    access = state.tender.access
    if access and is_bare(command.document, access.must_tender, law):
        raise breaks(law.rulebook.clause("E48"), "未附载明法定内容的公示文件。", "No document states them.")
    publicity = publicise(
        state.report.reported_at,
        request.received_at,
        within="E29-START",
        lasts="E29",
        days=state.tender.terms.publicity_days,
        law=law,
    )
    return (
        CandidatesPublicised(
            candidates=_candidates(state),
            rejections=tuple(row.rejection for row in state.report.rows if row.rejection),
            starts=publicity.starts,
            ends=publicity.ends,
            late=publicity.late,
            article=law.rulebook.clause("E29").article,
            document=command.document,
        ),
    )


def award(request: TenderRequest, command: AwardTender, state: Publicised, books: Books) -> Sequence[TenderAwarded]:
    """Decide the winner after the publicity; with state funds it is the first-ranked (E31).

    Where candidates are not ranked (评定分离) the tenderer decides by its declared rule, and says why.
    """
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    if request.received_at < state.publicity.ends:
        raise OutOfPhase("中标候选人公示尚未期满", "the publicity is not over", law.rulebook.clause("E29").article)
    winner = next((item for item in state.publicity.candidates if item.bid == command.bid), None)
    if winner is None:
        raise BreaksClause("中标人须在公示的候选人中确定", "the winner is one of the candidates", *articles(law, "E28"))
    left = _left(request, state, law)
    if winner not in left:
        clause = law.rulebook.clause("E41")
        raise BreaksClause("该候选人已退出或其投标已失效", "it has fallen away or its bid has lapsed", clause.article)
    check_lasts(winner.bid, state, law)
    check_standing(request, state, winner.bid, law)
    _check_reasons(command, state, law)
    if state.tender.terms.state_funded and winner.rank is not None and winner != left[0]:
        raise breaks(law.rulebook.clause("E31"), f"该候选人排名第{winner.rank}。", f"This one is ranked {winner.rank}.")
    others = [row for row in state.rows if row.bid != winner.bid and row.outcome in {"unsealed", "invalid"}]
    return (
        TenderAwarded(
            bid=winner.bid,
            party=winner.party,
            price_fen=winner.price_fen,
            awarded_at=request.received_at,
            contract_due=limit(request.received_at, "E32", law).ends_at,
            others=tuple(Notice(bid=row.bid, party=row.party) for row in others),
            reasons=command.reasons,
            report_due=_report_due(request, state, law),
            articles=articles(law, "E31", "E32", "D20")
            if state.tender.terms.state_funded
            else articles(law, "E32", "D20"),
        ),
    )


def _report_due(request: TenderRequest, state: Publicised, law: Law) -> datetime | None:
    """Return when the written report is due (E35); a rulebook from before it was told at the award says nothing."""
    if "RECOUNTED" not in law.rulebook.clauses:
        return None
    return limit(request.received_at, report_rule(state), law).ends_at


def _check_reasons(command: AwardTender, state: Publicised, law: Law) -> None:
    declared = state.tender.terms.committee
    rule = declared.decided_by if declared else None
    if rule is None and command.reasons is not None:
        raise BadInput("候选人已排序，定标不另述理由", "ranked candidates are not chosen from by other reasons")
    if rule is not None and command.reasons is None:
        raise breaks(law.rulebook.clause("SEPARATE"), f"请说明依据该规则的定标理由：{rule}", "Say why, by that rule.")


def _left(request: TenderRequest, state: Publicised, law: Law) -> list[Candidate]:
    """Return the candidates who have not fallen away and whose bids still bind, in their order (E31, E41)."""
    return [
        one
        for one in state.publicity.candidates
        if not state.beside.result.is_dropped(one.bid) and request.received_at < binds_until(one.bid, state, law)
    ]


def sign(request: TenderRequest, command: SignContract, state: Awarded, books: Books) -> Sequence[ContractSigned]:
    """Record the contract, equal to the award in price (E32). Signing late is a breach that is recorded."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    check_bond(state, law)
    if command.price_fen != state.award.price_fen:
        awarded, signed = format_yuan(state.award.price_fen), format_yuan(command.price_fen)
        raise breaks(
            law.rulebook.clause("E32-TERMS"),
            f"中标价为{awarded}元，合同价为{signed}元。",
            f"Awarded at {awarded} yuan, the contract says {signed}.",
        )
    return (
        ContractSigned(
            contract_sha256=command.contract_sha256,
            price_fen=command.price_fen,
            signed_at=request.received_at,
            late=request.received_at >= state.award.contract_due,
            article=law.rulebook.clause("E32").article,
        ),
    )


def _candidates(state: Evaluated) -> tuple[Candidate, ...]:
    opened = {row.bid: row for row in state.rows}
    results = {row.bid: row for row in state.report.rows}
    return tuple(
        Candidate(
            rank=results[name].rank,
            bid=name,
            party=opened[name].party,
            price_fen=results[name].price_fen,
            days=needed(opened[name].days, "days"),
            quality=needed(opened[name].quality, "quality"),
            evaluated_fen=results[name].evaluated_fen,
            score=results[name].score,
        )
        for name in state.report.candidates
    )
