"""A lot as a machine: random steps, good and bad, each met as a small oracle says, until it is over."""

from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import event as note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.land import LINE
from shared.kernel.errors import NotYet, Refusal
from shared.kernel.request import SYSTEM
from shared.procedure.lot import commands
from shared.procedure.lot.values import Reading, Timing
from tests.lot import factories as make
from tests.lot.oracle import HOUR, MINUTE, OVER, SECOND, Oracle
from tests.lot.play import HEALTHY, Play, play
from tests.lot.test_prices import reserve, share
from tests.property.factories import equity

BIDDERS = st.sampled_from((1, 2, 3, 4))  # 4 has not applied
MICROSECOND = timedelta(microseconds=1)
STEPS = st.sampled_from((-1, 0, 0, 0, 0, 1, 3))
OFF = st.sampled_from((0, 0, 0, 0, 0, 50_000, 1))
READINGS = {
    "healthy": HEALTHY,
    "unknown": None,
    "stale": Reading(age_ms=90_000),
}

MENDED = {"mended": timedelta(), "mended late": MICROSECOND}
"""How long after the last part of a phase began a fault was mended that had lasted for ten minutes."""


@cache
def begun(trigger: str, limit: int | None, reserved: int | None, *, whole: bool, counts: bool) -> Play:
    """Return a lot in its free phase, three bidders admitted; with `trigger` "right" one of them holds a right."""
    terms: dict[str, Any] = {
        "timing": Timing(extensions_most=limit),
        "reserve": None if reserved is None else reserve(reserved),
        "whole_steps": whole,
        "instant_counts": counts,
    }
    if trigger != "right":
        return play(LINE).started(trigger=trigger, **terms, applications_due=make.STARTS, deposits_due=make.STARTS)
    lot = equity().announce(priority=("甲",), **terms).admit(1, 2, 3, priority=(1,))
    lot.tick()
    return lot


class TheLot(RuleBasedStateMachine):
    """One lot with three bidders, and a fourth who was not admitted."""

    @initialize(
        trigger=st.sampled_from(("asked", "last_hour", "always", "automatic", "never", "right")),
        limit=st.sampled_from((None, 2)),
        reserved=st.sampled_from((None, 103_000)),
        whole=st.booleans(),
        counts=st.booleans(),
        steps=st.integers(0, 3),
    )
    def begin(
        self, *, trigger: str, limit: int | None, reserved: int | None, whole: bool, counts: bool, steps: int
    ) -> None:
        """Begin a lot, with some steps taken: else few would leave their first phase."""
        self.play = begun(trigger, limit, reserved, whole=whole, counts=counts).copy()
        lot = self.play.lot
        self.oracle = Oracle(
            ends=lot.times.ends_at,
            hour=lot.clock,
            start=make.START_FEN,
            step=make.STEP_FEN,
            trigger="always" if trigger == "right" else trigger,
            whole=whole,
            counts=counts,
            limit=limit,
            reserve=None if reserved is None else reserved * 100,
            holders=frozenset({1} if trigger == "right" else ()),
            admitted=frozenset({1, 2, 3}),
        )
        if steps:
            self.wait_for_the_end_of_the_phase(-HOUR / 2)
            self.bid(1, 0, 0, 0)
            self.bid(2, 0, 0, 0)
        for _ in range(steps - 1):
            self.end_the_phase()
            self.go_on(1)
            self.go_on(2)

    @rule(seconds=st.sampled_from((0, 1, 30, 299, 3_600)), micros=st.sampled_from((0, 0, 1)))
    def wait(self, seconds: int, micros: int) -> None:
        self.play.now += timedelta(seconds=seconds, microseconds=micros)

    @rule()
    def the_clock_steps_back_an_hour(self) -> None:
        self.play.now -= HOUR

    @rule(past=st.sampled_from((-HOUR / 2, -MICROSECOND, timedelta(), timedelta(), MICROSECOND, MINUTE)))
    def wait_for_the_end_of_the_phase(self, past: timedelta) -> None:
        self.play.now = max(self.play.now, self.oracle.ends + past)

    @rule()
    def end_the_phase(self) -> None:
        """Let its time run out, as it mostly does."""
        self.wait_for_the_end_of_the_phase(timedelta())
        self.keep_time("healthy")

    @rule(seconds=st.sampled_from((0, 60, 3_599, 3_600)))
    def stand_still_for_a_while(self, seconds: int) -> None:
        """Meet a fault that is mended at once, or too late for that."""
        self.freeze("outage")
        self.wait(seconds, 0)
        self.thaw(timedelta())
        self.thaw(24 * HOUR)

    @rule(reading=st.sampled_from(("healthy", "healthy", "healthy", *READINGS, *MENDED)))
    def keep_time(self, reading: str) -> None:
        """Let the timers come that are due, with all the calls."""
        if self.oracle.phase not in OVER and self.oracle.phase != "review":
            ends, at = self.oracle.ends, self.play.now
            down = timedelta(seconds=90) if reading == "stale" else timedelta()
            if reading in MENDED:
                mended = self.oracle.last_part + MENDED[reading]
                down = at - (mended - 10 * MINUTE)
                self.play.reading = Reading(age_ms=100, mended_at=mended, down_since=at - down)
            else:
                self.play.reading = READINGS[reading]
            while self.play.ask(commands.KeepTime(), SYSTEM, at) and self.play.lot.times.ends_at == ends:
                pass
            self.oracle.tick(at, healthy=reading in {"healthy", "mended"}, down=down)

    @rule(who=BIDDERS, steps=STEPS, off=OFF, ago=st.sampled_from((0, 0, 0, 2)))
    def bid(self, who: int, steps: int, off: int, ago: int) -> None:
        """Bid on the ladder or beside it; what is decided late arrived a while ago."""
        oracle, at = self.oracle, self.play.now - ago * SECOND
        price = oracle.least + steps * oracle.step + off
        command = commands.PlaceBid(price_fen=price)
        if self._ask(command, who, at, oracle.takes(who, at) and oracle.is_priced(who, price)):
            oracle.bid(who, price, at)
            if ago == 0 and price != oracle.price:
                with pytest.raises(Refusal):  # the same once more: its price is no longer one
                    self.play.ask(command, make.bidder(who))

    @rule(who=BIDDERS)
    def bid_what_leads(self, who: int) -> None:
        price, at = self.oracle.price or 1, self.play.now
        taken = self.oracle.takes(who, at) and self.oracle.is_priced(who, price)
        if self._ask(commands.PlaceBid(price_fen=price), who, at, taken):
            self.oracle.bid(who, price, at)

    @rule(who=st.sampled_from((1, 2, 3)), steps=st.integers(-1, 8), off=OFF)
    def set_proxy(self, who: int, steps: int, off: int) -> None:
        """Set a maximum, or raise it; one that is no higher than before is refused."""
        oracle, at = self.oracle, self.play.now
        most = oracle.least + steps * oracle.step + off
        enough = most >= (oracle.price if who == oracle.leader else oracle.least) > 0
        may = oracle.takes(who, at) and enough and most > oracle.proxies.get(who, 0)
        command = self.play.sealed(who, most)
        if self._ask(command, who, at, may):
            oracle.proxies.pop(who, None)
            oracle.proxies[who] = most
            oracle.answer(at)

    @rule(who=BIDDERS)
    def go_on(self, who: int) -> None:
        oracle, at = self.oracle, self.play.now
        may = oracle.runs(at) and oracle.phase == "asking" and not oracle.late(at)
        self._try(commands.GoOn(), make.bidder(who), may and oracle.may(who) and who in oracle.active)
        if may and oracle.may(who) and who in oracle.active:
            oracle.willing.add(who)

    @rule(who=st.sampled_from((2, 3)))
    def bar(self, who: int) -> None:
        may = self.oracle.phase not in OVER and who not in self.oracle.barred
        if self._try(commands.BarBidder(number=self.play.number(who), reason="涉嫌串通"), make.AGENCY, may):
            self.oracle.barred.add(who)

    @rule(fen=st.sampled_from((500_00, 1_000_00, 2_000_00)))
    def change_step(self, fen: int) -> None:
        oracle, at = self.oracle, self.play.now
        running = oracle.phase in {"free", "asking", "preparing", "timed"} and not oracle.frozen
        may = running and not oracle.late(at) and not oracle.holders
        if self._try(commands.ChangeStep(step_fen=fen, notice="调整"), make.AGENCY, may):
            oracle.step = fen
            if oracle.phase in {"free", "timed"}:
                oracle.answer(at)

    @rule(cause=st.sampled_from(("outage", "dispute")))
    def freeze(self, cause: Any) -> None:
        may, fault = self.oracle.phase not in OVER and not self.oracle.frozen, cause == "outage"
        if self._try(commands.Freeze(cause=cause, notice="中止"), make.OPERATOR if fault else make.AGENCY, may):
            self.oracle.freeze(self.play.now, fault=fault)

    @rule(later=st.sampled_from((-SECOND, timedelta(), MINUTE, 24 * HOUR, 25 * HOUR + MICROSECOND)))
    def thaw(self, later: timedelta) -> None:
        """Let it go on, with or without notice; told too early it is refused."""
        resumes = self.play.now + later
        may = self.oracle.may_thaw(self.play.now, resumes)
        if self._try(commands.Thaw(resumes_at=resumes, notice="恢复"), make.AGENCY, may):
            self.oracle.thaw(resumes)

    @rule()
    def open_reserve(self) -> None:
        """Let two authorities give their shares."""
        oracle, at = self.oracle, self.play.now
        if oracle.reserve is None or oracle.phase in OVER:
            return
        may = oracle.phase == "reserve" and not oracle.frozen and at <= oracle.ends
        self._try(share(self.play, "agency"), make.authority("agency"), may)
        if may:
            self.play.ask(share(self.play, "platform"), make.authority("platform"))
            oracle.open_reserve()

    @invariant()
    def the_lot_is_where_the_oracle_says(self) -> None:
        lot, oracle = self.play.lot, self.oracle
        assert lot.phase == oracle.phase
        assert (lot.offer.price_fen if lot.offer else 0) == oracle.price
        assert (lot.offer.number if lot.offer else 0) == (self.play.number(oracle.leader) if oracle.leader else 0)
        assert lot.next_fen == oracle.least
        assert (lot.frozen is None) == (oracle.frozen is None)
        if oracle.phase not in OVER and oracle.phase != "review":
            assert (lot.times.ends_at, lot.clock) == (oracle.ends, oracle.hour)
        if oracle.phase == "timed":
            assert lot.countdown is not None
            assert lot.countdown.extensions == oracle.extensions

    def teardown(self) -> None:
        """End it, and make every decision again from the record."""
        if not hasattr(self, "play"):
            return
        note(self.oracle.phase)
        if self.oracle.phase not in OVER:
            self.play.ask(commands.Terminate(cause="policy", notice="终止"))
        assert self.play.audit() == self.play.state

    def _ask(self, command: Any, who: int, at: Any, may: bool) -> bool:
        """Ask for a bidder, and see that it is met as it must be; return whether it was taken."""
        now = self.play.now
        waits = self.oracle.waits(at) and who in self.oracle.admitted and who not in self.oracle.barred
        if may:
            self.play.ask(command, make.bidder(who), at)
        else:
            with pytest.raises(NotYet if waits else Refusal) as met:
                self.play.ask(command, make.bidder(who), at)
            assert isinstance(met.value, NotYet) == waits
        self.play.now = now
        return may

    def _try(self, command: Any, actor: Any, may: bool) -> bool:
        """Ask for anyone else now; return whether it was taken."""
        if may:
            self.play.ask(command, actor)
            return True
        with pytest.raises(Refusal):
            self.play.ask(command, actor)
        return False


TestTheLot = TheLot.TestCase
TestTheLot.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
