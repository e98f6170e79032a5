"""A deadline that passed while the platform was silent: nothing is closed then, and the deadline moves by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.bidding.domain.asking import TenderRequest, articles
from services.bidding.domain.outages.messages import SILENT, OutageNoted, Silence
from services.bidding.domain.state import Accepting
from services.bidding.domain.timetable.messages import DeadlineMoved
from services.bidding.domain.timetable.moving import move, on_working_day
from shared.kernel.errors import NotYet
from shared.procedure.books import Law

KEYS_NOTICE = (
    "平台在提交密钥的时间届满前后未能运行（系统自动记录），时间重新计算。"
    " The platform did not run when the minutes for keys were over, as it found itself: they begin anew."
)
NOTICE = (
    "平台在投标截止时间前后未能运行（系统自动记录），投标截止时间按平台规则顺延。"
    " The platform did not run at the deadline, as it found itself: the deadline moves by its rule."
)


def fell(request: TenderRequest, due: datetime, law: Law) -> Silence | None:
    """Return the silence in which a deadline passed, if there was one that is long enough to count."""
    told = request.facts.silence
    if told is None or "SILENCE" not in law.rulebook.clauses:
        return None
    least = timedelta(minutes=law.rulebook.figure("SILENCE", int))
    over_it = told.starts <= due < told.until
    return told if over_it and told.until - told.starts >= least else None


def extend(
    request: TenderRequest, state: Accepting, silence: Silence, law: Law
) -> Sequence[OutageNoted | DeadlineMoved]:
    """Extend the deadline by the time lost, to some hours after it at least, as after an outage that is declared."""
    after = silence.until + timedelta(hours=law.rulebook.figure("OUTAGE", int))
    lost = silence.until - silence.starts
    (article,) = articles(law, "SILENCE")
    noted = OutageNoted(
        outage=f"{SILENT}{silence.starts:%Y%m%dT%H%M%SZ}",
        starts=silence.starts,
        until=silence.until,
        extended=True,
        noted_at=request.received_at,
        article=article,
    )
    later = on_working_day(max(state.tender.terms.bids_due + lost, after), law.calendar)
    return noted, move(request, state, later, cause="extension", notice=NOTICE, article=article)


def check_moved(request: TenderRequest, state: Accepting, law: Law) -> None:
    """Raise NotYet for a bid after a deadline that is about to move, so that it is not turned away as late."""
    if fell(request, state.tender.terms.bids_due, law):
        raise NotYet("平台停机跨越投标截止时间，正在办理顺延", "the deadline is about to move: the platform was down")
