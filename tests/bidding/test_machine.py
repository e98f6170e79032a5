"""A tender as a machine: random steps, each met as a small oracle says, until the contract or the end."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import event as note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.bidding.domain.documents.messages import ClarifyTender
from services.bidding.domain.events import BidRefused, SealedReceived
from services.bidding.domain.result.messages import DropCandidate, HoldAgain
from services.bidding.domain.state import Announced, Collecting, Publicised
from services.bidding.domain.timetable.messages import ExtendDeadline, ResumeTender, SuspendTender, TenderSuspended
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase, Refusal
from shared.kernel.request import Actor
from shared.seal.credential import Credential
from shared.seal.sealed import Withdraw
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.oracle import Oracle
from tests.bidding.play import SECRETS

SUPERVISOR = Actor(account="supervisor-1", role="supervisor", region="370500")
BIDDERS = st.integers(0, len(stage.ALL) - 1)
PRICES = {bidder.name: 90_000_000_00 + number for number, bidder in enumerate(stage.ALL)}
HOLDS = {"supervision": SUPERVISOR, "outage": make.OPERATOR, "force_majeure": make.AGENCY}


@cache
def sealed(bidder: int, number: int) -> make.SealedBid:
    return stage.ALL[bidder].bid(PRICES[stage.ALL[bidder].name], bid=f"bid-{bidder}-{number}")


@cache
def credential(bidder: int) -> Credential:
    return stage.ALL[bidder].credential(until=make.beijing(1, year=2028))


class Tender(RuleBasedStateMachine):
    """One open tender with up to four bidders."""

    @initialize(bidders=st.integers(0, len(stage.ALL)), steps=st.integers(0, 7))
    def announce(self, bidders: int, steps: int) -> None:
        """Announce the tender, with bids already and some steps taken: else few tenders would come to an end."""
        self.play = stage.accepting()
        self.oracle = Oracle(now=make.ANNOUNCED, due=make.DUE)
        self.held: dict[str, str] = {}
        for bidder in range(bidders):
            self.bid(bidder)
        cheapest = stage.ALL.index(make.CRANE)
        road: tuple[Callable[[], None], ...] = (
            lambda: self.wait_for_the_deadline(late=True),
            self.close,
            self.open_all,
            self.report,
            self.publicise,
            lambda: self.wait(hours=24 * 6, microseconds=0),
            lambda: self.award(cheapest),
        )
        for step in road[: steps if bidders >= 3 else 0]:
            step()

    @rule(hours=st.integers(1, 60), microseconds=st.sampled_from((0, 0, 1)))
    def wait(self, hours: int, microseconds: int) -> None:
        self._go_to(self.oracle.now + timedelta(hours=hours, microseconds=microseconds))

    @precondition(lambda self: self.oracle.phase == "accepting")
    @rule(late=st.booleans())
    def wait_for_the_deadline(self, late: bool) -> None:
        at = self.oracle.due + make.MICROSECOND * late
        if at > self.oracle.now:
            self._go_to(at)

    @rule(bidder=BIDDERS)
    def bid(self, bidder: int) -> None:
        """Bid, or replace the bid that stands."""
        name = stage.ALL[bidder].name
        number = self.oracle.used.get(name, -1) + 1
        standing = self.oracle.standing.get(name)
        replaces = None if standing is None else f"bid-{bidder}-{standing}"
        taken = self._deliver(bidder, make.submit(sealed(bidder, number), replaces))
        if taken:
            self.play.bids[name] = sealed(bidder, number)
            self.oracle.standing[name] = self.oracle.used[name] = number

    @rule(bidder=BIDDERS)
    def bid_twice(self, bidder: int) -> None:
        """Bid a second time without naming what it replaces."""
        name = stage.ALL[bidder].name
        if name in self.oracle.standing and self.oracle.is_open:
            with pytest.raises(BadInput):
                self._send(bidder, make.submit(sealed(bidder, 99)))

    @rule(bidder=BIDDERS)
    def withdraw(self, bidder: int) -> None:
        name = stage.ALL[bidder].name
        if name in self.oracle.standing:
            standing = Withdraw(replaces=f"bid-{bidder}-{self.oracle.standing[name]}")
            if self._deliver(bidder, standing):
                del self.oracle.standing[name], self.play.bids[name]

    @rule(affects=st.booleans())
    def clarify(self, affects: bool) -> None:
        command = ClarifyTender(text="更正", affects_bids=affects)
        if self._ask(command, self.oracle.is_open) and affects:
            self.oracle.clarify()

    @rule(days=st.integers(-1, 5))
    def extend(self, days: int) -> None:
        due = self.oracle.due + days * make.DAY
        if self._ask(ExtendDeadline(bids_due=due, notice="延长"), self.oracle.is_open and days > 0):
            self.oracle.due = due

    @rule(cause=st.sampled_from(sorted(HOLDS)))
    def suspend(self, cause: Any) -> None:
        if cause in self.held:
            return
        events = self._ask(SuspendTender(cause=cause, notice="暂停"), self.oracle.may_stand_still, actor=HOLDS[cause])
        for event in events:
            assert isinstance(event, TenderSuspended)
            self.held[cause] = event.hold
            self.oracle.hold(event.hold)

    @rule(cause=st.sampled_from(sorted(HOLDS)))
    def resume(self, cause: str) -> None:
        if hold := self.held.pop(cause, None):
            self._ask(ResumeTender(hold=hold, notice="恢复"), True, actor=HOLDS[cause])
            self.oracle.let_go(hold)

    @rule()
    def close(self) -> None:
        """Let the platform's own timer come, whether or not it is its time."""
        try:
            self.play.close(at=self.oracle.now)
        except OutOfPhase:
            assert self.oracle.is_open
        self.oracle.close()

    @precondition(lambda self: self.oracle.phase in {"accepting", "closed"})
    @rule()
    def open_all(self) -> None:
        """Hold the opening to its end, with everyone's key."""
        may = self.oracle.phase == "closed" and not self.oracle.holds
        try:
            self.play.convene(at=self.oracle.now)
        except Refusal:
            assert not may
            return
        assert may
        self.play.witness()
        for bid in self.play.at(Collecting).bids:
            self.play.key(next(bidder for bidder in stage.ALL if bidder.token == bid.token))
        self.play.shares("agency", "supervisor")
        self.play.unseal()
        self.play.disclose(*(bidder for bidder in stage.ALL if bidder.name in self.oracle.standing))
        self.oracle.phase = "opened"

    @rule()
    def report(self) -> None:
        self._step("opened", "evaluated", lambda: self.play.report(at=self.oracle.now))

    @rule()
    def publicise(self) -> None:
        self._step("evaluated", "publicised", lambda: self.play.publicise(at=self.oracle.now))

    @precondition(lambda self: self.oracle.phase == "publicised")
    @rule(bidder=BIDDERS)
    def award(self, bidder: int) -> None:
        name = stage.ALL[bidder].name
        bid = f"bid-{bidder}-{self.oracle.standing.get(name, 0)}"
        left = self.oracle.ranking(PRICES)
        over = self.oracle.now >= self.play.at(Publicised).publicity.ends
        try:
            self.play.award(bid, at=self.oracle.now)
        except (OutOfPhase, BreaksClause):
            assert self.oracle.holds or not over or not left or name != left[0]
            return
        assert not self.oracle.holds
        assert over
        assert name == left[0]
        self.oracle.phase, self.oracle.winner = "awarded", name

    @precondition(lambda self: self.oracle.phase in {"publicised", "awarded"})
    @rule(bidder=BIDDERS)
    def drop(self, bidder: int) -> None:
        name = stage.ALL[bidder].name
        bid = f"bid-{bidder}-{self.oracle.standing.get(name, 0)}"
        may = name in self.oracle.ranking(PRICES) and not self.oracle.holds
        if self._ask(DropCandidate(bid=bid, ground="gave_up", explanation="放弃"), may):
            self.oracle.fallen.add(name)
            if name == self.oracle.winner:
                self.oracle.phase, self.oracle.winner = "publicised", ""

    @precondition(lambda self: self.oracle.phase in {"publicised", "awarded"})
    @rule()
    def hold_again(self) -> None:
        may = self.oracle.phase == "publicised" and bool(self.oracle.fallen) and not self.oracle.holds
        if self._ask(HoldAgain(explanation="重新招标"), may):
            self.oracle.phase = "failed"

    @rule()
    def sign(self) -> None:
        price = PRICES.get(self.oracle.winner, 1)
        self._step("awarded", "contracted", lambda: self.play.sign(price, at=self.oracle.now))

    @invariant()
    def the_tender_is_where_the_oracle_says(self) -> None:
        state = self.play.state
        assert isinstance(state, Announced)
        assert type(state).__name__.lower() == self.oracle.phase
        assert state.tender.terms.bids_due == self.oracle.due
        assert {hold.hold for hold in state.beside.timetable.holds} == self.oracle.holds

    def teardown(self) -> None:
        """Make every decision again from the record."""
        if hasattr(self, "play"):
            note(self.oracle.phase)
            assert self.play.audit(SECRETS) == self.play.state

    def _go_to(self, at: datetime) -> None:
        self.oracle.now = self.play.now = at

    def _deliver(self, bidder: int, meaning: Any) -> bool:
        (event,) = self._send(bidder, meaning)
        assert isinstance(event, SealedReceived if self.oracle.is_open else BidRefused)
        return isinstance(event, SealedReceived)

    def _send(self, bidder: int, meaning: Any) -> Any:
        command = stage.ALL[bidder].deliver(meaning, credential=credential(bidder))
        return self.play.ask(command, stage.ALL[bidder].actor, self.oracle.now, make.delivery_facts())

    def _ask(self, command: Any, may: bool, *, actor: Actor = make.AGENCY) -> Any:
        """Ask, and see that it is met as it must be; return its events, none where it is refused."""
        if may:
            return self.play.ask(command, actor, self.oracle.now)
        with pytest.raises(Refusal):
            self.play.ask(command, actor, self.oracle.now)
        return ()

    def _step(self, before: str, after: str, step: Any) -> None:
        may = self.oracle.phase == before and not self.oracle.holds
        try:
            step()
        except Refusal:
            assert not may
            return
        assert may
        self.oracle.phase = after


TestTender = Tender.TestCase
TestTender.settings = settings(
    max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
