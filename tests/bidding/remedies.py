"""What objectors, complainants and supervisors do, for the tests of remedies."""

from collections.abc import Sequence
from datetime import datetime

from services.bidding import BOOKS
from services.bidding.domain.alarms import Alarm, alarms
from services.bidding.domain.commands import SignIn
from services.bidding.domain.events import TenderEvent
from services.bidding.domain.receiving import law_of
from services.bidding.domain.remedies.messages import (
    AnswerObjection,
    Correction,
    DecideComplaint,
    ExamineComplaint,
    Grievance,
    MakeComplaint,
    RaiseObjection,
    Subject,
)
from services.bidding.domain.state import Announced
from shared.kernel.request import Actor
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play, but_publication

SUPERVISOR = Actor(account="supervisor-1", role="supervisor", region="370500")
ELSEWHERE = Actor(account="supervisor-2", role="supervisor", region="370700")
NEIGHBOUR = Actor(account="neighbour-1", role="bidder", party="X-NEIGHBOUR:1")
INTEREST = "本项目专用设备的制造商"


def object_to(
    play: Play, about: Subject, at: datetime | None = None, bidder: make.Bidder = make.CRANE
) -> Sequence[TenderEvent]:
    """Raise an objection."""
    return play.ask(RaiseObjection(about=about, text="请求复核"), bidder.actor, at)


def object_by_name(
    play: Play, about: Subject, at: datetime | None = None, by: Actor = NEIGHBOUR, interest: str | None = INTEREST
) -> Sequence[TenderEvent]:
    """Raise one as another interested party, by its account."""
    return play.ask(RaiseObjection(about=about, text="请求复核", interest=interest), by, at)


def answer(
    play: Play, follows: Correction = "none", at: datetime | None = None, *, number: int = 1, bid: str | None = None
) -> Sequence[TenderEvent]:
    """Answer one as the agency."""
    return play.ask(AnswerObjection(number=number, follows=follows, bid=bid, text="经核实答复如下"), make.AGENCY, at)


def complain(
    play: Play,
    about: Grievance = "conduct",
    at: datetime | None = None,
    *,
    knew_at: datetime,
    objection: int | None = None,
    by: Actor = make.CRANE.actor,
) -> Sequence[TenderEvent]:
    """Make a complaint."""
    command = MakeComplaint(about=about, knew_at=knew_at, objection=objection, letter_sha256="d" * 64)
    return play.ask(command, by, at)


def accept(play: Play, at: datetime | None = None, *, number: int = 1) -> Sequence[TenderEvent]:
    """Accept a complaint."""
    return play.ask(ExamineComplaint(number=number, accepted=True, ground="符合受理条件"), SUPERVISOR, at)


def decide(
    play: Play, order: Correction = "none", at: datetime | None = None, *, number: int = 1, bid: str | None = None
) -> Sequence[TenderEvent]:
    """Decide a complaint."""
    return play.ask(DecideComplaint(number=number, order=order, bid=bid, text="处理决定"), SUPERVISOR, at)


def opened_with(*present: make.Bidder) -> Play:
    """Return a tender just read out, at whose opening some bidders signed in."""
    play = stage.collecting()
    for bidder in present:
        play.ask(SignIn(), bidder.actor)
    return opened_from(play)


def opened_from(play: Play) -> Play:
    """Bring an opening that collects keys to its end."""
    for bidder in stage.BIDDERS:
        play.key(bidder)
    play.shares("agency", "platform")
    play.unseal()
    play.disclose(*stage.BIDDERS)
    return play


def warned(play: Play, now: datetime | None = None) -> dict[str, Alarm]:
    """Return the alarms of a tender by their codes."""
    state = play.state
    assert isinstance(state, Announced)
    told = [(play.now, event) for event in play.events]
    return {alarm.code: alarm for alarm in but_publication(alarms(told, state, law_of(state, BOOKS), now or play.now))}


def complained(play: Play | None = None) -> Play:
    """Return a tender with a complaint of Wednesday the second, to be examined by Monday the seventh."""
    play = play or stage.accepting()
    complain(play, at=make.beijing(2, 9), knew_at=make.ANNOUNCED)
    return play


def accepted_on_the_result() -> Play:
    play = stage.publicised(state_funded=True)
    complain(play, at=make.beijing(25, 9), knew_at=make.beijing(24))
    accept(play, make.beijing(25, 10))
    return play
