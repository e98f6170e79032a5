"""The times that a lot keeps: when the platform looks at it again."""

from collections.abc import Callable, Sequence
from datetime import datetime

from shared.kernel.line import Timer
from shared.kernel.message import Command, Event
from shared.procedure.lot.after.events import DeadlinesRecounted
from shared.procedure.lot.endings import (
    AgreementOpened,
    BiddingEnded,
    LotFrozen,
    LotThawed,
)
from shared.procedure.lot.events import (
    AskingStarted,
    BiddingStarted,
    CountdownMoved,
    LotAnnounced,
    NoticeSupplemented,
    PreparationStarted,
    PriceCalled,
    RegistrationExtended,
    TimedStarted,
)
from shared.procedure.lot.idling import IdleReminded
from shared.procedure.lot.named import ListingStopped, NamingOpened
from shared.procedure.lot.sealed.events import TenderClosed


def moments(event: Event) -> Sequence[datetime]:  # noqa: C901, PLR0911 - one return a fact
    """Return the instants at which something is due because of an event. Bids set none: the countdown moves on."""
    match event:
        case LotAnnounced(terms=terms):
            return terms.applications_due, terms.bidding_starts
        case RegistrationExtended(applications_due=due, starts_at=starts):
            return due, starts
        case NoticeSupplemented(applications_due=due, starts_at=starts):
            return due, starts
        case LotThawed(ends_at=at, applications_due=datetime() as due):
            return due, at
        case LotFrozen(idle_at=datetime() as at) | IdleReminded(until=at):
            return (at,)
        case ListingStopped(ends_at=at) | NamingOpened(ends_at=at):
            return (at,)
        case BiddingStarted(ends_at=at) | AskingStarted(ends_at=at) | PreparationStarted(ends_at=at):
            return (at,)
        case TimedStarted(call_at=at) | PriceCalled(call_at=at) | CountdownMoved(call_at=at):
            return (at,)
        case LotThawed(ends_at=at) | AgreementOpened(until=at):
            return (at,)
        case BiddingEnded(reserve_due=datetime() as due) | TenderClosed(keys_due=datetime() as due):
            return (due,)
        case DeadlinesRecounted(deadlines=deadlines):
            return tuple(one.ends for one in deadlines)
        case _:
            return ()


def timers(keep_time: Callable[[], Command]) -> Callable[[Event], Sequence[Timer]]:
    """Return a line's timers; `keep_time` makes its command."""
    return lambda event: [Timer(at, keep_time()) for at in moments(event)]
