"""What a supervisor is warned of in an evaluation: time that is over, members who were replaced or who dissent."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.bidding.domain.committee.events import MemberReplaced, ReportSigned
from services.bidding.domain.state import Announced, Opened
from shared.kernel.message import Event
from shared.procedure.books import Law

CommitteeCode = Literal["evaluation_overdue", "member_replaced", "report_dissented"]

WORDS: Mapping[str, tuple[str, str]] = {
    "evaluation_overdue": ("评标时间已过，尚未提交评标报告", "the evaluation's time is over, nothing is reported"),
    "member_replaced": ("评标委员会成员被更换，请核对事由", "a member of the committee was replaced: see why"),
    "report_dissented": ("评标委员会成员对评标报告有书面不同意见", "a member of the committee dissents in writing"),
}

Found = tuple[CommitteeCode, datetime, str]
"""What, since when, and by which article."""


def warnings(told: Sequence[tuple[datetime, Event]], state: Announced, law: Law, now: datetime) -> Iterator[Found]:
    """Yield what has happened, by the events that the asker is told, and what should have happened by now."""
    for _, event in told:
        yield from _of_event(event, law)
    until = state.beside.committee.until
    if isinstance(state, Opened) and until is not None and now >= until:
        yield "evaluation_overdue", until, law.rulebook.clause("E22").article


def _of_event(event: Event, law: Law) -> Iterator[Found]:
    match event:
        case MemberReplaced(replaced_at=at, article=article):
            yield "member_replaced", at, article
        case ReportSigned(dissent=str(), signed_at=at):
            yield "report_dissented", at, law.rulebook.clause("E28-SIGNED").article
        case _:
            pass
