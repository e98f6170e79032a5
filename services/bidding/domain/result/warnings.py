"""What a supervisor is warned of about candidates: one of them is under a sanction when it is to win."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.bidding.domain.events import RequestRefused
from services.bidding.domain.result.messages import CandidateDropped
from services.bidding.domain.result.standing import RULE
from services.bidding.domain.state import Announced
from shared.kernel.message import Event
from shared.procedure.books import Law

ResultCode = Literal["candidate_sanctioned"]

WORDS: Mapping[str, tuple[str, str]] = {
    "candidate_sanctioned": (
        "有中标候选人在开标后被暂停或者列入名单，请核对",
        "a candidate was suspended or listed after the opening: see what becomes of it",
    ),
}

Found = tuple[ResultCode, datetime, str]


def warnings(told: Sequence[tuple[datetime, Event]], _state: Announced, law: Law, _now: datetime) -> Iterator[Found]:
    """Yield each award that was refused for a sanction, and each candidate that fell away for one."""
    if RULE not in law.rulebook.clauses:
        return
    article = law.rulebook.clause(RULE).article
    for at, event in told:
        match event:
            case RequestRefused(command_type="bidding.award_tender", article=cited) if cited == article:
                yield "candidate_sanctioned", at, article
            case CandidateDropped(ground="sanctioned", dropped_at=dropped):
                yield "candidate_sanctioned", dropped, article
            case _:
                pass
