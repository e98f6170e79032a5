"""What ends a tender, or takes it back: termination by its owner, and what an upheld remedy leads to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.bidding.domain.asking import TenderRequest, articles, check_owner, meaning_key
from services.bidding.domain.phases import not_now
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies.events import EvaluationSetAside, TenderTerminated
from services.bidding.domain.remedies.messages import Correction, TerminateTender
from services.bidding.domain.result.deciding import drop_unlawful
from services.bidding.domain.result.messages import CandidateDropped
from services.bidding.domain.state import (
    Accepting,
    AnnouncedState,
    Awarded,
    Ceremony,
    Closed,
    Contracted,
    Evaluated,
    Failed,
    Opened,
    Publicised,
    Qualified,
)
from shared.kernel.errors import BadInput, OutOfPhase
from shared.procedure.books import Books, Law

End = EvaluationSetAside | TenderTerminated | CandidateDropped
Cause = Literal["owner", "objection", "complaint"]

WHY: dict[Cause, tuple[str, str]] = {
    "owner": ("招标人终止招标。", "The tenderer terminates the tender."),
    "objection": ("异议成立，重新招标。", "An objection is upheld: the tender is held again."),
    "complaint": ("按投诉处理决定，重新招标。", "By the decision on a complaint the tender is held again."),
}


def terminate(
    request: TenderRequest, command: TerminateTender, state: AnnouncedState, books: Books
) -> Sequence[TenderTerminated]:
    """Terminate the tender (E40), from the announcement to the award; bids that were not opened never are."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    law = law_of(state, books)
    if isinstance(state, Awarded):
        raise _out_of_phase(state, law)
    return (_terminated(request, state, law, cause="owner", number=None, notice=command.notice),)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an answer or a decision says: about which objection or complaint, what follows, and in what words."""

    cause: Literal["objection", "complaint"]
    number: int
    follows: Correction
    bid: str | None
    words: str


def follow(request: TenderRequest, state: AnnouncedState, finding: Finding, law: Law) -> Sequence[End]:
    """Return what a finding does to the phase. Raise a Refusal where it cannot follow.

    Documents are corrected by the tender's owner, by a clarification, and records by what the answer says.
    """
    if (finding.bid is not None) != (finding.follows == "next_candidate"):
        raise BadInput("取消资格的候选人须且仅须在依次确定时指明", "name the candidate that falls away, there alone")
    match finding.follows:
        case "re_evaluate":
            return (_set_aside(request, state, finding, law),)
        case "retender":
            number, words = finding.number, finding.words
            return (_terminated(request, state, law, cause=finding.cause, number=number, notice=words),)
        case "next_candidate":
            return (drop_unlawful(request, state, str(finding.bid), finding.words, law),)
        case "correct_documents" if not isinstance(state, Accepting):
            raise _out_of_phase(state, law)
        case _:
            return ()


def _set_aside(request: TenderRequest, state: AnnouncedState, finding: Finding, law: Law) -> EvaluationSetAside:
    if not isinstance(state, Evaluated | Publicised | Awarded):
        raise _out_of_phase(state, law)
    cause, number = finding.cause, finding.number
    (article,) = articles(law, "E30" if cause == "objection" else "D25")
    return EvaluationSetAside(cause=cause, number=number, set_aside_at=request.received_at, article=article)


def _terminated(
    request: TenderRequest, state: AnnouncedState, law: Law, *, cause: Cause, number: int | None, notice: str
) -> TenderTerminated:
    """Return the end of the tender. An opening that has begun is finished first (电子招标投标办法 第三十条)."""
    began = isinstance(state, Ceremony) and not isinstance(state, Closed)
    if began or isinstance(state, Contracted | Failed | Qualified):
        raise _out_of_phase(state, law)
    zh, en = WHY[cause]
    return TenderTerminated(
        cause=cause,
        number=number,
        notice=notice,
        terminated_at=request.received_at,
        bids_opened=isinstance(state, Opened | Evaluated | Publicised | Awarded),
        meaning_key=meaning_key(request, state.tender) if isinstance(state, Accepting) else None,
        article=law.rulebook.clause("E40" if cause == "owner" else "D25" if cause == "complaint" else "D21").article,
        zh=f"{zh}{notice}",
        en=en,
    )


def _out_of_phase(state: AnnouncedState, law: Law) -> OutOfPhase:
    return not_now(state, law.rulebook.clause("E40").article)
