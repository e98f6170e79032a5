"""Decisions about objections (异议): when one may be raised, its answer in time, and what follows from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.bidding.domain.asking import TenderRequest, alias, articles, check_owner
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies.ending import End, Finding, follow
from services.bidding.domain.remedies.events import (
    InterestDeclared,
    ObjectionAnswered,
    ObjectionRaised,
    ObjectionRepeated,
    ObjectionWithdrawn,
    OpeningConfirmed,
)
from services.bidding.domain.remedies.messages import (
    AnswerObjection,
    Correction,
    RaiseObjection,
    Subject,
    WithdrawObjection,
)
from services.bidding.domain.state import (
    Accepting,
    AnnouncedState,
    Collecting,
    Convened,
    Opened,
    Publicised,
    Unsealing,
)
from services.bidding.domain.timetable.messages import DeadlineMoved, TenderResumed, TenderSuspended
from services.bidding.domain.timetable.moving import release, suspend
from shared.kernel.canonical import digest
from shared.kernel.errors import BadInput, NotEntitled, NotFound, OutOfPhase
from shared.procedure.asking import breaks, is_own
from shared.procedure.books import Books, Law
from shared.procedure.publicity import limit
from shared.procedure.remedies import Objection, lapses_at

FOLLOWS: Mapping[str, frozenset[Correction]] = {
    "documents": frozenset({"none", "correct_documents", "retender"}),
    "opening": frozenset({"none", "correct_record", "retender"}),
    "result": frozenset({"none", "re_evaluate", "next_candidate", "retender"}),
}
"""What may follow from an objection: one that is upheld leads to a correction, else the answer is `none`."""

RAISED_BY: Mapping[str, str] = {"documents": "E8", "opening": "E17-OBJECTION", "result": "E30"}
"""The clause that the right to object goes by."""

ANSWERED_BY: Mapping[str, str] = {"documents": "E8-ANSWER", "opening": "E17-OBJECTION", "result": "E30-ANSWER"}

Raised = ObjectionRaised | InterestDeclared | ObjectionRepeated
Told = Raised | ObjectionAnswered | ObjectionWithdrawn | TenderSuspended | TenderResumed | DeadlineMoved | End


def is_of(request: TenderRequest, objection: Objection, state: AnnouncedState) -> bool:
    """Whether an objection is of who asks: by the account that stands there, or by the alias of a token."""
    named = state.beside.remedies.interested.get(objection.number)
    if named is not None:
        return named == request.actor.account
    return objection.by == alias(request, f"objection-{objection.number}")


def object_(request: TenderRequest, command: RaiseObjection, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Take in an objection (E8, E17, E30); but for one at the opening, the tender stands still until it is answered."""
    law, kept = law_of(state, books), state.beside.remedies
    _check_time(request, command.about, state, law)
    own = [one for one in kept.objections if one.about == command.about and is_of(request, one, state)]
    if any(one.open for one in own):
        raise BadInput("您就此提出的异议尚待答复", "your objection about this waits for its answer")
    number = len(kept.objections) + 1
    told = _raised(request, command, number, state, law)
    told = (*told, *_repeated(request, number, own, state, law))
    if command.about == "opening":
        return told
    notice, (article,) = f"收到第{number}号异议，答复前暂停。", articles(law, ANSWERED_BY[command.about])
    return *told, suspend(request, hold=_hold(number), cause="objection", notice=notice, article=article)


def _raised(
    request: TenderRequest, command: RaiseObjection, number: int, state: AnnouncedState, law: Law
) -> tuple[Raised, ...]:
    interest = _interest(request, command, number, state, law)
    raised = ObjectionRaised(
        number=number,
        about=command.about,
        by=_nobody(request, number) if interest else alias(request, f"objection-{number}"),
        text=command.text,
        raised_at=request.received_at,
        answer_due=_answer_due(request.received_at, command.about, law),
        articles=articles(law, ANSWERED_BY[command.about], "D21"),
    )
    return raised, *interest


def _interest(
    request: TenderRequest, command: RaiseObjection, number: int, state: AnnouncedState, law: Law
) -> tuple[InterestDeclared, ...]:
    """Return who objects by an account, and for what interest; nothing of who objects by a token.

    A rulebook without the clause is of a time when accounts were turned away, and its refusals stand.
    """
    actor, tender = request.actor, state.tender
    if actor.role == "token":
        if command.interest is not None:
            raise BadInput("以令牌提出的，不写利害关系", "who objects by a token states no interest")
        return ()
    known = "INTERESTED" in law.rulebook.clauses
    if not known or not actor.party or is_own(actor, tender.owner, tender.draft.buyer):
        raise NotEntitled("须为招标人以外的已登记主体", "for registered parties other than the tender's own")
    clause = law.rulebook.clause("INTERESTED")
    if command.interest is None:
        raise breaks(
            clause,
            "请写明利害关系（interest）；投标人、潜在投标人请以令牌提出，不要署名。",
            "State the interest; who bids, or may, objects by its token, without a name.",
        )
    return (
        InterestDeclared(
            number=number,
            account=actor.account,
            party=actor.party,
            interest=command.interest,
            declared_at=request.received_at,
            article=clause.article,
        ),
    )


def _nobody(request: TenderRequest, number: int) -> str:
    """Return what stands in the place of an alias: one of an account could be found by trying all accounts."""
    return digest(f"ggzy-interested/v1|{request.stream}|{number}".encode())


def _repeated(
    request: TenderRequest, number: int, own: Sequence[Objection], state: AnnouncedState, law: Law
) -> tuple[ObjectionRepeated, ...]:
    """Return that one objects again; another result, after an evaluation was set aside, is another matter."""
    since = state.publicity.starts if isinstance(state, Publicised) else state.tender.announced_at
    earlier = [one for one in own if one.raised_at >= since]
    if not earlier or "OBJECTION-REPEATED" not in law.rulebook.clauses:
        return ()
    (article,) = articles(law, "OBJECTION-REPEATED")
    at = request.received_at
    return (ObjectionRepeated(number=number, earlier=earlier[-1].number, repeated_at=at, article=article),)


def answer(request: TenderRequest, command: AnswerObjection, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Answer an objection; a late answer is recorded as late. What follows from it follows at once."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law, objection = law_of(state, books), _open(state, command.number)
    if command.follows not in FOLLOWS[objection.about]:
        raise BadInput("该结论不适用于此类异议", "this does not follow from an objection of this kind")
    finding = Finding("objection", command.number, command.follows, command.bid, command.text)
    ends = follow(request, state, finding, law)
    answered = ObjectionAnswered.model_validate(
        {
            "number": command.number,
            "about": objection.about,
            "follows": command.follows,
            "bid": command.bid,
            "text": command.text,
            "answered_at": request.received_at,
            "late": request.received_at >= answer_ends(objection, law),
            "article": law.rulebook.clause(ANSWERED_BY[objection.about]).article,
        }
    )
    return answered, *let_go(request, state, _hold(command.number), law, ending=bool(ends)), *ends


def withdraw(request: TenderRequest, command: WithdrawObjection, state: AnnouncedState, books: Books) -> Sequence[Told]:
    """Withdraw one's own objection, and let go of what it held up."""
    objection, law = _open(state, command.number), law_of(state, books)
    if not is_of(request, objection, state):
        raise NotEntitled("只能撤回本人提出的异议", "only one's own objection can be withdrawn")
    withdrawn = ObjectionWithdrawn(number=command.number, withdrawn_at=request.received_at)
    return withdrawn, *let_go(request, state, _hold(command.number), law)


def confirm(request: TenderRequest, state: AnnouncedState) -> Sequence[OpeningConfirmed]:
    """Confirm the opening record, once (D18); who does not has raised no objection either."""
    if not isinstance(state, Opened):
        raise OutOfPhase("现在不是确认开标记录的时候", "the opening record is not to be confirmed now")
    _check_present(request, state)
    token = request.actor.account
    if token in state.beside.remedies.confirmed:
        return ()
    return (OpeningConfirmed(token=token, confirmed_at=request.received_at),)


def answer_ends(objection: Objection, law: Law) -> datetime:
    """Return when the time for an answer ends, by the calendars published since, and never before it was told to."""
    if objection.about == "opening":
        return objection.answer_due
    return max(objection.answer_due, limit(objection.raised_at, ANSWERED_BY[objection.about], law).ends_at)


def let_go(
    request: TenderRequest, state: AnnouncedState, hold: str, law: Law, *, ending: bool = False
) -> Sequence[TenderResumed | DeadlineMoved]:
    """Let go of a hold if it is in force; a tender that ends has no deadline to move any more."""
    if state.beside.timetable.hold(hold) is None:
        return ()
    told = release(request, state, hold=hold, notice="已答复或处理，恢复。", law=law)
    return told[:1] if ending else told


def _check_time(request: TenderRequest, about: Subject, state: AnnouncedState, law: Law) -> None:
    rule, too_late = _raised_by(about, state), None
    clause = law.rulebook.clause(rule)
    match about, state:
        case "documents", Accepting():
            too_late = lapses_at(_due(state, request.received_at), rule, law)
        case "opening", (Convened() | Collecting() | Unsealing()):
            _check_present(request, state)
        case "opening", Opened(opened_at=opened) if opened is not None:
            _check_present(request, state)
            if request.actor.account in state.beside.remedies.confirmed:
                raise breaks(clause, "您已确认开标记录。", "You have confirmed the record.")
            too_late = opened + _minutes(law)
        case "result", Publicised(publicity=publicity):
            too_late = publicity.ends
        case _:
            raise OutOfPhase(f"现在不能提出此类异议。{clause.note_zh}", f"Not now. {clause.note_en}", clause.article)
    if too_late is not None and request.received_at >= too_late:
        raise breaks(clause, "已过提出的时间。", "The time for it is over.")


def _raised_by(about: Subject, state: AnnouncedState) -> str:
    """Return the clause of an objection; to the documents of a prequalification one comes later."""
    prequalification = about == "documents" and state.tender.draft.kind == "prequalification"
    return "E8-PREQUALIFICATION" if prequalification else RAISED_BY[about]


def _check_present(request: TenderRequest, state: Convened | Collecting | Unsealing | Opened) -> None:
    if request.actor.account not in state.signed_in:
        raise NotEntitled("仅限已签到的投标人", "for bidders who signed in at the opening")


def _due(state: Accepting, now: datetime) -> datetime:
    """Return the deadline; while the tender stands still, the one that it would have if it went on now."""
    since = state.beside.timetable.since
    return state.tender.terms.bids_due + (now - since if since else timedelta())


def _answer_due(at: datetime, about: Subject, law: Law) -> datetime:
    return at + _minutes(law) if about == "opening" else limit(at, ANSWERED_BY[about], law).ends_at


def _minutes(law: Law) -> timedelta:
    return timedelta(minutes=law.rulebook.figure("OPENING-MINUTES", int))


def _open(state: AnnouncedState, number: int) -> Objection:
    objection = state.beside.remedies.objection(number)
    if objection is None or not objection.open:
        raise NotFound("没有该项异议，或已答复、撤回", "there is no such objection, or it is answered or withdrawn")
    return objection


def _hold(number: int) -> str:
    return f"objection-{number}"
