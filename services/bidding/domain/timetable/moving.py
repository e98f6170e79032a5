"""Moving a tender's deadline, and standing still and going on again: what other chapters use too."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.bidding.domain.asking import INSTANT, TenderRequest, articles
from services.bidding.domain.state import Accepting, Announced
from services.bidding.domain.timetable.messages import Cause, DeadlineMoved, TenderResumed, TenderSuspended
from shared.kernel.errors import OutOfPhase
from shared.law.calendar import Calendar
from shared.law.findings import day_of
from shared.procedure.books import Law

DAY = timedelta(days=1)


def suspend(request: TenderRequest, *, hold: str, cause: Cause, notice: str, article: str) -> TenderSuspended:
    """Return the fact that one more hold stops the tender."""
    return TenderSuspended(hold=hold, cause=cause, notice=notice, suspended_at=request.received_at, article=article)


def release(
    request: TenderRequest, state: Announced, *, hold: str, notice: str, law: Law
) -> Sequence[TenderResumed | DeadlineMoved]:
    """Let go of a hold. If it was the last and bids are received, the deadline moves by the time suspended."""
    times = state.beside.timetable
    goes_on = tuple(one.hold for one in times.holds) == (hold,)
    resumed = TenderResumed(hold=hold, notice=notice, resumed_at=request.received_at, goes_on=goes_on)
    if not (goes_on and isinstance(state, Accepting) and times.since and times.since < request.received_at):
        return (resumed,)
    due = state.tender.terms.bids_due + (request.received_at - times.since)
    (article,) = articles(law, "SUSPENDED")
    moved = move(request, state, on_working_day(due, law.calendar), cause="suspension", notice=notice, article=article)
    return resumed, moved


def move(
    request: TenderRequest,
    state: Accepting,
    due: datetime,
    *,
    cause: str,
    notice: str,
    article: str,
) -> DeadlineMoved:
    """Return the fact that the deadline is later. Raise OutOfPhase for one that is not."""
    terms = state.tender.terms
    if due <= terms.bids_due:
        raise OutOfPhase("投标截止时间只能延长", "the deadline may only be made later")
    return DeadlineMoved.model_validate(
        {
            "cause": cause,
            "was": terms.bids_due,
            "bids_due": due,
            "closes_at": due + INSTANT * terms.instant_counts,
            "moved_at": request.received_at,
            "notice": notice,
            "article": article,
        }
    )


def on_working_day(moment: datetime, calendar: Calendar) -> datetime:
    """Return the moment, or the same hour of the next working day."""
    while not calendar.is_working_day(day_of(moment)):
        moment += DAY
    return moment
