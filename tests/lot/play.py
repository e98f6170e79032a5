"""A lot played through a line as the service runs it: every request is kept with the events it led to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from shared.kernel.decider import Decision, redecide
from shared.kernel.errors import NotYet, Refusal
from shared.kernel.line import Line
from shared.kernel.request import SYSTEM, Actor
from shared.procedure.lot import commands
from shared.procedure.lot.after import commands as after
from shared.procedure.lot.asking import Facts, LotRequest, Secrets
from shared.procedure.lot.disclosing import PreDisclose
from shared.procedure.lot.line import ENTITLED, EVENTS, released
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.speech import Speech
from shared.procedure.lot.state import Lot, LotState, Unborn
from shared.procedure.lot.values import Reading
from shared.seal.proxy import seal_maximum
from shared.seal.wire import text
from tests.lot import factories as make

HEALTHY = Reading(age_ms=400)

Event = TypeVar("Event", bound=LotEvent)


@dataclass
class Play:
    """One lot: its state, its record and the hour; `drafted` and `terms` are what its line's tests begin with."""

    line: Line
    speech: Speech
    state: LotState = field(default_factory=Unborn)
    record: list[Decision[LotRequest, LotEvent]] = field(default_factory=list)
    now: datetime = make.ANNOUNCED
    reading: Reading | None = HEALTHY
    drafted: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def events(self) -> list[LotEvent]:
        return [event for decision in self.record for event in decision.events]

    @property
    def lot(self) -> Lot:
        """The announced lot."""
        assert isinstance(self.state, Lot), self.state
        return self.state

    @property
    def price(self) -> int | None:
        """What leads."""
        return self.lot.offer.price_fen if self.lot.offer else None

    def ask(
        self, command: LotCommand, actor: Actor = make.AGENCY, at: datetime | None = None, facts: Facts | None = None
    ) -> Sequence[Any]:
        """Decide and record, as the service does; a refusal leaves its own record and is raised."""
        self.now = at or self.now
        spoken = self.speech.own(type(command)).model_validate(dict(command))
        request = LotRequest(
            id=f"command-{len(self.record) + 1}",
            stream=make.STREAM,
            actor=actor,
            received_at=self.now,
            command=spoken,
            facts=facts or self._facts(command),
            secrets=Secrets(make.PROXY_KEY),
        )
        try:
            events = tuple(self.line.decide(request, self.state))
        except NotYet:
            raise
        except Refusal as refusal:
            self._keep(request, (self.line.refused(request, refusal),))
            raise
        self._keep(request, events)
        return events

    def audit(self) -> LotState:
        """Make every decision again from what was stored, as an auditor does; return the state."""
        secrets = released(self.events)
        stored = (self.line.requests.validate_json(one.request.canonical()) for one in self.record)
        events = ([self.line.events.validate_json(event.canonical()) for event in one.events] for one in self.record)
        record = [
            Decision(request.model_copy(update={"secrets": secrets}), tuple(made))
            for request, made in zip(stored, events, strict=True)
        ]
        state: LotState = redecide(self.line.audited(), record, self.line.refused)
        return state

    def copy(self) -> "Play":
        """Return the same lot, to be played on apart."""
        return replace(self, record=list(self.record))

    def _facts(self, command: LotCommand) -> Facts:
        match command:
            case commands.AnnounceLot() | PreDisclose():
                return make.announcing(self.line, self.now)
            case commands.Apply():
                return Facts(random=text(len(self.record).to_bytes(32)))
            case commands.KeepTime():
                return Facts(reading=self.reading)
            case after.NoteIdentities():
                return Facts(identities=tuple(make.held(token) for token in self.lot.bidders))
            case _:
                return Facts()

    def _keep(self, request: LotRequest, events: Iterable[Any]) -> None:
        decision = Decision(request, tuple(events))
        self.record.append(decision)
        self.state = self.line.decider.replay(decision.events, self.state)

    # The steps of a lot that keeps the law; each leaves the hour at which it was done.

    def announce(self, draft: dict[str, Any] | None = None, **terms: Any) -> "Play":
        self.ask(make.draft(**{**self.drafted, **(draft or {})}))
        self.ask(make.announce(**{**self.terms, **terms}))
        return self

    def admit(self, *bidders: int, priority: tuple[int, ...] = ()) -> "Play":
        """Let bidders apply, pay and be admitted."""
        for bidder in bidders:
            token = make.bidder(bidder)
            self.ask(commands.Apply(priority=bidder in priority), token)
            number = self.number(bidder)
            self.ask(make.deposit(number, self.now, self.lot.announced.terms.deposit_fen))
            if not self.lot.bidders[token.account].admitted or bidder in priority:
                self.ask(commands.AdmitBidder(number=number, priority=bidder in priority))
        return self

    def number(self, bidder: int) -> str:
        """Return a bidder's number."""
        return self.lot.bidders[make.bidder(bidder).account].number

    def tick(self, at: datetime | None = None) -> Sequence[Any]:
        """Let the platform keep time at an instant, or when the phase of now ends."""
        count = self.lot.countdown
        due = count.call_at if count else self.lot.times.ends_at
        return self.ask(commands.KeepTime(), SYSTEM, max(self.now, at or due))

    def started(self, **changes: Any) -> "Play":
        """Announce a lot, admit bidders 1, 2 and 3, and begin."""
        self.announce(**changes).admit(1, 2, 3)
        self.tick()
        return self

    def bid(self, bidder: int, yuan: int, at: datetime | None = None) -> Sequence[Any]:
        """Bid an amount of whole yuan."""
        return self.ask(commands.PlaceBid(price_fen=yuan * 100), make.bidder(bidder), at)

    def proxy(self, bidder: int, yuan: int) -> Sequence[Any]:
        """Set a proxy up to an amount of whole yuan."""
        return self.ask(self.sealed(bidder, yuan * 100), make.bidder(bidder))

    def sealed(self, bidder: int, fen: int) -> commands.SetProxy:
        """Return a bidder's maximum, sealed on its own machine."""
        commitment, sealed = seal_maximum(make.STREAM, self.number(bidder), fen, self.lot.announced.proxy_key, bytes)
        return commands.SetProxy(commitment=commitment, sealed=sealed)

    def run_out(self) -> Sequence[Any]:
        """Let the countdown pass with all its calls; return the last events."""
        events: Sequence[Any] = ()
        while self.lot.phase == "timed" and self.lot.frozen is None:
            events = self.tick()
        return events

    def later(self, **time: float) -> datetime:
        """Return the hour, so much later."""
        return self.now + timedelta(**time)


def only(events: Iterable[Any], kind: type[Event]) -> Event:
    """Return the one event of a kind among those that a request led to."""
    (found,) = (event for event in events if isinstance(event, kind))
    return found


@cache
def spoken(line: str) -> Speech:
    """Return a line's words, made once: each is a class of its own."""
    return Speech(line, ENTITLED, EVENTS)


def play(line: Line, drafted: Mapping[str, Any] | None = None, terms: Mapping[str, Any] | None = None) -> Play:
    """Return a lot of a line, not yet drafted."""
    return Play(line, spoken(line.name), Unborn(), drafted=drafted or {}, terms=terms or {})
