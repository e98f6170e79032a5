"""Decisions after the candidates are public: who falls away, how long bids bind, report and signatures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeGuard, assert_never

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.phases import not_now
from services.bidding.domain.receiving import law_of
from services.bidding.domain.result.messages import (
    AnswerValidity,
    CandidateDropped,
    ContractCountersigned,
    CountersignContract,
    DropCandidate,
    ExtendValidity,
    GiveUp,
    Ground,
    HoldAgain,
    ReportToSupervisor,
    ResultCommand,
    ResultEvent,
    SupervisorReported,
    TenderToBeHeldAgain,
    ValidityAnswered,
    ValidityExtended,
)
from services.bidding.domain.result.standing import check_sanctioned
from services.bidding.domain.result.validity import binds_until, end_of
from services.bidding.domain.rows import Candidate
from services.bidding.domain.state import (
    AnnouncedState,
    Awarded,
    Closed,
    Contracted,
    Evaluated,
    Opened,
    Publicised,
)
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Role
from shared.procedure.books import Books, Law
from shared.procedure.publicity import limit

TO_BLAME: frozenset[Ground] = frozenset({"refused_contract", "added_conditions", "no_performance_bond"})
"""The grounds for which the law takes the deposit and allows a fine (实施条例 第七十四条)."""

_BY: Mapping[Role, Literal["bidder", "supervisor"]] = {"token": "bidder", "supervisor": "supervisor"}
"""Who lets a candidate fall away, if not the tenderer."""


def goes_on(command: ResultCommand, state: AnnouncedState) -> bool:
    """Whether a request is decided on now: what only keeps time goes on while the tender stands still."""
    return not state.beside.timetable.suspended or isinstance(
        command, ExtendValidity | AnswerValidity | GiveUp | ReportToSupervisor
    )


def decide(  # noqa: PLR0911 - one return a command
    request: TenderRequest, command: ResultCommand, state: AnnouncedState, books: Books
) -> Sequence[ResultEvent]:
    """Return what a request about the result leads to."""
    law = law_of(state, books)
    match command:
        case GiveUp(explanation=explanation):
            candidate = _own_candidate(request, state)
            return (_dropped(request, state, candidate, "gave_up", explanation, law),)
        case DropCandidate(bid=bid, ground=ground, explanation=explanation):
            check_owner(request, state.tender.owner, state.tender.draft.buyer)
            candidate = _candidate(state, bid)
            if ground == "sanctioned":
                check_sanctioned(request, state, bid)
            return (_dropped(request, state, candidate, ground, explanation, law),)
        case HoldAgain(explanation=explanation):
            return (_held_again(request, state, explanation, law),)
        case ExtendValidity():
            return (_extended(request, command, state, law),)
        case AnswerValidity():
            return _answered(request, command, state)
        case ReportToSupervisor(report_sha256=sha256):
            return (_reported(request, state, sha256, law),)
        case CountersignContract(contract_sha256=sha256):
            return _countersigned(request, state, sha256)
        case _:
            assert_never(command)


def drop_unlawful(
    request: TenderRequest, state: AnnouncedState, bid: str, explanation: str, law: Law
) -> CandidateDropped:
    """Return the fact that a candidate falls away for what it did, as an upheld objection or complaint found."""
    return _dropped(request, state, _candidate(state, bid), "unlawful", explanation, law)


def _candidate(state: AnnouncedState, bid: str) -> Candidate:
    """Return a candidate that has not fallen away. Raise OutOfPhase, NotFound."""
    if not _is_open(state):
        raise not_now(state)
    left = [one for one in state.publicity.candidates if not state.beside.result.is_dropped(one.bid)]
    found = next((one for one in left if one.bid == bid), None)
    if found is None:
        raise NotFound("没有该中标候选人，或其已不在名单中", "there is no such candidate, or it has fallen away")
    return found


def _own_candidate(request: TenderRequest, state: AnnouncedState) -> Candidate:
    if not _is_open(state):
        raise not_now(state)
    own = _own(request, state)
    name = next((one.bid for one in state.publicity.candidates if one.bid in own), None)
    if name is None:
        raise NotEntitled("只有中标候选人可以放弃中标", "only a candidate may give up")
    return _candidate(state, name)


def _is_open(state: AnnouncedState) -> TypeGuard[Publicised | Awarded | Contracted]:
    """Whether a candidate may still fall away: until the winner has signed the contract too."""
    if isinstance(state, Contracted):
        return state.beside.result.countersigned is None
    return isinstance(state, Publicised | Awarded)


def _own(request: TenderRequest, state: AnnouncedState) -> list[str]:
    """Return the bids of who asks."""
    return [bid for bid, token in state.bidders.items() if token == request.actor.account]


def _dropped(  # noqa: PLR0917 - what the fact says, in its order
    request: TenderRequest, state: AnnouncedState, candidate: Candidate, ground: Ground, explanation: str, law: Law
) -> CandidateDropped:
    blamed = ground in TO_BLAME
    is_winner = isinstance(state, Awarded | Contracted) and state.award.bid == candidate.bid
    if blamed and not is_winner:
        raise BreaksClause("该情形只适用于中标人", "this ground is the winner's alone", *articles(law, "E37"))
    at_most = int(candidate.price_fen * law.rulebook.figure("E37", Decimal)) if blamed else None
    return CandidateDropped(
        bid=candidate.bid,
        party=candidate.party,
        ground=ground,
        explanation=explanation,
        by=_BY.get(request.actor.role, "tenderer"),
        was_winner=is_winner,
        dropped_at=request.received_at,
        fine_at_most_fen=at_most,
        articles=articles(law, "E31-NEXT", "E37") if blamed else articles(law, "E31-NEXT"),
    )


def _held_again(request: TenderRequest, state: AnnouncedState, explanation: str, law: Law) -> TenderToBeHeldAgain:
    """End the tender: only where a candidate has fallen away, or none is bound any more (E31)."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    if not isinstance(state, Publicised):
        raise not_now(state)
    result, at = state.beside.result, request.received_at
    left = [
        one
        for one in state.publicity.candidates
        if not result.is_dropped(one.bid) and at < binds_until(one.bid, state, law)
    ]
    clause = law.rulebook.clause("E31-NEXT")
    if len(left) == len(state.publicity.candidates):
        raise BreaksClause(
            "没有候选人退出，不得重新招标", "no candidate has fallen away: the tender is not held again", clause.article
        )
    return TenderToBeHeldAgain(explanation=explanation, none_left=not left, failed_at=at, article=clause.article)


def _extended(request: TenderRequest, command: ExtendValidity, state: AnnouncedState, law: Law) -> ValidityExtended:
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    if not isinstance(state, Closed | Opened | Evaluated | Publicised):
        raise not_now(state)
    extensions = state.beside.result.extensions
    before = extensions[-1].until if extensions else end_of(state, state.tender.terms.validity_days, law)
    clause, until = law.rulebook.clause("E41"), end_of(state, command.days, law)
    if request.received_at >= before:
        raise OutOfPhase("投标有效期已届满，不能再延长", "the validity of bids is over", clause.article)
    if until <= before:
        raise BadInput("延长后的有效期须长于现有效期", "the validity must become longer", clause.article)
    return ValidityExtended(
        number=len(extensions) + 1,
        notice=command.notice,
        binds_until=before,
        until=until,
        asked_at=request.received_at,
        article=clause.article,
    )


def _answered(request: TenderRequest, command: AnswerValidity, state: AnnouncedState) -> Sequence[ValidityAnswered]:
    """Record an answer once; it must come while the bid still binds."""
    result = state.beside.result
    if command.number > len(result.extensions):
        raise NotFound("没有该次延长投标有效期的通知", "there is no such request for a longer validity")
    own = _own(request, state)
    if not own:
        raise NotEntitled("只有投标人可以答复", "only a bidder may answer")
    known = result.answers.get((command.number, own[0]))
    if known == command.agrees:
        return ()
    if known is not None or request.received_at >= result.extensions[command.number - 1].binds_until:
        raise OutOfPhase("已作答复，或原有效期已届满", "it is answered already, or the validity was over before")
    at = request.received_at
    return (ValidityAnswered(number=command.number, bid=own[0], agrees=command.agrees, at=at),)


def _reported(request: TenderRequest, state: AnnouncedState, sha256: str, law: Law) -> SupervisorReported:
    """Record the written report (E35). Handing it in late is a breach that is recorded."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    if not isinstance(state, Awarded | Contracted):
        raise not_now(state)
    if state.beside.result.reported is not None:
        raise OutOfPhase("书面报告已提交", "the report is handed in already")
    name, due = report_rule(state), report_ends(state, law)
    at = request.received_at
    return SupervisorReported(
        report_sha256=sha256, reported_at=at, due=due, late=at >= due, article=law.rulebook.clause(name).article
    )


def report_ends(state: Awarded | Contracted, law: Law) -> datetime:
    """Return the first instant at which the report is late, by the calendars published since; never before it was."""
    counted = limit(state.award.awarded_at, report_rule(state), law).ends_at
    return max(counted, state.award.report_due or counted)


def report_rule(state: AnnouncedState) -> str:
    """Return the clause that the report's days are counted by; the award notice is sent with the decision."""
    return "E35-WORKS" if state.tender.draft.category == "works" else "E35"


def _countersigned(request: TenderRequest, state: AnnouncedState, sha256: str) -> Sequence[ContractCountersigned]:
    if not isinstance(state, Contracted):
        raise not_now(state)
    if state.award.bid not in _own(request, state):
        raise NotEntitled("只有中标人可以签署", "only the winner may sign")
    if sha256 != state.contract_sha256:
        raise BadInput("与招标人签署的合同不是同一文本", "it is not the text that the tenderer signed")
    if state.beside.result.countersigned is not None:
        return ()
    return (ContractCountersigned(bid=state.award.bid, contract_sha256=sha256, at=request.received_at),)
