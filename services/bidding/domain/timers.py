"""The times that a tender keeps: which command the platform gives itself, and when."""

from collections.abc import Sequence

from services.bidding.domain.access.messages import ScreenBids
from services.bidding.domain.ceremony_events import (
    KeyCollectionExtended,
    KeyCollectionStarted,
    OpeningCompleted,
    OpeningStarted,
)
from services.bidding.domain.commands import CloseReception, EndKeyCollection, ProceedUnwitnessed
from services.bidding.domain.committee.commands import EndSigning
from services.bidding.domain.committee.values import Minutes
from services.bidding.domain.events import EvaluationReported, TenderAnnounced
from services.bidding.domain.receiving import cutoff
from services.bidding.domain.timetable.messages import DeadlineMoved
from shared.kernel.line import Timer
from shared.kernel.message import Event


def timers(event: Event) -> Sequence[Timer]:  # noqa: PLR0911 - one return a fact
    """Return the timers that an event sets; one that comes when its phase is over decides nothing."""
    match event:
        case TenderAnnounced():
            return (Timer(cutoff(event), CloseReception()),)
        case DeadlineMoved(closes_at=closes_at):
            return (Timer(closes_at, CloseReception()),)
        case OpeningStarted(witness_until=until):
            return (Timer(until, ProceedUnwitnessed()),)
        case KeyCollectionStarted(keys_due=due) | KeyCollectionExtended(keys_due=due):
            return (Timer(due, EndKeyCollection()),)
        case OpeningCompleted(at=at):
            return (Timer(at, ScreenBids()),)
        case EvaluationReported(minutes=Minutes(sign_until=until)):
            return (Timer(until, EndSigning()),)
        case _:
            return ()
