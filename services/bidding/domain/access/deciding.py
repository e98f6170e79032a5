"""Decisions about applications and about bids that resemble each other."""

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from services.bidding.domain.access.messages import (
    AccessCommand,
    ApplicationsReviewed,
    CollusionNoted,
    Judgment,
    NoteCollusion,
    QualificationNotified,
    ReviewApplications,
    Reviewed,
    ScreenBids,
)
from services.bidding.domain.access.screening import screen
from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.commands import ReportEvaluation, TenderCommand
from services.bidding.domain.committee.sitting import own_seat
from services.bidding.domain.events import TenderFailed
from services.bidding.domain.phases import not_now
from services.bidding.domain.receiving import law_of
from services.bidding.domain.rows import OpenedRow
from services.bidding.domain.state import AnnouncedState, Opened
from services.bidding.domain.values import Qualification, Rejection
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.procedure.asking import breaks
from shared.procedure.books import Books, Law

Told = CollusionNoted | ApplicationsReviewed | QualificationNotified | TenderFailed


def decide(request: TenderRequest, command: AccessCommand, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Return what a request about applications, or about bids that resemble each other, leads to."""
    if not isinstance(state, Opened):
        if request.actor.role == "system":
            return ()
        raise not_now(state)
    law = law_of(state, books)
    match command:
        case ReviewApplications():
            check_owner(request, state.tender.owner, state.tender.draft.buyer)
            return _review(request, command, state, law)
        case ScreenBids():
            return screen(request, state, law) if "E38" in law.rulebook.clauses else ()
        case NoteCollusion():
            _check_may_note(request, state)
            return (_noted(request, command, state, law),)
        case _:
            assert_never(command)


def check_evaluation(command: TenderCommand, state: AnnouncedState, books: Books) -> None:
    """Raise where a report evaluates what is no tender, or rejects for collusion (E38) that nobody noted."""
    if not isinstance(command, ReportEvaluation) or not isinstance(state, Opened):
        return
    if state.tender.draft.kind != "tender":
        raise OutOfPhase(
            "资格预审和第一阶段不评标，请进行审查", "there are no bids to evaluate: review the applications"
        )
    check_cited(command.rejections, state, law_of(state, books))


def check_cited(rejections: Iterable[Rejection], state: Opened, law: Law) -> None:
    """Raise where a rejection for collusion (E38) rests on nothing that was noted about the bid."""
    if "E38" not in law.rulebook.clauses:
        return
    notes = {note.number: note for note in state.beside.entrants.notes}
    for rejection in rejections:
        known = [notes[number] for number in rejection.notes if number in notes]
        if len(known) < len(rejection.notes) or any(rejection.bid not in note.bids for note in known):
            raise BadInput(
                "所引用的串通投标记录不存在或不涉及该投标", "a note of collusion that is cited is not about this bid"
            )
        if rejection.cause == "collusion" and all(note.level == "warning" for note in known):
            raise breaks(
                law.rulebook.clause("E38"),
                "以此否决的，须先记录所属情形和证据；平台提示不足以否决。",
                "To reject for it, note first which case and what evidence; the platform's warnings do not suffice.",
            )


def _check_may_note(request: TenderRequest, state: Opened) -> None:
    """Raise for who does not sit on the committee, or, where it sits elsewhere, does not run the tender."""
    if state.tender.terms.committee is None:
        check_owner(request, state.tender.owner, state.tender.draft.buyer)
    else:
        own_seat(request, state)


def _noted(request: TenderRequest, command: NoteCollusion, state: Opened, law: Law) -> CollusionNoted:
    """Return the committee's finding, by case, with the bids concerned and its evidence."""
    opened = {row.bid for row in state.rows if row.outcome in {"unsealed", "invalid"}}
    if len(set(command.bids)) != len(command.bids) or not set(command.bids) <= opened:
        raise BadInput("须指明两份以上已解密的投标，且不重复", "name two or more unsealed bids, each once")
    return CollusionNoted(
        number=len(state.beside.entrants.notes) + 1,
        item=command.item,
        basis="found",
        level="finding",
        bids=command.bids,
        evidence=command.evidence,
        by="committee",
        noted_at=request.received_at,
        article=articles(law, "E38")[0],
    )


def _review(request: TenderRequest, command: ReviewApplications, state: Opened, law: Law) -> Sequence[Told]:
    """Review every application; with fewer than three qualified it is held again (E5)."""
    if state.tender.draft.kind == "tender":
        raise OutOfPhase("招标项目不进行资格预审审查", "a tender is evaluated, not reviewed")
    applied = {row.bid: row for row in state.rows if row.outcome == "unsealed"}
    rows = tuple(_reviewed(row, judgment) for row, judgment in _judged(command, applied, state, law))
    rule = "E5" if state.tender.draft.kind == "prequalification" else "E39"
    reviewed = ApplicationsReviewed(rows=rows, reviewed_at=request.received_at, articles=articles(law, rule, "R18"))
    told = tuple(_notified(request, row, state, law) for row in rows)
    passed = sum(row.passed for row in rows)
    if passed >= law.rulebook.figure("E5", int):
        return reviewed, *told
    return reviewed, *told, _too_few(request, passed, law)


def _judged(
    command: ReviewApplications, applied: Mapping[str, OpenedRow], state: Opened, law: Law
) -> Sequence[tuple[OpenedRow, Judgment]]:
    """Return each application with its judgment: by the declared criteria, and every one of them once."""
    method = state.tender.terms.method
    if not isinstance(method, Qualification):
        if command.judgments:
            raise BadInput("第一阶段不作评判", "nothing is judged in a first stage")
        return [(row, Judgment(bid=row.bid)) for row in applied.values()]
    if sorted(judgment.bid for judgment in command.judgments) != sorted(applied):
        raise BadInput("须对每份已解密的申请各作一次审查", "judge every unsealed application, each once")
    declared = {criterion.criterion for criterion in method.criteria}
    if not {failing.criterion for judgment in command.judgments for failing in judgment.failings} <= declared:
        clause = law.rulebook.clause("R18")
        raise BreaksClause(clause.note_zh, clause.note_en, clause.article)
    return [(applied[judgment.bid], judgment) for judgment in command.judgments]


def _reviewed(row: OpenedRow, judgment: Judgment) -> Reviewed:
    return Reviewed(bid=row.bid, party=row.party, members=row.members, failings=judgment.failings)


def _notified(request: TenderRequest, row: Reviewed, state: Opened, law: Law) -> QualificationNotified:
    token = next(bid.statement.token for bid in state.unsealed if bid.bid == row.bid and bid.statement)
    return QualificationNotified(
        token=token,
        bid=row.bid,
        passed=row.passed,
        failings=row.failings,
        notified_at=request.received_at,
        article=law.rulebook.clause("E5").article,
    )


def _too_few(request: TenderRequest, passed: int, law: Law) -> TenderFailed:
    return TenderFailed(
        cause="fewer_than_three_qualified",
        failed_at=request.received_at,
        article="、".join(articles(law, "E5")),
        zh=f"具备资格的申请人为{passed}个，少于3个，应当重新招标。",
        en=f"{passed} applicants are qualified, fewer than three: it is held again.",
    )
